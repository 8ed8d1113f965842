"""Where things lie: the checkout, its private folder `.local/`, and what is remembered there."""

import fcntl
import importlib.util
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
LOGS = LOCAL / "log"
ROOM_NEEDED = 400 * 1024 * 1024  # bytes on the disk below which a start would only end half-way


class Trouble(Exception):
    """Something a person has to put right; its text is the one line they get to read."""


def find_package(name: str) -> Path:
    """Return the folder of an installed package without importing it: some make folders of their own on import."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise Trouble(f"The package {name} is missing; remove .venv and start again.")
    return Path(spec.submodule_search_locations[0])


def lay_out() -> None:
    """Make the private folder. Others may pass through it, since the database's user may have to, but not list it."""
    LOCAL.mkdir(exist_ok=True)
    LOCAL.chmod(0o711)
    for name in ("log", "mail", "media", "beat"):
        (LOCAL / name).mkdir(exist_ok=True)
        (LOCAL / name).chmod(0o700)


def ask_for_room(folder: Path) -> None:
    """Refuse to begin where the disk is about to be full."""
    free = shutil.disk_usage(folder).free
    if free < ROOM_NEEDED:
        raise Trouble(
            f"The disk is full: {free // 2**20} MB are free in {folder}, {ROOM_NEEDED // 2**20} MB are needed. "
            "Make room and start again."
        )


def write_private(path: Path, content: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
    unfinished.replace(path)


def get_secrets() -> dict[str, str]:
    """Return the passwords and the signing key of this checkout, made on the first call."""
    path = LOCAL / "secrets.json"
    try:
        known: dict[str, str] = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        known = {}
    missing = {"database", "redis", "secret_key", "demonstration"} - known.keys()
    if missing:
        known |= {name: secrets.token_urlsafe(40) for name in sorted(missing)}
        write_private(path, json.dumps(known, indent=2))
    return known


def read_note(name: str) -> dict[str, Any]:
    """Return what was noted under `name`, or nothing."""
    try:
        note: dict[str, Any] = json.loads((LOCAL / f"{name}.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return note


def note(name: str, **content: Any) -> None:
    """Remember `content` under `name`."""
    write_private(LOCAL / f"{name}.json", json.dumps(content, indent=2))


@contextmanager
def hold(path: Path, *, wait_seconds: float = 0) -> Iterator[bool]:
    """Hold a lock for the block and say whether we got it. The system lets it go even when we are killed."""
    with path.open("a") as file:
        end = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() >= end:
                    yield False
                    return
                time.sleep(0.1)
            else:
                break
        yield True
