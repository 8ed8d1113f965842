"""Receipts that customers are given, and their requests to hear how a matter stands."""

import secrets
from datetime import timedelta

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.rules import OneRow
from common.tokens import new_code

RECEIPT_FIGURES = 10
KEY_BYTES = 16


def new_number() -> str:
    """A receipt's number; it opens nothing by itself, and nothing can be told from it."""
    return f"W-{secrets.randbelow(10**RECEIPT_FIGURES):0{RECEIPT_FIGURES}d}"


def new_key() -> str:
    """What a request goes by in its address."""
    return secrets.token_urlsafe(KEY_BYTES)


class SelfServiceRules(OneRow):
    """One row: how long a code is good for, how often it may be tried, how many are sent."""

    code_minutes = models.PositiveSmallIntegerField(_("a code is good for (min)"), default=10)
    tries = models.PositiveSmallIntegerField(_("tries at one code"), default=5)
    codes_an_hour = models.PositiveSmallIntegerField(_("codes about one ticket in an hour"), default=3)
    kept_days = models.PositiveSmallIntegerField(_("requests are kept for (days)"), default=7)

    class Meta:
        verbose_name = _("rules of self-service")
        verbose_name_plural = _("rules of self-service")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_row_of_self_service_rules"),
            models.CheckConstraint(
                condition=Q(code_minutes__range=(1, 60), tries__range=(1, 10), codes_an_hour__range=(1, 20)),
                name="codes_stay_hard_to_guess",
            ),
        ]

    def __str__(self) -> str:
        return str(_("rules of self-service"))

    @property
    def code_lasts(self) -> timedelta:
        """For how long a code is good."""
        return timedelta(minutes=self.code_minutes)


class Receipt(models.Model):
    """What a customer holds in hand after complaining: the same to see for a new matter and for a chase-up (R15)."""

    number = models.CharField(_("number"), max_length=20, unique=True, default=new_number)
    ticket = models.ForeignKey(
        "complaints.Ticket", verbose_name=_("ticket"), on_delete=models.CASCADE, related_name="receipts"
    )
    chase_up = models.ForeignKey(
        "complaints.ChaseUp",
        verbose_name=_("chase-up"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.number


class StatusRequest(models.Model):
    """Somebody wants to know how a matter stands. The row is written alike whether there is such a matter or not."""

    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    named = models.CharField(_("what was typed"), max_length=20)
    code = models.CharField(
        max_length=40, default=new_code, editable=False
    )  # figures are made of it, see common.tokens
    language = models.CharField(_("language"), max_length=10, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    expires_at = models.DateTimeField(_("good until"))
    looked_up_at = models.DateTimeField(_("looked up"), null=True, blank=True)
    ticket = models.ForeignKey(
        "complaints.Ticket",
        verbose_name=_("ticket"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Only where a code was sent."),
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for the status")
        verbose_name_plural = _("requests for the status")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ticket__isnull=True) | Q(looked_up_at__isnull=False), name="a_code_is_sent_after_looking_up"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(ticket__isnull=False), name="only_a_code_that_was_sent_is_used"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(looked_up_at__isnull=True), name="status_requests_to_look_up"),
            models.Index(fields=["ticket", "looked_up_at"], name="codes_about_a_ticket"),
            models.Index(fields=["asked_at"], name="status_requests_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.named} {self.asked_at:%Y-%m-%d %H:%M}"


auditlog.register(SelfServiceRules)
