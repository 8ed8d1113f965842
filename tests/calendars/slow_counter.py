"""A second opinion about working time: it marks every single minute as open or closed and counts on its fingers.

It shares no code with `calendars.worktime` and knows nothing of offsets: it looks at what the wall clock shows in each
minute of a fortnight. Times, breaks and pauses have to be whole minutes.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAYS = 17
MARGIN = 4  # days at either end that are known to the clock but not asked about
NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@lru_cache(maxsize=64)
def wall_clock(zone: str, first_day: date) -> dict[datetime, int]:
    """Which minute since the first day (UTC) first shows each wall time."""
    begin = datetime(first_day.year, first_day.month, first_day.day, tzinfo=UTC)
    shown: dict[datetime, int] = {}
    for minute in range(DAYS * 1440):
        wall = (begin + minute * MINUTE).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
        shown.setdefault(wall, minute)
    return shown


class SlowCounter:
    """The minutes of `DAYS` days from `first_day`, each open or closed, counted from its midnight in UTC."""

    def __init__(self, spec: dict, first_day: date) -> None:
        self.begin = datetime(first_day.year, first_day.month, first_day.day, tzinfo=UTC)
        self.end = DAYS * 1440
        self.spec = spec
        self.zone = ZoneInfo(spec["tz"])
        self.shown = wall_clock(spec["tz"], first_day)
        self.breaks = {minute for a, b in spec.get("breaks", []) for minute in range(self.minute(a), self.minute(b))}
        self.open: set[int] = set()
        self.of_day: dict[date, set[int]] = {}
        for offset in range(1, DAYS - 2):
            day = first_day + offset * timedelta(days=1)
            own = set()
            for opening, close in self.intervals(day):
                own |= set(range(self.first_showing(day, opening), self.first_showing(day, close)))
            self.of_day[day] = own - self.breaks
            self.open |= self.of_day[day]

    def intervals(self, day: date) -> list[tuple[int, int]]:
        """The day's windows in minutes since its midnight."""
        if day in self.spec.get("holidays", []):
            listed = []
        elif day in self.spec.get("exceptions", {}):
            listed = self.spec["exceptions"][day]
        else:
            listed = self.spec["weekly"].get(NAMES[day.weekday()], [])
        windows = []
        for opening, close in listed:
            first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (opening, close))
            windows.append((first, last if last > first else last + 1440))
        return windows

    def first_showing(self, day: date, minutes: int) -> int:
        """The minute in which the clock first shows this; if it never does, as if it had not been put forward."""
        wall = datetime(day.year, day.month, day.day) + minutes * MINUTE
        waited = 0
        while wall not in self.shown:
            wall -= MINUTE
            waited += 1
        return self.shown[wall] + waited

    def minute(self, at: datetime) -> int:
        return int((at.astimezone(UTC) - self.begin) / MINUTE)

    def instant(self, minute: int) -> datetime:
        return self.begin + minute * MINUTE

    def counted(self, pauses: list) -> set[int]:
        paused = {minute for a, b in pauses for minute in range(self.minute(a), self.minute(b))}
        return self.open - paused

    # Each answer is None where the fortnight is too short to know it.

    def add(self, start: datetime, minutes: int, pauses: list) -> datetime | None:
        counted, now = self.counted(pauses), self.minute(start)
        while minutes and now < self.end:
            minutes -= now in counted
            now += 1
        return None if minutes else self.instant(now)

    def subtract(self, start: datetime, minutes: int, pauses: list) -> datetime | None:
        counted, now = self.counted(pauses), self.minute(start)
        while minutes and now > 0:
            now -= 1
            minutes -= now in counted
        return None if minutes else self.instant(now)

    def between(self, start: datetime, end: datetime, pauses: list) -> int:
        counted = self.counted(pauses)
        first, last = self.minute(start), self.minute(end)
        if last < first:
            return -self.between(end, start, pauses)
        return sum(minute in counted for minute in range(first, last))

    def next_open(self, at: datetime) -> datetime | None:
        now = self.minute(at)
        while now < self.end and now not in self.open:
            now += 1
        return self.instant(now) if now < self.end else None

    def next_close(self, at: datetime) -> datetime | None:
        opening = self.next_open(at)
        now = self.end if opening is None else self.minute(opening)
        while now < self.end and now in self.open:
            now += 1
        return self.instant(now) if now < self.end else None

    def following_open(self, at: datetime) -> datetime | None:
        if self.minute(at) not in self.open:
            return self.next_open(at)
        close = self.next_close(at)
        return None if close is None else self.next_open(close)

    def prev_close(self, at: datetime) -> datetime | None:
        now = self.minute(at)
        while now > 0 and now - 1 not in self.open:
            now -= 1
        return self.instant(now) if now > 0 else None

    def is_working_day(self, day: date) -> bool:
        return bool(self.of_day[day])

    def working_day_after(self, day: date, count: int) -> date | None:
        """The `count`-th working day after this day, or before it when negative."""
        step = timedelta(days=1 if count > 0 else -1)
        while count:
            day += step
            if day not in self.of_day:
                return None
            if self.of_day[day]:
                count -= step.days
        return day
