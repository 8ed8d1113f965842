"""How we measure: several rounds in one run, the median and the spread, and on what machine."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """Seconds for one operation in each of several rounds."""

    rounds: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    @property
    def per_second(self) -> float:
        return 1 / self.median

    def against(self, other: "Measured") -> float:
        """How many times as long it took as another one that was measured in the same rounds."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.rounds, other.rounds, strict=True))

    def __str__(self) -> str:
        return f"{self.median * 1e6:.2f} µs ({min(self.rounds) * 1e6:.2f}–{max(self.rounds) * 1e6:.2f})"


@dataclass(frozen=True)
class Work:
    """Something to measure, and how many operations it does."""

    do: Callable[[], object]
    operations: int


def measure_beside(
    works: Mapping[str, Work], *, rounds: int = 9, clock: Callable[[], float] = time.perf_counter
) -> dict[str, Measured]:
    """Time each work once a round, so that what else the machine does meanwhile hits all of them alike.

    One round before them does not count. `time.process_time` as the clock leaves out waiting for a processor.
    """
    taken: dict[str, list[float]] = {name: [] for name in works}
    for counts in [False] + [True] * rounds:
        for name, work in works.items():
            begun = clock()
            work.do()
            if counts:
                taken[name].append((clock() - begun) / work.operations)
    return {name: Measured(seconds) for name, seconds in taken.items()}


def machine() -> str:
    """Processor, cores and Python, in one line."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    processor = named[0] if named else platform.processor() or platform.machine()
    return f"{processor}, {os.cpu_count()} cores, Python {platform.python_version()}"
