"""A play in several parts at once, a process and a database each, whose reports add up to one."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

ROOT = Path(__file__).resolve().parents[2]
# What is the same in every part, or the latest of all.
SAME = {"seed", "complaints"}
LATEST = {"ended_at"}
# What keeps the order of the report; the rest is sorted by name.
ORDERED = {"tickets", "callbacks", "checks", "clocks"}


@dataclass
class Part:
    """One part at work elsewhere, and where its report will be."""

    process: subprocess.Popen[bytes]
    report: Path

    def result(self) -> dict[str, Any]:
        """Its report, once it has ended. Raises CommandError where it broke off."""
        self.process.wait()
        if not self.report.exists():
            raise CommandError("a part of the play broke off; `--parts 1` shows why")
        outcome: dict[str, Any] = json.loads(self.report.read_text(encoding="utf-8"))
        return outcome


@contextmanager
def others_at_work(arguments: list[str], *, parts: int) -> Iterator[list[Part]]:
    """Play all parts but the first in processes of their own; whoever leaves early ends them."""
    with tempfile.TemporaryDirectory(prefix="simulation-") as folder:
        others = []
        for part in range(1, parts):
            report = Path(folder) / f"{part}.json"
            command = [sys.executable, "manage.py", "simulate", *arguments, f"--part={part}", f"--json={report}"]
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
            others.append(Part(process, report))
        try:
            yield others
        finally:
            for other in others:
                other.process.terminate()
                other.process.wait()


def added_up(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """One report of several: numbers are added, lists joined, by their names in order."""
    whole: dict[str, Any] = {}
    for name in dict.fromkeys(name for report in reports for name in report):
        values = [report[name] for report in reports if name in report]
        if name in SAME:
            whole[name] = values[0]
        elif name in LATEST:
            whole[name] = max(value for value in values if value)
        elif isinstance(values[0], dict):
            joined = added_up(values)
            whole[name] = joined if name in ORDERED else dict(sorted(joined.items()))
        elif isinstance(values[0], list):
            whole[name] = [line for value in values for line in value]
        else:
            whole[name] = sum(values)
    return whole
