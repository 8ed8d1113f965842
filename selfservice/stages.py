"""How a matter stands, in the words of the customer: nothing of who, which unit or why (R1)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models import Ticket
from complaints.states import AWAITING_AN_ANSWER, State


class Stage(models.TextChoices):
    """The four stages that a customer is shown, and the end apart."""

    RECEIVED = "received", _("We have it, and see to it that the right people get it.")
    IN_WORK = "in_work", _("It is being worked on.")
    ANSWERED = "answered", _("We have given you our answer.")
    CLOSED = "closed", _("It is finished.")
    WITHDRAWN = "withdrawn", _("It was withdrawn, or goes on under another reference.")


STEPS = (
    (Stage.RECEIVED, _("received")),
    (Stage.IN_WORK, _("being worked on")),
    (Stage.ANSWERED, _("answered")),
    (Stage.CLOSED, _("finished")),
)

_OF_STATE = {
    State.ACCEPTED: Stage.RECEIVED,
    State.RETURNED: Stage.RECEIVED,
    State.DISPATCHED: Stage.IN_WORK,
    State.HANDLING: Stage.IN_WORK,
    State.REPLYING: Stage.IN_WORK,
    State.REPLIED: Stage.ANSWERED,
    State.CALLBACK: Stage.ANSWERED,
    State.CLOSED: Stage.CLOSED,
    State.CANCELLED: Stage.WITHDRAWN,
}


@dataclass(frozen=True)
class Status:
    """What the customer is told: which matter, where it stands, and until when they hear from us."""

    reference: str
    stage: Stage
    raised_at: datetime
    due_at: datetime | None
    is_late: bool


def status_of(ticket: Ticket, *, at: datetime) -> Status:
    """How a ticket stands, for its customer."""
    due = ticket.reply_due_at if ticket.state in AWAITING_AN_ANSWER - {State.REPLIED} else None
    return Status(
        reference=ticket.reference,
        stage=_OF_STATE[State(ticket.state)],
        raised_at=ticket.raised_at,
        due_at=due,
        is_late=due is not None and due <= at,
    )
