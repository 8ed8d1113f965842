"""A deed that was posted from a list, on one of its tickets."""

from collections.abc import Iterable

from django.core.exceptions import SuspiciousOperation

from desk.access import open_ticket
from desk.entrance import DeskRequest
from desk.forms.deeds import Deed, asked_for


def deed_of(request: DeskRequest, kinds: Iterable[type[Deed]]) -> Deed:
    """The deed, filled in, on the ticket that it names. Raises Http404 for a ticket that is not theirs to see."""
    seen = open_ticket(request, request.POST.get("ticket", ""))
    deed = asked_for(
        kinds, request.POST, ticket=seen.ticket, person=request.user, authority=request.authority, at=request.at
    )
    if deed is None or seen.reads_only:
        raise SuspiciousOperation("a deed that this page does not offer")
    return deed
