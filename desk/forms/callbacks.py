"""Deeds of the callback desk (回访, R70–R74), and the supervisor's decision after the last round."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from callbacks.actions import calling, deciding
from callbacks.answers import SAID_BY_CUSTOMERS
from callbacks.models import Callback
from common.refusals import NotPossible
from complaints.models import Ticket
from complaints.states import State
from desk.forms.deeds import Deed
from desk.forms.fields import Moment, Words
from desk.forms.replying import NOT_REACHED

KEPT = "open_callback"
ANSWERS = [(answer.value, answer.label) for answer in SAID_BY_CUSTOMERS]


def open_callback(ticket: Ticket) -> Callback | None:
    """The callback by phone that is open on a ticket, as it stood when it was first asked for on this view of it."""
    kept: dict[str, Any] = ticket.__dict__
    if KEPT not in kept:
        found = Callback.objects.open().by_phone().filter(ticket=ticket)
        kept[KEPT] = found.select_related("ticket").prefetch_related("not_by").first()
    asked_for: Callback | None = kept[KEPT]
    return asked_for


def nothing_awaited(ticket: Ticket) -> NotPossible:
    """The refusal for a callback that is over or was never due."""
    return NotPossible(
        _now("%(ticket)s does not await a callback any more.") % {"ticket": ticket.reference},
        code="no_callback",
        state=ticket.state,
    )


class CallbackDeed(Deed):
    """Something done to the open callback of a ticket."""

    move = "finish_callback"
    conflicts = False

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        callback = open_callback(ticket)
        return callback is not None and person not in callback.not_by.all()

    def callback(self) -> Callback:
        """The one this is about. Raises NotPossible where none is open."""
        found = Callback.objects.open().by_phone().filter(ticket=self.ticket).with_people().first()
        if found is None:
            raise nothing_awaited(self.ticket)
        return found


class TakeCallback(CallbackDeed):
    """So that nobody else calls the same customer."""

    name = "take_callback"
    label = _("Take the callback in hand")
    button = _("Take it in hand")

    def carry_out(self) -> str:
        calling.take(self.callback(), by=self.person, at=self.at)
        return _now("The callback on %(ticket)s is yours.") % {"ticket": self.ticket.reference}

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        callback = open_callback(ticket)
        taken = callback is not None and callback.taken_by_id == person.pk
        return not taken and super().applies(ticket, person, at)


class AnswerCallback(CallbackDeed):
    """What the customer said, to both questions."""

    name = "answer_callback"
    label = _("The customer answered")
    button = _("Record the answers")
    follows = _("Dissatisfied with the result opens the ticket again, unless the customer wants nothing more.")
    with_result = forms.ChoiceField(label=_("with the result"), choices=ANSWERS, widget=forms.RadioSelect)
    with_handling = forms.ChoiceField(label=_("with the handling"), choices=ANSWERS, widget=forms.RadioSelect)
    reason = Words(label=_("reason, where dissatisfied"), rows=2, required=False)
    wants_nothing_more = forms.BooleanField(label=_("wants nothing more"), required=False)

    def carry_out(self) -> str:
        said = self.cleaned_data
        calling.answer(
            self.callback(),
            with_result=said["with_result"],
            with_handling=said["with_handling"],
            reason=said["reason"],
            wants_nothing_more=said["wants_nothing_more"],
            by=self.person,
            at=self.at,
        )
        now = Ticket.objects.get(pk=self.ticket.pk)
        if now.state == State.CLOSED:
            return _now("The answers are on record, and %(ticket)s is closed.") % {"ticket": now.reference}
        return _now("The answers are on record; %(ticket)s is open again and with its last unit.") % {
            "ticket": now.reference
        }


class AttemptCallback(CallbackDeed):
    """A call that brought no answer, and the next."""

    name = "attempt_callback"
    label = _("The customer was not reached")
    button = _("Record the attempt")
    result = forms.ChoiceField(label=_("how it ended"), choices=NOT_REACHED, widget=forms.RadioSelect)
    next_at = Moment(label=_("next attempt"), required=False)

    def prepare(self) -> None:
        callback = open_callback(self.ticket)
        if callback is not None:
            self.initial["next_at"] = calling.propose_next_attempt(callback, at=self.at)

    def carry_out(self) -> str:
        calling.attempt(
            self.callback(),
            result=self.cleaned_data["result"],
            next_at=self.cleaned_data["next_at"],
            by=self.person,
            at=self.at,
        )
        return _now("The attempt is on record.")


class DecideRound(Deed):
    """The rounds are used up: one more, or leave it closed (R74)."""

    name = "decide_round"
    move = "reopen"
    label = _("Decide after the last round")
    button = _("Decide")
    conflicts = False
    decision = forms.ChoiceField(
        label=_("decision"),
        choices=[("again", _("one more round")), ("closed", _("it stays closed"))],
        widget=forms.RadioSelect,
    )
    reason = Words(label=_("reason"), rows=2)

    def carry_out(self) -> str:
        callback = Callback.objects.filter(ticket=self.ticket, awaits_decision=True).with_people().first()
        if callback is None:
            raise nothing_awaited(self.ticket)
        deciding.decide(
            callback,
            opens_again=self.cleaned_data["decision"] == "again",
            reason=self.cleaned_data["reason"],
            by=self.person,
            at=self.at,
        )
        return _now("Your decision on %(ticket)s is on record.") % {"ticket": self.ticket.reference}

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return ticket.callbacks.filter(awaits_decision=True).exists()
