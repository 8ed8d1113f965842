"""The outbox: one row is one message to one address by one channel."""

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.text import refuse_control_characters
from notifications.kinds import PENDING, Channel, Kind, Lane, Stage
from notifications.querysets import MessageQuerySet

# Keys go into headers of e-mails and requests, so they are visible ASCII.
KEY = RegexValidator(r"^[\x21-\x7e]+\Z", _("A key is made of visible ASCII signs."))


class Message(models.Model):
    """Something we tell somebody. The row is written with the deed that causes it, and leaves after its commit.

    `key` is stable: the same deed tells the same person by the same channel once, however often it is tried, and a
    message that is sent again after a crash carries the same key, by which its receiver can tell.
    """

    key = models.CharField(_("key"), max_length=200, validators=[KEY])
    kind = models.CharField(_("kind"), max_length=40, choices=Kind)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    recipient = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("to"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="messages",
    )
    to_address = models.CharField(
        _("to the customer's address"), max_length=254, blank=True, validators=[refuse_control_characters]
    )
    matter = models.ForeignKey(
        "contact.Matter",
        verbose_name=_("matter"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="messages",
        db_index=False,
        help_text=_("Of a message to a customer: what the gate decides about."),
    )
    ticket = models.CharField(_("ticket"), max_length=20, blank=True)
    about = models.CharField(_("about"), max_length=80, blank=True, help_text=_("By what it can be withdrawn."))
    context = models.JSONField(_("codes and references"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    language = models.CharField(_("language"), max_length=10)
    endpoint = models.ForeignKey(
        "notifications.Endpoint",
        verbose_name=_("endpoint"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="messages",
        db_index=False,
    )

    state = models.CharField(_("state"), max_length=10, choices=Stage, default=Stage.WAITING)
    lane = models.PositiveSmallIntegerField(_("lane"), choices=Lane, default=Lane.ON_TIME, db_default=Lane.ON_TIME)
    created_at = models.DateTimeField(_("created"))
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        constraints = [
            # Not `unique=True`, which would bring a second index of the keys, for searching by their beginning.
            models.UniqueConstraint(fields=["key"], name="a_key_tells_once"),
            models.CheckConstraint(
                condition=Q(channel=Channel.WEBHOOK, recipient__isnull=True, to_address="")
                | (~Q(channel=Channel.WEBHOOK) & Q(recipient__isnull=False, to_address=""))
                | (Q(channel__in=[Channel.EMAIL, Channel.SMS], recipient__isnull=True) & ~Q(to_address="")),
                name="a_message_goes_to_a_person_a_customer_or_the_webhook",
            ),
            models.CheckConstraint(
                condition=Q(endpoint__isnull=True) | Q(channel=Channel.WEBHOOK),
                name="only_a_webhook_goes_to_an_endpoint",
            ),
            models.CheckConstraint(
                condition=Q(to_address="", matter__isnull=True) | (~Q(to_address="") & Q(matter__isnull=False)),
                name="a_message_to_a_customer_is_about_a_matter",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(PENDING)) | Q(next_try_at__isnull=False),
                name="a_pending_message_says_when_it_is_tried",
            ),
            models.CheckConstraint(
                condition=~Q(state=Stage.SENT) | Q(sent_at__isnull=False), name="a_sent_message_says_when"
            ),
        ]
        indexes = [
            models.Index(
                fields=["lane", "next_try_at", "id"],
                condition=Q(state__in=sorted(PENDING)),
                name="messages_to_deliver_by_lane",
            ),
            models.Index(
                fields=["recipient", "-sent_at", "-id"],
                condition=Q(channel=Channel.IN_APP),
                name="messages_in_the_application",
            ),
            # With a condition of its own, so that delivery is never planned by way of this one.
            models.Index(
                fields=["about"],
                condition=Q(state__in=sorted(PENDING)) & ~Q(about=""),
                name="messages_to_withdraw",
            ),
            models.Index(fields=["created_at"], condition=Q(state=Stage.FAILED), name="messages_that_failed"),
            models.Index(fields=["matter"], condition=Q(matter__isnull=False), name="messages_about_a_matter"),
            models.Index(fields=["endpoint"], condition=Q(endpoint__isnull=False), name="messages_to_an_endpoint"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_channel_display()} · {self.ticket or self.key}"

    @property
    def goes_to_a_customer(self) -> bool:
        """Whether it passes the gate (R23)."""
        return self.matter_id is not None

    @property
    def is_read(self) -> bool:
        """Whether its person has read it in the application."""
        return self.read_at is not None
