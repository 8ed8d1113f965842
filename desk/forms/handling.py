"""Deeds of the units (处理): claim, work, pass on, feed back; asking and answering for assistance."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints.actions import assisting, handling
from complaints.actions.handling import Findings
from complaints.models import Assistance, Ticket
from complaints.models.permissions import WORKING_A_QUEUE
from complaints.states import Fault
from desk.forms.deeds import Deed, with_due
from desk.forms.fields import Line, Moment, PersonChoice, UnitChoice, Words, people_with


class Claim(Deed):
    """Take it in hand."""

    name = move = "claim"
    label = _("Claim")
    button = _("Claim it")
    taken_back_by = "release"

    def carry_out(self) -> str:
        handling.claim(self.ticket, by=self.person, at=self.at)
        return with_due(_now("%(ticket)s is in your hands.") % {"ticket": self.ticket.reference}, self.ticket, self.at)


class Release(Deed):
    """Back to the unit's queue."""

    name = move = "release"
    label = _("Give back to the queue")
    button = _("Give it back")
    reason = Line(label=_("reason"), required=False)

    def carry_out(self) -> str:
        handling.release(self.ticket, reason=self.cleaned_data["reason"], by=self.person, at=self.at)
        return _now("%(ticket)s is back in the unit's queue.") % {"ticket": self.ticket.reference}


class Assign(Deed):
    """Into a named person's hands."""

    name, move = "assign", "assign"
    label = _("Assign to somebody")
    button = _("Assign")
    to = PersonChoice(label=_("to"))

    def prepare(self) -> None:
        unit = self.ticket.lead_unit
        self.fields["to"].queryset = people_with(*WORKING_A_QUEUE, over=unit, at=self.at)  # type: ignore[attr-defined]
        if self.ticket.last_handler_id:
            self.initial["to"] = self.ticket.last_handler_id

    def carry_out(self) -> str:
        to = self.cleaned_data["to"]
        handling.assign(self.ticket, to=to, by=self.person, at=self.at)
        return _now("%(ticket)s is in the hands of %(person)s.") % {
            "ticket": self.ticket.reference,
            "person": to.name,
        }


class TakeOver(Deed):
    """Assign it to oneself."""

    name, move = "take_over", "assign"
    label = _("Take over")
    button = _("Take it over")

    def carry_out(self) -> str:
        handling.assign(self.ticket, to=self.person, by=self.person, at=self.at)
        return _now("%(ticket)s is in your hands.") % {"ticket": self.ticket.reference}

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return ticket.handler_id != person.pk


class Transfer(Deed):
    """To another unit."""

    name = move = "transfer"
    label = _("Transfer to another unit")
    button = _("Transfer")
    to = UnitChoice(label=_("to"), empty_label=_("choose a unit"))
    reason = Line(label=_("reason"))

    def carry_out(self) -> str:
        to = self.cleaned_data["to"]
        handling.transfer(self.ticket, to=to, reason=self.cleaned_data["reason"], by=self.person, at=self.at)
        sent = _now("%(ticket)s was sent to %(unit)s.") % {"ticket": self.ticket.reference, "unit": to.name}
        return with_due(sent, self.ticket, self.at)


class SendBack(Deed):
    """Not ours, or not to be handled as recorded."""

    name = move = "send_back"
    label = _("Send back to the dispatch desk")
    button = _("Send it back")
    faults = forms.MultipleChoiceField(
        label=_("what is wrong"), choices=Fault.choices, widget=forms.CheckboxSelectMultiple
    )
    note = Line(label=_("note"), required=False)

    def carry_out(self) -> str:
        handling.send_back(
            self.ticket, faults=self.cleaned_data["faults"], note=self.cleaned_data["note"], by=self.person, at=self.at
        )
        return _now("%(ticket)s went back to the dispatch desk.") % {"ticket": self.ticket.reference}


class FeedBack(Deed):
    """The six parts of a feedback (R30)."""

    name = move = "feed_back"
    label = _("Feed back")
    button = _("Hand over for the reply")
    handled_at = Moment(label=_("when handled"))
    person_named = Line(label=_("person"), max_length=120)
    process = Words(label=_("process"), rows=2)
    cause = Words(label=_("cause"), rows=2)
    result = Words(label=_("result"), rows=2)
    advice = Words(label=_("advice for reply and callback"), rows=2)

    def prepare(self) -> None:
        self.initial.update(handled_at=self.at, person_named=self.person.name)

    def carry_out(self) -> str:
        said = self.cleaned_data
        findings = Findings(
            handled_at=said["handled_at"],
            process=said["process"],
            cause=said["cause"],
            result=said["result"],
            person=said["person_named"],
            advice=said["advice"],
        )
        handling.feed_back(self.ticket, findings=findings, by=self.person, at=self.at)
        handed = _now("%(ticket)s was handed over for the reply.") % {"ticket": self.ticket.reference}
        return with_due(handed, self.ticket, self.at)


class AskAssistance(Deed):
    """Ask another unit (协办)."""

    name = act = "ask_assistance"
    label = _("Ask a unit for assistance")
    button = _("Ask")
    unit = UnitChoice(label=_("unit"), empty_label=_("choose a unit"))
    question = Words(label=_("what it is asked"), rows=2)

    def carry_out(self) -> str:
        unit = self.cleaned_data["unit"]
        assisting.ask(self.ticket, unit=unit, question=self.cleaned_data["question"], by=self.person, at=self.at)
        return _now("%(unit)s was asked.") % {"unit": unit.name}


class AnswerAssistance(Deed):
    """Answer for the assisting unit; it stands beside the moves, for the unit that was asked."""

    name = act = "answer_assistance"
    label = _("Answer the request for assistance")
    button = _("Answer")
    conflicts = False
    assistance = forms.ModelChoiceField(queryset=Assistance.objects.none(), widget=forms.HiddenInput)
    answer = Words(label=_("answer"), rows=3)

    def prepare(self) -> None:
        paths = self.authority.paths(*WORKING_A_QUEUE)
        ours = [
            asked
            for asked in self.ticket.assistances.all()
            if asked.answered_at is None
            and asked.ended_at is None
            and any(asked.unit.path.startswith(path) for path in paths)
        ]
        choices = Assistance.objects.filter(pk__in=[asked.pk for asked in ours])
        self.fields["assistance"].queryset = choices  # type: ignore[attr-defined]
        self.asked = ours[0] if ours else None
        if self.asked is not None:
            self.initial["assistance"] = self.asked.pk
            self.fields["answer"].help_text = self.asked.question

    def carry_out(self) -> str:
        assisting.answer(self.cleaned_data["assistance"], text=self.cleaned_data["answer"], by=self.person, at=self.at)
        return _now("The answer is on record.")
