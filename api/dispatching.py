"""The dispatch desk (派单)."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from accounts.models import Person, Unit
from api.endpoints import TicketInput, TicketOperation
from api.fields import ByCode, Choice, Line, Text
from complaints.actions import dispatching
from complaints.models import Ticket
from complaints.states import Fault


class FaultsInput(TicketInput):
    """Reasons from the unqualified list (不合格工单)."""

    faults = serializers.ListField(child=Choice(Fault.choices), allow_empty=False, max_length=len(Fault))
    note = Text(optional=True)


class ReturnForCompletion(TicketOperation):
    """Give a ticket back to its owner to be completed."""

    Input = FaultsInput

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        dispatching.return_for_completion(ticket, faults=asked["faults"], note=asked["note"], by=by, at=at)


class Dispatch(TicketOperation):
    """Send a ticket to one lead unit (主办) and any assisting ones (协办)."""

    class Input(TicketInput):
        """To which units."""

        to = ByCode(queryset=Unit.objects.all(), help_text="The code of the lead unit.")
        assisting = serializers.ListField(
            child=ByCode(queryset=Unit.objects.all()),
            default=list,
            max_length=20,
            help_text="Codes of units.",
        )
        note = Text(optional=True)

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        dispatching.dispatch(
            ticket, to=asked["to"], assisting_units=asked["assisting"], note=asked["note"], by=by, at=at
        )


class HandleAtDesk(TicketOperation):
    """The dispatch desk deals with it itself (直接处理)."""

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        dispatching.handle_at_desk(ticket, by=by, at=at)


class Recall(TicketOperation):
    """Take back what was sent to the wrong place, before anyone has claimed it."""

    class Input(TicketInput):
        """Why."""

        reason = Line()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        dispatching.recall(ticket, reason=asked["reason"], by=by, at=at)
