"""Rows that keep watch over the sweeps: what was set aside, and when each was last done."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)


class SetAsideQuerySet(models.QuerySet["SetAside"]):
    """Questions to what was set aside."""

    def open(self) -> Self:
        """Not done yet."""
        return self.filter(resolved_at__isnull=True)

    def resting(self, kind: str, now: datetime) -> Self:
        """Not to be tried again yet, or not by itself any more."""
        return self.open().filter(Q(next_try_at__isnull=True) | Q(next_try_at__gt=now), kind=kind)

    def given_up(self) -> Self:
        """Not done, and tried so often that it waits for somebody to ask for another try."""
        return self.open().filter(next_try_at__isnull=True)


class SetAside(models.Model):
    """A row that a sweep could not deal with: passed by, shown, and tried again after growing pauses (R2A).

    After the last of its tries it is given up: it stays as it is, and shown, until somebody has it tried again.
    """

    MOST_TRIES = 12  # with the pauses between them about three and a half hours

    kind = models.CharField(_("what"), max_length=40)
    object_id = models.BigIntegerField(_("which"))
    error = models.TextField(_("error"))
    tries = models.PositiveIntegerField(_("tries"), default=1)
    first_failed_at = models.DateTimeField(_("failed first"))
    last_failed_at = models.DateTimeField(_("failed last"))
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)

    objects = SetAsideQuerySet.as_manager()

    class Meta:
        verbose_name = _("row set aside")
        verbose_name_plural = _("rows set aside")
        ordering = ["-last_failed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"], condition=Q(resolved_at__isnull=True), name="a_row_is_set_aside_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"

    @property
    def is_given_up(self) -> bool:
        """Not tried again by itself."""
        return self.resolved_at is None and self.next_try_at is None

    @staticmethod
    def pause_after(tries: int) -> timedelta:
        """How long to wait before the next try: ten seconds, doubled each time, at most an hour."""
        return min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE)


class Heartbeat(models.Model):
    """When a periodic task was last done, and how late the latest thing was that it found (for health checks)."""

    STILL_RUNS = timedelta(seconds=10)

    name = models.CharField(_("task"), max_length=60, unique=True)
    completed_at = models.DateTimeField(_("completed"))
    lag = models.DurationField(_("lag"), default=timedelta)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} {self.completed_at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def beat(cls, name: str, *, at: datetime, lag: timedelta = timedelta(0)) -> None:
        """Note that a task has come to its end at this instant."""
        cls.objects.update_or_create(name=name, defaults={"completed_at": at, "lag": lag})

    @classmethod
    def any_works_off_a_backlog(cls, *, now: datetime, later_than: timedelta) -> bool:
        """Whether a task that runs now has found something that was so late: what can wait lets it have the machine."""
        return cls.objects.filter(lag__gt=later_than, completed_at__gt=now - cls.STILL_RUNS).exists()
