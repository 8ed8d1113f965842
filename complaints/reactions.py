"""What follows within the desk itself from what happens to a ticket."""

from django.utils.translation import gettext as _

from complaints import watching
from complaints.events import Accepted, Moved
from complaints.states import Verdict
from customers.models import FlagKind
from customers.watching import mark


def count_for_flags(event: Accepted | Moved) -> None:
    """A ticket came or was withdrawn, so the customer's automatic flags may change (section 9)."""
    if isinstance(event, Moved) and event.move != "cancel":
        return
    watching.count(event.ticket.customer, at=event.at)


def note_dissatisfaction(event: Moved) -> None:
    """A customer who does not accept the outcome gets flag C1 (R44)."""
    if event.facts.get("verdict") != Verdict.DOES_NOT_ACCEPT:
        return
    mark(
        event.ticket.customer,
        kind=FlagKind.C1,
        reason=_("%(ticket)s: does not accept the outcome") % {"ticket": event.ticket.reference},
        by=event.by,
        at=event.at,
    )
