"""What follows for letters when a ticket moves."""

from complaints.events import Moved
from letters.actions import drafting

ENDING_MOVES = {"reply", "cancel", "conclude_unreachable", "reject_feedback", "reopen"}


def follow(event: Moved) -> None:
    """A letter in the making is given up when the customer is answered by another way, or the reply is not due yet."""
    if event.move in ENDING_MOVES:
        drafting.withdraw_with(event.ticket, at=event.at)
