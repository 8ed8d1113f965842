"""What follows for approvals when a ticket moves."""

from approvals import actions
from complaints.events import Moved

ENDING_MOVES = {"cancel", "transfer", "send_back", "conclude_unreachable", "reject_feedback"}


def follow(event: Moved) -> None:
    """A request is withdrawn when its ticket ends or goes to somebody else."""
    if event.move in ENDING_MOVES and event.ticket.open_approvals:
        actions.withdraw_with(event.ticket, at=event.at)
