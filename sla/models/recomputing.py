"""Recomputations: running clocks decided anew in the background, after something that they rest on has changed."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sla.querysets import RecomputationQuerySet


class Recomputation(models.Model):
    """One change whose running clocks are decided anew, from their original start and with the time held (R27).

    First the tickets concerned are listed, then they are worked off in batches. They are listed a second time when
    every transaction that had begun before the first listing (`horizon`) has ended, so that none is missed.
    """

    class Cause(models.TextChoices):
        """What has changed."""

        POLICY = "policy", _("a policy was published")
        CALENDAR = "calendar", _("a calendar was changed")
        CUSTOMER = "customer", _("a customer's tier or brand has changed")

    cause = models.CharField(_("cause"), max_length=20, choices=Cause)
    policy = models.ForeignKey(
        "sla.Policy", verbose_name=_("policy"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    calendar = models.ForeignKey(
        "calendars.Calendar", verbose_name=_("calendar"), null=True, blank=True, on_delete=models.CASCADE
    )
    customers = ArrayField(models.BigIntegerField(), verbose_name=_("customers"), default=list, blank=True)
    asked_by = models.ForeignKey(
        "accounts.Person", verbose_name=_("asked by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"))
    begins_at = models.DateTimeField(_("begins"))
    listed_at = models.DateTimeField(_("tickets listed"), null=True, blank=True)
    horizon = models.DateTimeField(_("listed, by the database's clock"), null=True, blank=True, editable=False)
    listed_again_at = models.DateTimeField(_("tickets listed again"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    tickets = models.PositiveIntegerField(_("tickets looked at"), default=0)
    moved = models.PositiveIntegerField(_("due times moved"), default=0)

    objects = RecomputationQuerySet.as_manager()

    class Meta:
        verbose_name = _("recomputation")
        verbose_name_plural = _("recomputations")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cause="policy", policy__isnull=False, calendar__isnull=True)
                | Q(cause="calendar", calendar__isnull=False, policy__isnull=True)
                | Q(cause="customer", calendar__isnull=True, policy__isnull=True),
                name="a_recomputation_names_what_has_changed",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(listed_again_at__isnull=False, cancelled_at__isnull=True),
                name="a_recomputation_ends_after_it_has_looked_twice",
            ),
        ]
        indexes = [
            models.Index(
                fields=["begins_at", "id"],
                condition=Q(finished_at__isnull=True, cancelled_at__isnull=True),
                name="recomputations_to_work_off",
            )
        ]

    def __str__(self) -> str:
        changed = self.policy or self.calendar
        return f"{self.get_cause_display()}: {changed}" if changed else self.get_cause_display()

    @property
    def is_over(self) -> bool:
        """Finished or cancelled."""
        return self.finished_at is not None or self.cancelled_at is not None

    def is_waiting(self, now: datetime) -> bool:
        """Not begun, because what has changed is not in force yet."""
        return not self.is_over and self.listed_at is None and self.begins_at > now


class TicketToRecompute(models.Model):
    """One ticket of a recomputation; its row is marked done in the transaction that decides the ticket's clocks."""

    recomputation = models.ForeignKey(Recomputation, on_delete=models.CASCADE, related_name="items", db_index=False)
    # Checked by the database, a list of many tickets would hold a lock on each of them, and the desk would stand still.
    ticket = models.ForeignKey(
        "complaints.Ticket", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    moved = models.PositiveSmallIntegerField(_("due times moved"), default=0)

    class Meta:
        verbose_name = _("ticket to recompute")
        verbose_name_plural = _("tickets to recompute")
        ordering = ["ticket"]
        constraints = [
            models.UniqueConstraint(fields=["recomputation", "ticket"], name="a_ticket_is_recomputed_once_for_a_cause")
        ]
        indexes = [
            models.Index(
                fields=["recomputation", "ticket"], condition=Q(done_at__isnull=True), name="tickets_to_recompute_next"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recomputation_id} {self.ticket_id}"


class CalendarSeen(models.Model):
    """The version of a calendar for which running clocks were last decided anew, or are being so."""

    calendar = models.OneToOneField("calendars.Calendar", on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(_("version"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("calendar taken into account")
        verbose_name_plural = _("calendars taken into account")

    def __str__(self) -> str:
        return f"{self.calendar} v{self.version}"
