"""Rules saying no, written for the person who asked.

Four questions have four answers: may you see it (404), is it yours to do (403), can it happen now (409),
is it well formed (400). The edges turn a refusal into a form error or a problem document; nothing was written.
"""

from collections.abc import Mapping, Sequence
from typing import Any


class Refusal(Exception):
    """A rule says no. `code` is stable for machines, the message is for people, `facts` are for both."""

    status = 409

    def __init__(self, message: str, *, code: str, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return str(self.message)


class NotPossible(Refusal):
    """It cannot happen now: the state or a condition forbids it (R3)."""


class Stale(NotPossible):
    """The write was made on an old view; `facts["changes"]` says what happened since (R4)."""


class NotYours(Refusal):
    """It is not this person's to do (R3)."""

    status = 403


class Malformed(Refusal):
    """The input is not well formed; `errors` maps each field to what is wrong with it."""

    status = 400

    def __init__(
        self, message: str, *, errors: Mapping[str, Sequence[str]], code: str = "malformed", **facts: Any
    ) -> None:
        super().__init__(message, code=code, **facts)
        self.errors = {field: list(messages) for field, messages in errors.items()}
