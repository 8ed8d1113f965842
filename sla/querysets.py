"""Questions to policies and clocks."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from complaints.models import Category, Ticket
from sla.kinds import LimitUnit

if TYPE_CHECKING:
    from sla.models import Clock, Policy  # noqa: F401

SELECTORS = ("scope", "urgency", "brand", "tier", "medium", "variant")
PRECEDENCE = ("scope", "category", "urgency", "brand", "tier", "medium", "variant")


@dataclass(frozen=True)
class Situation:
    """What a policy is chosen by (R27)."""

    kind: str
    category: Category
    urgency: str = ""
    brand: str = ""
    tier: str = ""
    scope: str = ""
    medium: str = ""
    variant: str = ""
    consented_days: int | None = None

    @classmethod
    def of(cls, ticket: Ticket, kind: str, *, variant: str = "", consented_days: int | None = None) -> Self:
        """The situation of a ticket as it is filed now."""
        return cls(
            kind=kind,
            category=ticket.category,
            urgency=ticket.urgency,
            brand=ticket.customer.brand,
            tier=ticket.customer.tier,
            scope=ticket.category.special_scope,
            medium=ticket.medium,
            variant=variant,
            consented_days=consented_days,
        )


class PolicyQuerySet(models.QuerySet["Policy"]):
    """Which policies hold, and which of them for a case."""

    def published(self) -> Self:
        """Published once, in force or replaced since."""
        return self.exclude(status="draft")

    def in_force(self, at: datetime) -> Self:
        """Published, begun and not replaced at this instant; half-open."""
        begun = Q(effective_from__isnull=True) | Q(effective_from__lte=at)
        lasting = Q(effective_until__isnull=True) | Q(effective_until__gt=at)
        return self.published().filter(begun & lasting)

    def overlapping(self, start: datetime | None, end: datetime | None) -> Self:
        """In force at some time from `start` until `end`; None is without bound."""
        overlapping = self
        if end is not None:
            overlapping = overlapping.filter(Q(effective_from__isnull=True) | Q(effective_from__lt=end))
        if start is not None:
            overlapping = overlapping.filter(Q(effective_until__isnull=True) | Q(effective_until__gt=start))
        return overlapping

    def matching(self, situation: Situation) -> Self:
        """Those that cover the situation: each selector says the same or 'any'."""
        steps = range(len(situation.category.path), 0, -Category.steplen)
        above = [situation.category.path[:end] for end in steps]
        matching = Q(category__isnull=True) | Q(category__path__in=above)
        for selector in SELECTORS:
            matching &= Q(**{f"{selector}__in": {"", getattr(situation, selector)}})
        if situation.consented_days is not None:
            matching &= ~Q(limit_unit=LimitUnit.CONSENTED_DAYS, limit__lt=situation.consented_days)
        return self.filter(matching, kind=situation.kind)

    def by_precedence(self) -> Self:
        """What wins comes first: scope, depth of category, urgency, brand, tier, medium; a value beats 'any' (R27).

        Among policies that match one situation a selector is empty or that one value, and empty text sorts first.
        """
        deepest = F("category__depth").desc(nulls_last=True)
        return self.order_by("-scope", deepest, "-urgency", "-brand", "-tier", "-medium", "-variant", "-pk")

    def choose(self, situation: Situation, *, at: datetime) -> "Policy | None":
        """The policy that applies, or None where there is none (R27)."""
        return self.in_force(at).matching(situation).by_precedence().select_related("calendar", "category").first()


class ClockQuerySet(models.QuerySet["Clock"]):
    """Which clocks run, which are due."""

    def running(self) -> Self:
        """Not ended; a breached clock still runs."""
        return self.filter(ended_at__isnull=True)

    def due(self, now: datetime) -> Self:
        """With a warning or a breach to call by now, in the order in which they fell due."""
        return self.filter(next_at__lte=now).order_by("next_at", "pk")

    def breached(self) -> Self:
        """Missed, whether ended or not."""
        return self.filter(breached_at__isnull=False)

    def with_ticket(self) -> Self:
        """With what an explanation and an escalation need."""
        return self.select_related("ticket", "ticket__category", "policy", "policy__calendar", "unit")
