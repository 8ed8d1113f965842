"""Starting a process so that it cannot outlive us, and stopping it in order."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PR_SET_PDEATHSIG = 1
ROTATE_AT = 5 * 1024 * 1024  # bytes of a log file after which it becomes the old one

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Identity(NamedTuple):
    """The system user that a process runs as."""

    uid: int
    gid: int


def die_with(parent: int, farewell: signal.Signals) -> Callable[[], None]:
    """Return what a new child does first: ask the kernel for `farewell` on the parent's death, however it dies."""

    def ask() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(farewell), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return ask


def start(
    arguments: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    identity: Identity | None = None,
    farewell: signal.Signals = signal.SIGTERM,
    stdout: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches us alone and we stop everybody in order.

    Call it from the main thread: the kernel sends `farewell` when the thread that started the child ends.
    """
    if log.exists() and log.stat().st_size > ROTATE_AT:
        log.replace(log.with_suffix(".old.log"))
    with log.open("ab") as sink:
        return subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=sink if stdout is None else stdout,
            stderr=sink,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            user=identity.uid if identity else None,
            group=identity.gid if identity else None,
            extra_groups=[] if identity else None,
            preexec_fn=die_with(os.getpid(), farewell),  # noqa: PLW1509  no other thread of ours starts children
        )


def stop(process: subprocess.Popen[bytes], *, by: signal.Signals = signal.SIGTERM, patience: float = 10) -> None:
    """Ask the process to end, wait, and end it together with its own children if it does not."""
    if process.poll() is None:
        process.send_signal(by)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            end_group(process)
            process.wait()


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it started, at once."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def is_free(port: int) -> bool:
    """Whether a server of ours could listen on this port of the loopback address."""
    return _try_to_listen(port) is None


def needs_rights(port: int) -> bool:
    """Whether the system keeps this port for those with more rights than ours, taken or not."""
    return isinstance(_try_to_listen(port), PermissionError)


def _try_to_listen(port: int) -> OSError | None:
    """What stands in the way of a server on this port; None where nothing does."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error
    return None


def choose_port(*, remembered: int | None = None) -> int:
    """Return the remembered port if it is still free, else any free one."""
    if remembered and is_free(remembered):
        return remembered
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def last_lines(log: Path, *, count: int = 5) -> str:
    """Return the end of a log, on one line, for a message."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-count:]
    except OSError:
        return ""
    return " | ".join(line.strip() for line in lines if line.strip())
