"""The processes that make the desk: each started again when it dies, and all stopped in order."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from devtools import processes
from devtools.places import LOCAL, LOGS, ROOT, Trouble
from devtools.servers import Pair

FIRST_PAUSE = 1.0  # seconds before the first restart of a dead child; each further one waits twice as long
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0  # seconds of life after which the pause is forgotten
READY_WITHIN = 60.0  # seconds for the web server to answer


@dataclass
class Child:
    """One process that has to be there all the time."""

    name: str
    log: Path
    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes] | None = None
    pause: float = FIRST_PAUSE
    started_at: float = 0.0
    due_at: float = field(default=0.0)  # when to start it again

    @property
    def is_running(self) -> bool:
        """Whether it is there now."""
        return self.process is not None and self.process.poll() is None

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
            say(f"{self.name} ended ({how}); starting it again in {pause:.0f} s (log: {self.log.relative_to(ROOT)})")
        if now >= self.due_at:
            self.process = self.start()
            self.started_at = now


def of_the_desk(port: int, env: dict[str, str], *, run: str = "") -> list[Child]:
    """Return the web server, the worker and the timetable.

    Three worker processes: one for each of the two sweeps, which may have much to do at once, and one for the rest.
    `run` keeps the logs of one run apart from those of another.
    """

    def module(own: str, name: str, *arguments: str | Path, **more: str) -> Child:
        log = LOGS / f"{run}{own}.log"
        own_env = env | {"APPLICATION_NAME": own} | more
        command = [sys.executable, "-m", name, *arguments]
        return Child(own, log, lambda: processes.start(command, log=log, env=own_env, cwd=ROOT))

    web = module(
        "web",
        "uvicorn",
        *("config.asgi:application", "--host", "127.0.0.1", "--port", str(port)),
        *("--no-access-log", "--no-server-header", "--lifespan", "off", "--timeout-graceful-shutdown", "3"),
    )
    worker = module(
        "worker",
        "celery",
        *("-A", "config", "worker", "--pool", "prefork", "--concurrency", "3", "--loglevel", "INFO"),
        *("--without-mingle", "--without-gossip", "--max-tasks-per-child", "5000"),
        DATABASE_CONN_MAX_AGE="60",
    )
    beat = module(
        "beat",
        "celery",
        *("-A", "config", "beat", "--schedule", LOCAL / "beat" / f"{run}schedule", "--loglevel", "INFO"),
    )
    return [web, worker, beat]


def wait_for_web(port: int, web: Child) -> None:
    """Return when the web server takes connections. Raises Trouble with its last words if it does not."""
    end = time.monotonic() + READY_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if web.process is None or web.process.poll() is not None or time.monotonic() > end:
                said = processes.last_lines(web.log, count=1)
                raise Trouble(f"The web server did not start: {said} (log: {web.log})") from None
            time.sleep(0.05)
        else:
            return


def revive(pair: Pair) -> None:
    """Start a server of ours again, on the same port, if it died."""
    for name, server in (("PostgreSQL", pair.postgres), ("Valkey", pair.valkey)):
        if server.process is not None and server.process.poll() is not None:
            say(f"{name} ended; starting it again (log: {server.log.relative_to(ROOT)})")
            time.sleep(FIRST_PAUSE)
            server.start(remembered_port=server.port)
            server.wait()


def stop_all(running: list[subprocess.Popen[bytes]]) -> None:
    """Ask everybody at once, then wait for each."""
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        processes.stop(process, patience=8)


def say(line: str) -> None:
    """Print a line with the time of day."""
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)
