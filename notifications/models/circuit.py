"""Whether a way out of the house is in order: its circuit opens after failures in a row, and is tried out again."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)


class Circuit(models.Model):
    """One row for each way out that has failed lately, in the database so that all workers agree.

    Closed: messages pass. Open until an instant: they wait, and no try is counted. After that half-open: one message
    tries it out while the others wait; it closes the circuit or opens it for twice as long.
    """

    name = models.CharField(_("way out"), max_length=100, unique=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    openings = models.PositiveIntegerField(_("opened in a row"), default=0)
    open_until = models.DateTimeField(_("open until"), null=True, blank=True)
    tried_until = models.DateTimeField(_("being tried out until"), null=True, blank=True)
    changed_at = models.DateTimeField(_("last changed"))
    error = models.CharField(_("last error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("way out of the house")
        verbose_name_plural = _("ways out of the house")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tried_until__isnull=True) | Q(open_until__isnull=False),
                name="only_an_open_circuit_is_tried_out",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether messages wait, but for the one that tries it out."""
        return self.open_until is not None

    def waits_until(self, at: datetime) -> datetime | None:
        """Until when messages wait at this instant; None when one may try it out now, or all may pass."""
        if self.open_until is None or self.open_until <= at:
            return self.tried_until if self.tried_until is not None and self.tried_until > at else None
        return self.open_until

    @staticmethod
    def pause_after(openings: int) -> timedelta:
        """How long it stays open: half a minute, doubled each time, at most a quarter of an hour."""
        return min(FIRST_PAUSE * 2 ** min(openings - 1, 20), LONGEST_PAUSE)
