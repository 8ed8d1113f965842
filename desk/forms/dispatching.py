"""Deeds of the dispatch desk (派单)."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints.actions import dispatching
from complaints.models import Ticket
from complaints.routing import route_of
from complaints.states import Fault
from desk.forms.deeds import Deed, with_due
from desk.forms.fields import Line, UnitChoice, UnitsChoice


class Dispatch(Deed):
    """Send it to one lead unit and any assisting ones."""

    name = move = "dispatch"
    label = _("Dispatch")
    button = _("Dispatch")
    tucked = ("assisting",)
    to = UnitChoice(label=_("lead unit"), empty_label=_("choose a unit"))
    note = Line(label=_("note to the unit"), required=False)
    assisting = UnitsChoice(label=_("assisting units"), required=False)

    def prepare(self) -> None:
        self.route = route_of(self.ticket, at=self.at)
        self.initial["to"] = self.route.to.pk if self.route.to else None

    def carry_out(self) -> str:
        to = self.cleaned_data["to"]
        dispatching.dispatch(
            self.ticket,
            to=to,
            assisting_units=self.cleaned_data["assisting"],
            note=self.cleaned_data["note"],
            by=self.person,
            at=self.at,
        )
        sent = _now("%(ticket)s was sent to %(unit)s.") % {"ticket": self.ticket.reference, "unit": to.name}
        return with_due(sent, self.ticket, self.at)


class ReturnForCompletion(Deed):
    """Back to its owner, with ticked reasons."""

    name = move = "return_for_completion"
    label = _("Return for completion")
    button = _("Return to its owner")
    faults = forms.MultipleChoiceField(
        label=_("what is wrong"), choices=Fault.choices, widget=forms.CheckboxSelectMultiple
    )
    note = Line(label=_("note"), required=False)

    def carry_out(self) -> str:
        dispatching.return_for_completion(
            self.ticket, faults=self.cleaned_data["faults"], note=self.cleaned_data["note"], by=self.person, at=self.at
        )
        return _now("%(ticket)s went back for completion.") % {"ticket": self.ticket.reference}


class HandleAtDesk(Deed):
    """The desk deals with it itself (直接处理)."""

    name = move = "handle_at_desk"
    label = _("Handle at the desk")
    button = _("Handle it here")

    def carry_out(self) -> str:
        dispatching.handle_at_desk(self.ticket, by=self.person, at=self.at)
        return with_due(_now("%(ticket)s is in your hands.") % {"ticket": self.ticket.reference}, self.ticket, self.at)

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return ticket.desk_id is not None


class Recall(Deed):
    """Take back what was sent to the wrong place."""

    name = move = "recall"
    label = _("Recall")
    button = _("Recall it")
    reason = Line(label=_("reason"))

    def carry_out(self) -> str:
        dispatching.recall(self.ticket, reason=self.cleaned_data["reason"], by=self.person, at=self.at)
        recalled = _now("%(ticket)s was recalled to the dispatch desk.") % {"ticket": self.ticket.reference}
        return with_due(recalled, self.ticket, self.at)
