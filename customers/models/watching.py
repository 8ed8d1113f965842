"""What administrators set about customers to watch: from how many complaints on, for how long, and what to do (R80)."""

from datetime import timedelta

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.kept import Kept, counts
from common.rules import OneRow
from customers.models.flags import FlagKind


class WatchRules(OneRow):
    """One row of thresholds (section 9)."""

    a_from = models.PositiveSmallIntegerField(_("flag A from so many in a calendar month"), default=3)
    b2_from = models.PositiveSmallIntegerField(_("flag B2 from so many"), default=10)
    b2_months = models.PositiveSmallIntegerField(_("flag B2 counts so many months"), default=6)
    c_lasts_days = models.PositiveSmallIntegerField(_("flags C last for (days)"), default=365)

    class Meta:
        verbose_name = _("rules for customers to watch")
        verbose_name_plural = _("rules for customers to watch")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_row_of_watch_rules"),
            models.CheckConstraint(
                condition=Q(a_from__gte=1, b2_from__gte=1, b2_months__gte=1, c_lasts_days__gte=1),
                name="watch_rules_count_from_one",
            ),
        ]

    def __str__(self) -> str:
        return str(_("rules for customers to watch"))

    @property
    def c_lasts(self) -> timedelta:
        """For how long a flag of the C kinds lasts."""
        return timedelta(days=self.c_lasts_days)


class HandlingRule(models.Model):
    """How to deal with customers who carry a flag, unless the flag itself says otherwise (R80)."""

    kind = models.CharField(_("flag"), max_length=2, choices=FlagKind, unique=True)
    text_zh = models.CharField(_("rule in Chinese"), max_length=300)
    text_en = models.CharField(_("rule in English"), max_length=300)

    class Meta:
        verbose_name = _("handling rule")
        verbose_name_plural = _("handling rules")
        ordering = ["kind"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"

    @property
    def text(self) -> str:
        """The rule in the reader's language."""
        return self.text_en if (get_language() or "").startswith("en") else self.text_zh


HANDLING_RULES = Kept(lambda: {rule.kind: rule for rule in HandlingRule.objects.all()})
"""By the kind of flag, to be read only."""
counts(HandlingRule)
auditlog.register(WatchRules)
auditlog.register(HandlingRule)
