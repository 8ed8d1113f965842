"""The board as of a moment ago: many screens look at it, so it is counted once every few seconds for each scope."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import get_language

from accounts.models import Person
from desk.board import Board, board_for
from lists.actions import digest


def board_of(person: Person, now: datetime) -> Board:
    """The board of this person, at most `BOARD_KEPT_SECONDS` old; it says as of when it stood.

    People with the same roles over the same units share it: they see the same tickets.
    """
    kept_for = settings.BOARD_KEPT_SECONDS
    if not kept_for:
        return board_for(person, now)
    key = f"board:{get_language()}:{digest(person.authority(now))}"
    kept: Board | None = cache.get(key)
    if kept is not None and now - timedelta(seconds=kept_for) <= kept.as_of <= now:
        return kept
    board = board_for(person, now)
    cache.set(key, board, kept_for)
    return board
