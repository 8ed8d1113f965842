"""Cancelling (撤销): withdrawn by the customer, or merged into another ticket."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.events import publish
from common.refusals import Malformed
from complaints.actions import assisting
from complaints.actions.history import perform, record, require_text
from complaints.events import Merged
from complaints.models import Ticket


@transaction.atomic
def cancel(ticket: Ticket, *, reason: str, by: Person | None, at: datetime) -> None:
    """End a ticket that the customer has withdrawn; everything on it ends."""
    why = require_text(reason, field="reason", message=_("Say why it is cancelled."))
    perform(ticket, "cancel", by=by, at=at, kind="cancelled", note=why)
    assisting.end_all(ticket, at=at)


@transaction.atomic
def merge(ticket: Ticket, *, into: Ticket, reason: str, by: Person | None, at: datetime) -> None:
    """Merge a ticket into another of the same customer, which takes the earlier raised-at and due. Raises Malformed."""
    why = require_text(reason, field="reason", message=_("Say why they are one matter."))
    message = ""
    if into.pk == ticket.pk:
        message = _("A ticket cannot be merged into itself.")
    elif into.customer_id != ticket.customer_id:
        message = _("Only tickets of the same customer are one matter.")
    elif not into.is_live:
        message = _("%(ticket)s is %(state)s; choose one that is open.") % {
            "ticket": into.reference,
            "state": into.get_state_display(),
        }
    if message:
        raise Malformed(message, errors={"into": [message]})
    # Both rows in one order, so that two merges that cross wait for each other instead of dying.
    list(Ticket.objects.select_for_update().filter(pk__in=[ticket.pk, into.pk]).order_by("pk"))
    into.raised_at = min(into.raised_at, ticket.raised_at)
    into.save_move()
    perform(
        ticket,
        "cancel",
        by=by,
        at=at,
        kind="merged",
        note=why,
        data={"into": into.reference},
        facts={"into": into},
        merged_into=into,
    )
    assisting.end_all(ticket, at=at)
    record(into, "absorbed", by=by, at=at, note=why, absorbed=ticket.reference)
    publish(Merged(ticket=into, by=by, at=at, absorbed=ticket))
