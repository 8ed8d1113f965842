"""Permitted hours as plain arithmetic: no Django, no I/O (R23)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class QuietWindow:
    """The daily hours in which a customer is left alone; half-open, and it may cross midnight."""

    starts: time = time(20, 0)
    ends: time = time(8, 0)
    zone: str = "Asia/Shanghai"

    def covers(self, at: datetime) -> bool:
        """Whether the instant lies inside the window: starts ≤ t < ends on the customer's wall clock."""
        wall = at.astimezone(ZoneInfo(self.zone)).time()
        if self.starts == self.ends:
            return False
        if self.starts < self.ends:
            return self.starts <= wall < self.ends
        return wall >= self.starts or wall < self.ends

    def next_permitted(self, at: datetime) -> datetime:
        """The earliest instant from `at` on that lies outside the window; `at` itself where it is permitted."""
        if not self.covers(at):
            return at
        local = at.astimezone(ZoneInfo(self.zone))
        morning = datetime.combine(local.date(), self.ends, tzinfo=local.tzinfo)
        if local.time() >= self.ends:
            morning = datetime.combine(local.date() + timedelta(days=1), self.ends, tzinfo=local.tzinfo)
        return morning.astimezone(at.tzinfo)

    def next_start(self, at: datetime) -> datetime:
        """The first start of the window from `at` on."""
        local = at.astimezone(ZoneInfo(self.zone))
        start = datetime.combine(local.date(), self.starts, tzinfo=local.tzinfo)
        if start < local:
            start = datetime.combine(local.date() + timedelta(days=1), self.starts, tzinfo=local.tzinfo)
        return start.astimezone(at.tzinfo)

    def morning_after(self, at: datetime, grace: timedelta) -> datetime:
        """Where a limit that falls into the night, or before the end of grace, moves to: the window's end plus grace.

        With the defaults an instant with 20:00 < d < 08:00 + grace moves to 08:00 + grace; 20:00 sharp and
        08:00 + grace stay (R23).
        """
        if self.starts == self.ends:
            return at
        local = at.astimezone(ZoneInfo(self.zone))
        # Yesterday's window too: one that ends late in the evening has its grace after midnight.
        for day in (local.date() + timedelta(days=offset) for offset in (-1, 0, 1)):
            ends = datetime.combine(day, self.ends, tzinfo=local.tzinfo)
            first_day = day if self.starts < self.ends else day - timedelta(days=1)
            starts = datetime.combine(first_day, self.starts, tzinfo=local.tzinfo)
            if starts < local < ends + grace:
                return (ends + grace).astimezone(at.tzinfo)
        return at
