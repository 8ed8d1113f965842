"""Calendar months on the business clock: for what is counted by the month (R71, section 9)."""

import calendar
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings


def month_of(at: datetime) -> tuple[datetime, datetime]:
    """The first instant of the calendar month that holds this one, and the first instant of the next."""
    local = at.astimezone(_zone())
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
    return first.astimezone(at.tzinfo), months_from(first, 1).astimezone(at.tzinfo)


def months_from(at: datetime, months: int) -> datetime:
    """The same wall-clock time so many months later (earlier where negative), on the last day where there is none."""
    local = at.astimezone(_zone())
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(at.tzinfo)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.BUSINESS_TIME_ZONE)
