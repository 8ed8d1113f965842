"""Beside the state: chase-ups, comments, and how a matter is filed (R11, R27, R32, R93)."""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404

from accounts.models import Person
from api.endpoints import TicketInput, TicketOperation
from api.fields import ByCode, Choice, Line, Record, Text
from complaints.actions import chasing, classifying, commenting
from complaints.models import Category, Ticket
from complaints.states import Addressee, Level, Medium, Urgency


class ChaseUpInput(TicketInput):
    """What the customer asked."""

    text = Text()
    medium = Choice(Medium.choices, default=Medium.PHONE)


class ChaseUp(TicketOperation):
    """Record that the customer asked again (催单, R32)."""

    Input = ChaseUpInput

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        chasing.chase_up(ticket, text=asked["text"], medium=asked["medium"], by=by, at=at)


class AnswerChaseUp(TicketOperation):
    """Answer a chase-up."""

    class Input(TicketInput):
        """The answer."""

        answer = Text()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        chase = get_object_or_404(ticket.chase_ups, number=asked["number"])
        chasing.answer_chase_up(chase, text=asked["answer"], by=by, at=at)


class TextInput(TicketInput):
    """What is said."""

    text = Text()


class Comment(TicketOperation):
    """Leave a word for colleagues."""

    Input = TextInput

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        commenting.comment(ticket, text=asked["text"], by=by, at=at)


class Reclassify(TicketOperation):
    """Change category or urgency; running clocks are re-decided (R27)."""

    class Input(TicketInput):
        """How it is filed from now on."""

        category = ByCode(
            queryset=Category.objects.choosable(),
            required=False,
            allow_null=True,
            default=None,
            help_text="The code of a category of the last level.",
        )
        urgency = Choice(Urgency.choices, optional=True)
        record = Record(required=False, default=dict, help_text="What the new category requires and the old did not.")

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        classifying.reclassify(
            ticket, category=asked["category"], urgency=asked["urgency"], record_of=asked["record"], by=by, at=at
        )


class MarkGrave(TicketOperation):
    """Mark a ticket as grave: it goes at once to the supervisor (R93)."""

    class Input(TicketInput):
        """Why."""

        reason = Line()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        classifying.mark_grave(ticket, reason=asked["reason"], by=by, at=at)


class Readdress(TicketOperation):
    """Learn that the matter was put to somebody else as well (R11)."""

    class Input(TicketInput):
        """To whom."""

        addressee = Choice(Addressee.choices)
        level = Choice(Level.choices, optional=True)

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        classifying.readdress(ticket, addressee=asked["addressee"], level=asked["level"], by=by, at=at)
