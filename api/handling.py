"""The unit's work (处理): claim, pass on, feed back, ask others."""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404

from accounts.models import Person, Unit
from api.dispatching import FaultsInput
from api.endpoints import TicketInput, TicketOperation
from api.fields import ByCode, ById, Line, Moment, Text
from complaints.actions import assisting, handling
from complaints.actions.handling import Findings
from complaints.models import Ticket


class Claim(TicketOperation):
    """Take a dispatched ticket in hand; one person at a time."""

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        handling.claim(ticket, by=by, at=at)


class Release(TicketOperation):
    """Give a claimed ticket back to the unit's queue."""

    class Input(TicketInput):
        """Why."""

        reason = Line(optional=True)

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        handling.release(ticket, reason=asked["reason"], by=by, at=at)


class Assign(TicketOperation):
    """Put a ticket into a named person's hands; 'take over' is assigning to oneself."""

    class Input(TicketInput):
        """To whom."""

        to = ById(queryset=Person.objects.filter(is_active=True), help_text="The id of a person.")

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        handling.assign(ticket, to=asked["to"], by=by, at=at)


class Transfer(TicketOperation):
    """Pass a ticket to another unit; counted."""

    class Input(TicketInput):
        """Where, and why."""

        to = ByCode(queryset=Unit.objects.all(), help_text="The code of a unit.")
        reason = Line()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        handling.transfer(ticket, to=asked["to"], reason=asked["reason"], by=by, at=at)


class SendBack(TicketOperation):
    """Give a ticket back to the dispatch desk: not ours, or not to be handled as recorded."""

    Input = FaultsInput

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        handling.send_back(ticket, faults=asked["faults"], note=asked["note"], by=by, at=at)


class FeedBack(TicketOperation):
    """Hand the findings back for the reply (R30)."""

    class Input(TicketInput):
        """The six parts of a feedback; fillers are refused."""

        handled_at = Moment()
        process = Text()
        cause = Text()
        result = Text()
        person = Line(max_length=120)
        advice = Text()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        findings = Findings(
            handled_at=asked["handled_at"],
            process=asked["process"],
            cause=asked["cause"],
            result=asked["result"],
            person=asked["person"],
            advice=asked["advice"],
        )
        handling.feed_back(ticket, findings=findings, by=by, at=at)


class AskAssistance(TicketOperation):
    """Ask an assisting unit (直派调度, 关联调度; R24)."""

    class Input(TicketInput):
        """Which, and what."""

        unit = ByCode(queryset=Unit.objects.filter(is_active=True), help_text="The code of a unit.")
        question = Text()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        assisting.ask(ticket, unit=asked["unit"], question=asked["question"], by=by, at=at)


class AnswerAssistance(TicketOperation):
    """Answer for the assisting unit."""

    class Input(TicketInput):
        """What was found."""

        answer = Text()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        assistance = get_object_or_404(ticket.assistances, pk=asked["assistance"])
        assisting.answer(assistance, text=asked["answer"], by=by, at=at)
