"""Before the dispatch: solving on the spot, and completing what was returned."""

from datetime import datetime
from typing import Any

from accounts.models import Person
from api.concluding import OutcomeInput, outcome_of
from api.endpoints import TicketInput, TicketOperation
from api.fields import Answer, Record, Text
from complaints.actions import acceptance
from complaints.models import Ticket


class ResolveOnSite(TicketOperation):
    """Solve the matter in the first contact (现场解决), before any dispatch (R60)."""

    class Input(OutcomeInput):
        """The conclusion."""

        established = Answer(default=True, help_text="False: not established (投诉不成立).")

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        acceptance.resolve_on_site(ticket, outcome=outcome_of(asked), by=by, at=at)


class Resubmit(TicketOperation):
    """Submit a returned ticket again, completed (R12)."""

    class Input(TicketInput):
        """The record as it is complete."""

        happened = Text()
        record = Record()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        acceptance.resubmit(ticket, record_of=asked["record"], happened=asked["happened"], by=by, at=at)
