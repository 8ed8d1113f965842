"""`./dev bench timers`: what the sweeps cost on a desk with very many open tickets. Prints a section for the docs.

An idle turn with ten thousand tickets and with all. Breaches at a set rate, from their instant until they are recorded
and until a supervisor's open page hears of them. Clocks that fell due while everything stood still, worked off by the
worker and the timetable that `./dev up` starts, beside breaches that go on falling due. And the same rows written by
bare SQL in the same run.
"""

import argparse
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from django.db import connection, transaction

from benchmarks import _desk  # noqa: F401 (before all models)
from benchmarks._data import connect, have_open, say, server_version
from benchmarks._measuring import machine
from benchmarks._running import Ear, cookie_of, running
from common.models import Heartbeat
from common.moment import database_now
from complaints.models import Entry, Ticket
from escalation import tasks as ladders
from escalation.actions.sweeping import fire_due
from escalation.models import Escalation
from notifications.models import Message
from sla import tasks as clocks
from sla.actions.sweeping import call_due
from sla.models import Clock

FEW = 10_000
OUTAGE = timedelta(hours=1)
ROUNDS, TIMES = 30, 3
TOGETHER = 250
A_MINUTE = 200
SUPERVISOR = "lin"
HEARD_WITHIN = 30.0  # seconds after which a page that has not heard never will
LONGEST_BACKLOG = 1800.0


# --- Idle -------------------------------------------------------------------------------------------------------------


def look_in_vain() -> None:
    """Both sweeps where nothing is due."""
    now = database_now()
    call_due(now)
    fire_due(now)


def turn_in_vain() -> None:
    """Both tasks where nothing is due, with the heartbeats that they write."""
    clocks.sweep()
    ladders.sweep()


def idle(do: Callable[[], None]) -> list[float]:
    """Milliseconds of each of several rounds."""
    taken = []
    for counts in [False] * 5 + [True] * ROUNDS:
        begun = time.perf_counter()
        do()
        if counts:
            taken.append((time.perf_counter() - begun) * 1000)
    return taken


def compare_idle(databases: Iterable[str]) -> dict[tuple[str, str], list[float]]:
    """Idle rounds in each of these databases, in turns, so that what else the machine does hits them alike."""
    taken: dict[tuple[str, str], list[float]] = {}
    for name in list(databases) * TIMES:
        connect(name)
        for what, do in (("both sweeps", look_in_vain), ("both tasks with heartbeats", turn_in_vain)):
            taken.setdefault((name, what), []).extend(idle(do))
    return taken


# --- What falls due ---------------------------------------------------------------------------------------------------


def have_due(chosen: Sequence[int], *, spread: timedelta, seed: int) -> None:
    """Have these clocks be due in the span that ends now; their warnings were called before."""
    chance, now = random.Random(seed), database_now()
    dues = [now - spread * chance.random() for _clock in chosen]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE sla_clock SET due_at = put.due, next_at = put.due, warn_at = put.due,
                started_at = LEAST(started_at, put.due), warned_at = put.due, warning_noticed_at = put.due
            FROM unnest(%s::bigint[], %s::timestamptz[]) AS put (id, due) WHERE sla_clock.id = put.id
            """,
            [list(chosen), dues],
        )


def choose(count: int, *, seed: int) -> list[int]:
    """So many running clocks that are not due for a while, each of another ticket."""
    ahead = Clock.objects.filter(next_at__gt=database_now() + timedelta(hours=1), breached_at=None)
    found = list(ahead.order_by("ticket_id", "-pk").distinct("ticket_id").values_list("pk", flat=True))
    return random.Random(seed).sample(found, min(count, len(found)))


class Fresh(threading.Thread):
    """Lets breaches fall due at a set rate until it is told to stop."""

    def __init__(self, chosen: Sequence[int]) -> None:
        super().__init__(daemon=True)
        self.chosen, self.stop = list(chosen), threading.Event()
        self.used: list[int] = []

    def run(self) -> None:
        """One clock after the other, each at its time, however long the one before took."""
        begun = time.monotonic()
        for place, clock in enumerate(self.chosen):
            if self.stop.wait(max(0.0, begun + place * 60 / A_MINUTE - time.monotonic())):
                break
            have_due([clock], spread=timedelta(0), seed=0)
            self.used.append(clock)
        connection.close()


# --- How it went ------------------------------------------------------------------------------------------------------


@dataclass
class Lateness:
    """Seconds from the instant of each breach until something."""

    noticed: list[float] = field(default_factory=list)
    recorded: list[float] = field(default_factory=list)
    on_screen: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    unheard: int = 0

    def report(self, what: str) -> None:
        """One row of the table for each."""
        for name, seconds in (
            ("noticed by the sweep", self.noticed),
            ("recorded in the ticket's history", self.recorded),
            ("heard by the supervisor's open page", self.on_screen),
            ("first message in an application", self.told),
        ):
            print(f"| {what}: {name} | {_percentiles(seconds)} |")
        if self.unheard:
            print(f"| {what}: never heard by the page | {self.unheard} |")


def lateness_of(chosen: Sequence[int], ear: Ear) -> Lateness:
    """Of these breaches; what the page heard is compared with the same machine's clock."""
    late = Lateness()
    rows = Clock.objects.filter(pk__in=chosen).values_list("pk", "due_at", "breach_noticed_at", "ticket__reference")
    recorded = dict(
        Entry.objects.filter(kind="breached", ticket__clocks__in=chosen).values_list("data__clock_id", "recorded_at")
    )
    for clock, due, noticed, reference in rows:
        assert due is not None and noticed is not None
        late.noticed.append((noticed - due).total_seconds())
        late.recorded.append((recorded[clock] - due).total_seconds())
        heard = ear.heard_of(reference, since=recorded[clock].timestamp())
        if heard is None:
            late.unheard += 1
        else:
            late.on_screen.append(heard - due.timestamp())
    late.told = _delivered(chosen)
    return late


def _delivered(chosen: Sequence[int]) -> list[float]:
    """Seconds from breach to the first message about it in somebody's application."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXTRACT(epoch FROM MIN(message.sent_at) - clock.due_at)
            FROM sla_clock clock JOIN escalation_escalation raised ON raised.clock_id = clock.id
            JOIN notifications_message message
                ON message.key > 'escalation:' || raised.id || ':' AND message.key < 'escalation:' || raised.id || ';'
            WHERE clock.id = ANY(%s) AND message.sent_at >= clock.due_at GROUP BY clock.id
            """,
            [list(chosen)],
        )
        return [float(seconds) for (seconds,) in cursor.fetchall()]


def is_left(chosen: Sequence[int]) -> bool:
    """Whether one of them is to be called, or one of their breach's steps to be raised."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (SELECT FROM sla_clock WHERE next_at <= clock_timestamp() AND id = ANY(%(clocks)s)) OR EXISTS
              (SELECT FROM escalation_escalation WHERE next_at <= clock_timestamp() AND clock_id = ANY(%(clocks)s))
            """,
            {"clocks": list(chosen)},
        )
        return bool(cursor.fetchone()[0])


def wait_for_all(chosen: Sequence[int], *, at_most: float, pause: float = 0.5) -> None:
    """Until nothing of these is left to do. Raises TimeoutError."""
    end = time.monotonic() + at_most
    while is_left(chosen):
        if time.monotonic() > end:
            raise TimeoutError(f"something is still due after {at_most:.0f} s; see .local/log/bench-worker.log")
        time.sleep(pause)


def out_of_order(chosen: Sequence[int], *, since: datetime) -> tuple[int, int]:
    """How many of the clocks were not told exactly once, and how many tickets have steps out of order."""
    told = Entry.objects.filter(kind="breached", ticket__clocks__in=chosen, recorded_at__gte=since)
    counted = dict.fromkeys(chosen, 0)
    for clock in told.values_list("data__clock_id", flat=True):
        if clock in counted:
            counted[clock] += 1
    raised = Entry.objects.filter(kind="escalated", ticket__clocks__in=chosen, recorded_at__gte=since)
    last: dict[int, str] = {}
    bad = set()
    for ticket, planned in raised.order_by("pk").values_list("ticket", "data__planned_at"):
        if planned < last.get(ticket, planned):
            bad.add(ticket)
        last[ticket] = planned
    return sum(count != 1 for count in counted.values()), len(bad)


# --- The runs ---------------------------------------------------------------------------------------------------------


def breach_at_a_rate(fresh: Sequence[int], *, minutes: float) -> Lateness:
    """Let breaches fall due at the set rate on a desk that has nothing else to do, before a supervisor's page."""
    with running("web", "worker", "beat") as port:
        ear = listen(port)
        wait_for_beat()
        arriving = Fresh(fresh[: round(A_MINUTE * minutes)])
        arriving.start()
        arriving.join()
        wait_for_all(arriving.used, at_most=60)
        time.sleep(2)  # for the last hint
        return lateness_of(arriving.used, ear)


@dataclass(frozen=True)
class WorkedOff:
    """A backlog that was worked off."""

    seconds: float
    late: Lateness
    lost: int
    disordered: int
    steps: int
    messages: int


def work_off(backlog: Sequence[int], fresh: Sequence[int]) -> WorkedOff:
    """Have a backlog due while nothing runs, start worker and timetable, and let fresh breaches fall due beside it."""
    since = database_now()
    have_due(backlog, spread=OUTAGE, seed=2)
    with running("web") as port:
        ear = listen(port)
        arriving = Fresh(fresh)
        with running("worker", "beat"):
            while not Clock.objects.filter(pk__in=backlog[:1000], breach_noticed_at__gte=since).exists():
                time.sleep(0.1)
            arriving.start()
            wait_for_all(backlog, at_most=LONGEST_BACKLOG)
            ended = database_now()
            arriving.stop.set()
            arriving.join()
            wait_for_all(arriving.used, at_most=60)
            time.sleep(2)  # for the last hint
        late = lateness_of(arriving.used, ear)
    noticed = Clock.objects.filter(pk__in=backlog).order_by("breach_noticed_at").values_list("breach_noticed_at")
    (began,) = noticed[0]
    assert began is not None
    lost, disordered = out_of_order(backlog, since=since)
    raised = Escalation.objects.filter(clock__in=backlog, noticed_at__gte=since)
    messages = Message.objects.filter(ticket__in=raised.values("ticket__reference"), created_at__gte=since).count()
    return WorkedOff((ended - began).total_seconds(), late, lost, disordered, raised.count(), messages)


def listen(port: int) -> Ear:
    """A supervisor's open page, which hears from now on."""
    ear = Ear(port, cookie_of(SUPERVISOR))
    ear.start()
    if not ear.is_open.wait(HEARD_WITHIN):
        raise TimeoutError("the stream does not open; see .local/log/bench-web.log")
    return ear


def wait_for_beat() -> None:
    """Until both sweeps have had a turn."""
    now, end = database_now(), time.monotonic() + 60
    while Heartbeat.objects.filter(completed_at__gt=now, name__in=["sla.sweep", "escalation.sweep"]).count() < 2:
        if time.monotonic() > end:
            raise TimeoutError("the sweeps do not run; see .local/log/bench-worker.log")
        time.sleep(0.1)


def bare_sql(chosen: Sequence[int]) -> float:
    """Seconds to write the rows of these breaches again by plain statements, a lot at a time; undone at the end."""
    begun = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, len(chosen), TOGETHER):
            lot = {"clocks": list(chosen[start : start + TOGETHER])}
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
    "message.error FROM escalation_escalation raised JOIN notifications_message message "
    # By the index of keys: what is about an escalation has no index once it was sent.
    "ON message.key > 'escalation:' || raised.id || ':' AND message.key < 'escalation:' || raised.id || ';' "
    "WHERE raised.clock_id = ANY(%(clocks)s)",
)


def main(arguments: list[str]) -> int:
    """Generate what is lacking, measure, report; non-zero where something was lost, doubled or out of order."""
    parser = argparse.ArgumentParser(prog="./dev bench timers")
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--backlog", type=int, default=50_000)
    parser.add_argument("--minutes", type=float, default=2.0, help="let breaches fall due at the set rate for so long")
    asked = parser.parse_args(arguments)
    few, many = have_open(min(FEW, asked.tickets)), have_open(asked.tickets)
    say("looking in vain")
    taken = compare_idle(dict.fromkeys([few, many]))
    connect(many)
    # As many fresh ones as the longest backlog may take, so that there are always enough.
    needed = round(A_MINUTE * asked.minutes)
    chosen = choose(needed + asked.backlog + A_MINUTE * round(LONGEST_BACKLOG / 60), seed=random.randrange(1 << 32))
    at_a_rate, backlog, fresh = _apart(chosen, needed, asked.backlog)
    say(f"{len(at_a_rate):,} breaches, {A_MINUTE} a minute")
    alone = breach_at_a_rate(at_a_rate, minutes=asked.minutes)
    say(f"{len(backlog):,} clocks due after an outage")
    found = work_off(backlog, fresh)
    say("the same by bare SQL")
    written = bare_sql(backlog)
    rate = len(backlog) / found.seconds
    print(f"\n{machine()}, PostgreSQL {server_version()}, {Ticket.objects.live().count():,} open tickets.")
    print("Web server, worker (three processes), timetable, database and whoever measures share the machine.\n")
    print("| | median (smallest–largest) |\n| --- | ---: |")
    for (name, what), rounds in taken.items():
        print(f"| idle, {what}, {int(name.removeprefix('open_')):,} open tickets | {_spread(rounds)} ms |")
    print(f"\n| {A_MINUTE} breaches a minute, after | |\n| --- | ---: |")
    alone.report("nothing else due")
    found.late.report(f"beside {len(backlog):,} due")
    print(f"\n| {len(backlog):,} clocks due after an outage | |\n| --- | ---: |")
    print(f"| all called and all steps raised | {found.seconds:.1f} s |")
    print(f"| clocks a second, marks a second | {rate:,.0f}, {(len(backlog) + found.steps) / found.seconds:,.0f} |")
    print(f"| steps raised, messages written | {found.steps:,}, {found.messages:,} |")
    print(f"| not told exactly once, tickets out of order | {found.lost}, {found.disordered} |")
    print(f"| the same rows by bare SQL | {written:.1f} s, {len(backlog) / written:,.0f} clocks a second |")
    return 1 if found.lost or found.disordered else 0


def _apart(chosen: list[int], first: int, second: int) -> tuple[list[int], list[int], list[int]]:
    return chosen[:first], chosen[first : first + second], chosen[first + second :]


def _spread(taken: Sequence[float]) -> str:
    return f"{statistics.median(taken):.2f} ({min(taken):.2f}–{max(taken):.2f})"


def _percentiles(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "too few to say"
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return f"p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s, longest {max(seconds):.2f} s of {len(seconds)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
