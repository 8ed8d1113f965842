"""The numbers of callbacks that an administrator may change (section 15)."""

from datetime import timedelta

from auditlog.registry import auditlog
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.rules import OneRow


class AfterSilence(models.TextChoices):
    """What becomes of a survey that nobody answered in time."""

    PHONE = "phone", _("the customer is called")
    UNREACHABLE = "unreachable", _("it ends as unreachable")


class CallbackRules(OneRow):
    """One row: how often, how long, how many (R71, R73)."""

    attempts = models.PositiveSmallIntegerField(_("attempts before 'unreachable'"), default=3)
    days = models.PositiveSmallIntegerField(_("days these attempts are spread over"), default=2)
    survey_hours = models.PositiveSmallIntegerField(_("a survey's link works for (hours)"), default=72)
    surveys_a_month = models.PositiveSmallIntegerField(
        _("surveys to one customer in a calendar month"), default=1, help_text=_("Beyond that they are called.")
    )
    after_silence = models.CharField(
        _("after a survey without an answer"), max_length=20, choices=AfterSilence, default=AfterSilence.PHONE
    )
    kept_for_minutes = models.PositiveSmallIntegerField(_("a taken callback is given back after (min)"), default=30)

    class Meta:
        verbose_name = _("callback rules")
        verbose_name_plural = _("callback rules")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_row_of_callback_rules"),
            models.CheckConstraint(
                condition=Q(attempts__gte=1, days__gte=1, days__lte=F("attempts"), survey_hours__gte=1),
                name="attempts_can_be_spread_over_their_days",
            ),
        ]

    def __str__(self) -> str:
        return str(_("callback rules"))

    @property
    def kept_for(self) -> timedelta:
        """For how long a taken callback keeps others out."""
        return timedelta(minutes=self.kept_for_minutes)

    @property
    def survey_lasts(self) -> timedelta:
        """For how long a survey's link works."""
        return timedelta(hours=self.survey_hours)


auditlog.register(CallbackRules)
