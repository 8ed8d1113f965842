"""Questions to policies and clocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from calendars.models import Calendar
from complaints.models import Category, Ticket
from sla.kinds import Kind, LimitUnit, Variant
from sla.precedence import PRECEDENCE, Selectors

if TYPE_CHECKING:
    from sla.models import Clock, Policy, Recomputation  # noqa: F401

SELECTORS = tuple(name for name in PRECEDENCE if name != "category")
SELECTED_BY = {
    "scope": "ticket__category__special_scope",
    "urgency": "ticket__urgency",
    "brand": "ticket__customer__brand",
    "tier": "ticket__customer__tier",
    "medium": "ticket__medium",
}
"""Where a ticket says what a selector asks; the variant is decided with the clock."""
COUNTED_IN_WORKING_TIME = (LimitUnit.WORKING_MINUTES, LimitUnit.WORKING_DAYS, LimitUnit.CONSENTED_DAYS)


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

    @property
    def selectors(self) -> Selectors:
        """What the case is, as plain values."""
        return selectors_of(self, self.category)


def selectors_of(said: "Situation | Policy", category: Category | None) -> Selectors:
    """What a case is, or what a policy asks for, as plain values; the category as its way down from the root."""
    path = category.path if category is not None else ""
    steps = tuple(path[begin : begin + Category.steplen] for begin in range(0, len(path), Category.steplen))
    return Selectors(category=steps, **{name: getattr(said, name) for name in SELECTORS})


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
        """In force at some time from `start` until `end`; None is without bound. What never began overlaps nothing."""
        overlapping = self.exclude(effective_until__isnull=False, effective_until=F("effective_from"))
        if end is not None:
            overlapping = overlapping.filter(Q(effective_from__isnull=True) | Q(effective_from__lt=end))
        if start is not None:
            overlapping = overlapping.filter(Q(effective_until__isnull=True) | Q(effective_until__gt=start))
        return overlapping

    def not_over(self, at: datetime) -> Self:
        """Drafts, and published versions that are in force at an instant or come into force later."""
        return self.exclude(effective_until__lte=at).exclude(
            effective_until__isnull=False, effective_until=F("effective_from")
        )

    def with_selectors(self) -> Self:
        """With what deciding asks of them."""
        return self.select_related("category", "calendar")


def _covered_by(policy: "Policy") -> Q:
    """Clocks of which a policy says nothing else than their tickets do; those it does not cover may be among them."""
    covered = Q(kind=policy.kind)
    if policy.category is not None:
        covered &= Q(ticket__category__path__startswith=policy.category.path)
    for selector, field in SELECTED_BY.items():
        if wanted := getattr(policy, selector):
            covered &= Q(**{field: wanted})
    return covered


def _certainly_covered_by(policy: "Policy") -> Q:
    """Clocks that a policy covers, but for those whose case is decided only with them."""
    covered = _covered_by(policy)
    if policy.kind == Kind.REPLY:
        if policy.limit_unit == LimitUnit.CONSENTED_DAYS:
            covered &= Q(consented_days__isnull=True) | Q(consented_days__lte=policy.limit)
        if policy.variant == Variant.CONSENTED:
            covered &= Q(consented_days__gt=0)
    elif policy.variant:
        covered &= Q(pk__in=[])
    return covered


class ClockQuerySet(models.QuerySet["Clock"]):
    """Which clocks run, which are due."""

    def running(self) -> Self:
        """Not ended; a breached clock still runs."""
        return self.filter(ended_at__isnull=True)

    def due(self, now: datetime) -> Self:
        """With a warning or a breach to call by now, in the order in which they fell due."""
        return self.filter(next_at__lte=now).order_by("next_at", "pk")

    def under(self, policy: "Policy", *, beside: Iterable["Policy"] = ()) -> Self:
        """Running clocks that a policy concerns: decided by an earlier version of it, or now covered by it (R27).

        Covered ones that it certainly does not win are left out: those that a heavier one of `beside`, the policies in
        force with it, covers as well.
        """
        won = _covered_by(policy)
        for other in beside:
            if other.kind == policy.kind and other.selectors.weight > policy.selectors.weight:
                won &= ~_certainly_covered_by(other)
        return self.running().filter(won | Q(policy__code=policy.code)).exclude(policy=policy)

    def counting_by(self, calendar: Calendar) -> Self:
        """Running clocks whose limit is counted by a calendar, or by the hours of a unit, which may follow it (R24)."""
        by_units_hours = Q(policy__calendar__isnull=True, policy__limit_unit__in=COUNTED_IN_WORKING_TIME)
        return self.running().filter(Q(policy__calendar=calendar) | by_units_hours)

    def breached(self) -> Self:
        """Missed, whether ended or not."""
        return self.filter(breached_at__isnull=False)

    def with_ticket(self) -> Self:
        """With what an explanation and an escalation need."""
        return self.select_related("ticket", "ticket__category", "policy", "policy__calendar", "unit")


class RecomputationQuerySet(models.QuerySet["Recomputation"]):
    """Which recomputations are to be worked off, and how far they are."""

    def unfinished(self) -> Self:
        """Neither finished nor cancelled."""
        return self.filter(finished_at__isnull=True, cancelled_at__isnull=True)

    def to_work_off(self, now: datetime) -> Self:
        """Begun by now and not over, the oldest first."""
        return self.unfinished().filter(begins_at__lte=now).order_by("begins_at", "pk")

    def with_progress(self) -> Self:
        """With how many tickets each has listed and done so far; of a finished one its own columns tell."""
        done = Q(items__done_at__isnull=False)
        return self.select_related("policy", "calendar", "asked_by").annotate(
            listed=Count("items"),
            done=Count("items", filter=done),
            moved_so_far=Coalesce(Sum("items__moved", filter=done), 0),
        )
