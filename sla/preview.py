"""What will be due when, before anything is saved: for the agent who has the customer on the phone."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Unit
from complaints.models import Category, Ticket
from contact.models import QuietHours
from customers.models import Customer
from sla.actions.deciding import choose_policy, deadline_of
from sla.kinds import Kind
from sla.models import Clock


@dataclass(frozen=True)
class Preview:
    """When reply and dispatch would be due, and whether the customer is to be asked about the night (R23)."""

    reply_due_at: datetime | None
    dispatch_due_at: datetime | None
    asks_about_night: bool


def preview(
    customer: Customer, *, category: Category, urgency: str, medium: str, unit: Unit, raised_at: datetime, at: datetime
) -> Preview:
    """The limits of a ticket that was not accepted yet."""
    ticket = Ticket(
        customer=customer,
        category=category,
        urgency=urgency or category.urgency,
        medium=medium,
        accepting_unit=unit,
        raised_at=raised_at,
    )
    reply = _due(Clock(ticket=ticket, kind=Kind.REPLY, unit=unit, round=1, started_at=raised_at), at)
    dispatch = _due(Clock(ticket=ticket, kind=Kind.DISPATCH, unit=unit, round=1, started_at=at), at)
    window = QuietHours.current().window
    reaches = reply is not None and (window.covers(at) or window.next_start(at) < reply[0])
    return Preview(
        reply_due_at=reply[1] if reply else None,
        dispatch_due_at=dispatch[1] if dispatch else None,
        asks_about_night=reaches,
    )


def _due(clock: Clock, at: datetime) -> tuple[datetime, datetime] | None:
    """By the limit alone, and in the end; None without a policy."""
    clock.policy = choose_policy(clock, reply=None, at=at)
    deadline = deadline_of(clock, reply=None)
    return (deadline.nominal_due, deadline.due) if deadline is not None else None
