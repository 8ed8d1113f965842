"""A clock that jumps from one due instant to the next, as the sweeps would live them."""

from collections.abc import Iterator
from datetime import datetime

from complaints.models import Ticket
from escalation.actions import sweeping
from escalation.models import Escalation
from sla.actions.sweeping import call_due, next_due_instant
from sla.models import Clock


def play(until: datetime) -> None:
    """Let everything happen that falls due until this instant, included, each at its own instant."""
    for now in _instants(until):
        call_due(now)
        sweeping.fire_due(now)


def wake_up(now: datetime) -> None:
    """What the first sweep does after an outage: all that fell due meanwhile, at once."""
    call_due(now)
    sweeping.fire_due(now)


def _instants(until: datetime) -> Iterator[datetime]:
    while True:
        due = [instant for instant in (next_due_instant(), sweeping.next_instant()) if instant is not None]
        if not due or min(due) > until:
            return
        yield min(due)


def clock(ticket: Ticket, kind: str) -> Clock:
    """The latest clock of a kind."""
    return Clock.objects.filter(ticket=ticket, kind=kind).latest("pk")


def raised(ticket: Ticket, **only: object) -> list[Escalation]:
    """What was raised on a ticket, in order."""
    fired = Escalation.objects.with_people().filter(ticket=ticket, noticed_at__isnull=False, **only)
    return list(fired.order_by("noticed_at", "pk"))


def whom(escalation: Escalation) -> set[str]:
    """The logins of those who were told."""
    return {person.username for person in escalation.recipients.all()}
