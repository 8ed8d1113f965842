"""What has happened, told to whoever follows it.

An action publishes an event in its own transaction; `config/reactions.py` is the one table of who follows whom.
A reaction that fails undoes the whole action.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

Reaction = Callable[[Any], None]


@cache
def reactions() -> Mapping[type, Sequence[Reaction]]:
    """The table named by the setting REACTIONS: event class to the functions that follow it, in order."""
    return import_string(settings.REACTIONS)


def publish(event: object) -> None:
    """Tell every follower of this event, in the same transaction. Raises KeyError for an event not in the table."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{type(event).__name__} was published outside a transaction")
    for react in reactions()[type(event)]:
        react(event)
