"""Deeds of supervisors (R93, R94), for one ticket on its page and for many at once in the inbox."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Authority, Person
from complaints.models import Ticket
from complaints.models.acts import possible_acts
from complaints.models.permissions import WORKING_A_QUEUE
from complaints.states import State, Urgency
from desk.forms.beside import who_could_reply
from desk.forms.deeds import Deed, with_due
from desk.forms.fields import Line, Moment, PersonChoice, UnitChoice, Words, people_with
from escalation.actions import answering, raising, supervising
from escalation.actions.supervising import Result, for_many
from escalation.models import Escalation
from sla.actions.extending import extend
from sla.kinds import Kind

REPLY_IS_OWED = frozenset({State.REPLYING, State.REPLIED})
"""Where other hands are another replier's."""


class Escalate(Deed):
    """Put it before a supervisor now, with a reason."""

    name = act = "escalate"
    label = _("Escalate")
    button = _("Put it before a supervisor")
    conflicts = False
    reason = Line(label=_("why somebody higher has to look at it"))

    def carry_out(self) -> str:
        raising.escalate(self.ticket, reason=self.cleaned_data["reason"], by=self.person, at=self.at)
        return _now("%(ticket)s is before a supervisor.") % {"ticket": self.ticket.reference}


class DecideGravity(Deed):
    """Confirm that it is grave, or lower it, the recording at hand."""

    name = act = "decide_gravity"
    label = _("Decide how grave it is")
    button = _("Decide")
    decision = forms.ChoiceField(
        label=_("it is"),
        choices=[("grave", _("grave indeed")), ("lower", _("not that grave"))],
        widget=forms.RadioSelect,
    )
    urgency = forms.ChoiceField(
        label=_("urgency, where lowered"), choices=[("", _("as it is")), *Urgency.choices], required=False
    )
    reason = Line(label=_("reason, where lowered"), required=False)

    def carry_out(self) -> str:
        said = self.cleaned_data
        if said["decision"] == "grave":
            supervising.confirm_grave(self.ticket, by=self.person, at=self.at)
        else:
            supervising.lower_grave(
                self.ticket, reason=said["reason"], urgency=said["urgency"], by=self.person, at=self.at
            )
        return _now("Your decision on %(ticket)s is on record.") % {"ticket": self.ticket.reference}

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return ticket.is_grave or ticket.urgency == Urgency.URGENT


class Extend(Deed):
    """Give an obligation more time, with a reason."""

    name, act = "extend", "demand"
    label = _("Extend a limit")
    button = _("Extend")
    follows = _("The limit stays beside the extension; a breach that was called stays.")
    kind = forms.ChoiceField(label=_("what is owed"))
    until = Moment(label=_("until"))
    reason = Line(label=_("reason"))

    def prepare(self) -> None:
        running = sorted({clock.kind for clock in self.ticket.clocks.all() if clock.is_running})
        self.fields["kind"].choices = [(kind, Kind(kind).label) for kind in running]  # type: ignore[attr-defined]

    def carry_out(self) -> str:
        said = self.cleaned_data
        extend(self.ticket, kind=said["kind"], until=said["until"], reason=said["reason"], by=self.person, at=self.at)
        return with_due(_now("The limit is extended."), self.ticket, self.at)

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return any(clock.is_running for clock in ticket.clocks.all())


class Reassign(Deed):
    """Into other hands: a colleague's, another unit's, or, where the reply is owed, another replier's (R94)."""

    name = "reassign"
    label = _("Reassign")
    button = _("Reassign it")
    person_to = PersonChoice(label=_("to a person"), required=False)
    unit_to = UnitChoice(label=_("or to another unit"), empty_label=_("choose a unit"), required=False)
    reason = Line(label=_("reason, for a unit"), required=False)

    @classmethod
    def is_possible(cls, ticket: Ticket, authority: Authority) -> bool:
        """Whether this authority could put it into other hands now; without a query."""
        if ticket.state in REPLY_IS_OWED:
            return "name_replier" in possible_acts(ticket, authority)
        return bool({"assign", "transfer"} & set(ticket.possible_moves(authority)))

    def prepare(self) -> None:
        people: Any = self.fields["person_to"]
        if self.ticket.state in REPLY_IS_OWED:
            people.queryset, people.required = who_could_reply(self.ticket, at=self.at), True
            del self.fields["unit_to"], self.fields["reason"]
        else:
            people.queryset = people_with(*WORKING_A_QUEUE, over=self.ticket.lead_unit, at=self.at)

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two is named; a unit is told why."""
        said = super().clean() or {}
        person, unit = said.get("person_to"), said.get("unit_to")
        if self.errors:
            return said
        if (person is None) == (unit is None):
            self.add_error("person_to", _("Choose a person or a unit, one of them."))
        elif unit is not None and not said["reason"]:
            self.add_error("reason", _("This is needed."))
        return said

    def carry_out(self) -> str:
        said = self.cleaned_data
        to = said["person_to"] or said["unit_to"]
        supervising.reassign(self.ticket, to=to, reason=said.get("reason", ""), by=self.person, at=self.at)
        told = _now("%(ticket)s was given to %(who)s.") % {"ticket": self.ticket.reference, "who": to.name}
        return with_due(told, Ticket.objects.get(pk=self.ticket.pk), self.at)


class AtOnce(forms.Form):
    """One deed for all escalations that were picked, or for their tickets."""

    DEEDS = ("acknowledge", "resolve", "take_over", "demand", "reassign", "comment", "extend")
    NEEDS = {
        "demand": ("text",),
        "comment": ("text",),
        "reassign": ("to", "reason"),
        "extend": ("until", "reason"),
    }

    deed = forms.ChoiceField(choices=[(deed, deed) for deed in DEEDS])
    note = Line(label=_("how it was dealt with"), required=False)
    text = Words(label=_("text"), rows=2, required=False)
    to = UnitChoice(label=_("to"), empty_label=_("choose a unit"), required=False)
    until = Moment(label=_("until"), required=False)
    reason = Line(label=_("reason"), required=False)

    def clean(self) -> dict[str, Any]:
        """What the deed needs has to be there."""
        said = super().clean() or {}
        for field in self.NEEDS.get(said.get("deed", ""), ()):
            if not said.get(field) and field not in self.errors:
                self.add_error(field, _("This is needed."))
        return said

    def carry_out(self, picked: Iterable[Escalation], *, by: Person, at: datetime) -> list[Result[Any]]:
        """Do it for each; what is refused for one is done for the others."""
        said = self.cleaned_data
        escalations = list(picked)
        tickets = list({escalation.ticket_id: escalation.ticket for escalation in escalations}.values())
        match said["deed"]:
            case "acknowledge":
                return for_many(escalations, answering.acknowledge, by=by, at=at)
            case "resolve":
                return for_many(escalations, answering.resolve, note=said["note"], by=by, at=at)
            case "take_over":
                return for_many(tickets, supervising.take_over, by=by, at=at)
            case "demand":
                return for_many(tickets, supervising.demand, text=said["text"], by=by, at=at)
            case "comment":
                return for_many(tickets, supervising.comment, text=said["text"], by=by, at=at)
            case "reassign":
                return for_many(tickets, supervising.reassign, to=said["to"], reason=said["reason"], by=by, at=at)
        return for_many(tickets, self._extend, by=by, at=at)

    def _extend(self, ticket: Ticket, *, by: Person, at: datetime) -> None:
        """What is owed next on the ticket gets the time."""
        fresh = Ticket.objects.with_people().select_for_update(of=("self",)).get(pk=ticket.pk)
        said = self.cleaned_data
        extend(fresh, kind=fresh.next_due_kind, until=said["until"], reason=said["reason"], by=by, at=at)
