"""The sheet of one month of a calendar, as its page draws it: what each day comes to, and by whose word."""

import calendar as months
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Unit
from calendars.days import Source
from calendars.models import Calendar


@dataclass(frozen=True)
class DayOfMonth:
    """One day: the stretches that are really open, who decided it, and whether official data reaches so far."""

    date: date
    hours: list[tuple[datetime, datetime]]
    source: Source
    reason: str
    is_covered: bool


def sheet_of(calendar: Calendar, year: int, month: int, unit: Unit | None = None) -> list[list[DayOfMonth | None]]:
    """The month in weeks from Monday to Sunday, with None before its first and after its last day (R25)."""
    worktime, decided, covered_until = calendar.compiled(unit), calendar.get_month(year, month, unit), None
    if calendar.follows_official_days:
        covered_until = calendar.covered_until() or date.min
    drawn = {
        day: DayOfMonth(
            day, worktime.hours_on(day), by.source, by.reason, is_covered=covered_until is None or day <= covered_until
        )
        for day, by in decided.items()
    }
    return [
        [drawn.get(date(year, month, number)) if number else None for number in week]
        for week in months.monthcalendar(year, month)
    ]
