"""The board as of a moment ago: many screens look at it, so it is counted once every few seconds for each scope.

Whoever looks at a board has it counted anew in the background for a while, so that the next look need not wait.
"""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import get_language, override

from accounts.models import Person
from common.remembering import recall, remember
from desk.board import Board, board_for
from lists.actions import digest

LOOKED_AT = "boards-looked-at"
WATCHED_FOR = timedelta(minutes=1)
NOTED_EVERY = timedelta(seconds=10)
AT_MOST = 3.0
"""Seconds for one turn of counting; boards that it does not come to are counted by whoever looks at them."""

ANEW_AFTER = 0.6
"""Of the time that a board may be kept: what is left is enough for the next turn, a second later, and the counting."""

Looked = dict[str, tuple[int, str, datetime]]
"""For each snapshot whose it is, in which language, and when it was looked at last."""


def board_of(person: Person, now: datetime) -> Board:
    """The board of this person, at most `BOARD_KEPT_SECONDS` old; it says as of when it stood.

    People with the same roles over the same units share it: they see the same tickets.
    """
    kept_for = settings.BOARD_KEPT_SECONDS
    if not kept_for:
        return board_for(person, now)
    language = get_language() or settings.LANGUAGE_CODE
    key = f"board:{language}:{digest(person.authority(now))}"
    _note_look(key, person, language, now)
    kept: Board | None = recall([key]).get(key)
    if kept is not None and now - timedelta(seconds=kept_for) <= kept.as_of <= now:
        return kept
    return _count(key, person, now)


def count_anew(now: datetime) -> int:
    """Count the boards anew that are looked at and that will soon be as old as they may be; says how many."""
    begun, counted = time.monotonic(), 0
    fresh_until = now - timedelta(seconds=settings.BOARD_KEPT_SECONDS) * ANEW_AFTER
    looked: Looked = recall([LOOKED_AT]).get(LOOKED_AT, {})
    for key, (who, language, at) in looked.items():
        if at < now - WATCHED_FOR or time.monotonic() - begun > AT_MOST:
            continue
        kept: Board | None = recall([key]).get(key)
        if kept is not None and kept.as_of > fresh_until:
            continue
        person = Person.objects.filter(pk=who, is_active=True).first()
        # Of other roles by now: their next look is at another snapshot.
        if person is None or not key.endswith(digest(person.authority(now))):
            continue
        with override(language):
            _count(key, person, now)
        counted += 1
    return counted


def _count(key: str, person: Person, now: datetime) -> Board:
    board = board_for(person, now)
    remember(key, board, seconds=settings.BOARD_KEPT_SECONDS)
    return board


def _note_look(key: str, person: Person, language: str, now: datetime) -> None:
    """Two who note at once may lose one of the looks; its next one comes within seconds."""
    looked: Looked = recall([LOOKED_AT]).get(LOOKED_AT, {})
    if key in looked and now - NOTED_EVERY <= looked[key][2] <= now:
        return
    looked = {name: look for name, look in looked.items() if look[2] > now - WATCHED_FOR}
    remember(LOOKED_AT, looked | {key: (person.pk, language, now)}, seconds=WATCHED_FOR.total_seconds())
