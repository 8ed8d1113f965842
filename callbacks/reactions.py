"""What callbacks do when a ticket moves, and whom an answer concerns (R70, R74)."""

from accounts.models import Person, Role
from callbacks.actions import ending, opening
from callbacks.events import DissatisfiedWithHandling
from complaints.events import Moved
from notifications import outbox
from notifications.kinds import Kind

CONCLUDING = {"resolve_on_site", "conclude"}
GOING_ON_WITHOUT = {"reopen", "cancel", "finish_callback"}


def follow(event: Moved) -> None:
    """A concluded round opens its callback or is exempt; a ticket that goes on without it needs it no more."""
    if event.move in CONCLUDING:
        opening.open_or_exempt(event.ticket, at=event.at)
    elif event.move in GOING_ON_WITHOUT:
        ending.cancel_open(event.ticket, at=event.at)
    if event.move == "reopen":
        ending.settle_decisions(event.ticket, by=event.by, at=event.at)


def tell_quality(event: DissatisfiedWithHandling) -> None:
    """Dissatisfied with the handling goes to quality: the inspectors over the unit that accepted the ticket (R74)."""
    ticket = event.callback.ticket
    outbox.put(
        Kind.DISSATISFIED_WITH_HANDLING,
        key=f"dissatisfied_with_handling:{event.callback.pk}",
        to=Person.objects.over(ticket.accepting_unit, Role.QUALITY_INSPECTOR, at=event.at),
        context={},
        at=event.at,
        ticket=ticket.reference,
    )
