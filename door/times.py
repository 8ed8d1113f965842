"""When a customer wants to be called: parts of the coming days, inside permitted hours (R10, R23)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

PARTS = ((time(9), time(12)), (time(12), time(15)), (time(15), time(18)))
DAYS = 4
AT_LEAST_AHEAD = timedelta(hours=1)


def choices(now: datetime) -> list[tuple[str, str]]:
    """The parts of days that lie ahead, as the values and words of a choice."""
    offered = [("", _("as soon as possible"))]
    for begins, ends in _parts(now):
        day = date_format(begins, "D m-d" if settings.USE_I18N else "m-d")
        offered.append((_value(begins), f"{day}, {begins:%H:%M}–{ends:%H:%M}"))
    return offered


def end_of(value: str, now: datetime) -> datetime | None:
    """By when who chose this part of a day is called: its end; None for one that is not on offer."""
    return next((ends for begins, ends in _parts(now) if _value(begins) == value), None)


def _parts(now: datetime) -> list[tuple[datetime, datetime]]:
    zone = ZoneInfo(settings.BUSINESS_TIME_ZONE)
    today = now.astimezone(zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(DAYS)]
    found = [
        (datetime.combine(day, begins, tzinfo=zone), datetime.combine(day, ends, tzinfo=zone))
        for day in days
        for begins, ends in PARTS
    ]
    return [(begins, ends) for begins, ends in found if begins >= now + AT_LEAST_AHEAD]


def _value(begins: datetime) -> str:
    return f"{begins:%Y-%m-%dT%H}"
