"""Chase-ups (催单): the customer asks again; whoever holds the ticket owes an answer (R32)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.events import publish
from common.refusals import NotPossible
from complaints.actions.history import record, require, require_text
from complaints.events import ChasedUp, ChaseUpAnswered
from complaints.models import ChaseUp, Ticket
from complaints.states import Medium


@transaction.atomic
def chase_up(ticket: Ticket, *, text: str, medium: str = Medium.PHONE, by: Person | None, at: datetime) -> ChaseUp:
    """Record that the customer asked again; anyone who takes calls may (R1, R32)."""
    require(ticket, "chase_up", by=by, at=at)
    said = require_text(text, field="text", message=_("Write what the customer asked."))
    ticket.chased += 1
    ticket.save_move()
    chase = ChaseUp.objects.create(ticket=ticket, number=ticket.chased, medium=medium, text=said, at=at, by=by)
    record(ticket, "chased_up", by=by, at=at, note=said, number=chase.number, medium=medium)
    publish(ChasedUp(ticket=ticket, by=by, at=at, chase_up=chase))
    return chase


@transaction.atomic
def answer_chase_up(chase: ChaseUp, *, text: str, by: Person, at: datetime) -> None:
    """Answer a chase-up. Raises NotPossible when it has its answer, NotYours for others than who holds the ticket."""
    said = require_text(text, field="answer", message=_("Write the answer."))
    ticket = Ticket.objects.locked().get(pk=chase.ticket_id)
    open_one = ChaseUp.objects.get(pk=chase.pk)
    require(ticket, "answer_chase_up", by=by, at=at)
    if open_one.answered_at is not None:
        raise NotPossible(_("This chase-up has its answer already."), code="answered_already", state=ticket.state)
    open_one.answer, open_one.answered_by, open_one.answered_at = said, by, at
    open_one.save(update_fields=["answer", "answered_by", "answered_at"])
    ticket.touched_at = at
    ticket.save_move()
    record(ticket, "chase_up_answered", by=by, at=at, note=said, number=open_one.number)
    publish(ChaseUpAnswered(ticket=ticket, by=by, at=at, chase_up=open_one))
