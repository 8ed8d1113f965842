"""Calendars, whose units they are, and the days on which they differ."""

import calendar as months
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from auditlog.registry import auditlog
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from calendars import days
from calendars.days import Day, Intervals, Source
from calendars.models.official_days import OfficialDay
from calendars.worktime import WEEKDAYS, WorkingCalendar, read_windows, read_zone
from common.bilingual import Named
from common.kept import counts

EVERY_DAY = "every-day"
WORKING_DAYS = "working-days"

# Compiled calendars of this process. A changed calendar has a new version and instant of change, so an old entry is
# never asked for again; the instant tells versions apart that a rolled-back change had numbered alike.
_Key = tuple[int, int, datetime, tuple[int, str] | None]
_compiled: dict[_Key, WorkingCalendar] = {}
_KEPT_AT_MOST = 512


def validate_zone(name: str) -> None:
    """Validator: the IANA name of a time zone."""
    try:
        read_zone(name)
    except ValueError as error:
        raise ValidationError(str(error), code="zone") from error


def validate_intervals(intervals: Intervals) -> None:
    """Validator: the hours of one day, [["08:00", "12:00"], …]; an empty list is a closed day."""
    try:
        read_windows(intervals)
    except ValueError as error:
        raise ValidationError(str(error), code="intervals") from error


def validate_weekly(weekly: Mapping[str, Intervals]) -> None:
    """Validator: hours by weekday, at least one of them open."""
    if not isinstance(weekly, Mapping) or set(weekly) - set(WEEKDAYS):
        raise ValidationError(
            _("Give the hours by weekday: %(weekdays)s."), code="weekdays", params={"weekdays": ", ".join(WEEKDAYS)}
        )
    for intervals in weekly.values():
        validate_intervals(intervals)
    if not any(weekly.values()):
        raise ValidationError(_("At least one weekday has to be open."), code="never_open")


class CalendarManager(models.Manager["Calendar"]):
    """Loads calendars."""

    def for_unit(self, unit: Unit | None) -> "Calendar":
        """The calendar of the unit or of the nearest one above it that has hours, else the one for every day (R24)."""
        if unit is not None:
            above = UnitHours.objects.filter(unit__in=Unit.objects.upwards(unit).order_by())
            hours = above.select_related("calendar").order_by("-unit__depth").first()
            if hours is not None:
                return hours.calendar
        return self.get(code=EVERY_DAY)


class Calendar(Named):
    """Working hours by the week, with or without the official days."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    tz = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai", validators=[validate_zone])
    weekly = models.JSONField(
        _("hours by weekday"),
        validators=[validate_weekly],
        help_text=_(
            'For instance {"mon": [["08:00", "12:00"], ["13:00", "18:00"]]}. A close at or before its open is on the '
            "next day. A weekday that is not named is closed."
        ),
    )
    follows_official_days = models.BooleanField(
        _("follows the official days"), default=False, help_text=_("Closed on days off, open on shifted working days.")
    )
    # The database counts, whoever changes what (migration 0002).
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)

    objects = CalendarManager()

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ["code"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and learn the version that the database has given."""
        super().save(*args, **kwargs)
        self.learn_version()

    def learn_version(self) -> None:
        """Read again which version this is."""
        self.refresh_from_db(fields=["version", "changed_at"])

    def compiled(self, unit: Unit | None = None) -> WorkingCalendar:
        """The arithmetic of this version, with the unit's overrides; kept in the process (R25)."""
        key = (self.pk, self.version, self.changed_at, None if unit is None else (unit.pk, unit.path))
        known = _compiled.get(key)
        if known is None:
            if len(_compiled) >= _KEPT_AT_MOST:
                _compiled.clear()
            special = self.get_special_days(unit)
            known = WorkingCalendar.from_dict(days.describe(self.tz, self.weekly, special))
            _compiled[key] = known
        return known

    def get_special_days(self, unit: Unit | None = None) -> dict[date, Day]:
        """The days that differ from the week: official days, then overrides, those of the nearest unit last."""
        official = {}
        if self.follows_official_days:
            for named in OfficialDay.objects.all():
                official[named.date] = days.official_day(
                    self.weekly, named.date, is_working=named.is_working, name=named.name
                )
        decided = self.overrides.for_unit(unit)
        overridden = {each.date: Day(each.intervals, Source.OVERRIDE, each.reason) for each in decided}
        return days.in_order([official, overridden])

    def get_month(self, year: int, month: int, unit: Unit | None = None) -> dict[date, Day]:
        """Every day of a month with its hours and who decided them."""
        special = self.get_special_days(unit)
        all_days = (date(year, month, day) for day in range(1, months.monthrange(year, month)[1] + 1))
        return {day: special.get(day) or days.week_day(self.weekly, day) for day in all_days}

    def covered_until(self) -> date | None:
        """The last day for which official data is there; None where there is none, or none is followed (R25)."""
        return OfficialDay.objects.covered_until() if self.follows_official_days else None


class OverrideQuerySet(models.QuerySet["Override"]):
    """Questions to the overrides."""

    def for_unit(self, unit: Unit | None) -> "OverrideQuerySet":
        """Those for all units and for this one or one above it, the nearest last."""
        if unit is None:
            return self.filter(unit=None)
        upwards = Unit.objects.upwards(unit).order_by()
        applying = models.Q(unit=None) | models.Q(unit__in=upwards)
        return self.filter(applying).order_by(models.F("unit__depth").asc(nulls_first=True), "date")


class Override(models.Model):
    """One day that a calendar keeps differently, everywhere or in a unit and below it."""

    calendar = models.ForeignKey(
        Calendar, verbose_name=_("calendar"), on_delete=models.CASCADE, related_name="overrides"
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("It holds for the units below too. Empty: for everybody."),
    )
    date = models.DateField(_("date"))
    intervals = models.JSONField(
        _("hours"),
        default=list,
        blank=True,
        validators=[validate_intervals],
        help_text=_('For instance [["09:00", "12:00"]]; [] is closed.'),
    )
    reason = models.CharField(_("reason"), max_length=200)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "unit", "date"],
                name="a_day_is_overridden_once_for_a_unit",
                nulls_distinct=False,
                violation_error_message=_("This day is overridden for this unit already; change that one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.reason}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and let the calendar at hand know that it has a new version."""
        super().save(*args, **kwargs)
        self.calendar.learn_version()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and let the calendar at hand know that it has a new version."""
        deleted = super().delete(*args, **kwargs)
        self.calendar.learn_version()
        return deleted


class UnitHours(models.Model):
    """The calendar that a unit, and those below it without one, work by."""

    unit = models.OneToOneField(Unit, verbose_name=_("unit"), on_delete=models.CASCADE, related_name="hours")
    calendar = models.ForeignKey(
        Calendar, verbose_name=_("calendar"), on_delete=models.PROTECT, related_name="unit_hours"
    )

    class Meta:
        verbose_name = _("unit's hours")
        verbose_name_plural = _("units' hours")
        ordering = ["unit__path"]

    def __str__(self) -> str:
        return f"{self.unit}: {self.calendar}"


counts(Calendar)
auditlog.register(Calendar, exclude_fields=["version", "changed_at"])
counts(Override)
auditlog.register(Override)
counts(UnitHours)
auditlog.register(UnitHours)
