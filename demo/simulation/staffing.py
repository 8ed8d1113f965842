"""Who is on duty when, and who has time: shifts, days off, one thing at a time."""

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Assignment, Person, Role

Shifts = tuple[tuple[int, int], ...]

# Desks that never sleep: two early, two late, one at night of every five.
ROUND_THE_CLOCK = ((7, 15), (7, 15), (14, 22), (14, 22), (22, 31))
LONG_DAYS = ((8, 17), (9, 18), (13, 22), (21, 32))
DAYTIME = ((8, 18),)
OPEN_ALL_HOURS = frozenset({"acceptance", "dispatch", "expert", "service-centre"})
LOOK_AHEAD_DAYS = 14


@dataclass
class Worker:
    """A member of staff who does one thing at a time; what is planned for later leaves the time before it free.

    Without days off it is a seat that is never empty, as that of the night: who relieves whom there is not played.
    """

    person: Person
    place: int
    hours: tuple[int, int]
    days_off_every: int | None
    taken: list[tuple[datetime, datetime]] = field(default_factory=list)

    @property
    def is_on_nights(self) -> bool:
        """Whether the shift begins in the evening."""
        return _is_at_night(self.hours)

    def next_free(self, at: datetime, zone: ZoneInfo, *, takes: timedelta = timedelta(0)) -> datetime | None:
        """The first instant from `at` on at which the worker can begin something.

        None within the next two weeks, or within the two after all that is planned for them. What is begun within a
        shift is brought to its end, also past the end of the shift.
        """
        today = at.astimezone(zone).date()
        planned_until = max(at, self.taken[-1][1]).astimezone(zone).date() if self.taken else today
        for ahead in range(-1, (planned_until - today).days + LOOK_AHEAD_DAYS):
            day = today + timedelta(days=ahead)
            if self.days_off_every is not None and (day.toordinal() + self.place) % self.days_off_every == 0:
                continue
            midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
            ends = midnight + timedelta(hours=self.hours[1])
            if at >= ends:
                continue
            starts = (midnight + timedelta(hours=self.hours[0])).astimezone(at.tzinfo)
            begins = self._gap(max(at, starts), takes)
            if begins < ends:
                return begins
        return None

    def _gap(self, earliest: datetime, takes: timedelta) -> datetime:
        for starts, ends in self.taken[bisect_right(self.taken, earliest, key=_end) :]:
            if earliest + takes <= starts:
                break
            earliest = ends
        return earliest

    def take(self, begins: datetime, takes: timedelta) -> datetime:
        """Be busy from then on, for so long; returns when it is done."""
        insort(self.taken, (begins, begins + takes))
        return begins + takes


def _is_at_night(hours: tuple[int, int]) -> bool:
    return hours[0] >= 20


def _end(slot: tuple[datetime, datetime]) -> datetime:
    return slot[1]


@dataclass
class Staff:
    """Everybody, by role and unit; each person is one object, so that authorities are read once."""

    zone: ZoneInfo
    people: dict[int, Person] = field(default_factory=dict)
    workers: dict[int, Worker] = field(default_factory=dict)
    pools: dict[tuple[str, int], list[Worker]] = field(default_factory=dict)

    @classmethod
    def hired(cls, zone: ZoneInfo) -> "Staff":
        """Everybody who has a role, in a fixed order."""
        staff = cls(zone=zone)
        held = list(Assignment.objects.select_related("person__unit", "unit").order_by("person__username", "pk"))
        handlers = {assignment.person_id for assignment in held if assignment.role == Role.HANDLER}
        teams: Counter[tuple[int | None, Shifts]] = Counter()
        for place, assignment in enumerate(held):
            person = staff.people.setdefault(assignment.person_id, assignment.person)
            if person.pk not in staff.workers:
                all_hours = person.unit is not None and person.unit.code in OPEN_ALL_HOURS
                shifts = ROUND_THE_CLOCK if all_hours else LONG_DAYS if person.pk in handlers else DAYTIME
                # Each team fills its own shifts: a lead who works by day leaves the night to a handler.
                hours = shifts[teams[person.unit_id, shifts] % len(shifts)]
                teams[person.unit_id, shifts] += 1
                days_off = None if _is_at_night(hours) else 6 if all_hours else 7
                staff.workers[person.pk] = Worker(person=person, place=place, hours=hours, days_off_every=days_off)
            staff.pools.setdefault((assignment.role, assignment.unit_id), []).append(staff.workers[person.pk])
        return staff

    def somebody(
        self, pool: Iterable[Worker], *, at: datetime, takes: timedelta, but: frozenset[int] = frozenset()
    ) -> tuple[Person, datetime] | None:
        """Whoever of a pool can begin first, and when they will be done; their time is taken. None: nobody at all."""
        best: tuple[datetime, int, Worker] | None = None
        for worker in pool:
            if worker.person.pk in but:
                continue
            free = worker.next_free(at, self.zone, takes=takes)
            if free is not None and (best is None or (free, worker.place) < best[:2]):
                best = (free, worker.place, worker)
        if best is None:
            return None
        begins, _place, worker = best
        return worker.person, worker.take(begins, takes)

    def when(self, person: Person, *, at: datetime, takes: timedelta) -> datetime:
        """When this person will be done with something; their time is taken."""
        worker = self.workers[person.pk]
        return worker.take(worker.next_free(at, self.zone, takes=takes) or at, takes)
