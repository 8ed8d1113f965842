"""Files on tickets (附件, R10), and the numbers that bound them."""

import secrets
from datetime import datetime, timedelta
from typing import Self

from auditlog.registry import auditlog
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.rules import OneRow
from common.text import refuse_control_characters

KEY_BYTES = 16  # 128 bits: not to be guessed (A20)


def private_files() -> Storage:
    """Where the contents lie: outside of anything that a web server hands out."""
    return storages["attachments"]


def new_key() -> str:
    """A random key; it names the file in addresses and on disk."""
    return secrets.token_urlsafe(KEY_BYTES)


def stored_name(attachment: "Attachment", _name: str) -> str:
    """Where the content is put: under its key, whatever it was called."""
    return f"{attachment.key[:2]}/{attachment.key}"


class AttachmentRules(OneRow):
    """One row: how large, how many, how long a file waits for its ticket."""

    largest_mb = models.PositiveSmallIntegerField(_("largest file (MB)"), default=10)
    files_per_ticket = models.PositiveSmallIntegerField(_("files on one ticket at most"), default=20)
    files_at_once = models.PositiveSmallIntegerField(_("files that one person may have waiting"), default=5)
    draft_hours = models.PositiveSmallIntegerField(_("a file waits for its ticket (hours)"), default=24)

    class Meta:
        verbose_name = _("rules for attachments")
        verbose_name_plural = _("rules for attachments")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_row_of_attachment_rules"),
            models.CheckConstraint(
                condition=Q(largest_mb__range=(1, 100), files_per_ticket__gte=1)
                & Q(files_at_once__gte=1, draft_hours__gte=1),
                name="attachments_are_bounded_by_sane_numbers",
            ),
        ]

    def __str__(self) -> str:
        return str(_("rules for attachments"))

    @property
    def largest(self) -> int:
        """The size of the largest file, in bytes."""
        return self.largest_mb * 1024 * 1024

    @property
    def draft_lasts(self) -> timedelta:
        """For how long a file waits for its ticket."""
        return timedelta(hours=self.draft_hours)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Questions to attachments. One is only ever looked for on a ticket, or with who uploaded it."""

    def on(self, ticket: models.Model) -> Self:
        """The files on a ticket that were not removed, oldest first."""
        return self.filter(ticket=ticket.pk, removed_at__isnull=True).select_related("uploaded_by").order_by("pk")

    def drafts(self) -> Self:
        """Uploaded, and neither on a ticket nor part of anything else yet."""
        return self.filter(attached_at__isnull=True).order_by("pk")

    def expired(self, now: datetime) -> Self:
        """Drafts that have waited too long."""
        return self.drafts().filter(created_at__lte=now - AttachmentRules.current().draft_lasts)


class Attachment(models.Model):
    """One file: on a ticket, part of something that points to it, or a draft of who uploaded it until it is either.

    What points to a file answers for who sees it; a draft is shown to its uploader alone.
    """

    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    ticket = models.ForeignKey(
        "complaints.Ticket",
        verbose_name=_("ticket"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="attachments",
    )
    uploaded_by = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("uploaded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Nobody where the customer did."),
    )
    held_by = models.CharField(max_length=64, blank=True, editable=False)  # hash of a customer's browser's own key
    name = models.CharField(_("name"), max_length=120, validators=[refuse_control_characters])
    media_type = models.CharField(_("type of its content"), max_length=40)
    size = models.PositiveIntegerField(_("size in bytes"))
    digest = models.CharField(_("SHA-256 of its content"), max_length=64)
    content = models.FileField(_("content"), storage=private_files, upload_to=stored_name, blank=True, max_length=60)
    created_at = models.DateTimeField(_("uploaded"))
    attached_at = models.DateTimeField(_("on the ticket since"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    removed_by = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("removed by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ticket__isnull=False) | Q(uploaded_by__isnull=False) | ~Q(held_by=""),
                name="a_draft_belongs_to_who_uploaded_it",
            ),
            models.CheckConstraint(
                condition=Q(ticket__isnull=True, attached_at__isnull=True, removed_at__isnull=True)
                | Q(attached_at__isnull=False),
                name="a_file_on_a_ticket_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=False) | ~Q(content=""), name="a_file_without_content_was_removed"
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(attached_at__isnull=True), name="drafts_to_expire"),
        ]

    def __str__(self) -> str:
        return self.name


auditlog.register(AttachmentRules)
