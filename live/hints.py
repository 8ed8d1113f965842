"""What changed, as keys only: told after the commit, so that open pages fetch again. Never the thing itself."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from typing import Self

from django.db import transaction

from live import channel

_are_heard: ContextVar[bool] = ContextVar("are_heard", default=True)


@contextmanager
def unheard() -> Iterator[None]:
    """Tell nobody of what happens inside: a past that is played in a database of its own is no news on open pages."""
    before = _are_heard.set(False)
    try:
        yield
    finally:
        _are_heard.reset(before)


class Unreadable(ValueError):
    """What came over the channel is not a hint."""


@dataclass
class Hints:
    """Keys of what changed. Whether somebody hears of it is decided anew each time, for each of those who look."""

    tickets: set[int] = field(default_factory=set)
    """Something happened to them: for whoever may see them now (R1)."""
    units: set[int] = field(default_factory=set)
    """Something has left their lists: for whoever works in them, though they may not see the ticket any more."""
    people: set[int] = field(default_factory=set)
    """Something has left their own lists."""
    readers: set[int] = field(default_factory=set)
    """A message for them stands in the application."""

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))

    def add(self, other: "Hints") -> None:
        """Take in what another one says."""
        for each in fields(self):
            getattr(self, each.name).update(getattr(other, each.name))

    def written(self) -> str:
        """As it goes over the channel."""
        return json.dumps({each.name: sorted(getattr(self, each.name)) for each in fields(self)})

    @classmethod
    def read(cls, text: str) -> Self:
        """From the channel. Raises Unreadable for anything but lists of keys by their names."""
        try:
            given = json.loads(text)
            hints = cls(**{name: set(keys) for name, keys in given.items()})
        except (AttributeError, TypeError, ValueError, RecursionError) as error:
            raise Unreadable(f"not a hint: {text[:100]!r}") from error
        if not all(isinstance(key, int) for each in fields(cls) for key in getattr(hints, each.name)):
            raise Unreadable(f"a key that is none: {text[:100]!r}")
        return hints


def tell(
    *,
    tickets: Iterable[int] = (),
    units: Iterable[int] = (),
    people: Iterable[int] = (),
    readers: Iterable[int] = (),
) -> None:
    """Hint at these keys once the transaction has committed; all hints of one transaction leave together.

    A hint that cannot be sent is lost, and only the pages are a little later: nothing depends on it.
    """
    hints = Hints(set(tickets), set(units), set(people), set(readers))
    if not hints or not _are_heard.get():
        return
    waiting = _of_this_transaction()
    if waiting is not None:
        waiting.hints.add(hints)
    else:
        transaction.on_commit(_Leaving(hints), robust=True)


class _Leaving:
    """The hints of one transaction, on their way at its commit."""

    def __init__(self, hints: Hints) -> None:
        self.hints = hints

    def __call__(self) -> None:
        channel.publish(self.hints.written())


def _of_this_transaction() -> _Leaving | None:
    """The hints that wait for the same commit and would be undone by the same savepoints, if there are some."""
    connection = transaction.get_connection()
    for savepoints, told, _robust in reversed(connection.run_on_commit):
        if isinstance(told, _Leaving) and savepoints == set(connection.savepoint_ids):
            return told
    return None
