"""A supervisor extends a limit, with a reason (R29, R94)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions.history import record, require_text
from complaints.models import Ticket
from complaints.models import permissions as may
from sla.actions.ledger import Ledger


@transaction.atomic
def extend(ticket: Ticket, *, kind: str, until: datetime, reason: str, by: Person, at: datetime) -> None:
    """Give an obligation more time; its limit stays beside it, and a breach that was called stays.

    `kind` names the running clock; of several assistances or chase-ups all are extended. Raises NotYours for others
    than supervisors, NotPossible where no such clock runs, Malformed without a reason or for a time that is not later.
    """
    if not may.supervises(ticket, by.authority(at)):
        raise NotYours(
            _("%(ticket)s: only a supervisor extends a limit.") % {"ticket": ticket.reference}, code="not_yours"
        )
    why = require_text(reason, field="reason", message=_("Say why it is extended."))
    ticket.save_move()
    with Ledger.of(ticket, by=by, at=at) as ledger:
        clocks = ledger.running(kind)
        if not clocks:
            raise NotPossible(
                _("%(ticket)s owes nothing of that kind now.") % {"ticket": ticket.reference},
                code="no_such_clock",
                running=[clock.kind for clock in ledger.running()],
            )
        if until <= at or any(clock.due_at is not None and until <= clock.due_at for clock in clocks):
            message = _("An extension ends later than what holds now.")
            raise Malformed(message, errors={"until": [message]})
        record(ticket, "limit_extended", by=by, at=at, note=why, clock=kind, until=until.isoformat())
        for clock in clocks:
            clock.extended_to, clock.extended_at = until, at
            clock.save(update_fields=["extended_to", "extended_at"])
        ledger.decide_again(*clocks, because="extension")
