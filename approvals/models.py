"""Approval of solutions (方案审批, R33): who may decide what by themselves, and what was put to somebody higher."""

from datetime import datetime
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Authority, Person, Role, keys_under
from complaints.models.permissions import SUPERVISING


class SolutionKind(models.TextChoices):
    """What is offered to the customer."""

    COMPENSATION = "compensation", _("compensation")
    WAIVER = "waiver", _("waiver")
    EXCEPTION = "exception", _("exception")


class AuthorityLevel(models.Model):
    """Up to what amount a role decides by itself; no amount means without limit (section 15)."""

    role = models.CharField(_("role"), max_length=30, choices=Role)
    kind = models.CharField(_("kind"), max_length=20, choices=SolutionKind)
    up_to = models.DecimalField(_("up to (yuan)"), max_digits=10, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("authority level")
        verbose_name_plural = _("authority levels")
        ordering = ["kind", models.F("up_to").asc(nulls_last=True), "role"]
        constraints = [
            models.UniqueConstraint(fields=["role", "kind"], name="a_role_has_one_authority_for_a_kind"),
            models.CheckConstraint(
                condition=Q(up_to__isnull=True) | Q(up_to__gte=0), name="an_authority_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.get_role_display()} · {self.get_kind_display()} · {self.up_to if self.up_to is not None else '∞'}"
        )

    def covers(self, amount: Decimal) -> bool:
        """Whether this level decides about an amount."""
        return self.up_to is None or amount <= self.up_to


class Decision(models.TextChoices):
    """How an approval ended."""

    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    GRANTED = "granted", _("granted within one's authority")


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """Questions to approvals."""

    def open(self) -> Self:
        """Neither decided nor withdrawn."""
        return self.filter(decision="")

    def for_person(self, person: Person, at: datetime) -> Self:
        """The open ones that this person may decide: by role over the unit, never their own."""
        return self.covered_by(person, at).open().exclude(requested_by=person)

    def covered_by(self, person: Person, at: datetime) -> Self:
        """Those that the roles of this person cover, open or decided."""
        return self.filter(_decidable(person.authority(at)))

    def decided_under(self, person: Person, at: datetime) -> Self:
        """What was decided or granted in the units that this person leads or supervises, latest first."""
        paths = person.authority(at).paths(Role.UNIT_LEAD, *SUPERVISING)
        units = keys_under(*paths)
        return (
            self.exclude(decision="")
            .filter(unit__in=units)
            .select_related("ticket", "unit", "requested_by", "decided_by")
            .order_by("-decided_at", "-pk")
        )

    def with_people(self) -> Self:
        """All that a line of a list shows, in one query."""
        return self.select_related("ticket", "ticket__category", "unit", "requested_by", "decided_by").order_by(
            "requested_at", "pk"
        )


def _decidable(authority: Authority) -> Q:
    mine = Q(pk__in=[])
    for grant in authority.grants:
        mine |= Q(roles__contains=[grant.role], unit__in=keys_under(grant.path))
    return mine


class Approval(models.Model):
    """A solution that waits for somebody's yes before the customer hears of it."""

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.CASCADE, related_name="approvals")
    round = models.PositiveSmallIntegerField(_("round"))
    kind = models.CharField(_("kind"), max_length=20, choices=SolutionKind)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=10, decimal_places=2)
    solution = models.TextField(_("solution"))
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    roles = models.JSONField(_("who may decide"), default=list)
    requested_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("requested"))
    decision = models.CharField(_("decision"), max_length=20, choices=Decision, blank=True)
    decided_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    note = models.TextField(_("reason"), blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(decision=""), name="a_ticket_awaits_one_approval"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_approval_is_about_an_amount"),
            models.CheckConstraint(
                condition=~Q(decision__in=["approved", "refused"])
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=models.F("requested_by"))),
                name="nobody_approves_their_own_solution",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return not self.decision
