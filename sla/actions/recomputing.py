"""Deciding running clocks anew in the background, while the desk goes on (R27, R28).

A recomputation lists the tickets concerned and works them off in batches, each in one transaction: it locks tickets
that nobody works on at the moment, decides their clocks, writes clocks, history and tickets in bulk, and marks the
tickets done. A worker that dies leaves a batch undone as a whole, and the next one takes it. A ticket that fails is
set aside and shown, and stops nobody. What falls due by a new due is called by the sweep (R2A), as ever.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, connection, transaction
from django.db.models import Count, QuerySet, Sum

from accounts.models import Person
from calendars.models import Calendar
from common.apart import apart, resting
from common.events import publish
from common.kept import one_edition
from common.models import SetAside
from complaints.actions.history import Line, record_many
from complaints.models import Category, Ticket
from complaints.querysets import put_what_is_kept
from sla.actions.changes import DECIDED, Change, accounts_of, change_of, decide_anew
from sla.actions.grounds import GroundsInHand
from sla.actions.ledger import due_columns
from sla.events import ClockMoved
from sla.models import CalendarSeen, Clock, Policy, Recomputation, TicketToRecompute

log = logging.getLogger(__name__)

RECOMPUTATION = "recomputation"
AT_ONCE = 400
# What deciding asks of a ticket; all else is read where somebody who follows a moved clock asks for it.
ASKED_OF_TICKETS = (
    *("reference", "state", "version", "round", "urgency", "medium", "held_until"),
    *("next_due_at", "next_due_kind", "reply_due_at"),
    *("customer__brand", "customer__tier", "category"),
)
# An edge reads its clock a moment before its transaction begins, so clocks begin a moment late by the old policy.
A_MOMENT = timedelta(seconds=3)

ADD_ITEMS = """
INSERT INTO sla_tickettorecompute (recomputation_id, ticket_id, moved)
SELECT %s, listed, 0 FROM unnest(%s::bigint[]) AS listed ORDER BY listed
ON CONFLICT DO NOTHING
"""
SAVE_CLOCKS = """
UPDATE sla_clock SET policy_id = new.policy_id, variant = new.variant, ceiling_at = new.ceiling_at,
    nominal_due_at = new.nominal_due_at, limit_due_at = new.limit_due_at, due_at = new.due_at,
    warn_at = new.warn_at, next_at = new.next_at
FROM unnest(%s::bigint[], %s::bigint[], %s::varchar[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
    %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
    AS new (id, policy_id, variant, ceiling_at, nominal_due_at, limit_due_at, due_at, warn_at, next_at)
WHERE sla_clock.id = new.id AND sla_clock.ended_at IS NULL
"""
SAVE_TICKETS = """
UPDATE complaints_ticket SET next_due_at = new.next_due_at, next_due_kind = new.next_due_kind,
    reply_due_at = new.reply_due_at
FROM unnest(%s::bigint[], %s::timestamptz[], %s::varchar[], %s::timestamptz[])
    AS new (id, next_due_at, next_due_kind, reply_due_at)
WHERE complaints_ticket.id = new.id
"""
MARK_DONE = """
UPDATE sla_tickettorecompute SET done_at = %s, moved = done.moved
FROM unnest(%s::bigint[], %s::smallint[]) AS done (id, moved)
WHERE sla_tickettorecompute.id = done.id
"""
OPEN_TRANSACTIONS = """
SELECT EXISTS (SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL AND xact_start < %s)
"""


# --- Asking for one ---------------------------------------------------------------------------------------------------


def ask_for_policy(policy: Policy, *, by: Person | None, at: datetime) -> Recomputation:
    """Have running clocks decided anew when a published version comes into force (R27)."""
    begins = (policy.effective_from or at) + A_MOMENT
    return Recomputation.objects.create(
        cause=Recomputation.Cause.POLICY, policy=policy, asked_by=by, asked_at=at, begins_at=begins
    )


def ask_for_customers(customers: Sequence[int], *, by: Person | None, at: datetime) -> Recomputation | None:
    """Have the running clocks of customers decided anew; None where nothing is owed to any of them."""
    if not Clock.objects.running().filter(ticket__customer__in=customers).exists():
        return None
    return Recomputation.objects.create(
        cause=Recomputation.Cause.CUSTOMER, customers=sorted(customers), asked_by=by, asked_at=at, begins_at=at
    )


@transaction.atomic
def notice_changed_calendars(now: datetime) -> list[Recomputation]:
    """Ask for a recomputation for each calendar that has another version than the one taken into account.

    The database counts versions, whoever changes what, so an edit by any way is noticed, and edits made one after the
    other at once. Where no running clock is counted by the calendar, nothing is asked for.
    """
    asked = []
    seen = {row.calendar_id: row for row in CalendarSeen.objects.select_for_update().order_by("pk")}
    for calendar in Calendar.objects.order_by("pk"):
        row = seen.get(calendar.pk)
        if row is not None and (row.version, row.changed_at) == (calendar.version, calendar.changed_at):
            continue
        CalendarSeen.objects.update_or_create(
            calendar=calendar, defaults={"version": calendar.version, "changed_at": calendar.changed_at}
        )
        if Clock.objects.counting_by(calendar).exists():
            asked.append(
                Recomputation.objects.create(
                    cause=Recomputation.Cause.CALENDAR, calendar=calendar, asked_at=now, begins_at=now
                )
            )
    return asked


def cancel_for_policy(policy: Policy, *, at: datetime) -> None:
    """The version never comes into force, so nothing is decided by it."""
    Recomputation.objects.unfinished().filter(policy=policy, listed_at__isnull=True).update(cancelled_at=at)


# --- Working it off ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """What one step did."""

    done: int
    failed: int = 0
    went_on: bool = True
    """False where nothing could be done now: it is over, set aside, or in somebody's hands."""


def step(recomputation: Recomputation, *, now: datetime, at_most: int = AT_ONCE) -> Progress:
    """The next piece of a recomputation: list the tickets, or work off one batch, or finish. Safe for many at once."""
    if recomputation.listed_at is None:
        return Progress(done=0, went_on=_list(recomputation, now=now))
    return _work_off(recomputation, now=now, at_most=at_most) or Progress(
        done=0, went_on=_list_again_or_finish(recomputation, now=now)
    )


def _list(recomputation: Recomputation, *, now: datetime) -> bool:
    """Note the tickets concerned, once; says whether this worker did it."""
    with transaction.atomic():
        locked = _claim(recomputation)
        if locked is None or locked.listed_at is not None:
            return False
        _add_tickets(locked, now=now)
        locked.listed_at, locked.horizon = now, _database_instant()
        locked.save(update_fields=["listed_at", "horizon"])
    recomputation.listed_at = now
    return True


def _list_again_or_finish(recomputation: Recomputation, *, now: datetime) -> bool:
    """When all is done, look once more for clocks that began in transactions open at the first listing; then finish."""
    with transaction.atomic():
        locked = _claim(recomputation)
        if locked is None or locked.is_over or locked.items.filter(done_at__isnull=True).exists():
            return False
        if locked.listed_again_at is None:
            assert locked.horizon is not None
            if _is_open_since_before(locked.horizon):
                return False
            _add_tickets(locked, now=now)
            locked.listed_again_at = now
            locked.save(update_fields=["listed_again_at"])
            return True
        totals = locked.items.aggregate(tickets=Count("pk"), moved=Sum("moved"))
        locked.tickets, locked.moved = totals["tickets"], totals["moved"] or 0
        locked.finished_at = now
        locked.save(update_fields=["tickets", "moved", "finished_at"])
        locked.items.all().delete()
    return True


def _work_off(recomputation: Recomputation, *, now: datetime, at_most: int) -> Progress | None:
    """One batch; None where no ticket is left that can be done now. A batch that fails is done ticket by ticket."""
    open_items = recomputation.items.filter(done_at__isnull=True).exclude(pk__in=resting(RECOMPUTATION, now))
    items = list(open_items.order_by("ticket_id")[:at_most].values_list("pk", flat=True))
    if not items:
        return None
    change = change_of(recomputation, at=now)
    try:
        with one_edition():
            done = _decide_batch(recomputation, change, open_items.order_by("ticket_id")[:at_most], now=now)
    except (SoftTimeLimitExceeded, InterfaceError):
        raise
    except Exception:
        if not connection.is_usable():
            raise
        log.warning("a batch of %s failed, so its tickets are done one by one", recomputation, exc_info=True)
        return _one_by_one(recomputation, change, items, now=now)
    return Progress(done=done) if done else None


def _one_by_one(recomputation: Recomputation, change: Change, items: Iterable[int], *, now: datetime) -> Progress:
    """Each ticket in a transaction of its own; those that fail are set aside, to be tried again after a pause."""
    done = failed = 0
    for pk in items:
        came_of_it = None
        with apart(RECOMPUTATION, pk, now=now):
            waiting = TicketToRecompute.objects.filter(pk=pk, done_at__isnull=True)
            came_of_it = _decide_batch(recomputation, change, waiting, now=now)
        done, failed = done + (came_of_it or 0), failed + (came_of_it is None)
    return Progress(done=done, failed=failed)


@transaction.atomic
def _decide_batch(
    recomputation: Recomputation, change: Change, wanted: QuerySet[TicketToRecompute], *, now: datetime
) -> int:
    """Claim tickets that are free, decide their clocks, write all that comes of it; says how many were done."""
    claimed = wanted.select_for_update(of=("self",), skip_locked=True)
    items = dict(claimed.values_list("ticket_id", "pk"))
    tickets = list(
        Ticket.objects.filter(pk__in=items)
        .select_related("customer")
        .only(*ASKED_OF_TICKETS)
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")
    )
    if not tickets:
        return 0
    clocks: list[Clock] = []
    lines: list[Line] = []
    events: list[ClockMoved] = []
    moved_on: dict[int, int] = {}
    # Read after the locks: what others have committed by then is what counts.
    with one_edition():
        put_what_is_kept([(ticket, "category") for ticket in tickets], Category.kept.get())
        grounds = GroundsInHand(change.policies())
        for ticket, account in accounts_of(tickets):
            decided = decide_anew(account, change, grounds=grounds, at=now)
            clocks += decided.changed
            moved_on[items[ticket.pk]] = len(decided.moved)
            for clock, old_due in decided.moved:
                lines.append(Line(ticket, "due_moved", _what_moved(clock, old_due, change)))
                events.append(
                    ClockMoved(clock=clock, by=recomputation.asked_by, at=now, old_due=old_due, new_due=clock.due_at)
                )
            for name, value in due_columns(account.running).items():
                setattr(ticket, name, value)
    _save(clocks, tickets)
    record_many(lines, by=recomputation.asked_by, at=now)
    for event in events:
        publish(event)
    with connection.cursor() as cursor:
        cursor.execute(MARK_DONE, [now, list(moved_on), list(moved_on.values())])
    SetAside.objects.open().filter(kind=RECOMPUTATION, object_id__in=moved_on).update(resolved_at=now)
    return len(tickets)


def _what_moved(clock: Clock, old_due: datetime | None, change: Change) -> dict[str, object]:
    return {
        "clock": clock.kind,
        "clock_id": clock.pk,
        "old": old_due.isoformat() if old_due else None,
        "new": clock.due_at.isoformat() if clock.due_at else None,
        **change.facts(),
    }


def _save(clocks: Sequence[Clock], tickets: Sequence[Ticket]) -> None:
    with connection.cursor() as cursor:
        if clocks:
            columns = [[getattr(clock, name) for clock in clocks] for name in ("pk", *DECIDED)]
            cursor.execute(SAVE_CLOCKS, columns)
            names = ("pk", "next_due_at", "next_due_kind", "reply_due_at")
            cursor.execute(SAVE_TICKETS, [[getattr(ticket, name) for ticket in tickets] for name in names])


def _claim(recomputation: Recomputation) -> Recomputation | None:
    """Its row, locked; None where another worker lists it or finishes it at the moment."""
    return Recomputation.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=recomputation.pk).first()


def _add_tickets(recomputation: Recomputation, *, now: datetime) -> None:
    concerned = change_of(recomputation, at=now).concerned().order_by()
    tickets = list(concerned.values_list("ticket_id", flat=True).distinct())
    with connection.cursor() as cursor:
        cursor.execute(ADD_ITEMS, [recomputation.pk, tickets])


def _database_instant() -> datetime:
    """By the clock that the beginnings of transactions are told by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        instant: datetime = cursor.fetchone()[0]
        return instant


def _is_open_since_before(horizon: datetime) -> bool:
    """Whether a transaction that has written something began before and is still open; our own does not count."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_TRANSACTIONS, [horizon])
        return bool(cursor.fetchone()[0])
