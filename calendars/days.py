"""Which days differ from the week, and by whose word: official days and overrides, as plain values (R25)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from calendars.worktime import WEEKDAYS

Intervals = Sequence[Sequence[str]]  # [["08:00", "12:00"], …]; none: closed


class Source(StrEnum):
    """Who decides a day's hours; the later one beats those before."""

    WEEKLY = "weekly"
    OFFICIAL = "official"
    OVERRIDE = "override"


@dataclass(frozen=True)
class Day:
    """The hours of one day, who decided them and, where it is not the week, why."""

    intervals: Intervals
    source: Source
    reason: str = ""


def usual_hours(weekly: Mapping[str, Intervals]) -> Intervals:
    """The hours of an ordinary working day, which a shifted one (调休) has too: those of the first open weekday."""
    return next((weekly[weekday] for weekday in WEEKDAYS if weekly.get(weekday)), [])


def week_day(weekly: Mapping[str, Intervals], day: date) -> Day:
    """What the plain week says about a day."""
    return Day(weekly.get(WEEKDAYS[day.weekday()]) or [], Source.WEEKLY)


def official_day(weekly: Mapping[str, Intervals], day: date, *, is_working: bool, name: str) -> Day:
    """What an official notice makes of a day: closed, or open as usual where the week would have it closed."""
    if not is_working:
        return Day([], Source.OFFICIAL, name)
    return Day(week_day(weekly, day).intervals or usual_hours(weekly), Source.OFFICIAL, name)


def describe(tz: str, weekly: Mapping[str, Intervals], special: Mapping[date, Day]) -> dict[str, Any]:
    """The description that `WorkingCalendar.from_dict` reads; a day opened by an override is no holiday any more."""
    return {
        "tz": tz,
        "weekly": {weekday: weekly.get(weekday) or [] for weekday in WEEKDAYS},
        "holidays": sorted(day for day, hours in special.items() if not hours.intervals),
        "exceptions": {day: hours.intervals for day, hours in special.items() if hours.intervals},
    }


def in_order(layers: Iterable[Mapping[date, Day]]) -> dict[date, Day]:
    """One mapping out of several, of which a later one beats those before."""
    together: dict[date, Day] = {}
    for layer in layers:
        together.update(layer)
    return together
