"""What an activity of a log can say about a ticket: one of our states, a hold, or nothing."""

from enum import StrEnum


class Word(StrEnum):
    """How a ticket stands after an event of the log; section 3 of the domain."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    REPLYING = "replying"
    REPLIED = "replied"
    CALLBACK = "callback"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    HELD = "held"
    AWAITING_CUSTOMER = "awaiting_customer"
    """Held, and the reply clock stands still as well (R6)."""
    NOTE = "note"
    """Says nothing about the state."""


BEFORE_DISPATCH = frozenset({Word.ACCEPTED, Word.RETURNED})
HOLDS = frozenset({Word.HELD, Word.AWAITING_CUSTOMER})
IN_HAND = frozenset({Word.DISPATCHED, Word.HANDLING}) | HOLDS
ANSWERED = frozenset({Word.REPLIED, Word.CALLBACK, Word.CLOSED})
"""The customer has heard the outcome; whatever goes back from here is a reopening."""


class Verdict(StrEnum):
    """Whether an obligation was kept."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "unknown"
