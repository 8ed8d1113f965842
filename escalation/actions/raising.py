"""Escalating by hand, at any time, with a reason (R93)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.refusals import NotPossible
from complaints.actions.history import record, require, require_text
from complaints.models import Ticket
from escalation.actions.climbing import start
from escalation.actions.firing import Volley
from escalation.kinds import Reason, Trigger
from escalation.models import Escalation, EscalationRules


@transaction.atomic
def escalate(ticket: Ticket, *, reason: str, by: Person, at: datetime) -> list[Escalation]:
    """Put a ticket before a supervisor now; it climbs further unless somebody deals with it.

    Raises Malformed without a reason, NotYours for who has nothing to do with it, NotPossible for an ended ticket and
    where the ladder for it was switched off.
    """
    locked = Ticket.objects.with_people().select_for_update(of=("self",)).get(pk=ticket.pk)
    require(locked, "escalate", by=by, at=at)
    why = require_text(reason, field="reason", message=_("Say why somebody higher has to look at it."))
    number = locked.escalations.filter(reason=Reason.BY_HAND).values("occasion").distinct().count() + 1
    occasion = f"by_hand:{number}"
    start(Trigger.BY_HAND, locked, occasion=occasion, reason=Reason.BY_HAND, by=by, at=at)
    due = list(
        Escalation.objects.due(at).filter(ticket=locked, occasion=occasion).select_related("step__ladder", "raised_by")
    )
    if not due:
        raise NotPossible(
            _("No ladder is in use for escalations by hand; an administrator can switch one on."), code="no_ladder"
        )
    record(locked, "escalated_by_hand", by=by, at=at, note=why, occasion=occasion)
    with Volley(rules=EscalationRules.current(), at=at) as volley:
        for escalation in due:
            escalation.ticket = locked
            volley.fire(escalation, locked)
    return due
