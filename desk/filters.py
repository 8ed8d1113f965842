"""The filter of the ticket list: what the address may ask for, from an allow-list, and in words."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, keys_under
from complaints.querysets import TicketQuerySet
from complaints.states import LIVE, Nature, State, Urgency
from desk import queries
from desk.forms.fields import AnyUnitChoice, TopCategoryChoice
from escalation.models import Escalation
from figures.forecast import will_be_missed
from search.finding import with_words
from sla.kinds import Kind
from sla.models import Clock

DUE = (
    ("overdue", _("overdue")),
    ("15", _("due within 15 minutes")),
    ("30", _("due within 30 minutes")),
    ("60", _("due within 60 minutes")),
    ("today", _("due within a day")),
)


def left_out(asked: forms.Form) -> list[str]:
    """What of an address is not there any more, as a unit that is gone, or never was: a list without it shows more."""
    return sorted({str(asked.fields[name].label or _("unit")) for name in asked.errors})


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
    unit = AnyUnitChoice(label=_("unit"), required=False, empty_label=_("any"))
    category = TopCategoryChoice(label=_("category"), required=False, empty_label=_("any"))
    holding = forms.ModelChoiceField(queryset=Unit.objects.all(), required=False, widget=forms.HiddenInput)
    foreseen = forms.BooleanField(required=False, widget=forms.HiddenInput)
    unacknowledged = forms.BooleanField(required=False, widget=forms.HiddenInput)
    breached = forms.ChoiceField(label=_("missed limit"), required=False, choices=[("", _("any")), *Kind.choices])
    since = forms.DateField(label=_("raised since"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("raised until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.is_valid()

    @classmethod
    def tidied(cls, query: str) -> str:
        """The part of an address that a filter understands, in one order; at most a thousand characters."""
        asked = QueryDict(query[:5000])
        known = [(name, asked[name]) for name in cls.base_fields if asked.get(name)]
        return urlencode(known)[:1000]

    @property
    def asked_words(self) -> str:
        """What is searched for; empty when nothing is."""
        return (self.cleaned_data.get("words") or "").strip()

    def in_order(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """As lines, open ones first due first; where ended ones are asked for, which owe nothing, newest first."""
        lines = queries.as_lines(tickets)
        return lines if self.cleaned_data.get("state", "") in {"", *LIVE} else lines.order_by("-raised_at", "-pk")

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
            units = keys_under(unit.path)
            tickets = tickets.filter(Q(lead_unit__in=units) | Q(lead_unit__isnull=True, accepting_unit__in=units))
        if category := asked.get("category"):
            tickets = tickets.filter(category__in=category.keys_below())
        if holding := asked.get("holding"):
            tickets = tickets.alias(held_by=queries.holding_unit()).filter(held_by=holding.pk)
        if asked.get("foreseen"):
            tickets = tickets.filter(pk__in={one.clock.ticket_id for one in will_be_missed(tickets, now)})
        if asked.get("unacknowledged"):
            open_ones = Escalation.objects.unacknowledged().filter(ticket=OuterRef("pk"))
            tickets = tickets.filter(Exists(open_ones))
        if kind := asked.get("breached"):
            tickets = tickets.filter(Exists(Clock.objects.breached().filter(kind=kind, ticket=OuterRef("pk"))))
        if since := asked.get("since"):
            tickets = tickets.filter(raised_at__date__gte=since)
        if until := asked.get("until"):
            tickets = tickets.filter(raised_at__date__lte=until)
        if self.asked_words:
            tickets = with_words(tickets, self.asked_words)
        if due := asked.get("due"):
            tickets = tickets.filter(due_within(due, now))
        return tickets


def due_within(due: str, now: datetime) -> Q:
    """What is overdue, or due from now on within so many minutes (or a day); what is on hold is neither."""
    running = Q(held_until__isnull=True)
    if due == "overdue":
        return running & Q(next_due_at__lt=now)
    length = timedelta(days=1) if due == "today" else timedelta(minutes=int(due))
    return running & Q(next_due_at__gte=now, next_due_at__lte=now + length)
