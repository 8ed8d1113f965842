"""Beside the state: what is agreed with the customer, rests, and who owns it (R6, R13, R22, R23, R29, R40)."""

from datetime import datetime
from typing import Any

from accounts.models import Person
from api.endpoints import TicketInput, TicketOperation
from api.fields import Answer, ById, Choice, Count, Line, Moment, Text
from complaints.actions import agreements, holding, owning
from complaints.models import Ticket
from complaints.models.hold import HoldReason
from contact.models import Consent as GivenConsent


class Promise(TicketOperation):
    """Agree on a time with the customer; the original limit stays beside it (R29)."""

    class Input(TicketInput):
        """For when, why, and how it was agreed."""

        agreed_for = Moment()
        reason = Line()
        evidence = Line()
        agreed_with = Line(max_length=120, optional=True)

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        agreements.promise(
            ticket,
            agreed_for=asked["agreed_for"],
            reason=asked["reason"],
            evidence=asked["evidence"],
            agreed_with=asked["agreed_with"],
            by=by,
            at=at,
        )


class Consent(TicketOperation):
    """Record that the customer said yes: to contact at night, or to 4–7 working days (R22, R23)."""

    class Input(TicketInput):
        """To what, and how they agreed."""

        what = Choice(GivenConsent.What.choices)
        evidence = Line()
        days = Count(
            required=False, allow_null=True, default=None, help_text="4 to 7 working days, for a longer limit."
        )

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        agreements.consent(ticket, what=asked["what"], evidence=asked["evidence"], days=asked["days"], by=by, at=at)


class Hold(TicketOperation):
    """Let a ticket rest until an end (挂起, R6)."""

    class Input(TicketInput):
        """Why and until when."""

        reason = Choice(HoldReason.choices)
        text = Text()
        until = Moment()
        customer_consents = Answer(default=False)

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        holding.hold(
            ticket,
            reason=asked["reason"],
            text=asked["text"],
            until=asked["until"],
            customer_consents=asked["customer_consents"],
            by=by,
            at=at,
        )


class Resume(TicketOperation):
    """End a hold before its time (R6)."""

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        holding.resume(ticket, by=by, at=at)


class HandOver(TicketOperation):
    """Give the ownership towards the customer to somebody else (R13)."""

    class Input(TicketInput):
        """To whom."""

        to = ById(queryset=Person.objects.filter(is_active=True), help_text="The id of a person.")
        reason = Line(optional=True)

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        owning.hand_over(ticket, to=asked["to"], reason=asked["reason"], by=by, at=at)


class NameReplier(TicketOperation):
    """Name who replies, where it is not the owner (R40)."""

    class Input(TicketInput):
        """Who; nobody: the owner again."""

        to = ById(queryset=Person.objects.filter(is_active=True), allow_null=True, help_text="The id of a person.")

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        owning.name_replier(ticket, to=asked["to"], by=by, at=at)
