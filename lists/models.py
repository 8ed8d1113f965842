"""What somebody keeps about lists: views under a name, the columns to see, and files that were ordered of one."""

import uuid
from datetime import timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import Person

KEPT_FOR = timedelta(hours=24)
"""How long an ordered file can be fetched."""


class Place(models.TextChoices):
    """Which list a view is of."""

    TICKETS = "tickets", _("all tickets")
    QUEUE = "queue", _("unit queue")


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Questions to kept views."""

    def for_person(self, person: Person, place: str) -> Self:
        """Somebody's views of a list by name, and after them those that colleagues of their home unit share."""
        shared = Q(shared_with__isnull=False, shared_with=person.unit_id)
        mine = Case(When(person=person, then=Value(0)), default=Value(1))
        views = self.filter(Q(person=person) | shared, place=place).select_related("person")
        shown = ("name", "query", "person", "shared_with", "person__username", "person__name_zh", "person__name_en")
        return views.only(*shown).order_by(mine, "name", "pk")


class SavedView(models.Model):
    """What a list shows (filter, and in a queue order and columns) under a name of its owner's choosing."""

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="saved_views")
    place = models.CharField(_("list"), max_length=10, choices=Place, default=Place.TICKETS, db_default=Place.TICKETS)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("filter"), max_length=1000, blank=True)
    shared_with = models.ForeignKey(
        "accounts.Unit",
        verbose_name=_("shared with"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="shared_views",
    )

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["person", "place", "name"], name="a_view_of_that_name_is_kept_once"),
            models.CheckConstraint(condition=Q(place__in=list(Place)), name="a_view_is_of_a_known_list"),
        ]

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
