"""After the last round that a callback opens by itself, a supervisor decides (R74)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from callbacks.actions import ending
from callbacks.actions.rows import locked
from callbacks.models import Callback
from common.refusals import NotPossible, NotYours
from common.text import require_text
from complaints.actions import reopening
from complaints.actions.history import record
from complaints.models import permissions as may


@transaction.atomic
def decide(callback: Callback, *, opens_again: bool, reason: str, by: Person, at: datetime) -> Callback:
    """Open one more round, or leave the ticket closed, with a reason.

    Raises NotPossible `nothing_to_decide`, NotYours for others than a supervisor.
    """
    why = require_text(reason, field="reason", message=_("Say why."))
    callback = locked(callback)
    ticket = callback.ticket
    authority = by.authority(at)
    if not callback.awaits_decision:
        raise NotPossible(
            _("%(ticket)s does not await a decision.") % {"ticket": ticket.reference},
            code="nothing_to_decide",
            **ticket.standing(authority),
        )
    if not may.supervises(ticket, authority):
        raise NotYours(
            _("%(ticket)s: this is a supervisor's to decide.") % {"ticket": ticket.reference},
            code="not_yours",
            **ticket.standing(authority),
        )
    ending.settle(callback, by=by, at=at)
    if opens_again:
        reopening.reopen(ticket, reason=why, by=by, at=at)
    else:
        ticket.save_move()
        record(ticket, "rounds_decided", by=by, at=at, note=why, round=callback.round)
    return callback
