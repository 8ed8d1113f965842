"""Alarms: times in which something was due and nobody fired it."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AlarmQuerySet(models.QuerySet["Alarm"]):
    """Questions to alarms."""

    def open(self) -> Self:
        """Not over; perhaps only suspected yet."""
        return self.filter(ended_at__isnull=True)

    def raised(self) -> Self:
        """Those that people were told of."""
        return self.filter(raised_at__isnull=False)


class Alarm(models.Model):
    """From the first look that found something due and not fired until the look that found nothing of the kind.

    It is raised by the second look in a row, since one may come between a due that was put into the past and the next
    sweep. What one look alone has seen is forgotten.
    """

    began_at = models.DateTimeField(_("began"))
    looked_at = models.DateTimeField(_("last look"))
    raised_at = models.DateTimeField(_("raised"), null=True, blank=True)
    ended_at = models.DateTimeField(_("over"), null=True, blank=True)
    clocks = models.PositiveIntegerField(_("limits due and not called"))
    escalations = models.PositiveIntegerField(_("escalations due and not raised"))
    most = models.PositiveIntegerField(_("most at once"))
    first_due_at = models.DateTimeField(_("the first was due"))

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-began_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="there_is_one_alarm_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(raised_at__isnull=False, ended_at__gte=F("raised_at")),
                name="an_alarm_ends_after_it_was_raised",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M:%S}"
