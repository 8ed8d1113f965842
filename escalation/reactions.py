"""What follows for ladders when something has happened to a ticket, a clock or a customer (R90–R93)."""

from collections.abc import Sequence

from callbacks.events import RoundsDecided, RoundsUsedUp
from common.events import in_one_go
from complaints.events import Accepted, ChasedUp, Demanded, FactsAdded, MarkedGrave, Moved, Reclassified
from complaints.models import DeskRules, Ticket
from complaints.states import Addressee, State, Urgency
from customers.events import FlagRaised
from customers.models import FlagKind
from escalation.actions import telling
from escalation.actions.climbing import climb_all, hold, plan_shares, resume, start, take_down
from escalation.kinds import Closing, Reason, Trigger, When
from escalation.models import known_ladders
from sla.events import Breached, ClockEnded, ClockHeld, ClockMoved, ClockResumed, ClockStarted, Warned

# After these moves nobody has to hear any more of what was raised without a limit.
OVER = frozenset({State.CALLBACK, State.CLOSED, State.CANCELLED})
SENT_TO_A_UNIT = frozenset({"dispatch", "transfer"})


# --- Limits -----------------------------------------------------------------------------------------------------------


def begin(event: ClockStarted) -> None:
    """An obligation arose: the steps at shares of its limit are planned from here (R90)."""
    plan_shares(event.clock)


@in_one_go
def warn(events: Sequence[Warned]) -> None:
    """Limits are running out: the steps at their warnings, from when those were."""
    climb_all([(event.clock, event.planned_at or event.at) for event in events], when=When.WARNING)


@in_one_go
def breach(events: Sequence[Breached]) -> None:
    """Limits were missed: the steps at the breaches and all after them, from when they broke."""
    climb_all([(event.clock, event.broke_at or event.at) for event in events], when=When.BREACH)


def end(event: ClockEnded) -> None:
    """The obligation is over: the rest of its ladder is cancelled, and what is open closes (R92)."""
    clock = event.clock
    if clock.warned_at is None and clock.breached_at is None and clock.kind not in known_ladders().kinds_with_shares:
        return  # its ladder begins with one of these, so it has none yet
    ticket = event.ticket
    take_down(ticket, ticket.escalations.filter(clock=clock), because=Closing.OBLIGATION_ENDED, at=event.at)


def hold_with_clock(event: ClockHeld) -> None:
    """A held clock holds its ladder (R6)."""
    hold(event.clock, at=event.at)


def resume_with_clock(event: ClockResumed) -> None:
    """And the ladder goes on with it."""
    resume(event.clock, at=event.at)


def follow_due(event: ClockMoved) -> None:
    """Steps at shares of a limit move with it; where none holds any more, nothing is left to climb for."""
    if event.new_due is not None:
        plan_shares(event.clock)
    else:
        ticket = event.ticket
        take_down(ticket, ticket.escalations.filter(clock=event.clock), because=Closing.NO_LIMIT, at=event.at)


# --- Ladders of their own ---------------------------------------------------------------------------------------------


def look_at_acceptance(event: Accepted) -> None:
    """Marked urgent beyond its category, an escalated complaint, a customer with flag D: each starts its ladder."""
    ticket = event.ticket
    if ticket.urgency == Urgency.URGENT and ticket.category.urgency != Urgency.URGENT:
        start(Trigger.GRAVE, ticket, occasion="urgent", reason=Reason.URGENT, at=event.at)
    if ticket.is_escalated:
        _escalated(ticket, event)
    if ticket.customer.flags.in_force(event.at).filter(kind=FlagKind.D).exists():
        start(Trigger.FLAG_D, ticket, occasion="flag_d", reason=Reason.FLAG_D, at=event.at)


def look_at_class(event: Reclassified) -> None:
    """Marked urgent by a person, or found to be put to somebody else as well."""
    is_now_urgent = event.new.get("urgency") == Urgency.URGENT and event.old.get("urgency") != Urgency.URGENT
    if is_now_urgent and event.by is not None and event.ticket.category.urgency != Urgency.URGENT:
        start(Trigger.GRAVE, event.ticket, occasion="urgent", reason=Reason.URGENT, at=event.at)
    if event.new.get("addressee", Addressee.CENTRE) != Addressee.CENTRE:
        _escalated(event.ticket, event)


def mark_grave(event: MarkedGrave) -> None:
    """A grave matter goes at once to the supervisor, who confirms or lowers it."""
    start(Trigger.GRAVE, event.ticket, occasion=f"grave:{event.ticket.version}", reason=Reason.GRAVE, at=event.at)


def chase(event: ChasedUp) -> None:
    """Whoever holds the ticket is told of each chase-up (R32); so many of them start a ladder."""
    number = event.chase_up.number
    telling.tell_holder_of_chase_up(event.chase_up, event.ticket, at=event.at)
    if number == DeskRules.current().chase_ups_before_escalation:
        start(Trigger.CHASED_UP, event.ticket, occasion="chased_up", reason=Reason.CHASED_UP, at=event.at)


def watch(event: FlagRaised) -> None:
    """A customer who says that they will escalate or sue: the ladder starts on each of their open tickets."""
    if event.flag.kind != FlagKind.D:
        return
    for ticket in Ticket.objects.live().with_people().filter(customer=event.flag.customer).order_by("pk"):
        start(Trigger.FLAG_D, ticket, occasion="flag_d", reason=Reason.FLAG_D, at=event.at)


def follow(event: Moved) -> None:
    """What was raised without a limit closes with the matter; a grave ticket's new unit has its director told."""
    ticket = event.ticket
    if event.target in OVER:
        take_down(ticket, ticket.escalations.filter(clock=None), because=Closing.TICKET_ENDED, at=event.at)
    elif event.move in SENT_TO_A_UNIT and is_grave(ticket):
        telling.tell_director_of_grave_dispatch(ticket, at=event.at)


def use_up_rounds(event: RoundsUsedUp) -> None:
    """Dissatisfied after the last round: a supervisor decides whether one more follows (R74)."""
    callback = event.callback
    start(
        Trigger.ROUNDS_USED_UP,
        callback.ticket,
        occasion=f"rounds_used_up:{callback.round}",
        reason=Reason.ROUNDS_USED_UP,
        at=event.at,
    )


def settle_rounds(event: RoundsDecided) -> None:
    """It is decided, so nobody has to hear of it any more (R92)."""
    ticket = event.callback.ticket
    waiting = ticket.escalations.filter(reason=Reason.ROUNDS_USED_UP)
    take_down(ticket, waiting, because=Closing.ROUNDS_DECIDED, at=event.at)


def tell_of_facts(event: FactsAdded) -> None:
    """Whoever holds the ticket is told that there is more to read."""
    telling.tell_holder_of_facts(event.ticket, at=event.at)


def tell_of_demand(event: Demanded) -> None:
    """Whoever holds the ticket is told of a demand (R94)."""
    telling.tell_holder_of_demand(event.ticket, at=event.at)


def is_grave(ticket: Ticket) -> bool:
    """Marked grave, or marked urgent beyond its category."""
    return ticket.is_grave or (ticket.urgency == Urgency.URGENT and ticket.category.urgency != Urgency.URGENT)


def _escalated(ticket: Ticket, event: Accepted | Reclassified) -> None:
    start(
        Trigger.ESCALATED_COMPLAINT,
        ticket,
        occasion="escalated_complaint",
        reason=Reason.ESCALATED_COMPLAINT,
        at=event.at,
    )
