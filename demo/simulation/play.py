"""Turning the clock: from what is due to what somebody does, and on, never through the seconds between."""

import gc
import random
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import Role
from common.kept import one_edition
from common.origin import origin
from demo import people
from demo.records import Complaint
from demo.simulation.aftercare import Aftercare
from demo.simulation.agenda import Agenda
from demo.simulation.answering import Answering
from demo.simulation.authorities import Authorities
from demo.simulation.campaigns import Campaigns
from demo.simulation.company import Company, Life
from demo.simulation.dispatch_desk import DispatchDesk
from demo.simulation.front_line import FrontLine
from demo.simulation.habits import Habits
from demo.simulation.on_the_way import OnTheWay
from demo.simulation.own_accord import OwnAccord
from demo.simulation.supervision import Supervision
from demo.simulation.sweeps import Timetable
from demo.simulation.units import Units
from live import hints

Progress = Callable[[int], None]
STUCK_AFTER = 5
# A deed makes some ten thousand objects and drops them; few of them in circles.
LOOKED_THROUGH_AFTER = (50_000, 50, 100)


class Stuck(RuntimeError):
    """The sweep was called again and again and what was due stayed due."""


@dataclass
class Play:
    """One play of some complaints; `ends_at` cuts it off, as a demonstration that has to end now is cut off.

    From `desk_rests_from` on nobody dispatches, and for some hours before nobody claims, so that a demonstration
    leaves something to do for everybody.
    Of several `parts`, each a centre of its own with its own customers, it plays the one that is numbered `part`.
    """

    complaints: Sequence[Complaint]
    seed: int
    part: int = 0
    parts: int = 1
    ends_at: datetime | None = None
    desk_rests_from: datetime | None = None
    habits: Habits = field(default_factory=Habits)
    acts: int = 0
    sweeps: int = 0
    now: datetime | None = None

    def run(self, progress: Progress = lambda arrived: None) -> "Play":
        """Play until nobody has anything left to do and nothing falls due. Raises Stuck."""
        agenda = Agenda()
        company = Company(agenda=agenda, habits=self.habits, zone=ZoneInfo(settings.BUSINESS_TIME_ZONE), seed=self.seed)
        company.desk_rests_from = self.desk_rests_from
        self.company = company
        front_line = FrontLine(company)
        # In this order they hear of what happens, and draw their lots: another order is another play.
        for desk in (DispatchDesk, Units, Answering, OwnAccord, Supervision, OnTheWay, Authorities):
            desk(company)
        Campaigns(company, Aftercare(company))
        for life in self._lives(company):
            agenda.add(life.complaint.raised_at, partial(self._arrive, front_line, life, progress))
        timetable = Timetable(company)
        # Nobody changes the configuration while it plays, so it is asked for once.
        with origin("simulation"), hints.unheard(), _settled(), one_edition():
            self._turn(agenda, timetable)
        return self

    def _turn(self, agenda: Agenda, timetable: Timetable) -> None:
        stuck_at, times = None, 0
        while True:
            due, planned = timetable.next_at(), agenda.next_at()
            instants = [instant for instant in (due, planned) if instant is not None]
            if not instants or (self.ends_at is not None and min(instants) > self.ends_at):
                return
            # What somebody does at the very instant of a limit is in time.
            if planned is not None and (due is None or planned <= due):
                self.now, act = agenda.pop()
                act(self.now)
                self.acts += 1
                continue
            assert due is not None
            times = times + 1 if due == stuck_at else 0
            if times > STUCK_AFTER:
                raise Stuck(f"what fell due at {due} is still due after {times} sweeps")
            stuck_at = due
            self.now = max(due, self.now or due)
            timetable.run(self.now)
            self.sweeps += 1

    def _arrive(self, front_line: FrontLine, life: Life, progress: Progress, at: datetime) -> None:
        front_line.arrive(life, at)
        progress(1)

    def _lives(self, company: Company) -> Iterable[Life]:
        managers = {
            person.unit.code: person.username
            for person in company.staff.people.values()
            if person.unit is not None
            and any(worker.person is person for worker in company.pool(Role.CUSTOMER_MANAGER, person.unit))
        }
        for complaint, caller in people.customers_of(self.complaints, seed=self.seed, managers=managers):
            if zlib.crc32(caller.number.encode()) % self.parts != self.part:
                continue
            yield Life(complaint=complaint, caller=caller, rng=random.Random(f"{self.seed}/{complaint.number}"))


@contextmanager
def _settled() -> Iterator[None]:
    """What is there now stays to the end, so it is not looked through again and again for what nobody needs."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*LOOKED_THROUGH_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def moved(complaints: Sequence[Complaint], by: timedelta) -> list[Complaint]:
    """The same complaints at other times."""
    return [replace(complaint, raised_at=complaint.raised_at + by) for complaint in complaints]
