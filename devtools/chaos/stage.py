"""The desk of a rehearsal: servers, processes and a gateway, to be killed, stopped and brought back one by one."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg2

from devtools import children, processes
from devtools.chaos.gateways import Gateway
from devtools.children import Child
from devtools.servers import Pair

LOOK = 0.2  # seconds between two looks at who has died


@dataclass
class Stage:
    """Everything that runs. `down` names what is kept down on purpose."""

    pair: Pair
    port: int
    env: dict[str, str]
    gateway: Gateway
    everybody: list[Child] = field(default_factory=list)
    down: set[str] = field(default_factory=set)

    def start(self) -> None:
        """Start web, worker and timetable, and wait for the web."""
        self.everybody = children.of_the_desk(self.port, self.env, run="chaos-")
        now = time.monotonic()
        for child in self.everybody:
            child.ensure(now)
        children.wait_for_web(self.port, self.everybody[0])

    def stop(self) -> None:
        """Stop the three of them."""
        children.stop_all([child.process for child in self.everybody if child.process is not None])

    def watch(self, seconds: float) -> None:
        """Look after everybody for so long: what died and is not kept down comes back."""
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            for child in self.everybody:
                if child.name not in self.down:
                    child.ensure(now)
            if "servers" not in self.down:
                children.revive(self.pair)
            time.sleep(min(LOOK, end - now))

    def child(self, name: str) -> Child:
        """One of the processes."""
        return next(child for child in self.everybody if child.name == name)

    def kill(self, name: str) -> None:
        """Kill a process and all that it started, without a warning."""
        process = self.child(name).process
        if process is not None:
            processes.end_group(process)
            process.wait()

    @contextmanager
    def kept_down(self, *names: str) -> Iterator[None]:
        """Do not bring these back meanwhile."""
        self.down |= set(names)
        try:
            yield
        finally:
            self.down -= set(names)

    def sql(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        """Ask the database, past all applications."""
        connection = psycopg2.connect(self.pair.postgres.url())
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


Fault = Callable[[Stage], None]


def kill_the_worker(stage: Stage) -> None:
    """The worker dies in the middle of whatever it does."""
    stage.kill("worker")
    stage.watch(8)


def kill_beat(stage: Stage) -> None:
    """The timetable dies."""
    stage.kill("beat")
    stage.watch(8)


def kill_the_web_server(stage: Stage) -> None:
    """The web server dies with requests in hand."""
    stage.kill("web")
    stage.watch(8)


def run_two_beats(stage: Stage) -> None:
    """Two timetables at once, as after a failed deployment."""
    second = children.of_the_desk(stage.port, stage.env, run="chaos-second-")[2]
    second.ensure(time.monotonic())
    try:
        stage.watch(12)
    finally:
        children.stop_all([second.process] if second.process else [])


def empty_and_restart_valkey(stage: Stage) -> None:
    """Every queued task is lost."""
    stage.pair.valkey.stop()
    stage.watch(3)
    stage.pair.valkey.start(remembered_port=stage.pair.valkey.port)
    stage.pair.valkey.wait()
    stage.watch(8)


def restart_postgres(stage: Stage) -> None:
    """The database is shut down in order, and comes back."""
    postgres = stage.pair.postgres
    postgres.stop()
    stage.watch(3)
    postgres.start(remembered_port=postgres.port)
    postgres.wait()
    stage.watch(8)


def kill_postgres(stage: Stage) -> None:
    """The database dies and recovers from its log."""
    postgres = stage.pair.postgres
    assert postgres.process is not None
    os.kill(postgres.process.pid, signal.SIGKILL)
    postgres.process.wait()
    postgres.process = None
    stage.watch(2)
    postgres.start(remembered_port=postgres.port)
    postgres.wait()
    stage.watch(8)


def stop_everything_for_longer_than_a_ladder(stage: Stage) -> None:
    """Nobody sweeps until whole ladders have fallen due."""
    with stage.kept_down("worker", "beat", "web"):
        for name in ("worker", "beat", "web"):
            stage.kill(name)
        stage.watch(LADDER + 15)
    stage.watch(15)


def let_the_gateway_time_out(stage: Stage) -> None:
    """The gateway takes messages and answers nothing."""
    _with_gateway(stage, "times out", 10)


def let_the_gateway_fail(stage: Stage) -> None:
    """The gateway answers 500."""
    _with_gateway(stage, "answers 500", 8)


def let_the_gateway_answer_twice(stage: Stage) -> None:
    """The gateway answers every request twice."""
    _with_gateway(stage, "answers twice", 8)


def poison_one_row(stage: Stage) -> None:
    """One clock cannot be called whatever is tried, for a while."""
    found = stage.sql(
        "SELECT id FROM sla_clock WHERE kind = 'dispatch' AND ended_at IS NULL AND breached_at IS NULL "
        "AND started_at < now() - interval '25 seconds' ORDER BY started_at LIMIT 1"
    )
    if found:
        stage.sql(POISON, found[0])
        stage.watch(15)
        stage.sql("DROP TRIGGER rehearsal_poison ON sla_clock")
    stage.watch(8)


def _with_gateway(stage: Stage, mode: str, seconds: float) -> None:
    stage.gateway.mode = mode
    try:
        stage.watch(seconds)
    finally:
        stage.gateway.mode = "well"
    stage.watch(4)


LADDER = 125.0  # seconds from a ticket's submission to the last step of its ladder, in a rehearsal
POISON = """
CREATE OR REPLACE FUNCTION rehearsal_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'this row is poisoned'; END $$;
CREATE TRIGGER rehearsal_poison BEFORE UPDATE ON sla_clock
    FOR EACH ROW WHEN (OLD.id = %s) EXECUTE FUNCTION rehearsal_refuse()
"""
BRIEF: list[Fault] = [
    kill_the_worker,
    kill_beat,
    kill_the_web_server,
    run_two_beats,
    empty_and_restart_valkey,
    restart_postgres,
    kill_postgres,
    let_the_gateway_time_out,
    let_the_gateway_fail,
    let_the_gateway_answer_twice,
    poison_one_row,
]
