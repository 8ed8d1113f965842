"""Which servers a command works with: given ones, the checkout's own, or a pair that lasts as long as the command."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from devtools import places, postgres
from devtools.places import LOCAL, ROOT, Trouble
from devtools.postgres import Postgres
from devtools.valkey import Valkey

MAIN = "main"


@dataclass(frozen=True)
class Addresses:
    """Where the two servers are reached."""

    database_url: str
    redis_url: str


def make_environment(addresses: Addresses, **more: str) -> dict[str, str]:
    """Return the environment for our own commands: the caller's, filled up for work on one machine without https."""
    ready = {
        "SECRET_KEY": places.get_secrets()["secret_key"],
        "DEMO_PASSWORD": places.get_secrets()["demonstration"][:12],
        "DEBUG": "false",
        "HTTPS": "false",
        "STATIC_FROM_SOURCE": "true",
        "EMAIL_URL": f"filemail:///{LOCAL / 'mail'}",
        "MEDIA_ROOT": str(LOCAL / "media"),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return (
        ready
        | os.environ
        | {"DATABASE_URL": addresses.database_url, "REDIS_URL": addresses.redis_url, "PYTHONPATH": str(ROOT)}
        | more
    )


def get_given() -> Addresses | None:
    """Return the servers that the environment names, if it names both."""
    database_url, redis_url = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    if bool(database_url) != bool(redis_url):
        raise Trouble("Set both DATABASE_URL and REDIS_URL, or neither: the embedded servers come as a pair.")
    return Addresses(database_url, redis_url) if database_url else None


class Pair:
    """A PostgreSQL and a Valkey that start and stop together."""

    def __init__(self, name: str, *, forgetful: bool = False, roomy: bool = False) -> None:
        """Name the pair; see `Postgres` and `Valkey`."""
        self.postgres = Postgres(name, forgetful=forgetful, roomy=roomy)
        self.valkey = Valkey(name)

    def start(self, *, remember: bool = False) -> Addresses:
        """Start both at once, wait for both and make our database."""
        if line := postgres.explain_home():
            print(line, file=sys.stderr, flush=True)
        ports = places.read_note("ports") if remember else {}
        places.ask_for_room(self.postgres.data.parent.parent)
        try:
            self.valkey.start(remembered_port=ports.get("valkey"))
            self.postgres.start(remembered_port=ports.get("postgres"))
            self.valkey.wait()
            self.postgres.wait()
            self.postgres.ensure_database()
        except BaseException:
            self.stop()
            raise
        if remember:
            places.note("ports", postgres=self.postgres.port, valkey=self.valkey.port)
        return self.addresses

    @property
    def addresses(self) -> Addresses:
        """Where the pair is reached."""
        return Addresses(self.postgres.url(), self.valkey.url())

    def stop(self) -> None:
        """Stop both."""
        self.valkey.stop()
        self.postgres.stop()

    def destroy(self, *, logs: bool = False) -> None:
        """Stop both and remove what they kept; their logs too, if asked."""
        self.valkey.stop()
        self.postgres.destroy()
        shutil.rmtree(self.valkey.folder.parent, ignore_errors=True)
        if logs:
            self.postgres.log.unlink(missing_ok=True)
            self.valkey.log.unlink(missing_ok=True)


@contextmanager
def own(command: str) -> Iterator[Pair]:
    """Hold the checkout's own servers, not started yet, for one command; refuse while another command has them."""
    places.lay_out()
    with places.hold(LOCAL / "main.lock") as held:
        if not held:
            other = places.read_note("running")
            where = f" at {other['address']}" if other.get("address") else ""
            raise Trouble(
                f"`./dev {other.get('command', 'up')}` is already running{where} (process {other.get('pid', '?')}). "
                "Stop it with Ctrl-C first."
            )
        places.note("running", command=command, pid=os.getpid())
        pair = Pair(MAIN)
        try:
            yield pair
        finally:
            pair.stop()
            (LOCAL / "running.json").unlink(missing_ok=True)


@contextmanager
def for_command(command: str) -> Iterator[Addresses]:
    """Yield servers for a command: given ones, those of a running `./dev up`, or the checkout's own for its length."""
    if given := get_given():
        places.lay_out()
        yield given
        return
    running = places.read_note("running")
    if running.get("command") == "up" and "database_url" in running and _is_held(LOCAL / "main.lock"):
        yield Addresses(running["database_url"], running["redis_url"])
        return
    with own(command) as pair:
        yield pair.start(remember=True)


@contextmanager
def kept(name: str, *, afresh: bool = False) -> Iterator[Addresses]:
    """Yield the addresses of a roomy pair whose data stay for the next command of this name; `afresh` forgets them."""
    places.lay_out()
    with places.hold(LOCAL / f"{name}.lock") as held:
        if not held:
            raise Trouble(f"Another command works on the servers '{name}' at present; wait for it.")
        pair = Pair(name, roomy=True)
        if afresh:
            pair.destroy()
        try:
            yield pair.start()
        finally:
            pair.stop()


@contextmanager
def throwaway(kind: str, *, forgetful: bool = True, roomy: bool = False) -> Iterator[Addresses]:
    """Yield the addresses of a fresh pair that is removed afterwards."""
    with throwaway_pair(kind, forgetful=forgetful, roomy=roomy) as pair:
        yield pair.addresses


@contextmanager
def throwaway_pair(kind: str, *, forgetful: bool = True, roomy: bool = False) -> Iterator[Pair]:
    """Yield a fresh pair and remove it afterwards. What killed runs left behind is removed as well."""
    places.lay_out()
    with ExitStack() as stack:
        with places.hold(LOCAL / "throwaway.lock", wait_seconds=60):
            for lock in LOCAL.glob("throwaway-*.lock"):
                with places.hold(lock) as abandoned:
                    if abandoned:
                        for forgetful in (False, True):  # on disk or in memory
                            Pair(lock.stem, forgetful=forgetful).destroy(logs=True)
                        lock.unlink()
            name = f"throwaway-{kind}-{os.getpid()}"
            lock = LOCAL / f"{name}.lock"
            stack.enter_context(places.hold(lock))
        pair = Pair(name, forgetful=forgetful, roomy=roomy)
        try:
            pair.start()
            yield pair
        except BaseException:
            pair.destroy()  # its logs may tell what went wrong
            raise
        else:
            pair.destroy(logs=True)
        finally:
            lock.unlink(missing_ok=True)


def _is_held(lock: Path) -> bool:
    with places.hold(lock) as free:
        return not free
