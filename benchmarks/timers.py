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

from django.db import connection
from django.db.models import Min

from benchmarks import _desk  # noqa: F401 (before all models)
from benchmarks._bare import CONNECTIONS, write_the_same
from benchmarks._data import connect, have_open, say, server_version
from benchmarks._measuring import machine
from benchmarks._running import Ear, cookie_of, running
from benchmarks._screen import inbox_of, seconds_on_screen
from common.models import Heartbeat
from common.moment import database_now
from complaints.models import Entry, Ticket
from escalation import tasks as ladders
from escalation.actions.sweeping import fire_due
from escalation.models import Escalation
from notifications.kinds import Channel
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


def is_left(due_by: datetime) -> bool:
    """Whether something that was due by then is to be called or raised; nothing else falls due on a quiet desk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM sla_clock WHERE next_at <= %(due_by)s) "
            "OR EXISTS (SELECT FROM escalation_escalation WHERE next_at <= %(due_by)s)",
            {"due_by": due_by},
        )
        return bool(cursor.fetchone()[0])


def wait_for_all(due_by: datetime, *, at_most: float, pause: float = 0.2) -> None:
    """Until nothing that was due by then is left to do. Raises TimeoutError."""
    end = time.monotonic() + at_most
    while is_left(due_by):
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
        wait_for_all(database_now(), at_most=60)
        time.sleep(2)  # for the last hint
        return lateness_of(arriving.used, ear)


def breach_before_a_screen(fresh: Sequence[int]) -> tuple[list[float], int] | None:
    """Seconds from breach to the row in a supervisor's open inbox, and how many never stood there; see `_screen`."""
    with running("web", "worker", "beat") as port, inbox_of(SUPERVISOR, port) as screen:
        if screen is None:
            return None
        wait_for_beat()
        arriving = Fresh(fresh)
        arriving.start()
        while arriving.is_alive():
            screen.look()
            time.sleep(1)
        wait_for_all(database_now(), at_most=60)
        time.sleep(5)  # for the last rows to be drawn
        screen.look()
        rows = Clock.objects.filter(pk__in=arriving.used).values_list("ticket__reference", "due_at")
        return seconds_on_screen(screen, {reference: due for reference, due in rows if due is not None}, arriving.used)


@dataclass(frozen=True)
class WorkedOff:
    """A backlog that was worked off."""

    seconds: float
    late: Lateness
    lost: int
    disordered: int
    steps: int
    messages: int
    left: int


def work_off(backlog: Sequence[int], fresh: Sequence[int]) -> WorkedOff:
    """Have a backlog due while nothing runs, start worker and timetable, and let fresh breaches fall due beside it."""
    since = database_now()
    have_due(backlog, spread=OUTAGE, seed=2)
    first = first_due()
    outage_ended = database_now()
    with running("web") as port:
        ear = listen(port)
        arriving = Fresh(fresh)
        with running("worker", "beat"):
            while first_due() == first:
                time.sleep(0.1)
            arriving.start()
            wait_for_all(outage_ended, at_most=LONGEST_BACKLOG)
            ended = database_now()
            arriving.stop.set()
            arriving.join()
            wait_for_all(database_now(), at_most=60)
            time.sleep(2)  # for the last hint
        late = lateness_of(arriving.used, ear)
    noticed = Clock.objects.filter(pk__in=backlog).order_by("breach_noticed_at").values_list("breach_noticed_at")
    (began,) = noticed[0]
    assert began is not None
    left = Message.objects.filter(sent_at__range=(began, ended)).exclude(channel=Channel.IN_APP).count()
    lost, disordered = out_of_order(backlog, since=since)
    raised = Escalation.objects.filter(clock__in=backlog, noticed_at__gte=since)
    messages = Message.objects.filter(ticket__in=raised.values("ticket__reference"), created_at__gte=since).count()
    return WorkedOff((ended - began).total_seconds(), late, lost, disordered, raised.count(), messages, left)


def first_due() -> datetime | None:
    """The instant of the clock that is to be called first."""
    first: datetime | None = Clock.objects.aggregate(first=Min("next_at"))["first"]
    return first


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


PARTS = ("idle", "rate", "screen", "backlog")


def main(arguments: list[str]) -> int:
    """Generate what is lacking, measure, report; non-zero where something was lost, doubled or out of order."""
    parser = argparse.ArgumentParser(prog="./dev bench timers")
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--backlog", type=int, default=50_000)
    parser.add_argument("--minutes", type=float, default=2.0, help="let breaches fall due at the set rate for so long")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="measure only these")
    asked = parser.parse_args(arguments)
    many = have_open(asked.tickets)
    connect(many)
    print(f"\n{machine()}, PostgreSQL {server_version()}, {Ticket.objects.live().count():,} open tickets.")
    print("Web server, worker (three processes), timetable, database and whoever measures share the machine.")
    if "idle" in asked.parts:
        _report_idle(have_open(min(FEW, asked.tickets)), many)
    connect(many)
    # As many fresh ones as the longest backlog may take, so that there are always enough.
    needed, longest = round(A_MINUTE * asked.minutes), A_MINUTE * round(LONGEST_BACKLOG / 60)
    chosen = choose(2 * needed + longest + 2 * asked.backlog, seed=random.randrange(1 << 32))
    at_a_rate, on_screen, rest = chosen[:needed], chosen[needed : 2 * needed], chosen[2 * needed :]
    fresh, rest = rest[:longest], rest[longest:]
    if "rate" in asked.parts:
        say(f"{len(at_a_rate):,} breaches, {A_MINUTE} a minute")
        print(f"\n| {A_MINUTE} breaches a minute, after | |\n| --- | ---: |")
        breach_at_a_rate(at_a_rate, minutes=asked.minutes).report("nothing else due")
    if "screen" in asked.parts:
        say(f"{len(on_screen):,} breaches, {A_MINUTE} a minute, before a supervisor's screen")
        _report_screen(breach_before_a_screen(on_screen))
    return _report_backlog(rest, fresh) if "backlog" in asked.parts else 0


def _report_screen(found: tuple[list[float], int] | None) -> None:
    print(f"\n| {A_MINUTE} breaches a minute, until the row stands in the supervisor's inbox in Chromium | |")
    print("| --- | ---: |")
    print(f"| nothing else due | {_percentiles(found[0]) if found else 'no Chromium here'} |")
    if found and found[1]:
        print(f"| never stood there | {found[1]} |")


def _report_idle(*databases: str) -> None:
    say("looking in vain")
    print("\n| | median (smallest–largest) |\n| --- | ---: |")
    for (name, what), rounds in compare_idle(dict.fromkeys(databases)).items():
        print(f"| idle, {what}, {int(name.removeprefix('open_')):,} open tickets | {_spread(rounds)} ms |")


def _report_backlog(chosen: Sequence[int], fresh: Sequence[int]) -> int:
    backlog, again = chosen[: len(chosen) // 2], chosen[len(chosen) // 2 :]
    say(f"{len(backlog):,} clocks due after an outage")
    since = database_now()
    found = work_off(backlog, fresh)
    say("the same by bare SQL")
    have_due(again, spread=OUTAGE, seed=3)
    written = write_the_same(backlog, again[: len(backlog)], since=since, lot=TOGETHER)
    rate = len(backlog) / found.seconds
    print(f"\n| {A_MINUTE} breaches a minute, after | |\n| --- | ---: |")
    found.late.report(f"beside {len(backlog):,} due")
    print(f"\n| {len(backlog):,} clocks due after an outage | |\n| --- | ---: |")
    print(f"| all called and all steps raised | {found.seconds:.1f} s |")
    print(f"| clocks a second, marks a second | {rate:,.0f}, {(len(backlog) + found.steps) / found.seconds:,.0f} |")
    print(f"| steps raised, messages written | {found.steps:,}, {found.messages:,} |")
    print(f"| messages that left meanwhile | {found.left:,} |")
    print(f"| not told exactly once, tickets out of order | {found.lost}, {found.disordered} |")
    bare = f"{written:.1f} s, {len(again) / written:,.0f} clocks a second"
    print(f"| the same rows by bare SQL, {CONNECTIONS} connections | {bare} |")
    return 1 if found.lost or found.disordered else 0


def _spread(taken: Sequence[float]) -> str:
    return f"{statistics.median(taken):.2f} ({min(taken):.2f}–{max(taken):.2f})"


def _percentiles(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "too few to say"
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return f"p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s, longest {max(seconds):.2f} s of {len(seconds)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
