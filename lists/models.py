"""What somebody keeps about lists: views under a name, the columns to see, and files that were ordered of one."""

import uuid
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

KEPT_FOR = timedelta(hours=24)
"""How long an ordered file can be fetched."""


class SavedView(models.Model):
    """A filter of the ticket list under a name of its owner's choosing."""

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("filter"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="a_view_of_that_name_is_kept_once")]

    def __str__(self) -> str:
        return self.name


class Columns(models.Model):
    """The columns that somebody wants to see of tickets."""

    person = models.OneToOneField("accounts.Person", primary_key=True, on_delete=models.CASCADE, related_name="columns")
    names = ArrayField(models.CharField(max_length=30), verbose_name=_("columns"))

    class Meta:
        verbose_name = _("columns")
        verbose_name_plural = _("columns")

    def __str__(self) -> str:
        return ", ".join(self.names)


class Stage(models.TextChoices):
    """How far an export has come."""

    WAITING = "waiting", _("waiting")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class Format(models.TextChoices):
    """What kind of file."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"


class Export(models.Model):
    """A file of tickets that somebody ordered: made by a worker within their scope, fetched by nobody else."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="exports")
    query = models.CharField(_("filter"), max_length=1000, blank=True)
    format = models.CharField(_("format"), max_length=10, choices=Format)
    language = models.CharField(_("language"), max_length=10)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.WAITING)
    ordered_at = models.DateTimeField(_("ordered"))
    ready_at = models.DateTimeField(_("ready"), null=True)
    rows = models.PositiveIntegerField(_("rows"), null=True)
    grants = models.CharField(max_length=64, blank=True)
    """A digest of the roles within which it was made; who has others by now gets it no more."""
    content = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-ordered_at"]
        indexes = [models.Index(fields=["ordered_at"], condition=Q(stage="waiting"), name="exports_to_make")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage="ready") | Q(content__isnull=False, ready_at__isnull=False, rows__isnull=False),
                name="a_ready_export_has_its_file",
            )
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.ordered_at:%Y-%m-%d %H:%M}"

    @property
    def file(self) -> bytes:
        """What it contains; nothing before it is ready."""
        return bytes(self.content or b"")
