"""Whether a ticket is as grave as it was marked: a supervisor decides, the recording at hand (R93)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from complaints.actions.history import record, require, require_text
from complaints.models import Ticket


@transaction.atomic
def confirm_gravity(ticket: Ticket, *, by: Person, at: datetime) -> None:
    """Confirm that it is grave. Raises NotPossible for an ended ticket, NotYours for others than supervisors."""
    require(ticket, "decide_gravity", by=by, at=at)
    ticket.is_grave = True
    ticket.save_move()
    record(ticket, "gravity_confirmed", by=by, at=at)


@transaction.atomic
def lower_gravity(ticket: Ticket, *, reason: str, by: Person, at: datetime) -> None:
    """Find that it is not grave after all. Raises NotPossible, NotYours, and Malformed without a reason."""
    require(ticket, "decide_gravity", by=by, at=at)
    why = require_text(reason, field="reason", message=_("Say why it is not that grave."))
    ticket.is_grave = False
    ticket.save_move()
    record(ticket, "gravity_lowered", by=by, at=at, note=why)
