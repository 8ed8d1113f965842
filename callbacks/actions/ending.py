"""A callback that nobody needs any more, because its ticket went on without it."""

from datetime import datetime

from accounts.models import Person
from callbacks.actions import surveys
from callbacks.answers import Standing
from callbacks.events import RoundsDecided
from callbacks.models import Callback
from common.events import publish
from complaints.models import Ticket


def cancel_open(ticket: Ticket, *, at: datetime) -> None:
    """Cancel the open callback of a ticket that was reopened, cancelled or closed otherwise; its link is dead then."""
    for callback in Callback.objects.select_for_update(of=("self",)).open().filter(ticket=ticket).order_by("pk"):
        callback.end(Standing.CANCELLED, at=at)
        callback.take_out_of_hand()
        callback.save()
        surveys.end(callback, at=at)


def settle_decisions(ticket: Ticket, *, by: Person | None, at: datetime) -> None:
    """Whoever reopens a ticket has decided what a supervisor was to decide (R74)."""
    for callback in Callback.objects.select_for_update(of=("self",)).filter(ticket=ticket, awaits_decision=True):
        callback.ticket = ticket
        settle(callback, by=by, at=at)


def settle(callback: Callback, *, by: Person | None, at: datetime) -> None:
    """Note that a locked callback awaits no decision any more, and who took it."""
    callback.awaits_decision, callback.decided_at, callback.decided_by = False, at, by
    callback.save(update_fields=["awaits_decision", "decided_at", "decided_by"])
    publish(RoundsDecided(callback=callback, by=by, at=at))
