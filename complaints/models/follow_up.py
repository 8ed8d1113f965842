"""The customer manager's follow-up (安抚) with a customer who does not accept the outcome (R44)."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Role, keys_under
from complaints.models.permissions import SUPERVISING


class FollowUpResult(models.TextChoices):
    """How the customer was left."""

    RECONCILED = "reconciled", _("reconciled")
    NOT_RECONCILED = "not_reconciled", _("still does not accept")
    NOT_REACHED = "not_reached", _("not reached")


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Questions to follow-ups."""

    def open(self) -> Self:
        """Without a result."""
        return self.filter(done_at__isnull=True)

    def for_person(self, person: Person, at: datetime) -> Self:
        """The open ones of this manager and of whom they stand in for; those of nobody are the supervisors'."""
        authority = person.authority(at)
        managers = {grant.person_id for grant in authority.grants if grant.role == Role.CUSTOMER_MANAGER}
        mine = Q(manager__in=managers)
        if paths := authority.paths(*SUPERVISING):
            mine |= Q(manager__isnull=True, ticket__accepting_unit__in=keys_under(*paths))
        return self.open().filter(mine)

    def for_list(self) -> Self:
        """All that a line of a list shows, first due first."""
        return self.select_related("ticket__category", "ticket__customer", "manager", "done_by").order_by(
            "due_at", "pk"
        )


class FollowUp(models.Model):
    """One task: speak with the customer, until when, and how it went."""

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.CASCADE, related_name="follow_ups")
    round = models.PositiveSmallIntegerField(_("round"))
    manager = models.ForeignKey(
        "accounts.Person", verbose_name=_("customer manager"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(_("since"))
    due_at = models.DateTimeField(_("due"))
    result = models.CharField(_("result"), max_length=20, choices=FollowUpResult, blank=True)
    text = models.TextField(_("what was said"), blank=True)
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "round"], name="a_round_is_followed_up_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, result="")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(result="")),
                name="a_follow_up_that_is_done_says_how",
            ),
        ]
        indexes = [
            models.Index(fields=["manager", "due_at"], condition=Q(done_at__isnull=True), name="open_follow_ups")
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.round}"
