"""What a matter is filed under, how urgent it is, and to whom it was put (R11, R27, R93)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.events import publish
from common.refusals import Malformed
from complaints.actions.acceptance import HIGHEST_LEVEL
from complaints.actions.history import record, require, require_text
from complaints.actions.records import check_record
from complaints.events import MarkedGrave, Reclassified
from complaints.models import Category, Ticket
from complaints.states import Addressee, Level, Urgency

HEIGHT: dict[str, int] = {Level.PROVINCIAL: 1, Level.NATIONAL: 2}


@transaction.atomic
def reclassify(
    ticket: Ticket,
    *,
    category: Category | None = None,
    urgency: str = "",
    record_of: Mapping[str, Any] | None = None,
    by: Person | None,
    at: datetime,
) -> None:
    """Change category or urgency; running clocks are re-decided and keep time already held (R27). Raises Malformed."""
    require(ticket, "reclassify", by=by, at=at)
    old = {"category": ticket.category.code, "urgency": ticket.urgency}
    if category is not None and category.pk != ticket.category_id:
        if not category.is_leaf() or not category.is_active:
            message = _("Choose a category of the last level.")
            raise Malformed(message, errors={"category": [message]})
        kept = {**ticket.record, **(record_of or {})}
        wanted = {field["code"] for field in category.required_fields}
        ticket.record = check_record(category, {code: text for code, text in kept.items() if code in wanted})
        ticket.category = category
        ticket.urgency = urgency or category.urgency
    elif urgency:
        ticket.urgency = urgency
    if ticket.urgency not in Urgency.values:
        message = _("Choose one of: %(choices)s.") % {"choices": ", ".join(Urgency.values)}
        raise Malformed(message, errors={"urgency": [message]})
    new = {"category": ticket.category.code, "urgency": ticket.urgency}
    if new == old:
        message = _("This is how it is filed already.")
        raise Malformed(message, errors={"category": [message]})
    ticket.save_move()
    record(ticket, "reclassified", by=by, at=at, old=old, new=new)
    publish(Reclassified(ticket=ticket, by=by, at=at, old=old, new=new))


@transaction.atomic
def mark_grave(ticket: Ticket, *, reason: str, by: Person | None, at: datetime) -> None:
    """Mark a ticket as grave: it goes at once to the supervisor, who confirms or lowers it (R93)."""
    require(ticket, "mark_grave", by=by, at=at)
    why = require_text(reason, field="reason", message=_("Say why it is grave."))
    ticket.is_grave = True
    ticket.save_move()
    record(ticket, "marked_grave", by=by, at=at, note=why)
    publish(MarkedGrave(ticket=ticket, by=by, at=at, reason=why))


@transaction.atomic
def readdress(ticket: Ticket, *, addressee: str, level: str = "", by: Person, at: datetime) -> None:
    """Learn later that the matter was put to somebody else as well: it is an escalated complaint then (R11)."""
    require(ticket, "readdress", by=by, at=at)
    if addressee not in Addressee.values:
        message = _("Choose one of: %(choices)s.") % {"choices": ", ".join(Addressee.values)}
        raise Malformed(message, errors={"addressee": [message]})
    _put_to(ticket, addressee=addressee, level=level or HIGHEST_LEVEL.get(Addressee(addressee), ""), by=by, at=at)


def note_addressee(ticket: Ticket, *, addressee: str, level: str, by: Person, at: datetime) -> None:
    """Save a ticket of which an authority has taken notice: an escalated complaint from now on, in any state (R82).

    One that went as far already, or further, stays as it is. Raises Stale.
    """
    if ticket.is_escalated and HEIGHT.get(ticket.level, 0) >= HEIGHT.get(level, 0):
        ticket.save_move()
    else:
        _put_to(ticket, addressee=addressee, level=level, by=by, at=at)


def _put_to(ticket: Ticket, *, addressee: str, level: str, by: Person, at: datetime) -> None:
    old = ticket.addressee
    ticket.addressee, ticket.level = addressee, level
    ticket.save_move()
    record(ticket, "readdressed", by=by, at=at, old=old, new=addressee, level=level)
    publish(Reclassified(ticket=ticket, by=by, at=at, old={"addressee": old}, new={"addressee": addressee}))
