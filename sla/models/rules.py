"""The numbers that bind clocks whatever their policy says."""

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.rules import OneRow


class ClockRules(OneRow):
    """One row of bounds over all policies (R21, R29)."""

    service_failure_minutes = models.PositiveIntegerField(
        _("reply to an urgent service failure within (min)"),
        default=120,
        help_text=_("Whatever the rest says: suspension and resumption, SIM not working (R21)."),
    )
    promise_at_most_working_days = models.PositiveIntegerField(
        _("promises up to (working days)"),
        default=7,
        help_text=_("A time agreed for later needs a supervisor (R29)."),
    )

    class Meta:
        verbose_name = _("clock rules")
        verbose_name_plural = _("clock rules")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_row_of_clock_rules")]

    def __str__(self) -> str:
        return str(_("clock rules"))


auditlog.register(ClockRules)
