"""`./dev up`: the whole desk on this machine, until Ctrl-C."""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from devtools import children, places, processes, servers
from devtools.places import LOGS, ROOT, Trouble
from devtools.servers import Addresses, Pair


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
        if processes.needs_rights(options.port):
            raise Trouble(
                f"Port {options.port} needs more rights than yours: the system keeps low ports for its administrator, "
                "usually those below 1024. Choose a higher one with `./dev up --port 8080`, or open the low ones to "
                f"everybody with `sudo sysctl net.ipv4.ip_unprivileged_port_start={options.port}`."
            )
        if not processes.is_free(options.port):
            raise Trouble(f"Port {options.port} is taken. Choose another with `./dev up --port N`.")
        if given:
            yield given, None
        else:
            if options.reset:
                pair.destroy()
            yield pair.start(remember=True), pair


def _serve(port: int, addresses: Addresses, pair: Pair | None) -> None:
    env = make_environment(addresses, port=port)
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
    everybody = children.of_the_desk(port, env)
    demo: Demo | None = None
    try:
        everybody[0].ensure(time.monotonic())
        children.wait_for_web(port, everybody[0])
        print(f"\nComplaint desk: {address}\n\n{logins}", flush=True)
        print(
            "Logs are in .local/log, e-mail in .local/mail. Ctrl-C stops everything and keeps the data.\n", flush=True
        )
        demo = Demo(env)
        while True:
            now = time.monotonic()
            for child in everybody:
                child.ensure(now)
            if pair is not None:
                children.revive(pair)
            demo.relay()
            time.sleep(0.25)
    finally:
        for watched in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(watched, signal.SIG_IGN)  # already on the way out, and each step has its own patience
        running = [child.process for child in everybody if child.process is not None]
        children.stop_all([*running, *([demo.process] if demo else [])])


def make_environment(addresses: Addresses, *, port: int) -> dict[str, str]:
    """Return the environment of all that is started; links in messages lead to the port that is served."""
    return {"PUBLIC_URL": f"http://127.0.0.1:{port}"} | servers.make_environment(addresses)


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
            children.say(f"demonstration: {line.decode(errors='replace').rstrip()}")
        if ended and not self.told:
            self.told = True
            if self.process.returncode != 0:
                said = processes.last_lines(LOGS / "demo.log", count=1)
                children.say(f"demonstration: its past could not be made: {said} (log: .local/log/demo.log)")
