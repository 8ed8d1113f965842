"""Who is on duty: when the holders of a role are there to be told (R90)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from auditlog.registry import auditlog
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role


def every_day() -> list[int]:
    """Monday to Sunday."""
    return [1, 2, 3, 4, 5, 6, 7]


def check_weekdays(days: list[int]) -> None:
    """Validator: some days of the week, 1 for Monday to 7 for Sunday. Raises ValidationError."""
    if not days or not set(days) <= set(every_day()):
        raise ValidationError(_("Give days of the week: 1 for Monday to 7 for Sunday."), code="weekdays")


class RosterQuerySet(models.QuerySet["Roster"]):
    """Questions to the roster."""

    def covering(self, at: datetime) -> list["Roster"]:
        """The rows whose duty covers this instant."""
        day = at.astimezone(ZoneInfo(settings.BUSINESS_TIME_ZONE)).date()
        # A night's duty belongs to the day on which it begins.
        near = self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day - timedelta(days=1)), from_on__lte=day)
        return [row for row in near if row.covers(at)]


class Roster(models.Model):
    """One person's duty in one role over one unit: on these weekdays, from when to when."""

    person = models.ForeignKey(
        "accounts.Person", verbose_name=_("person"), on_delete=models.CASCADE, related_name="duties"
    )
    role = models.CharField(_("role"), max_length=30, choices=Role)
    unit = models.ForeignKey("accounts.Unit", verbose_name=_("unit"), on_delete=models.PROTECT, related_name="duties")
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("weekdays"),
        default=every_day,
        validators=[check_weekdays],
        help_text=_("1 for Monday to 7 for Sunday."),
    )
    starts = models.TimeField(_("from"), default=time(0, 0))
    ends = models.TimeField(
        _("until"), default=time(0, 0), help_text=_("At or before the start: on the next day. Equal: the whole day.")
    )
    from_on = models.DateField(_("first day"))
    until_on = models.DateField(_("last day"), null=True, blank=True)

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("roster")
        ordering = ["unit", "role", "from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="a_duty_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["role", "unit"], name="duties_by_role_and_unit")]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()} · {self.starts:%H:%M}–{self.ends:%H:%M}"

    def covers(self, at: datetime) -> bool:
        """Whether the duty covers this instant; half-open, on the business clock."""
        local = at.astimezone(ZoneInfo(settings.BUSINESS_TIME_ZONE))
        for day in (local.date(), local.date() - timedelta(days=1)):
            begins = datetime.combine(day, self.starts, tzinfo=local.tzinfo)
            ends = datetime.combine(day, self.ends, tzinfo=local.tzinfo)
            if self.ends <= self.starts:
                ends = datetime.combine(day + timedelta(days=1), self.ends, tzinfo=local.tzinfo)
            in_force = self.from_on <= day and (self.until_on is None or day <= self.until_on)
            if in_force and day.isoweekday() in self.weekdays and begins <= local < ends:
                return True
        return False


auditlog.register(Roster)
