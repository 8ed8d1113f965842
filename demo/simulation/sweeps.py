"""The live sweeps, called at the instants when something is due, in the order of the live timetable."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from escalation.actions import sweeping

from callbacks.actions import surveys
from complaints.actions import upkeep
from demo.simulation.company import Company
from sla.actions import calling as clocks


@dataclass(frozen=True)
class Sweep:
    """One part of the live timetable: what it does at an instant, and when it has something to do next."""

    run: Callable[[datetime], object]
    next_instant: Callable[[], datetime | None]


SWEEPS = (
    Sweep(upkeep.tidy_up, upkeep.next_instant),
    Sweep(clocks.call_due, clocks.next_instant),
    Sweep(sweeping.fire_due, sweeping.next_instant),
    Sweep(surveys.expire_due, surveys.next_instant),
)


class Timetable:
    """All sweeps of a play."""

    def __init__(self, company: Company) -> None:
        self.company = company

    def next_at(self) -> datetime | None:
        """The next instant at which one of them has something to do."""
        return min((instant for sweep in SWEEPS if (instant := sweep.next_instant()) is not None), default=None)

    def run(self, now: datetime) -> None:
        """Call each of them, as beat does every second; then people see what is new."""
        for sweep in SWEEPS:
            sweep.run(now)
        self.company.look_around(now)
