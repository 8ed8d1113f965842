"""Words beside the life: comments, and a supervisor's formal demand (督办, R94)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, Role
from common.events import publish
from complaints.actions.history import record, require, require_text
from complaints.events import Demanded
from complaints.models import Ticket

READERS_ONLY = {Role.AUDITOR}


@transaction.atomic
def comment(ticket: Ticket, *, text: str, by: Person, at: datetime) -> None:
    """Leave a word for colleagues on a ticket; it conflicts with nobody."""
    require(ticket, "comment", by=by, at=at)
    said = require_text(text, field="text", message=_("Write a comment."))
    if by.pk == ticket.handler_id:
        ticket.touched_at = at
    ticket.save_move()
    record(ticket, "commented", by=by, at=at, note=said)


@transaction.atomic
def demand(ticket: Ticket, *, text: str, by: Person | None, at: datetime) -> None:
    """Put a supervisor's formal demand on a ticket; whoever holds it is told (R94)."""
    require(ticket, "demand", by=by, at=at)
    said = require_text(text, field="text", message=_("Write what is demanded."))
    ticket.save_move()
    record(ticket, "demanded", by=by, at=at, note=said)
    publish(Demanded(ticket=ticket, by=by, at=at, text=said, on_unit=ticket.holding_unit))
