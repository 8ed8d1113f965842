"""What tests of clocks say often."""

from datetime import datetime, timedelta

from complaints.actions.concluding import Outcome
from complaints.models import Ticket
from complaints.states import Liability, Verdict
from sla.models import Clock

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


def later(at: datetime, **by: float) -> datetime:
    """An instant so much after another."""
    return at + timedelta(**by)
