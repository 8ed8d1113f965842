"""Calling the warnings and breaches of many clocks together: set one by one, in order, and written in bulk (R2A)."""

from collections.abc import Sequence
from datetime import datetime

from common.events import publish_all
from common.writing import Row, write_back
from complaints.actions.history import append, entry_of
from complaints.models import Ticket
from sla.events import Breached, Warned
from sla.kinds import Cause, Kind, Stretch
from sla.models import Clock, ClockInterval

MARKS = ["warned_at", "warning_noticed_at", "breached_at", "breach_noticed_at", "next_at"]
STILL_TO_CALL = "stands.next_at IS NOT NULL AND stands.ended_at IS NULL"


class CalledMeanwhile(Exception):
    """A clock was called by somebody who did not hold its ticket's lock."""


def call_all(tickets: Sequence[Ticket], clocks: Sequence[Clock], *, now: datetime) -> int:
    """Call all that is due on these tickets, whose rows are locked, ticket by ticket, on each in order; says how much.

    A warning and the breach after it are both called where both are due. Raises CalledMeanwhile.
    """
    by_ticket: dict[int, list[Clock]] = {ticket.pk: [] for ticket in tickets}
    for each in clocks:
        by_ticket[each.ticket_id].append(each)
    events: list[Warned | Breached] = []
    entries: list[Row] = []
    for ticket in tickets:
        while (clock := _first_due(by_ticket[ticket.pk], now=now)) is not None:
            clock.ticket = ticket
            if clock.is_warning_next:
                planned = clock.note_warning(at=now)
                events.append(Warned(clock=clock, at=now, planned_at=planned))
                continue
            broke_at = clock.note_breach(at=now)
            events.append(Breached(clock=clock, at=now, broke_at=broke_at))
            entries.append(
                entry_of(
                    ticket,
                    "breached",
                    by=None,
                    at=broke_at,
                    clock=clock.kind,
                    clock_id=clock.pk,
                    due=broke_at.isoformat(),
                    noticed=now.isoformat(),
                )
            )
    called = list({event.clock.pk: event.clock for event in events}.values())
    _settle_deferrals([event.clock for event in events if isinstance(event, Breached)], until=now)
    if write_back(called, MARKS, guard=STILL_TO_CALL) != len(called):
        raise CalledMeanwhile
    append(entries)
    publish_all(events)
    return len(events)


def _first_due(clocks: Sequence[Clock], *, now: datetime) -> Clock | None:
    due = [(clock.next_at, clock.pk, clock) for clock in clocks if clock.next_at is not None and clock.next_at <= now]
    return min(due)[2] if due else None


def _settle_deferrals(clocks: Sequence[Clock], *, until: datetime) -> None:
    """A deferral whose planned attempt has come is over: the clock ran on from there (R43)."""
    replies = [clock.pk for clock in clocks if clock.kind == Kind.REPLY]
    if not replies:
        return
    over = list(
        ClockInterval.objects.filter(
            clock__in=replies, kind=Stretch.DEFERRED, ends_at__isnull=True, planned_until__lt=until
        )
    )
    for stretch in over:
        stretch.ends_at = stretch.planned_until
    write_back(over, ["ends_at"])
    ClockInterval.objects.bulk_create(
        ClockInterval(
            clock_id=stretch.clock_id, kind=Stretch.RUNNING, starts_at=stretch.planned_until, cause=Cause.ATTEMPT_DUE
        )
        for stretch in over
        if stretch.planned_until is not None
    )
