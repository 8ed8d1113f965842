"""Who is on duty: when the holders of a role are there to be told (R90)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
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

    def near(self, first: date, last: date) -> Self:
        """The rows in force on one of these days, with their exceptions."""
        # A night's duty belongs to the day on which it begins.
        in_force = Q(until_on__isnull=True) | Q(until_on__gte=first - timedelta(days=1))
        return self.filter(in_force, from_on__lte=last).prefetch_related("exceptions")

    def covering(self, at: datetime) -> list["Turn"]:
        """Who is on duty at this instant, exceptions counted."""
        day = at.astimezone(ZoneInfo(settings.BUSINESS_TIME_ZONE)).date()
        turns = [turn for row in self.near(day, day) for turn in row.turns(day - timedelta(days=1), day)]
        return [turn for turn in turns if turn.begins_at <= at < turn.ends_at]


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

    def clean(self) -> None:
        """Refuse somebody who would not be told, since only holders of the role are. Raises ValidationError."""
        if self.person_id is None or self.unit_id is None:
            return
        if not self.person.assignments.filter(role=self.role, unit=self.unit).exists():
            raise ValidationError({"person": _("This person does not hold the role there; give it to them first.")})

    def turns(self, first: date, last: date) -> list["Turn"]:
        """The turns that begin on these days, on the business clock; needs `exceptions` loaded.

        On the day of an exception somebody else has the turn, or nobody.
        """
        zone = ZoneInfo(settings.BUSINESS_TIME_ZONE)
        exceptions = self.exceptions.all() if self.pk is not None else []
        instead = {exception.on: exception.instead_id for exception in exceptions}
        found = []
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            in_force = self.from_on <= day and (self.until_on is None or day <= self.until_on)
            is_free = day in instead and instead[day] is None
            if not in_force or day.isoweekday() not in self.weekdays or is_free:
                continue
            ends_on = day if self.ends > self.starts else day + timedelta(days=1)
            found.append(
                Turn(
                    person_id=instead.get(day) or self.person_id,
                    role=self.role,
                    unit_id=self.unit_id,
                    begins_at=datetime.combine(day, self.starts, tzinfo=zone),
                    ends_at=datetime.combine(ends_on, self.ends, tzinfo=zone),
                    is_exception=day in instead,
                )
            )
        return found

    def covers(self, at: datetime) -> bool:
        """Whether this duty covers an instant, whoever has it then; half-open, on the business clock."""
        day = at.astimezone(ZoneInfo(settings.BUSINESS_TIME_ZONE)).date()
        return any(turn.begins_at <= at < turn.ends_at for turn in self.turns(day - timedelta(days=1), day))


@dataclass(frozen=True)
class Turn:
    """One stretch of duty: half-open."""

    person_id: int
    role: str
    unit_id: int
    begins_at: datetime
    ends_at: datetime
    is_exception: bool = False


class RosterException(models.Model):
    """On one day a duty is somebody else's, or nobody's."""

    roster = models.ForeignKey(Roster, verbose_name=_("duty"), on_delete=models.CASCADE, related_name="exceptions")
    on = models.DateField(_("day"), help_text=_("On which the duty begins."))
    instead = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("instead"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Somebody who holds the same role there. Empty: nobody."),
    )

    class Meta:
        verbose_name = _("exception of the roster")
        verbose_name_plural = _("exceptions of the roster")
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["roster", "on"], name="a_duty_has_one_exception_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} · {self.instead or '–'}"

    def clean(self) -> None:
        """Refuse somebody who would not be told, since only holders of the role are. Raises ValidationError."""
        if self.instead is None:
            return
        held = self.instead.assignments.filter(role=self.roster.role, unit=self.roster.unit)
        if not held.exists():
            raise ValidationError({"instead": _("This person does not hold the role there; give it to them first.")})


auditlog.register(Roster)
auditlog.register(RosterException)
