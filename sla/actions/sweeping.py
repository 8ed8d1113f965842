"""Calling what has fallen due: warnings and breaches, each exactly once, in order for each ticket (R2A)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, QuerySet

from common.apart import apart
from common.sweeping import AT_ONCE, Sweep
from complaints.models import Ticket
from sla.actions.calling import call_all
from sla.actions.ledger import Ledger
from sla.models import Clock, Policy

CLOCK = "clock"
# What calling a clock asks of its ticket, and what it does not ask.
ASKED_OF_TICKETS = frozenset({"id", "reference", "state", "version", "accepting_unit", "desk", "lead_unit"})
UNASKED_OF_TICKETS = [
    f"ticket__{column.name}" for column in Ticket._meta.concrete_fields if column.name not in ASKED_OF_TICKETS
]


@dataclass(frozen=True)
class Turn:
    """What one turn of the sweep did."""

    called: int
    failed: int
    latest: timedelta
    """How long the one that waited longest had been due."""


def call_due(now: datetime, *, at_most: int = AT_ONCE) -> Turn:
    """Call the warnings and breaches due by now, the fresh ones first, each lot oldest first; bad rows are set aside.

    `at_most` bounds the tickets that are turned to, so that a long backlog is worked off turn by turn.
    """
    turn = SWEEP.turn(now, at_most=at_most)
    return Turn(called=turn.done, failed=turn.failed, latest=turn.latest)


def next_due_instant() -> datetime | None:
    """When the next warning or breach falls due; may lie in the past. For whoever jumps from one to the next."""
    return Clock.objects.aggregate(first=Min("next_at"))["first"]


def _locked(due: QuerySet[Any], limit: int) -> list[Clock]:
    """The first due clocks with their tickets, all locked; those that somebody else works on are passed by.

    The lock of the ticket is what counts. That of the clock has the database read it as it stands then.
    """
    clocks = due.select_related("ticket").defer(*UNASKED_OF_TICKETS)
    return list(clocks.select_for_update(of=("self", "ticket"), skip_locked=True)[:limit])


def _call_together(first: Sequence[Clock], due: QuerySet[Any], now: datetime) -> int:
    tickets = {clock.ticket_id: clock.ticket for clock in first}
    others = due.filter(ticket__in=tickets).exclude(pk__in=[clock.pk for clock in first])
    clocks = [*first, *others]
    policies = Policy.objects.in_bulk({clock.policy_id for clock in clocks if clock.policy_id is not None})
    for clock in clocks:
        clock.policy = policies.get(clock.policy_id) if clock.policy_id is not None else None
    return call_all(list(tickets.values()), clocks, now=now)


def _call_one_by_one(ticket_id: int, now: datetime, passed: set[int]) -> tuple[int, int]:
    """Call what is due on one ticket, in order, one transaction each; stops where somebody else works on it."""
    called = failed = 0
    while (clock_id := _first_due(ticket_id, now=now, passed=passed)) is not None:
        outcome = None
        with apart(CLOCK, clock_id, now=now):
            outcome = _call(clock_id, ticket_id=ticket_id, now=now)
        if outcome is None:
            passed.add(clock_id)
            failed += 1
        elif not outcome:
            break
        else:
            called += 1
    return called, failed


def _first_due(ticket_id: int, *, now: datetime, passed: set[int]) -> int | None:
    return Clock.objects.due(now).filter(ticket=ticket_id).exclude(pk__in=passed).values_list("pk", flat=True).first()


def _call(clock_id: int, *, ticket_id: int, now: datetime) -> bool:
    """Call one clock under the ticket's lock; says whether the lock was free and it was still due."""
    locked = Ticket.objects.with_people().select_for_update(of=("self",), skip_locked=True).filter(pk=ticket_id).first()
    if locked is None:
        return False
    with Ledger.locked(locked, by=None, at=now) as ledger:
        clock = next((clock for clock in ledger.clocks if clock.pk == clock_id), None)
        if clock is None or clock.next_at is None or clock.next_at > now:
            return False
        return ledger.call(clock)


SWEEP: Sweep[Clock] = Sweep(
    kind=CLOCK,
    due=Clock.objects.due,
    lock=_locked,
    do_all=_call_together,
    do_each=_call_one_by_one,
    belongs_to="ticket",
)
