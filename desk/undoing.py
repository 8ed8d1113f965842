"""Undo where it is harmless: beside the message of what was done stands a button that does the opposite.

An undo is a deed like any other: the history keeps both, and what has changed meanwhile refuses it. The button is a
form, so it works without scripts, and it is offered once, with the message that it belongs to.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from complaints.models import Ticket
from desk.forms.deeds import Deed

KEY = "undo"


def tell(request: HttpRequest, result: str, *, address: str, fields: Mapping[str, str]) -> None:
    """Say what was done, with a button that posts these fields to this address."""
    messages.success(request, result)
    request.session[KEY] = {"message": result, "address": address, "fields": dict(fields)}


def tell_of(request: HttpRequest, deed: Deed, result: str) -> None:
    """Say what a deed did, with the deed that takes it back where it has a harmless one."""
    if deed.taken_back_by:
        tell_of_ticket(request, deed.ticket, result, taken_back_by=deed.taken_back_by)
    else:
        messages.success(request, result)


def tell_of_ticket(request: HttpRequest, ticket: Ticket, result: str, *, taken_back_by: str) -> None:
    """Say what was done to a ticket, with the deed of its page that takes it back, decided on how it stands now."""
    fields = {"deed": taken_back_by, "version": str(ticket.version)}
    tell(request, result, address=reverse("desk:ticket", args=[ticket.reference]), fields=fields)


def offered(request: HttpRequest) -> dict[str, Any] | None:
    """What can be undone, once; asked for by the message that it belongs to."""
    offer: dict[str, Any] | None = request.session.pop(KEY, None)
    return offer
