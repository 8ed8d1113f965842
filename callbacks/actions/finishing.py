"""What the customer said, and what follows from it (R73, R74)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Person
from callbacks.answers import SAID_BY_CUSTOMERS, Satisfaction, Standing
from callbacks.events import CalledBack, DissatisfiedWithHandling, RoundsUsedUp
from callbacks.models import Callback
from common.events import publish
from common.refusals import Malformed
from common.text import optional_text
from complaints.actions import reopening
from complaints.actions.history import record
from complaints.models import DeskRules
from complaints.states import State
from customers.models import FlagKind
from customers.watching import mark

LONGEST_REASON = 2000


@dataclass(frozen=True)
class Answer:
    """Both answers: with the result, with the handling; a reason where one of them is 'dissatisfied'."""

    with_result: str
    with_handling: str
    reason: str = ""
    wants_nothing_more: bool = False

    def __post_init__(self) -> None:
        """Check the answers as they come in. Raises Malformed naming each that is missing or unknown."""
        errors: dict[str, list[str]] = {}
        for name in ("with_result", "with_handling"):
            if getattr(self, name) not in SAID_BY_CUSTOMERS:
                errors[name] = [_("Choose one of: %(choices)s.") % {"choices": ", ".join(SAID_BY_CUSTOMERS)}]
        try:
            object.__setattr__(self, "reason", optional_text(self.reason, field="reason", limit=LONGEST_REASON))
        except Malformed as problem:
            errors |= problem.errors
        else:
            if not self.reason and Satisfaction.DISSATISFIED in {self.with_result, self.with_handling}:
                errors["reason"] = [_("Say what the customer is dissatisfied with.")]
        if errors:
            raise Malformed(_("The answer is not complete."), errors=errors)

    @property
    def asks_for_more(self) -> bool:
        """Dissatisfied with the result, and not content to leave it at that."""
        return self.with_result == Satisfaction.DISSATISFIED and not self.wants_nothing_more


def answered(callback: Callback, answer: Answer, *, by: Person | None, at: datetime) -> None:
    """Keep the answer of a locked callback and close the ticket; dissatisfied with the result opens it again (R74).

    Every answer ends the callback, also one that opens a new round. After as many rounds as the desk rules allow the
    ticket stays closed and a supervisor decides.
    """
    ticket = callback.ticket
    # A campaign may ask so late that the ticket opens by itself no more; that is for a supervisor to decide as well.
    rounds_are_left = ticket.round < DeskRules.current().rounds_at_most and not reopening.is_too_late(ticket, at=at)
    callback.end(Standing.ANSWERED, at=at)
    callback.with_result, callback.with_handling = answer.with_result, answer.with_handling
    callback.reason, callback.wants_nothing_more = answer.reason, answer.wants_nothing_more
    callback.answered_by = by
    callback.awaits_decision = answer.asks_for_more and not rounds_are_left
    callback.save()
    _close(
        callback,
        how="answered",
        by=by,
        at=at,
        with_result=answer.with_result,
        with_handling=answer.with_handling,
    )
    publish(CalledBack(callback=callback, by=by, at=at))
    if Satisfaction.DISSATISFIED in {answer.with_result, answer.with_handling}:
        mark(
            ticket.customer,
            kind=FlagKind.C2,
            reason=_("%(ticket)s: dissatisfied at callback") % {"ticket": ticket.reference},
            by=by,
            at=at,
        )
    if answer.with_handling == Satisfaction.DISSATISFIED:
        publish(DissatisfiedWithHandling(callback=callback, by=by, at=at))
    if callback.awaits_decision:
        publish(RoundsUsedUp(callback=callback, by=by, at=at))
    elif answer.asks_for_more:
        reopening.reopen(ticket, reason=answer.reason, by=by, at=at)


def unreachable(callback: Callback, *, by: Person | None, at: datetime) -> None:
    """End a locked callback whose customer could not be reached; never as satisfied (R73)."""
    callback.end(Standing.UNREACHABLE, at=at)
    callback.save()
    _close(callback, how="unreachable", by=by, at=at)


def _close(callback: Callback, *, how: str, by: Person | None, at: datetime, **answers: str) -> None:
    """Close the ticket with its callback; one that a campaign drew after its end is closed already."""
    ticket = callback.ticket
    if ticket.state == State.CLOSED:
        ticket.save_move()
        record(ticket, "callback_finished", by=by, at=at, how=how, mode=callback.mode, **answers)
        return
    reopening.finish_callback(ticket, how=how, by=by, at=at, mode=callback.mode, **answers)
