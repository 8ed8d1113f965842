"""The numbers of callbacks that an administrator may change (section 15)."""

from datetime import timedelta

from auditlog.registry import auditlog
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.rules import OneRow
from common.text import refuse_control_characters


class AfterSilence(models.TextChoices):
    """What becomes of a survey that nobody answered in time."""

    PHONE = "phone", _("the customer is called")
    UNREACHABLE = "unreachable", _("it ends as unreachable")


SCRIPT_ZH = """您好，这里是客户服务中心。您之前反映的问题我们已经处理，想占用您一分钟，请您作两项评价。
请问您对处理结果是否满意？
请问您对我们的处理过程是否满意？
（如不满意）请问是哪方面不满意？您是否希望我们继续处理？
感谢您的支持，祝您生活愉快！"""
SCRIPT_EN = """Good day, this is the customer service centre. We have dealt with the matter that you told us about.
May I ask you two short questions?
Are you satisfied with the result?
Are you satisfied with how we handled it?
(If not:) What are you dissatisfied with? Do you wish us to go on with it?
Thank you, and goodbye."""


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

    script_zh = models.TextField(
        _("what is said on the phone, in Chinese"), default=SCRIPT_ZH, validators=[refuse_control_characters]
    )
    script_en = models.TextField(
        _("what is said on the phone, in English"), default=SCRIPT_EN, validators=[refuse_control_characters]
    )

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

    def script(self, language: str) -> list[str]:
        """The sentences of the call, one after the other, in a customer's language."""
        said = self.script_en if language.startswith("en") else self.script_zh
        return [line.strip() for line in said.splitlines() if line.strip()]

    @property
    def kept_for(self) -> timedelta:
        """For how long a taken callback keeps others out."""
        return timedelta(minutes=self.kept_for_minutes)

    @property
    def survey_lasts(self) -> timedelta:
        """For how long a survey's link works."""
        return timedelta(hours=self.survey_hours)


auditlog.register(CallbackRules)
