"""What follows for repeats when something has happened to a ticket."""

from complaints.events import Accepted, Reclassified
from repeats.actions import linking


def look(event: Accepted) -> None:
    """A ticket was accepted: does it repeat another (R81)?"""
    linking.find(event.ticket, at=event.at)


def look_again(event: Reclassified) -> None:
    """It is filed under another category."""
    if event.new.get("category") != event.old.get("category"):
        linking.look_again(event.ticket, at=event.at)
