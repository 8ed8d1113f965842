"""Telling the customer the outcome (回复)."""

from datetime import datetime
from typing import Any

from accounts.models import Person
from api.endpoints import TicketInput, TicketOperation
from api.fields import Choice, Moment, Text
from complaints.actions import replying
from complaints.actions.replying import REPLY_MEDIA, SPOKEN
from complaints.models import Ticket
from complaints.states import AttemptResult, Medium

MEDIA = [(value, label) for value, label in Medium.choices if value in REPLY_MEDIA]
SAID = [(value, label) for value, label in Medium.choices if value in SPOKEN]
MISSED = [(value, label) for value, label in AttemptResult.choices if value != AttemptResult.REACHED]


class RejectFeedback(TicketOperation):
    """Give the feedback back to its handler; no longer solved at first feedback."""

    class Input(TicketInput):
        """Why."""

        reason = Text()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        replying.reject_feedback(ticket, reason=asked["reason"], by=by, at=at)


class BeginReply(TicketOperation):
    """Take the reply in hand, so that nobody replies in parallel (R42)."""

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        replying.begin_reply(ticket, by=by, at=at)


class ReleaseReply(TicketOperation):
    """Let go of a begun reply (R42)."""

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        replying.release_reply(ticket, by=by, at=at)


class AttemptReply(TicketOperation):
    """Record an attempt that did not reach the customer, and plan the next one (R43)."""

    class Input(TicketInput):
        """How it ended, and when the next one is."""

        medium = Choice(MEDIA)
        result = Choice(MISSED)
        next_at = Moment(help_text="In permitted hours.")
        note = Text(optional=True)

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        replying.attempt_reply(
            ticket,
            medium=asked["medium"],
            result=asked["result"],
            next_at=asked["next_at"],
            note=asked["note"],
            by=by,
            at=at,
        )


class Reply(TicketOperation):
    """Record a reply that reached the customer; refused in quiet hours without consent or promise (R23, R40–R42)."""

    class Input(TicketInput):
        """What was said, and how; letters, faxes and e-mails are written, approved and then sent."""

        medium = Choice(SAID)
        text = Text()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        replying.reply(ticket, medium=asked["medium"], text=asked["text"], by=by, at=at)
