"""A past that is being made for the desk: until it is there its lists are empty, and who comes in is told why."""

from typing import NamedTuple

from common.remembering import recall, remember

KEY = "past-being-made"
BELIEVED = 60
"""Seconds; who makes it says so more often, and one that has died says nothing."""


class Coming(NamedTuple):
    """How far it is, in complaints."""

    made: int
    all: int


def say(made: int, of: int) -> None:
    """It is so far; with everything made, it is there."""
    remember(KEY, (made, of) if made < of else None, seconds=BELIEVED)


def heard() -> Coming | None:
    """How far it is, where one is being made."""
    said = recall([KEY]).get(KEY)
    return Coming(*said) if said else None
