"""What tests of clocks say often."""

from datetime import datetime, timedelta

from django.db.models import F, Q

from complaints.actions.concluding import Outcome
from complaints.models import Category, Ticket
from complaints.states import Liability, Verdict
from sla.models import Clock, Policy
from sla.querysets import Situation

ACCEPTED_BY_THE_CUSTOMER = Outcome(verdict=Verdict.ACCEPTS, liability=Liability.COMPANY, remedy="a refund")
NOT_ACCEPTED = Outcome(verdict=Verdict.DOES_NOT_ACCEPT, liability=Liability.COMPANY, remedy="a refund")


def running(ticket: Ticket) -> set[str]:
    """The kinds of clocks that run on a ticket now."""
    return set(Clock.objects.running().filter(ticket=ticket).values_list("kind", flat=True))


def clock_of(ticket: Ticket, kind: str) -> Clock:
    """The latest clock of a kind."""
    return Clock.objects.with_ticket().filter(ticket=ticket, kind=kind).latest("pk")


def ended(ticket: Ticket) -> dict[str, str]:
    """How the latest clock of each kind ended; running ones are left out."""
    return {
        clock.kind: clock.outcome
        for clock in Clock.objects.filter(ticket=ticket, ended_at__isnull=False).order_by("pk")
    }


def chosen_by_the_database(situation: Situation, *, at: datetime) -> Policy | None:
    """Which policy wins, by one question in SQL's words instead of ours (R27)."""
    above = [situation.category.path[:end] for end in range(len(situation.category.path), 0, -Category.steplen)]
    matching = Q(category__isnull=True) | Q(category__path__in=above)
    for selector in ("scope", "urgency", "brand", "tier", "medium", "variant"):
        matching &= Q(**{f"{selector}__in": {"", getattr(situation, selector)}})
    if situation.consented_days is not None:
        matching &= ~Q(limit_unit="consented_days", limit__lt=situation.consented_days)
    # Of those that match, a selector is empty or that one value, and empty text sorts first.
    deepest = F("category__depth").desc(nulls_last=True)
    order = ["-scope", deepest, "-urgency", "-brand", "-tier", "-medium", "-variant", "-pk"]
    return Policy.objects.in_force(at).filter(matching, kind=situation.kind).order_by(*order).first()


def later(at: datetime, **by: float) -> datetime:
    """An instant so much after another."""
    return at + timedelta(**by)
