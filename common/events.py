"""What has happened, told to whoever follows it.

An action publishes an event in its own transaction; `config/reactions.py` is the one table of who follows whom.
A reaction that fails undoes the whole action. What follows from one event follows by one edition of the configuration.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from common.kept import one_edition

Reaction = Callable[[Any], None]


@cache
def reactions() -> Mapping[type, Sequence[Reaction]]:
    """The table named by the setting REACTIONS: event class to the functions that follow it, in order."""
    return import_string(settings.REACTIONS)


def in_one_go(react: Reaction) -> Reaction:
    """Marks a reaction that takes all events of its kind that happened in one deed, as a list, in their order."""
    react.takes_many = True  # type: ignore[attr-defined]
    return react


def publish(event: object) -> None:
    """Tell every follower of this event, in the same transaction. Raises KeyError for an event not in the table."""
    publish_all([event])


def publish_all(events: Iterable[object]) -> None:
    """Tell the followers of many events, one kind after the other, those of a kind in their order. Raises KeyError."""
    happened: dict[type, list[object]] = {}
    for event in events:
        happened.setdefault(type(event), []).append(event)
    for kind, alike in happened.items():
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError(f"{kind.__name__} was published outside a transaction")
        with one_edition():
            for react in reactions()[kind]:
                for given in [alike] if getattr(react, "takes_many", False) else alike:
                    react(given)
