"""Short messages from customers: each is kept once, with what followed from it (R10, R32, R73)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.text import refuse_control_characters
from customers.models.customers import mask
from inbound.querysets import ShortMessageQuerySet

LONGEST_ID = 100
LONGEST_TEXT = 2000


class Outcome(models.TextChoices):
    """What followed from a message."""

    ANSWERED = "answered", _("answered the survey")
    CHASED_UP = "chased_up", _("chase-up")
    UNMATCHED = "unmatched", _("for somebody to read")


class ShortMessage(models.Model):
    """One message as the gateway handed it over; its text is personal."""

    gateway_id = models.CharField(_("the gateway's number for it"), max_length=LONGEST_ID, unique=True)
    number = models.CharField(_("from"), max_length=32, validators=[refuse_control_characters])
    text = models.TextField(_("text"), validators=[refuse_control_characters])
    at = models.DateTimeField(_("received"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, default=Outcome.UNMATCHED)
    callback = models.ForeignKey(
        "callbacks.Callback",
        verbose_name=_("callback"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    chase_up = models.ForeignKey(
        "complaints.ChaseUp",
        verbose_name=_("chase-up"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    desk = models.ForeignKey(
        "accounts.Unit",
        verbose_name=_("service desk"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Who reads it where nothing follows from it; nobody named: whoever answers customers."),
    )
    settled_at = models.DateTimeField(_("dealt with"), null=True, blank=True)
    settled_by = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("dealt with by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = ShortMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("short message from a customer")
        verbose_name_plural = _("short messages from customers")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=Outcome.ANSWERED, callback__isnull=False, chase_up__isnull=True)
                | Q(outcome=Outcome.CHASED_UP, callback__isnull=True, chase_up__isnull=False)
                | Q(outcome=Outcome.UNMATCHED, callback__isnull=True, chase_up__isnull=True),
                name="one_thing_follows_from_a_message",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False, outcome=Outcome.UNMATCHED),
                name="what_is_dealt_with_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(
                fields=["at", "id"],
                condition=Q(outcome="unmatched", settled_at__isnull=True),
                name="short_messages_to_read",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.masked_number} {self.at:%Y-%m-%d %H:%M}"

    @property
    def masked_number(self) -> str:
        """The number with its middle hidden (R2)."""
        return mask(self.number)
