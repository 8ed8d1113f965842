"""What a supervisor does about a ticket, for one or for many at once (R94)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, Unit
from common.refusals import NotPossible, Refusal
from complaints.actions import commenting, handling, owning
from complaints.actions.classifying import reclassify
from complaints.actions.gravity import confirm_gravity, lower_gravity
from complaints.models import Ticket
from complaints.states import AWAITING_THE_UNIT, State
from escalation.actions.answering import acknowledge_all
from escalation.actions.climbing import take_down
from escalation.actions.telling import tell_of_reassignment
from escalation.kinds import Closing, Reason
from escalation.models import Escalation
from escalation.querysets import EscalationQuerySet

T = TypeVar("T")
GRAVITY = (Reason.GRAVE, Reason.URGENT)


@transaction.atomic
def take_over(ticket: Ticket, *, by: Person, at: datetime) -> bool:
    """See to it oneself: acknowledge what waits for oneself on the ticket, and take it in hand where a unit has it.

    Says whether it is in one's own hands now: the reply and the dispatch stay whose they are. Raises NotYours, and
    NotPossible where no unit has it and nothing about it waits for this person.
    """
    locked = _locked(ticket)
    in_a_unit = locked.state in AWAITING_THE_UNIT
    if in_a_unit:
        handling.assign(locked, to=by, by=by, at=at)
    acknowledged = acknowledge_all(locked, by=by, at=at)
    if not in_a_unit and not acknowledged:
        raise NotPossible(
            _("%(ticket)s is %(state)s: no unit has it in hand, and nothing about it waits for you.")
            % {"ticket": locked.reference, "state": locked.get_state_display()},
            code="nothing_to_take_over",
            **locked.standing(by.authority(at)),
        )
    return in_a_unit


@transaction.atomic
def reassign(ticket: Ticket, *, to: Person | Unit, reason: str = "", by: Person, at: datetime) -> None:
    """Put a ticket into other hands: a unit's, a person's in the unit, or, where the reply is owed, another replier's.

    Acknowledges what waits for oneself on it. Raises NotPossible, NotYours, Malformed as transfer, assign and
    name_replier do.
    """
    locked = _locked(ticket)
    if isinstance(to, Unit):
        handling.transfer(locked, to=to, reason=reason, by=by, at=at)
    elif locked.state in {State.REPLYING, State.REPLIED}:
        owning.name_replier(locked, to=to, by=by, at=at)
        tell_of_reassignment(locked, to=to, at=at)
    else:
        handling.assign(locked, to=to, by=by, at=at)
        tell_of_reassignment(locked, to=to, at=at)
    acknowledge_all(locked, by=by, at=at)


@transaction.atomic
def demand(ticket: Ticket, *, text: str, by: Person, at: datetime) -> None:
    """Demand (督办) that it is dealt with; whoever holds it is told. Raises NotPossible, NotYours, Malformed."""
    locked = _locked(ticket)
    commenting.demand(locked, text=text, by=by, at=at)
    acknowledge_all(locked, by=by, at=at)


@transaction.atomic
def comment(ticket: Ticket, *, text: str, by: Person, at: datetime) -> None:
    """Leave a word on it; that acknowledges nothing and conflicts with nobody. Raises NotYours, Malformed."""
    fresh = Ticket.objects.with_people().select_for_update(of=("self",)).get(pk=ticket.pk)
    commenting.comment(fresh, text=text, by=by, at=at)


@transaction.atomic
def confirm_grave(ticket: Ticket, *, by: Person, at: datetime) -> None:
    """Confirm that a ticket is urgent or grave, the recording at hand; that decides its escalations (R93)."""
    locked = _locked(ticket)
    confirm_gravity(locked, by=by, at=at)
    take_down(locked, _about_gravity(locked), because=Closing.DECIDED, at=at)


@transaction.atomic
def lower_grave(ticket: Ticket, *, reason: str, urgency: str = "", by: Person, at: datetime) -> None:
    """Find that a ticket is not that grave, and set its urgency where one is given (R93).

    Raises NotYours for others than supervisors, Malformed without a reason or for an unknown urgency.
    """
    locked = _locked(ticket)
    lower_gravity(locked, reason=reason, by=by, at=at)
    if urgency and urgency != locked.urgency:
        reclassify(locked, urgency=urgency, by=by, at=at)
    take_down(locked, _about_gravity(locked), because=Closing.DECIDED, at=at)


@dataclass(frozen=True)
class Result(Generic[T]):
    """How a deed went for one of many."""

    subject: T
    refusal: Refusal | None = None

    @property
    def was_done(self) -> bool:
        """Whether it was not refused."""
        return self.refusal is None


def for_many(subjects: Iterable[T], deed: Callable[..., object], **facts: Any) -> list[Result[T]]:
    """Do one deed for each of many, each in a transaction of its own: what is refused for one is done for the others.

    `for_many(escalations, acknowledge, by=lin, at=now)`; `for_many(tickets, demand, text=…, by=lin, at=now)`.
    """
    results = []
    for subject in subjects:
        try:
            with transaction.atomic():
                deed(subject, **facts)
        except Refusal as refusal:
            results.append(Result(subject, refusal))
        else:
            results.append(Result(subject))
    return results


def _locked(ticket: Ticket) -> Ticket:
    """The ticket, locked before anything of it is touched. Raises Stale (409) when it is not as it was seen (R4)."""
    locked = Ticket.objects.with_people().select_for_update(of=("self",)).get(pk=ticket.pk)
    if locked.version != ticket.version:
        raise ticket.stale(ticket.version)
    return locked


def _about_gravity(ticket: Ticket) -> EscalationQuerySet:
    return Escalation.objects.filter(ticket=ticket, reason__in=GRAVITY)
