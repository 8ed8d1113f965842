"""The live sweep, and when it is needed next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Sweep:
    """One part of the live timetable: what it does at an instant, and when it has something to do next."""

    name: str
    run: Callable[[datetime], object]
    next_instant: Callable[[], datetime | None]
