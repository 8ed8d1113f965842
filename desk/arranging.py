"""How somebody has a unit's queue arranged: what of it, in which order, with which columns; the address says it."""

from datetime import datetime
from urllib.parse import urlencode

from django import forms
from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from complaints.querysets import TicketQuerySet
from complaints.states import Urgency
from desk import queries
from desk.columns import ALWAYS, COLUMNS, NAMES, USUAL
from desk.filters import DUE, due_within
from desk.forms.fields import TopCategoryChoice

ORDERS = {
    "": (_("first due first"), ()),
    "oldest": (_("oldest first"), ("raised_at", "pk")),
    "newest": (_("newest first"), ("-raised_at", "-pk")),
    "waiting": (_("longest in the unit first"), (F("dispatched_at").asc(nulls_last=True), "pk")),
}


class Arrangement(forms.Form):
    """What a queue shows. Ill-formed values are left out rather than refused: an address is no form."""

    tab = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    urgency = forms.ChoiceField(label=_("urgency"), required=False, choices=[("", _("any")), *Urgency.choices])
    due = forms.ChoiceField(label=_("due"), required=False, choices=[("", _("any")), *DUE])
    category = TopCategoryChoice(label=_("category"), required=False, empty_label=_("any"))
    order = forms.ChoiceField(
        label=_("order"), required=False, choices=[(code, label) for code, (label, _by) in ORDERS.items()]
    )
    columns = forms.MultipleChoiceField(
        label=_("columns"),
        required=False,
        choices=[(column.name, column.label) for column in COLUMNS if column.name not in ALWAYS],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict, *, usual: list[str] = USUAL) -> None:
        """What an address asks for; `usual` are the columns where it names none."""
        super().__init__(data, auto_id="arrange-%s")
        self.is_valid()
        chosen = self.cleaned_data.get("columns")
        self.shown = [name for name in NAMES if name in chosen or name in ALWAYS] if chosen else usual

    @classmethod
    def tidied(cls, query: str, *, tab: str = "") -> str:
        """The part of an address that an arrangement understands, in one order; at most a thousand characters.

        `tab` is the one that is shown where the address names none.
        """
        asked = QueryDict(query[:5000], mutable=True)
        if tab:
            asked["tab"] = tab
        known = [(name, value) for name in cls.base_fields for value in asked.getlist(name) if value]
        return urlencode(known)[:1000]

    @property
    def narrows(self) -> bool:
        """Whether it leaves tickets out."""
        return any(self.cleaned_data.get(name) for name in ("urgency", "due", "category"))

    def apply(self, tickets: TicketQuerySet, now: datetime) -> TicketQuerySet:
        """The tickets that it lets through."""
        asked = self.cleaned_data
        if asked.get("urgency"):
            tickets = tickets.filter(urgency=asked["urgency"])
        if category := asked.get("category"):
            tickets = tickets.filter(category__in=category.keys_below())
        if due := asked.get("due"):
            tickets = tickets.filter(due_within(due, now))
        return tickets

    def in_order(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """As lines, in the order that it names."""
        lines = queries.as_lines(tickets)
        _label, by = ORDERS[self.cleaned_data.get("order") or ""]
        return lines.order_by(*by) if by else lines
