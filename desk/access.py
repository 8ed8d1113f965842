"""What somebody may open: tickets in their scope to work on, others only to answer the customer on the phone (R1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404

from accounts.models import Person
from complaints.models import Ticket
from customers.models import Customer, Lookup
from desk.entrance import DeskRequest
from desk.whole import whole

A_CALL_LASTS = timedelta(hours=1)
"""For how long a logged look-up opens the customer to who made it."""


@dataclass(frozen=True)
class Seen:
    """A ticket, and whether it was opened for reading and chasing up only."""

    ticket: Ticket
    reads_only: bool


def open_ticket(request: DeskRequest, reference: str) -> Seen:
    """The ticket with all that its page shows. Raises Http404 for one that is not there or not theirs to see."""
    scope = Ticket.objects.visible_to(request.user, request.at).filter(reference=reference)
    ticket = whole(scope, request.at)
    if ticket is not None:
        return Seen(ticket, reads_only=False)
    ticket = whole(Ticket.objects.filter(reference=reference), request.at)
    if ticket is None or not is_on_the_phone_with(ticket.customer, by=request.user, at=request.at):
        raise Http404
    return Seen(ticket, reads_only=True)


def open_customer(request: DeskRequest, pk: int) -> Customer:
    """A customer whom this person has looked up during this call. Raises Http404 otherwise."""
    customer = Customer.objects.select_related("manager", "branch").filter(pk=pk).first()
    if customer is None or not is_on_the_phone_with(customer, by=request.user, at=request.at):
        raise Http404
    return customer


def is_on_the_phone_with(customer: Customer, *, by: Person, at: datetime) -> bool:
    """Whether this person has opened the customer, with a log entry, within the length of a call."""
    return Lookup.objects.filter(customer=customer, by=by, at__gt=at - A_CALL_LASTS).exists()
