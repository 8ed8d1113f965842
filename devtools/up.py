"""`./dev up`: the whole desk on this machine, until Ctrl-C."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from devtools import places, processes, servers
from devtools.places import LOCAL, LOGS, ROOT, Trouble
from devtools.servers import Addresses, Pair

FIRST_PAUSE = 1.0  # seconds before the first restart of a dead child; each further one waits twice as long
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0  # seconds of life after which the pause is forgotten
READY_WITHIN = 60.0  # seconds for the web server to answer


def run(arguments: list[str]) -> int:
    """Start everything, keep it running, and stop it in order."""
    options = _read(arguments)
    try:
        with _own_servers(options) as (addresses, pair):
            _serve(options.port, addresses, pair)
    except KeyboardInterrupt:
        print("Stopped. The data are kept.", flush=True)
    return 0


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev up", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="forget all data and start over")
    parser.add_argument("--port", type=int, default=8000, help="of the web server (8000)")
    options = parser.parse_args(arguments)
    if not 0 < options.port < 65536:
        raise Trouble(f"{options.port} is no port; choose one from 1 to 65535.")
    return options


@contextmanager
def _own_servers(options: argparse.Namespace) -> Iterator[tuple[Addresses, Pair | None]]:
    """Yield the servers to work with, and the pair if we have to look after it."""
    given = servers.get_given()
    if given and options.reset:
        raise Trouble(
            "--reset removes the embedded servers' data; DATABASE_URL and REDIS_URL name servers of your own."
        )
    with servers.own("up") as pair:
        if not processes.is_free(options.port):
            raise Trouble(f"Port {options.port} is taken. Choose another with `./dev up --port N`.")
        if given:
            yield given, None
        else:
            if options.reset:
                pair.destroy()
            yield pair.start(remember=True), pair


@dataclass
class Child:
    """One process that has to be there all the time."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes] | None = None
    pause: float = FIRST_PAUSE
    started_at: float = 0.0
    due_at: float = field(default=0.0)  # when to start it again

    def ensure(self, now: float) -> None:
        """Start it if it is not running and its pause is over; say so if it died."""
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            processes.end_group(self.process)  # a killed worker leaves its own children
            self.process = None
            if now - self.started_at > HEALTHY_AFTER:
                self.pause = FIRST_PAUSE
            pause, self.pause = self.pause, min(self.pause * 2, LONGEST_PAUSE)
            self.due_at = now + pause
            how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            _say(f"{self.name} ended ({how}); starting it again in {pause:.0f} s (log: .local/log/{self.name}.log)")
        if now >= self.due_at:
            self.process = self.start()
            self.started_at = now


def _serve(port: int, addresses: Addresses, pair: Pair | None) -> None:
    env = servers.make_environment(addresses)
    address = f"http://127.0.0.1:{port}/"
    places.note(
        "running",
        command="up",
        pid=os.getpid(),
        address=address,
        database_url=addresses.database_url,
        redis_url=addresses.redis_url,
    )
    logins = _prepare(env)
    children = _name_children(port, env)
    demo: Demo | None = None
    try:
        children[0].ensure(time.monotonic())
        _wait_for_web(port, children[0])
        print(f"\nComplaint desk: {address}\n\n{logins}", flush=True)
        print(
            "Logs are in .local/log, e-mail in .local/mail. Ctrl-C stops everything and keeps the data.\n", flush=True
        )
        demo = Demo(env)
        while True:
            now = time.monotonic()
            for child in children:
                child.ensure(now)
            if pair is not None:
                _revive(pair)
            demo.relay()
            time.sleep(0.25)
    finally:
        for watched in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(watched, signal.SIG_IGN)  # already on the way out, and each step has its own patience
        running = [child.process for child in children if child.process is not None]
        _stop_all([*running, *([demo.process] if demo else [])])


def _prepare(env: dict[str, str]) -> str:
    """Migrate, load the defaults, and return what there is to know about signing in."""
    done = subprocess.run(
        [sys.executable, "-m", "devtools.prepare", "--logins"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    (LOGS / "prepare.log").write_text(done.stdout + done.stderr)
    if done.returncode != 0:
        # a message of several lines goes on indented
        told = [line for line in done.stderr.splitlines() if line and not line[0].isspace()]
        last = told[-1] if told else "it gave no reason."
        if "No space left on device" in done.stderr:
            last = "The disk is full. Make room and start again."
        raise Trouble(f"The database could not be prepared: {last} (whole story: .local/log/prepare.log)")
    return done.stdout


def _name_children(port: int, env: dict[str, str]) -> list[Child]:
    """Return the web server, the worker and the timetable. Two worker processes suit two cores."""

    def module(name: str, *arguments: str | Path, **more: str) -> Callable[[], subprocess.Popen[bytes]]:
        log = LOGS / f"{more.pop('log')}.log"
        return lambda: processes.start([sys.executable, "-m", name, *arguments], log=log, env=env | more, cwd=ROOT)

    web = module(
        "uvicorn",
        *("config.asgi:application", "--host", "127.0.0.1", "--port", str(port)),
        *("--no-access-log", "--no-server-header", "--lifespan", "off", "--timeout-graceful-shutdown", "3"),
        log="web",
        APPLICATION_NAME="web",
    )
    worker = module(
        "celery",
        *("-A", "config", "worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "INFO"),
        *("--without-mingle", "--without-gossip", "--max-tasks-per-child", "5000"),
        log="worker",
        APPLICATION_NAME="worker",
        DATABASE_CONN_MAX_AGE="60",
    )
    beat = module(
        "celery",
        *("-A", "config", "beat", "--schedule", LOCAL / "beat" / "schedule", "--loglevel", "INFO"),
        log="beat",
        APPLICATION_NAME="beat",
    )
    return [Child("web", web), Child("worker", worker), Child("beat", beat)]


def _wait_for_web(port: int, web: Child) -> None:
    end = time.monotonic() + READY_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if web.process is None or web.process.poll() is not None or time.monotonic() > end:
                log = LOGS / "web.log"
                raise Trouble(
                    f"The web server did not start: {processes.last_lines(log, count=1)} (log: {log})"
                ) from None
            time.sleep(0.05)
        else:
            return


class Demo:
    """The demonstration's past, made beside everything else. Each line it prints is progress and goes to the screen."""

    def __init__(self, env: dict[str, str]) -> None:
        """Start making it, unless there is a past already."""
        self.process = processes.start(
            [sys.executable, "manage.py", "demo", "--if-first"],
            log=LOGS / "demo.log",
            env=env | {"APPLICATION_NAME": "demo", "DATABASE_CONN_MAX_AGE": "600"},
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        self.output = self.process.stdout
        self.unfinished = b""
        self.told = False
        os.set_blocking(self.output.fileno(), False)

    def relay(self) -> None:
        """Pass on what it printed since the last look, and say so if it failed."""
        ended = self.process.poll() is not None
        *lines, self.unfinished = (self.unfinished + (self.output.read() or b"")).split(b"\n")
        for line in lines:
            _say(f"demonstration: {line.decode(errors='replace').rstrip()}")
        if ended and not self.told:
            self.told = True
            if self.process.returncode != 0:
                said = processes.last_lines(LOGS / "demo.log", count=1)
                _say(f"demonstration: its past could not be made: {said} (log: .local/log/demo.log)")


def _revive(pair: Pair) -> None:
    """Start a server of ours again, on the same port, if it died."""
    for name, server in (("PostgreSQL", pair.postgres), ("Valkey", pair.valkey)):
        if server.process is not None and server.process.poll() is not None:
            _say(f"{name} ended; starting it again (log: {server.log.relative_to(ROOT)})")
            time.sleep(FIRST_PAUSE)
            server.start(remembered_port=server.port)
            server.wait()


def _stop_all(running: list[subprocess.Popen[bytes]]) -> None:
    """Ask everybody at once, then wait for each."""
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        processes.stop(process, patience=8)


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)
