"""The official days off and shifted working days (调休), as published year by year (R25)."""

from datetime import date
from typing import Self

from auditlog.registry import auditlog
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.bilingual import Named
from common.kept import counts


class OfficialDayQuerySet(models.QuerySet["OfficialDay"]):
    """Questions to the published days."""

    def in_month(self, first_day: date, last_day: date) -> Self:
        """Those from the first to the last day."""
        return self.filter(date__range=(first_day, last_day))

    def covered_until(self) -> date | None:
        """The last day that published notices speak for; after it the plain week holds, and pages say so (R25)."""
        last_year = self.aggregate(last=models.Max("year"))["last"]
        return None if last_year is None else date(last_year, 12, 31)


class OfficialDay(Named):
    """One day that a yearly notice names: a day off, or a weekend day that is worked."""

    date = models.DateField(_("date"), unique=True)
    is_working = models.BooleanField(_("working day"), help_text=_("A shifted working day, 调休上班; else a day off."))
    year = models.PositiveSmallIntegerField(
        _("year of the notice"), help_text=_("A notice can name days at the end of the year before.")
    )

    objects = OfficialDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("official day")
        verbose_name_plural = _("official days")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


counts(OfficialDay)
auditlog.register(OfficialDay)
