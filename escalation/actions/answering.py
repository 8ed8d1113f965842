"""Dealing with an escalation: acknowledged, then resolved (R91)."""

from datetime import datetime

from django.db import transaction

from accounts.models import SYSTEM, Person
from common.transitions import make
from complaints.actions.history import record
from complaints.models import Ticket
from escalation.actions.climbing import take_down
from escalation.kinds import Closing
from escalation.models import Escalation


@transaction.atomic
def acknowledge(escalation: Escalation, *, by: Person, at: datetime) -> Escalation:
    """Say that one sees to it: no more reminders, and it does not climb sooner than planned.

    It does not stop the ladder; only the obligation met does (R91). Raises NotPossible (409) when somebody has done so
    already or it is over, NotYours (403) for others than who was told and supervisors.
    """
    claimed = claim(escalation)
    make(claimed.acknowledge, by=by, at=at, system=SYSTEM, acknowledged_by=by)
    record(claimed.ticket, "escalation_acknowledged", by=by, at=at, escalation=claimed.pk)
    return claimed


@transaction.atomic
def resolve(escalation: Escalation, *, note: str = "", by: Person, at: datetime) -> Escalation:
    """Say that it is dealt with; it leaves the inbox. Raises NotPossible, NotYours.

    A ladder on a limit goes on until the obligation ends; any other comes to its end with the decision.
    """
    claimed = claim(escalation)
    make(claimed.resolve, by=by, at=at, system=SYSTEM, resolved_by=by)
    record(claimed.ticket, "escalation_resolved", by=by, at=at, note=note, escalation=claimed.pk)
    if claimed.clock_id is None:
        rest = claimed.ticket.escalations.planned().filter(occasion=claimed.occasion)
        take_down(claimed.ticket, rest, because=Closing.DECIDED, at=at)
    return claimed


@transaction.atomic
def acknowledge_all(ticket: Ticket, *, by: Person, at: datetime) -> int:
    """Acknowledge what waits for this person on a ticket: who acts on it has seen it. Says how many there were."""
    waiting = Escalation.objects.filter(ticket=ticket).inbox(by, at).unacknowledged().order_by("pk")
    found = list(waiting.values_list("pk", flat=True))
    for pk in found:
        claimed = _locked(pk)
        claimed.ticket = ticket
        make(claimed.acknowledge, by=by, at=at, system=SYSTEM, acknowledged_by=by)
        record(ticket, "escalation_acknowledged", by=by, at=at, escalation=pk)
    return len(found)


def claim(escalation: Escalation) -> Escalation:
    """The escalation as it is now, its ticket locked first and then itself, as everywhere."""
    ticket = Ticket.objects.with_people().select_for_update(of=("self",)).get(pk=escalation.ticket_id)
    claimed = _locked(escalation.pk)
    claimed.ticket = ticket
    return claimed


def _locked(pk: int) -> Escalation:
    return (
        Escalation.objects.select_for_update(of=("self",))
        .select_related("to_unit", "acknowledged_by")
        .prefetch_related("recipients")
        .get(pk=pk)
    )
