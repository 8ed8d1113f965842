"""The numbers of section 15 that hold for all ladders."""

from datetime import timedelta

from auditlog.registry import auditlog
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.rules import OneRow


def default_reminders() -> list[int]:
    """After 10, 20 and 40 minutes."""
    return [10, 20, 40]


class EscalationRules(OneRow):
    """One row: how soon to acknowledge, and when to remind."""

    acknowledge_urgent_minutes = models.PositiveIntegerField(
        _("acknowledge an urgent or grave matter within (min)"), default=10
    )
    acknowledge_minutes = models.PositiveIntegerField(_("acknowledge any other within (min)"), default=30)
    reminder_minutes = ArrayField(
        models.PositiveIntegerField(),
        verbose_name=_("reminders after (min)"),
        default=default_reminders,
        blank=True,
        help_text=_("Counted from the escalation, each later than the one before: 10, 20, 40."),
    )

    class Meta:
        verbose_name = _("escalation rules")
        verbose_name_plural = _("escalation rules")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_row_of_escalation_rules")]

    def __str__(self) -> str:
        return str(_("escalation rules"))

    def clean(self) -> None:
        """Refuse reminders that do not come one after the other."""
        if list(self.reminder_minutes) != sorted(set(self.reminder_minutes)):
            raise ValidationError({"reminder_minutes": _("Give each reminder a later minute than the one before.")})

    def acknowledge_within(self, *, urgent: bool) -> timedelta:
        """How long somebody may take to say that they see to it."""
        return timedelta(minutes=self.acknowledge_urgent_minutes if urgent else self.acknowledge_minutes)

    @property
    def reminders(self) -> list[timedelta]:
        """When to remind, counted from the escalation."""
        return [timedelta(minutes=minutes) for minutes in self.reminder_minutes]


auditlog.register(EscalationRules)
