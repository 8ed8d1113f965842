"""Stretches of days and their parts, on the business clock: what figures are counted by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from common.refusals import Malformed

MOST_PARTS = 400
A_DAY = timedelta(days=1)


class Grain(models.TextChoices):
    """In what parts a period is shown."""

    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")

    def first_of(self, day: date) -> date:
        """The first day of the part in which a day lies; weeks begin on Monday."""
        if self == Grain.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self == Grain.MONTH else day

    def next_after(self, first: date) -> date:
        """The first day of the part after the one that begins on this day."""
        if self == Grain.MONTH:
            return (first + timedelta(days=31)).replace(day=1)
        return first + timedelta(days=7 if self == Grain.WEEK else 1)


@dataclass(frozen=True)
class Period:
    """The days from `since` on, `until` not included, shown in parts of one grain."""

    since: date
    until: date
    grain: Grain = Grain.DAY

    @classmethod
    def checked(cls, since: date, until: date, grain: Grain) -> "Period":
        """A period as somebody asked for it. Raises Malformed for one that ends before it begins, or is too long."""
        period = cls(since, until, grain)
        message = ""
        if until <= since:
            message = _now("The period ends before it begins.")
        elif period.length_in_parts > MOST_PARTS:
            message = _now("That would be more than %(most)d parts; take a shorter period or longer parts.") % {
                "most": MOST_PARTS
            }
        if message:
            raise Malformed(message, errors={"until": [message]})
        return period

    @classmethod
    def ending_with(cls, day: date, *, grain: Grain, parts: int) -> "Period":
        """So many whole parts, of which the last is the one in which the day lies."""
        last = first = grain.first_of(day)
        for _part in range(parts - 1):
            first = grain.first_of(first - A_DAY)
        return cls(first, grain.next_after(last), grain)

    @property
    def starts_at(self) -> datetime:
        """The first instant."""
        return start_of(self.since)

    @property
    def ends_at(self) -> datetime:
        """The first instant after it."""
        return start_of(self.until)

    @property
    def length_in_parts(self) -> int:
        """About how many parts it has, without going through them."""
        days = (self.until - self.since).days
        return days // {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 28}[self.grain] + 1

    def parts(self) -> Iterator["Period"]:
        """Its parts in order; the first and the last may be cut off by its ends."""
        first = self.since
        while first < self.until:
            following = min(self.grain.next_after(self.grain.first_of(first)), self.until)
            yield Period(first, following, self.grain)
            first = following


def start_of(day: date) -> datetime:
    """The first instant of a day on the business clock."""
    return datetime.combine(day, time.min, tzinfo=zone())


def zone() -> ZoneInfo:
    """The business time zone."""
    return ZoneInfo(settings.BUSINESS_TIME_ZONE)
