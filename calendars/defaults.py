"""The shipped calendars and the official days that the library knows (section 15 of the domain)."""

from django.db import transaction

from calendars import official
from calendars.models import EVERY_DAY, WORKING_DAYS, Calendar, OfficialDay
from calendars.worktime import WEEKDAYS

FIRST_YEAR = 2019
_HOURS = [["08:00", "18:00"]]


@transaction.atomic
def load() -> str:
    """Create the calendars and fill in the years that are not there yet; says how many."""
    calendars = 0
    for code, facts in _shipped().items():
        calendars += Calendar.objects.get_or_create(code=code, defaults=facts)[1]
    filled = set(OfficialDay.objects.values_list("year", flat=True))
    dates = set(OfficialDay.objects.values_list("date", flat=True))
    missing = [year for year in official.library_years() if year >= FIRST_YEAR and year not in filled]
    OfficialDay.objects.bulk_create(
        OfficialDay(
            date=day.date, name_zh=day.name_zh, name_en=day.name_en, is_working=day.is_working, year=day.date.year
        )
        for year in missing
        for day in official.from_library(year)
        if day.date not in dates
    )
    return f"{calendars} calendars, official days of {len(missing)} years"


def _shipped() -> dict[str, dict[str, object]]:
    return {
        EVERY_DAY: {
            "name_zh": "每天 08:00–18:00(含节假日)",
            "name_en": "Every day 08:00–18:00, public holidays included",
            "weekly": dict.fromkeys(WEEKDAYS, _HOURS),
            "follows_official_days": False,
        },
        WORKING_DAYS: {
            "name_zh": "工作日 08:00–18:00",
            "name_en": "Working days 08:00–18:00",
            "weekly": dict.fromkeys(WEEKDAYS[:5], _HOURS),
            "follows_official_days": True,
        },
    }
