"""Deeds of supervisors (R93, R94), for one ticket on its page and for many at once in the inbox."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints.models import Ticket
from complaints.states import Urgency
from desk.forms.deeds import Deed, with_due
from desk.forms.fields import Line, Moment, UnitChoice, Words
from escalation.actions import answering, raising, supervising
from escalation.actions.supervising import Result, for_many
from escalation.models import Escalation
from sla.actions.extending import extend
from sla.kinds import Kind


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
