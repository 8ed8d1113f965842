"""Ending the work of a person or unit: what they own and hold is handed over first (R13).

Tickets lie above this app, so whoever knows of work names its function in the setting LEFT_BEHIND.
"""

from collections.abc import Callable, Sequence
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import Person, Unit

LeftBehind = Callable[[Person | Unit], Sequence[str]]


@cache
def _finders() -> tuple[LeftBehind, ...]:
    return tuple(import_string(name) for name in settings.LEFT_BEHIND)


def left_behind(who: Person | Unit) -> list[str]:
    """What would be left without anybody, in sentences that say how much and where; empty where they may go."""
    return [sentence for find in _finders() for sentence in find(who)]
