"""What callbacks do when a ticket moves (R70, R74)."""

from callbacks.actions import ending, opening
from complaints.events import Moved

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
