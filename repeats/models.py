"""Repeat complaints (重复投诉, R81): which ticket repeats which, and what makes one count as such."""

from typing import Self

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.rules import OneRow
from complaints.models import Ticket


class Ground(models.TextChoices):
    """How the earlier ticket stood, which makes the new one a repeat; what weighs most comes first."""

    DISSATISFIED = "dissatisfied", _("answered to no satisfaction")
    OVERDUE = "overdue", _("overdue")
    ANSWERED = "answered", _("answered already")
    OPEN = "open", _("accepted already")


class Match(models.TextChoices):
    """By what the customer was recognised; what is surest comes first."""

    CUSTOMER = "customer", _("the same customer")
    NUMBER = "number", _("the same contact number")
    ADDRESS = "address", _("the same address")


class Standing(models.TextChoices):
    """Whether it is one."""

    FOUND = "found", _("found by the system")
    CONFIRMED = "confirmed", _("confirmed")
    REJECTED = "rejected", _("rejected")


class RepeatRules(OneRow):
    """One row: how far back and how near by a repeat is looked for."""

    within_days = models.PositiveSmallIntegerField(_("within (days)"), default=30)
    levels_alike = models.PositiveSmallIntegerField(
        _("levels of the category that are the same"),
        default=2,
        help_text=_("1: the top type; 2: and the type below it; 3: the very same category."),
    )
    same_address_at_most = models.PositiveSmallIntegerField(
        _("customers at one address at most"),
        default=10,
        help_text=_("An address that more customers share tells nobody apart."),
    )

    class Meta:
        verbose_name = _("rules for repeats")
        verbose_name_plural = _("rules for repeats")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_row_of_repeat_rules"),
            models.CheckConstraint(
                condition=Q(within_days__range=(1, 366), levels_alike__range=(1, 5)),
                name="repeats_are_looked_for_within_sane_bounds",
            ),
        ]

    def __str__(self) -> str:
        return str(_("rules for repeats"))


class RepeatQuerySet(models.QuerySet["Repeat"]):
    """Questions to repeats."""

    def standing(self) -> Self:
        """Found or confirmed: those that count and make a chain."""
        return self.exclude(standing=Standing.REJECTED)

    def of(self, ticket: Ticket) -> "Repeat | None":
        """The one by which a ticket counts as a repeat, if it does."""
        return self.standing().filter(ticket=ticket).select_related("earlier", "decided_by").first()


class Repeat(models.Model):
    """One ticket repeats an earlier one; `first` is the ticket with which their chain begins."""

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.PROTECT, related_name="repeats")
    earlier = models.ForeignKey("complaints.Ticket", on_delete=models.PROTECT, related_name="repeated_by")
    first = models.ForeignKey("complaints.Ticket", on_delete=models.PROTECT, related_name="chain")
    ground = models.CharField(_("because it was"), max_length=20, choices=Ground)
    match = models.CharField(_("recognised by"), max_length=20, choices=Match)
    standing = models.CharField(_("standing"), max_length=20, choices=Standing)
    found_at = models.DateTimeField(_("found"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")

    objects = RepeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("repeat")
        verbose_name_plural = _("repeats")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=~Q(standing=Standing.REJECTED),
                name="a_ticket_repeats_one_other_at_a_time",
            ),
            models.UniqueConstraint(fields=["ticket", "earlier"], name="two_tickets_are_judged_once"),
            models.CheckConstraint(
                condition=Q(ticket__gt=models.F("earlier")), name="a_repeat_comes_after_what_it_repeats"
            ),
            models.CheckConstraint(
                condition=Q(standing=Standing.FOUND, decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(standing=Standing.FOUND) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="who_decided_about_a_repeat_is_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} → {self.earlier_id}"


auditlog.register(RepeatRules)
