"""Reading official notices about days off and shifted working days, from the library or from a file (R25)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import chinese_calendar
from django.db import transaction

from calendars.models import OfficialDay

# Festivals as the notices write them, with the names that the library gives.
FESTIVALS = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-autumn Festival",
    "国庆节": "National Day",
}
_IN_CHINESE = {english: chinese for chinese, english in FESTIVALS.items()}


class NotPublished(ValueError):
    """There is no notice for this year where it was looked for."""


@dataclass(frozen=True)
class Notified:
    """One day of a notice."""

    date: date
    name_zh: str
    name_en: str
    is_working: bool


def library_years() -> range:
    """The years that the library `chinesecalendar` knows the notices of."""
    years = {day.year for day in chinese_calendar.holidays}
    return range(min(years), max(years) + 1)


def from_library(year: int) -> list[Notified]:
    """The days of a year as the library knows them. Raises NotPublished."""
    if year not in library_years():
        raise NotPublished(
            f"chinesecalendar {chinese_calendar.__version__} does not know {year} yet. "
            "Install a newer one, or name the notice with --file."
        )
    listed = [(day, name, False) for day, name in chinese_calendar.holidays.items()]
    listed += [(day, name, True) for day, name in chinese_calendar.workdays.items()]
    return sorted(
        (
            Notified(day, _IN_CHINESE.get(name) or chinese_calendar.Holiday(name).chinese, name, is_working)
            for day, name, is_working in listed
            if day.year == year
        ),
        key=lambda notified: notified.date,
    )


def from_notice(notice: Any, year: int) -> list[Notified]:
    """The days of a file {"year": 2026, "days": [{"name", "date", "isOffDay"}]}. Raises NotPublished or ValueError."""
    try:
        if notice["year"] != year:
            raise NotPublished(f"The file holds the notice for {notice['year']}, not for {year}.")
        return [
            Notified(
                date.fromisoformat(day["date"]),
                day["name"],
                ", ".join(FESTIVALS.get(name, name) for name in day["name"].split("、")),
                not day["isOffDay"],
            )
            for day in notice["days"]
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError('A notice looks like {"year": 2026, "days": [{"name", "date", "isOffDay"}]}.') from error


@transaction.atomic
def import_year(year: int, days: Iterable[Notified]) -> int:
    """Make these the days of the year's notice; what an earlier import had and this one has not goes. Says how many."""
    known = {day.date: day for day in OfficialDay.objects.select_for_update()}
    listed = {day.date: day for day in days}
    for gone in known.values():
        if gone.year == year and gone.date not in listed:
            gone.delete()
    for notified in listed.values():
        facts = {
            "name_zh": notified.name_zh,
            "name_en": notified.name_en,
            "is_working": notified.is_working,
            "year": year,
        }
        day = known.get(notified.date) or OfficialDay(date=notified.date)
        if any(getattr(day, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(day, name, value)
            day.full_clean()
            day.save()
    return len(listed)
