"""The desk's numbers: what the text and section 15 name and an administrator may change."""

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.rules import OneRow
from customers.models import Tier


class DeskRules(OneRow):
    """One row of limits and counts that belong to no clock (section 15)."""

    claim_given_back_after_minutes = models.PositiveIntegerField(
        _("an untouched claim is given back after (min)"), default=30
    )
    begun_reply_expires_after_minutes = models.PositiveIntegerField(_("a begun reply expires after (min)"), default=30)
    reopen_within_days = models.PositiveIntegerField(_("reopening within (days)"), default=30)
    hold_at_most_working_days = models.PositiveIntegerField(_("a hold lasts at most (working days)"), default=3)
    holds_at_most = models.PositiveIntegerField(_("holds of one ticket and round at most"), default=2)
    attempts_before_unreachable = models.PositiveIntegerField(_("attempts before 'unreachable'"), default=3)
    days_before_unreachable = models.PositiveIntegerField(_("days these attempts are spread over"), default=2)
    chase_ups_before_escalation = models.PositiveIntegerField(_("chase-ups that start an escalation"), default=3)
    rounds_at_most = models.PositiveIntegerField(_("rounds a callback may reopen by itself"), default=2)
    follow_up_within_working_days = models.PositiveIntegerField(
        _("a follow-up is due within (working days)"), default=2
    )
    manager_replies_from_tier = models.CharField(
        _("the customer manager replies from this tier on"), max_length=20, choices=Tier, default=Tier.VIP
    )
    feedback_minimum_length = models.PositiveIntegerField(_("shortest text in a feedback (characters)"), default=4)

    class Meta:
        verbose_name = _("desk rules")
        verbose_name_plural = _("desk rules")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_row_of_desk_rules")]

    def __str__(self) -> str:
        return str(_("desk rules"))


auditlog.register(DeskRules)
