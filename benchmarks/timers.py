"""`./dev bench timers`: what the sweeps cost on a desk with very many open tickets. Prints a section for the docs.

An idle turn with ten thousand tickets and with all; fifty thousand clocks that fell due during an outage, worked off by
two sweepers beside breaches that go on falling due; and the same rows written by bare SQL in the same run.
"""

import argparse
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from django.core.management import call_command
from django.db import connection, transaction

from benchmarks import _desk  # noqa: F401 (before all models)
from benchmarks._measuring import machine
from common.moment import database_now
from complaints.models import Entry, Ticket
from escalation.actions.sweeping import fire_due
from escalation.models import Escalation
from notifications.models import Message
from sla.actions.sweeping import call_due
from sla.models import Clock

FEW = 10_000
OUTAGE = timedelta(hours=1)
ROUNDS = 60
SWEEPERS = 2
A_MINUTE = 200
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

SWEEP_UNTIL_TOLD = """
import sys, time
sys.path.insert(0, sys.argv[1])
import django
django.setup()
from common.moment import database_now
from escalation.actions.sweeping import fire_due
from sla.actions.sweeping import call_due
import select
print("ready", flush=True)
sys.stdin.readline()
while not select.select([sys.stdin], [], [], 0)[0]:
    called, raised = call_due(database_now(), at_most=250), fire_due(database_now(), at_most=250)
    if not called.called and not raised.done:
        time.sleep(0.2)
print(time.process_time(), flush=True)
"""


def idle() -> list[float]:
    """Milliseconds of both sweeps where nothing is due, in each of several rounds."""
    taken = []
    for counts in [False] * 5 + [True] * ROUNDS:
        begun = time.perf_counter()
        call_due(LONG_AGO)
        fire_due(LONG_AGO)
        if counts:
            taken.append((time.perf_counter() - begun) * 1000)
    return taken


def have_due(clocks: Sequence[int], *, spread: timedelta, seed: int) -> None:
    """Have these clocks be due in the span that ends now; their warnings were called before."""
    chance, now = random.Random(seed), database_now()
    dues = [now - spread * chance.random() for _clock in clocks]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE sla_clock SET due_at = put.due, next_at = put.due, warn_at = put.due,
                started_at = LEAST(started_at, put.due), warned_at = put.due, warning_noticed_at = put.due
            FROM unnest(%s::bigint[], %s::timestamptz[]) AS put (id, due) WHERE sla_clock.id = put.id
            """,
            [list(clocks), dues],
        )


def choose(count: int, *, seed: int) -> list[int]:
    """So many running clocks that are not due for a while, each of another ticket."""
    ahead = Clock.objects.filter(next_at__gt=database_now() + timedelta(hours=1), breached_at=None)
    found = list(ahead.order_by("ticket_id", "-pk").distinct("ticket_id").values_list("pk", flat=True))
    return random.Random(seed).sample(found, min(count, len(found)))


class Fresh(threading.Thread):
    """Lets breaches fall due at a set rate until it is told to stop."""

    def __init__(self, clocks: Sequence[int]) -> None:
        super().__init__(daemon=True)
        self.clocks, self.stop = list(clocks), threading.Event()
        self.used: list[int] = []

    def run(self) -> None:
        """One clock after the other."""
        for clock in self.clocks:
            if self.stop.wait(60 / A_MINUTE):
                break
            have_due([clock], spread=timedelta(0), seed=0)
            self.used.append(clock)
        connection.close()


def work_off(backlog: Sequence[int], fresh: Sequence[int], *, at_least: float) -> dict[str, float | list[float]]:
    """Let the sweepers loose on a backlog beside fresh breaches; seconds, processor seconds and lateness."""
    have_due(backlog, spread=OUTAGE, seed=2)
    command = [sys.executable, "-c", SWEEP_UNTIL_TOLD, str(Path(__file__).resolve().parent.parent)]
    sweepers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(SWEEPERS)
    ]
    for sweeper in sweepers:
        assert sweeper.stdout is not None
        sweeper.stdout.readline()
    arriving = Fresh(fresh)
    begun = time.monotonic()
    arriving.start()
    for sweeper in sweepers:
        _tell(sweeper)
    worked_off = 0.0
    while not worked_off or time.monotonic() - begun < at_least:
        time.sleep(0.5)
        if not worked_off and not _left(backlog):
            worked_off = time.monotonic() - begun
    arriving.stop.set()
    arriving.join()
    while _left(arriving.used):
        time.sleep(0.2)
    spent = 0.0
    for sweeper in sweepers:
        _tell(sweeper)
        assert sweeper.stdout is not None
        spent += float(sweeper.stdout.readline())
        sweeper.wait()
    noticed = Clock.objects.filter(pk__in=arriving.used).values_list("due_at", "breach_noticed_at")
    told = _delivered(arriving.used)
    return {
        "seconds": worked_off,
        "processor": spent,
        "late": [(at - due).total_seconds() for due, at in noticed if due and at],
        "told": told,
    }


def _tell(sweeper: "subprocess.Popen[str]") -> None:
    assert sweeper.stdin is not None
    sweeper.stdin.write("\n")
    sweeper.stdin.flush()


def _left(clocks: Sequence[int]) -> bool:
    """Whether one of them is to be called, or one of their breach's steps to be raised."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (SELECT FROM sla_clock WHERE id = ANY(%(clocks)s) AND next_at <= clock_timestamp()) OR EXISTS
              (SELECT FROM escalation_escalation WHERE next_at <= clock_timestamp() AND clock_id = ANY(%(clocks)s))
            """,
            {"clocks": list(clocks)},
        )
        return bool(cursor.fetchone()[0])


def _delivered(clocks: Sequence[int]) -> list[float]:
    """Seconds from breach to the first message about it in somebody's application."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXTRACT(epoch FROM MIN(message.sent_at) - clock.due_at)
            FROM sla_clock clock JOIN escalation_escalation raised ON raised.clock_id = clock.id
            JOIN notifications_message message ON message.about = 'escalation:' || raised.id
            WHERE clock.id = ANY(%s) AND message.sent_at >= clock.due_at GROUP BY clock.id
            """,
            [list(clocks)],
        )
        return [float(seconds) for (seconds,) in cursor.fetchall()]


def out_of_order(clocks: Sequence[int]) -> tuple[int, int]:
    """How many of the clocks were not told exactly once, and how many tickets have steps out of order."""
    told = Entry.objects.filter(kind="breached", ticket__clocks__in=clocks).values_list("data__clock_id", flat=True)
    counted: dict[int, int] = dict.fromkeys(clocks, 0)
    for clock in told:
        if clock in counted:
            counted[clock] += 1
    last: dict[int, str] = {}
    bad = set()
    raised = Entry.objects.filter(kind="escalated", ticket__clocks__in=clocks, data__planned_at__isnull=False)
    for ticket, planned in raised.order_by("pk").values_list("ticket", "data__planned_at"):
        if planned < last.get(ticket, planned):
            bad.add(ticket)
        last[ticket] = planned
    return sum(count != 1 for count in counted.values()), len(bad)


def bare_sql(clocks: Sequence[int]) -> float:
    """Seconds to write the rows of these breaches again by plain statements, a lot at a time; undone at the end."""
    begun = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, len(clocks), 250):
            lot = {"clocks": list(clocks[start : start + 250])}
            for statement in BARE:
                cursor.execute(statement, lot)
        transaction.set_rollback(True)
    return time.monotonic() - begun


BARE = (
    "SELECT id FROM complaints_ticket WHERE id IN (SELECT ticket_id FROM sla_clock WHERE id = ANY(%(clocks)s)) "
    "FOR UPDATE SKIP LOCKED",
    "UPDATE sla_clock SET breach_noticed_at = breach_noticed_at + interval '1 second', next_at = NULL "
    "WHERE id = ANY(%(clocks)s)",
    "INSERT INTO complaints_entry (ticket_id, kind, at, recorded_at, by_id, origin, source, target, version, data) "
    "SELECT ticket_id, kind, at, recorded_at, by_id, origin, source, target, version, data FROM complaints_entry "
    "WHERE ticket_id IN (SELECT ticket_id FROM sla_clock WHERE id = ANY(%(clocks)s)) "
    "AND kind IN ('breached', 'escalated')",
    "INSERT INTO escalation_escalation (ticket_id, clock_id, step_id, occasion, reason, severity, state, planned_at, "
    "noticed_at, to_role, to_unit_id, gap, ack_due_at, reminders, closed_because, next_at) "
    "SELECT ticket_id, clock_id, step_id, 'again:' || id, reason, severity, state, planned_at, noticed_at, to_role, "
    "to_unit_id, gap, ack_due_at, reminders, closed_because, next_at FROM escalation_escalation "
    "WHERE clock_id = ANY(%(clocks)s)",
    "UPDATE escalation_escalation SET gap = gap, next_at = next_at WHERE clock_id = ANY(%(clocks)s) "
    "AND noticed_at IS NOT NULL AND occasion LIKE 'again:%%'",
    "INSERT INTO escalation_escalation_recipients (escalation_id, person_id) SELECT again.id, told.person_id "
    "FROM escalation_escalation again JOIN escalation_escalation was ON again.occasion = 'again:' || was.id "
    "JOIN escalation_escalation_recipients told ON told.escalation_id = was.id WHERE was.clock_id = ANY(%(clocks)s)",
    "INSERT INTO notifications_message (key, kind, channel, recipient_id, to_address, ticket, about, context, "
    "language, state, created_at, tries, next_try_at, sent_at, error) "
    "SELECT 'again:' || message.id, kind, channel, recipient_id, to_address, ticket, message.about, context, "
    "language, message.state, created_at, tries, next_try_at, sent_at, "
    "message.error FROM notifications_message message WHERE about IN (SELECT 'escalation:' || id "
    "FROM escalation_escalation WHERE clock_id = ANY(%(clocks)s))",
)


def main(arguments: list[str]) -> int:
    """Generate what is lacking, measure, report; non-zero where something was lost, doubled or out of order."""
    parser = argparse.ArgumentParser(prog="./dev bench timers")
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--backlog", type=int, default=50_000)
    parser.add_argument("--minutes", type=float, default=1.0, help="let fresh breaches fall due at least so long")
    asked = parser.parse_args(arguments)
    few: list[float] = []
    if not Ticket.objects.exists():
        call_command("generate", tickets=min(FEW, asked.tickets), open=min(FEW, asked.tickets), seed=1)
        few = idle()
        if asked.tickets > FEW:
            more = asked.tickets - FEW
            call_command("generate", tickets=more, open=more, seed=2, add=True)
    many = idle()
    backlog, fresh = _apart(choose(asked.backlog + 20 * A_MINUTE, seed=3), asked.backlog)
    found = work_off(backlog, fresh, at_least=asked.minutes * 60)
    lost, disordered = out_of_order(backlog)
    raised = Escalation.objects.filter(clock__in=backlog, noticed_at__isnull=False)
    steps = raised.count()
    messages = Message.objects.filter(ticket__in=raised.values("ticket__reference")).count()
    written = bare_sql(backlog)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
    seconds, processor = float(found["seconds"]), float(found["processor"])  # type: ignore[arg-type]
    print(f"\n{machine()}, PostgreSQL {server}, {Ticket.objects.live().count():,} open tickets.\n")
    if few:
        print(f"Idle, both sweeps, {FEW:,} tickets: {_spread(few)} ms")
    print(f"Idle, both sweeps, all: {_spread(many)} ms")
    print(
        f"Backlog: {len(backlog):,} clocks breached, {steps:,} steps raised, {messages:,} messages on their tickets in "
        f"{seconds:.1f} s by {SWEEPERS} sweepers: {len(backlog) / seconds:,.0f} clocks a second, "
        f"{(len(backlog) + steps) / seconds:,.0f} marks a second; {processor:.1f} s of processor time in Python"
    )
    print(f"Not told exactly once: {lost}; tickets out of order: {disordered}")
    print(f"The same rows by bare SQL: {written:.1f} s, {len(backlog) / written:,.0f} clocks a second")
    print(f"Fresh breaches, {A_MINUTE} a minute, noticed after {_percentiles(found['late'])}")  # type: ignore[arg-type]
    print(f"Fresh breaches, first message in an application after {_percentiles(found['told'])}")  # type: ignore[arg-type]
    return 1 if lost or disordered else 0


def _apart(clocks: list[int], first: int) -> tuple[list[int], list[int]]:
    return clocks[:first], clocks[first:]


def _spread(taken: Sequence[float]) -> str:
    return f"{statistics.median(taken):.2f} ({min(taken):.2f}–{max(taken):.2f})"


def _percentiles(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "too few to say"
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return f"p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s, longest {max(seconds):.2f} s of {len(seconds)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
