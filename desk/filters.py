"""The filter of the ticket list: what the address may ask for, from an allow-list, and in words."""

from datetime import datetime, timedelta

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from complaints.models import Category
from complaints.querysets import TicketQuerySet
from complaints.states import LIVE, Nature, State, Urgency
from sla.kinds import Kind

DUE = (
    ("overdue", _("overdue")),
    ("15", _("due within 15 minutes")),
    ("30", _("due within 30 minutes")),
    ("60", _("due within 60 minutes")),
    ("today", _("due within a day")),
)


class Filter(forms.Form):
    """What a list of tickets shows. Ill-formed values are left out rather than refused: an address is no form."""

    words = forms.CharField(label=_("words"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("state"),
        required=False,
        choices=[("", _("all open")), *State.choices, ("any", _("open and ended"))],
    )
    urgency = forms.ChoiceField(label=_("urgency"), required=False, choices=[("", _("any")), *Urgency.choices])
    nature = forms.ChoiceField(label=_("nature"), required=False, choices=[("", _("any")), *Nature.choices])
    due = forms.ChoiceField(label=_("due"), required=False, choices=[("", _("any")), *DUE])
    unit = forms.ModelChoiceField(
        label=_("unit"),
        required=False,
        empty_label=_("any"),
        queryset=Unit.objects.filter(depth__gt=1).order_by("path"),
    )
    category = forms.ModelChoiceField(
        label=_("category"),
        required=False,
        empty_label=_("any"),
        queryset=Category.objects.filter(depth=1).order_by("path"),
    )
    breached = forms.ChoiceField(label=_("missed limit"), required=False, choices=[("", _("any")), *Kind.choices])
    since = forms.DateField(label=_("raised since"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.is_valid()

    def apply(self, tickets: TicketQuerySet, now: datetime) -> TicketQuerySet:
        """The tickets that it lets through."""
        asked = self.cleaned_data
        state = asked.get("state") or ""
        if state == "":
            tickets = tickets.filter(state__in=LIVE)
        elif state != "any":
            tickets = tickets.filter(state=state)
        for name in ("urgency", "nature"):
            if asked.get(name):
                tickets = tickets.filter(**{name: asked[name]})
        if unit := asked.get("unit"):
            leading = Q(lead_unit__path__startswith=unit.path)
            tickets = tickets.filter(leading | Q(lead_unit__isnull=True, accepting_unit__path__startswith=unit.path))
        if category := asked.get("category"):
            tickets = tickets.filter(category__path__startswith=category.path)
        if kind := asked.get("breached"):
            tickets = tickets.filter(clocks__kind=kind, clocks__breached_at__isnull=False).distinct()
        if since := asked.get("since"):
            tickets = tickets.filter(raised_at__date__gte=since)
        if words := (asked.get("words") or "").strip():
            tickets = tickets.filter(Q(happened__icontains=words) | Q(reference__iexact=words))
        return _due_by(tickets, asked.get("due") or "", now)


def _due_by(tickets: TicketQuerySet, due: str, now: datetime) -> TicketQuerySet:
    if not due:
        return tickets
    running = tickets.filter(held_until__isnull=True)
    if due == "overdue":
        return running.filter(next_due_at__lt=now)
    length = timedelta(days=1) if due == "today" else timedelta(minutes=int(due))
    return running.filter(next_due_at__gte=now, next_due_at__lte=now + length)
