"""Calling what has fallen due: warnings and breaches, each exactly once, in order for each ticket (R2A).

The database is the source. A turn that dies leaves rows due, and the next one finds them. Two turns at once take
different tickets: each locks a ticket before it touches its clocks, and passes by what another has locked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from common.apart import apart, resting
from complaints.models import Ticket
from sla.actions.ledger import Ledger
from sla.models import Clock

CLOCK = "clock"
AT_ONCE = 500


@dataclass(frozen=True)
class Turn:
    """What one turn of the sweep did."""

    called: int
    failed: int
    latest: timedelta
    """How long the one that waited longest had been due."""


def call_due(now: datetime, *, at_most: int = AT_ONCE) -> Turn:
    """Call the warnings and breaches due by now, oldest first; rows that fail are set aside and passed by.

    `at_most` bounds the rows looked at, so that a long backlog is worked off turn by turn.
    """
    passed = set(resting(CLOCK, now))
    due = list(Clock.objects.due(now).exclude(pk__in=passed).only("ticket_id", "next_at")[:at_most])
    called = failed = 0
    for ticket_id in dict.fromkeys(clock.ticket_id for clock in due):
        for_ticket, bad = _call_due_on(ticket_id, now=now, passed=passed)
        called, failed = called + for_ticket, failed + bad
    latest = now - due[0].next_at if due and due[0].next_at else timedelta(0)
    return Turn(called=called, failed=failed, latest=latest)


def next_due_instant() -> datetime | None:
    """When the next warning or breach falls due; may lie in the past. For whoever jumps from one to the next."""
    return Clock.objects.aggregate(first=Min("next_at"))["first"]


def _call_due_on(ticket_id: int, *, now: datetime, passed: set[int]) -> tuple[int, int]:
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
