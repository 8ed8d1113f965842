"""Hold (挂起): a ticket rests for a reason, until an end, and comes back by itself (R6)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class HoldReason(models.TextChoices):
    """Why a ticket rests."""

    CUSTOMER = "customer", _("the customer is awaited")
    PARTNER = "partner", _("a partner is awaited")
    PARTS = "parts", _("parts or works are awaited")
    OTHER = "other", _("another reason")


class Hold(models.Model):
    """One rest of one ticket."""

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.CASCADE, related_name="holds")
    round = models.PositiveSmallIntegerField(_("round"))
    reason = models.CharField(_("reason"), max_length=20, choices=HoldReason)
    text = models.TextField(_("explanation"), blank=True)
    customer_consents = models.BooleanField(_("with the customer's consent"), default=False)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at__isnull=True), name="a_ticket_is_held_once_at_a_time"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_hold_ends_after_it_starts"),
        ]
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(ended_at__isnull=True), name="holds_to_end"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} – {self.ends_at:%Y-%m-%d %H:%M}"

    @property
    def stops_the_reply_clock(self) -> bool:
        """Only with the customer's recorded consent, or when the customer is awaited (R6)."""
        return self.customer_consents or self.reason == HoldReason.CUSTOMER
