"""Customers to watch (关注客户): flags A, B1–B3, C1–C3 and D (section 9, R80)."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FlagKind(models.TextChoices):
    """Why a customer is watched."""

    A = "A", _("3 or more complaints this month")
    B1 = "B1", _("aggressive or habitual")
    B2 = "B2", _("10 or more in 6 months")
    B3 = "B3", _("has had an escalated complaint")
    C1 = "C1", _("dissatisfied at reply")
    C2 = "C2", _("dissatisfied at callback")
    C3 = "C3", _("dissatisfied in a survey")
    D = "D", _("says they will escalate or sue")


AUTOMATIC = frozenset({FlagKind.A, FlagKind.B2})
BY_HAND = [(kind.value, kind.label) for kind in FlagKind if kind not in AUTOMATIC]
DISSATISFIED = frozenset({FlagKind.C1, FlagKind.C2, FlagKind.C3})


class FlagQuerySet(models.QuerySet["Flag"]):
    """Questions to flags."""

    def in_force(self, at: datetime) -> Self:
        """Neither lifted nor expired at this instant."""
        return self.unlifted().filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at))

    def unlifted(self) -> Self:
        """Lifted by nobody; among these some may have expired."""
        return self.filter(lifted_at__isnull=True)


class Flag(models.Model):
    """One mark on one customer: who, when, why, until when, and how to deal with them."""

    customer = models.ForeignKey(
        "customers.Customer", verbose_name=_("customer"), on_delete=models.CASCADE, related_name="flags"
    )
    kind = models.CharField(_("flag"), max_length=2, choices=FlagKind)
    raised_at = models.DateTimeField(_("since"))
    raised_by = models.ForeignKey(
        "accounts.Person", verbose_name=_("by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    handling_rule = models.CharField(_("handling rule"), max_length=300, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("lifted by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"], condition=Q(lifted_at__isnull=True), name="a_customer_carries_a_flag_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.get_kind_display()}"

    def is_in_force(self, at: datetime) -> bool:
        """Neither lifted nor expired at this instant."""
        return self.lifted_at is None and (self.expires_at is None or at < self.expires_at)


class RuleOverride(models.Model):
    """Somebody acted against a flag's handling rule, and said why (R80)."""

    flag = models.ForeignKey(Flag, verbose_name=_("flag"), on_delete=models.CASCADE, related_name="overrides")
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey("accounts.Person", verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("handling rule overridden")
        verbose_name_plural = _("handling rules overridden")
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="an_override_says_why")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.flag_id}"
