"""The dispatch desk (派单): reviews what was submitted and sends it to units."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, Unit
from common.refusals import Malformed
from complaints.actions import assisting
from complaints.actions.history import perform
from complaints.models import Ticket
from complaints.routing import route_of
from complaints.states import AssistKind, Fault


def check_faults(faults: Sequence[str]) -> list[str]:
    """The reasons of a return or send-back, from the unqualified list. Raises Malformed for none or unknown ones."""
    unknown = [fault for fault in faults if fault not in Fault.values]
    if not faults or unknown:
        message = _("Choose at least one reason of: %(faults)s.") % {"faults": ", ".join(Fault.values)}
        raise Malformed(message, errors={"faults": [message]})
    return sorted(set(faults))


def check_receiver(to: Unit) -> Unit:
    """A unit that can lead a ticket. Raises Malformed for an inactive one."""
    if not to.is_active:
        message = _("%(unit)s is not active; choose another unit.") % {"unit": to.name}
        raise Malformed(message, errors={"to": [message]})
    return to


@transaction.atomic
def return_for_completion(
    ticket: Ticket, *, faults: Sequence[str], note: str = "", by: Person | None, at: datetime
) -> None:
    """Give a ticket back to its owner, with reasons from the unqualified list."""
    reasons = check_faults(faults)
    perform(ticket, "return_for_completion", by=by, at=at, kind="returned", note=note, data={"faults": reasons})


@transaction.atomic
def dispatch(
    ticket: Ticket, *, to: Unit, assisting_units: Iterable[Unit] = (), note: str = "", by: Person | None, at: datetime
) -> None:
    """Send a ticket to one lead unit and any assisting ones."""
    check_receiver(to)
    others = [check_receiver(unit) for unit in assisting_units if unit != to]
    perform(
        ticket,
        "dispatch",
        by=by,
        at=at,
        kind="dispatched",
        note=note,
        data={"unit": to.code, "assisting": [unit.code for unit in others]},
        facts={"unit": to},
        to=to,
    )
    for unit in others:
        assisting.request(ticket, unit=unit, kind=AssistKind.DIRECT, question=note, by=by, at=at)


def route(ticket: Ticket, *, at: datetime) -> bool:
    """Dispatch by the system where category or flag ask for it (直派, R16); says whether it was dispatched."""
    way = route_of(ticket, at=at)
    if not way.is_straight or way.to is None or not way.to.is_active:
        return False
    dispatch(ticket, to=way.to, by=None, at=at)
    return True


@transaction.atomic
def handle_at_desk(ticket: Ticket, *, by: Person, at: datetime) -> None:
    """The dispatch desk deals with it itself (直接处理); it is then the lead unit."""
    perform(
        ticket,
        "handle_at_desk",
        by=by,
        at=at,
        kind="handled_at_desk",
        data={"unit": ticket.desk.code if ticket.desk else ""},
        facts={"unit": ticket.desk},
        handler=by,
    )


@transaction.atomic
def recall(ticket: Ticket, *, reason: str, by: Person | None, at: datetime) -> None:
    """Take back what was sent to the wrong place, before anyone has claimed it."""
    was = ticket.lead_unit
    perform(
        ticket,
        "recall",
        by=by,
        at=at,
        kind="recalled",
        note=reason,
        data={"unit": was.code if was else ""},
        facts={"from_unit": was},
    )
    assisting.end_all(ticket, at=at)
