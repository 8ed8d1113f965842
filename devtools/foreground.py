"""Running one command in the terminal, with its own hands on the keyboard."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from devtools import processes
from devtools.places import ROOT


def run(arguments: Sequence[str | Path], *, env: Mapping[str, str]) -> int:
    """Run the command, wait for it however we are asked to stop, and return its exit code."""
    process = subprocess.Popen(
        [str(argument) for argument in arguments],
        env=dict(env),
        cwd=ROOT,
        preexec_fn=processes.die_with(os.getpid(), signal.SIGTERM),  # noqa: PLW1509  we have one thread
    )
    try:
        while True:
            try:
                code = process.wait()
                return 128 - code if code < 0 else code
            except KeyboardInterrupt:
                continue  # the terminal told the command as well; it decides how to end
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def python(*arguments: str | Path) -> list[str | Path]:
    """Return the command line that runs this environment's Python."""
    return [sys.executable, *arguments]
