"""The end of a round: conclusion, confirmation, reopening, cancelling (R44, R60, R81)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Person
from api.endpoints import TicketInput, TicketOperation
from api.fields import Answer, ByCode, Choice, Line, Text
from common.refusals import Malformed
from complaints.actions import cancelling, concluding, reopening
from complaints.actions.concluding import Outcome
from complaints.models import CauseCode, Ticket
from complaints.states import Liability, Verdict


class OutcomeInput(TicketInput):
    """The customer's verdict, the company's liability, what was given."""

    verdict = Choice(Verdict.choices)
    liability = Choice(Liability.choices)
    remedy = Text(optional=True)
    cause = ByCode(
        queryset=CauseCode.objects.choosable(),
        required=False,
        allow_null=True,
        default=None,
        help_text="The code of a cause of the last level.",
    )
    is_repeat = Answer(default=False, help_text="Whether it is a repeat complaint.")
    solved = Answer(default=True)


def outcome_of(asked: Mapping[str, Any]) -> Outcome:
    """The outcome that was read."""
    return Outcome(
        verdict=asked["verdict"],
        liability=asked["liability"],
        remedy=asked["remedy"],
        cause=asked["cause"],
        solved=asked["solved"],
        is_repeat=asked["is_repeat"],
        established=asked.get("established", True),
    )


class Conclude(TicketOperation):
    """Record the verdict and the liability after a reply (R60); the callback comes next."""

    Input = OutcomeInput

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        concluding.conclude(ticket, outcome=outcome_of(asked), by=by, at=at)


class ConcludeUnreachable(TicketOperation):
    """End a ticket whose customer could not be reached (R43)."""

    class Input(TicketInput):
        """Whose doing it was."""

        liability = Choice(Liability.choices)
        remedy = Text(optional=True)

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        concluding.conclude_unreachable(ticket, liability=asked["liability"], remedy=asked["remedy"], by=by, at=at)


class Confirm(TicketOperation):
    """Confirm, as a supervisor, a conclusion that the customer does not accept (R21, R44)."""

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        concluding.confirm(ticket, by=by, at=at)


class ReasonInput(TicketInput):
    """Why."""

    reason = Line()


class Reopen(TicketOperation):
    """Open the same matter again: to the last handling unit, a new round (R81)."""

    class Input(ReasonInput):
        """Why, and whether the customer is not content with the reply."""

        dissatisfied = Answer(default=False, help_text="Not content with the reply: flag C1 follows (R44).")

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        reopening.reopen(ticket, reason=asked["reason"], dissatisfied=asked["dissatisfied"], by=by, at=at)


class Cancel(TicketOperation):
    """End a ticket that the customer has withdrawn."""

    Input = ReasonInput

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        cancelling.cancel(ticket, reason=asked["reason"], by=by, at=at)


class Merge(TicketOperation):
    """Merge a ticket into another of the same customer, which takes the earlier raised-at and due."""

    class Input(TicketInput):
        """Into which, and why."""

        into = Line(max_length=20, help_text="The reference of a ticket that you may see.")
        reason = Line()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        into = Ticket.objects.visible_to(by, at).with_people().filter(reference=asked["into"]).first()
        if into is None:
            message = _("There is no such ticket, or it is not for you to see.")
            raise Malformed(message, errors={"into": [message]})
        cancelling.merge(ticket, into=into, reason=asked["reason"], by=by, at=at)
