"""After 'does not accept': the customer manager speaks with the customer (安抚, R44)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import Person, Role
from calendars.models import WORKING_DAYS, Calendar
from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions.history import record, require_text
from complaints.models import DeskRules, FollowUp, Ticket
from complaints.models import permissions as may
from complaints.models.follow_up import FollowUpResult
from complaints.states import Medium
from contact import gate
from contact.models import Purpose
from notifications import outbox
from notifications.kinds import Channel, Kind


def open_follow_up(ticket: Ticket, *, at: datetime) -> FollowUp:
    """Give the customer manager the task, due within the desk's working days; told by message."""
    manager = manager_of(ticket, at=at)
    days = DeskRules.current().follow_up_within_working_days
    due_at = Calendar.objects.get(code=WORKING_DAYS).compiled().add_working_days(at, days, end_of_day=True)
    task = FollowUp.objects.create(ticket=ticket, round=ticket.round, manager=manager, opened_at=at, due_at=due_at)
    record(ticket, "follow_up_opened", by=None, at=at, to=manager.pk if manager else None, until=due_at.isoformat())
    if manager is not None:
        outbox.put(
            Kind.FOLLOW_UP,
            key=f"follow_up:{task.pk}",
            to=manager.with_stand_ins(Role.CUSTOMER_MANAGER, at=at),
            channels=[Channel.IN_APP, Channel.EMAIL],
            context={"due_at": due_at.isoformat()},
            at=at,
            ticket=ticket.reference,
        )
    return task


def manager_of(ticket: Ticket, *, at: datetime) -> Person | None:
    """The customer's manager, else the one over their branch or the accepting unit who has the fewest follow-ups."""
    customer = ticket.customer
    if customer.manager is not None and customer.manager.is_active:
        return customer.manager
    for unit in (customer.branch, ticket.accepting_unit):
        if unit is None:
            continue
        managers = Person.objects.over(unit, Role.CUSTOMER_MANAGER, at=at)
        open_ones = FollowUp.objects.open().order_by().values("manager").annotate(number=Count("pk"))
        load = dict(open_ones.values_list("manager", "number"))
        nearest = min(managers, key=lambda person: (load.get(person.pk, 0), person.pk), default=None)
        if nearest is not None:
            return nearest
    return None


@transaction.atomic
def finish_follow_up(
    follow_up: FollowUp, *, result: str, text: str, medium: str = Medium.PHONE, by: Person, at: datetime
) -> None:
    """Record how the follow-up went; speaking with the customer passes the gate (R23).

    Raises Malformed, NotYours for others than the manager or a supervisor, NotPossible when it is done or at night.
    """
    ticket = Ticket.objects.locked().get(pk=follow_up.ticket_id)
    task = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    authority = by.authority(at)
    is_managers = task.manager_id is not None and authority.is_or_stands_in_for(task.manager_id, Role.CUSTOMER_MANAGER)
    if not is_managers and not may.supervises(ticket, authority):
        raise NotYours(_("Only the customer manager, or a supervisor, can record it."), code="not_yours")
    if task.done_at is not None:
        raise NotPossible(_("This follow-up is done already."), code="done_already", state=ticket.state)
    if result not in FollowUpResult.values:
        message = _("Choose one of: %(choices)s.") % {"choices": ", ".join(FollowUpResult.values)}
        raise Malformed(message, errors={"result": [message]})
    if medium not in Medium.values:
        message = _("Choose one of: %(choices)s.") % {"choices": ", ".join(Medium.values)}
        raise Malformed(message, errors={"medium": [message]})
    said = require_text(text, field="text", message=_("Write how it went."))
    gate.pass_through(ticket.matter, purpose=Purpose.FOLLOW_UP, medium=medium, by=by, at=at)
    task.result, task.text, task.done_at, task.done_by = result, said, at, by
    task.save(update_fields=["result", "text", "done_at", "done_by"])
    ticket.save_move()
    record(ticket, "follow_up_done", by=by, at=at, note=said, follow_up=result, medium=medium)
