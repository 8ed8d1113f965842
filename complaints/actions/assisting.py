"""Assisting units (协办): asked and answering (R24)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, Unit
from common.events import publish
from common.refusals import NotPossible, NotYours
from complaints.actions.history import record, require, require_text
from complaints.events import AssistanceAnswered, AssistanceAsked
from complaints.models import Assistance, Ticket
from complaints.models import permissions as may
from complaints.states import AssistKind


@transaction.atomic
def ask(ticket: Ticket, *, unit: Unit, question: str, by: Person, at: datetime) -> Assistance:
    """Ask an assisting unit; the front line asks directly, the lead unit by relation (直派调度, 关联调度)."""
    require(ticket, "ask_assistance", by=by, at=at)
    text = require_text(question, field="question", message=_("Say what the unit is asked."))
    by_lead_unit = may.works_in_lead_unit(ticket, by.authority(at))
    ticket.touched_at = at
    ticket.save_move()
    kind = AssistKind.RELATED if by_lead_unit else AssistKind.DIRECT
    return request(ticket, unit=unit, kind=kind, question=text, by=by, at=at)


def request(ticket: Ticket, *, unit: Unit, kind: str, question: str, by: Person | None, at: datetime) -> Assistance:
    """Put a request to a unit, record and announce it. Raises NotPossible when it has an open one already."""
    if ticket.assistances.filter(unit=unit, answered_at__isnull=True, ended_at__isnull=True).exists():
        raise NotPossible(
            _("%(unit)s has been asked already and has not answered yet.") % {"unit": unit.name},
            code="already_asked",
        )
    assistance = Assistance.objects.create(
        ticket=ticket, unit=unit, kind=kind, round=ticket.round, question=question, asked_by=by, asked_at=at
    )
    record(
        ticket, "assistance_asked", by=by, at=at, note=question, unit=unit.code, asked_as=kind, assistance=assistance.pk
    )
    publish(AssistanceAsked(ticket=ticket, by=by, at=at, assistance=assistance))
    return assistance


@transaction.atomic
def answer(assistance: Assistance, *, text: str, by: Person, at: datetime) -> None:
    """Answer for the assisting unit. Raises NotYours for others, NotPossible when it was answered or ended."""
    kept = require_text(text, field="answer", message=_("Say what you found."))
    ticket = Ticket.objects.locked().get(pk=assistance.ticket_id)
    open_one = Assistance.objects.select_related("unit").get(pk=assistance.pk)
    if not by.authority(at).holds(*may.WORKING_A_QUEUE, over=open_one.unit):
        raise NotYours(_("It is for %(unit)s to answer.") % {"unit": open_one.unit.name}, code="not_yours")
    if open_one.answered_at or open_one.ended_at:
        raise NotPossible(_("This request was answered or ended already."), code="not_possible_now", state=ticket.state)
    open_one.answer, open_one.answered_by, open_one.answered_at = kept, by, at
    open_one.save(update_fields=["answer", "answered_by", "answered_at"])
    ticket.save_move()
    record(ticket, "assistance_answered", by=by, at=at, note=kept, unit=open_one.unit.code, assistance=open_one.pk)
    publish(AssistanceAnswered(ticket=ticket, by=by, at=at, assistance=open_one))


def end_all(ticket: Ticket, *, at: datetime) -> None:
    """Open requests end without an answer, since nobody waits for it any more."""
    ticket.assistances.filter(answered_at__isnull=True, ended_at__isnull=True).update(ended_at=at)
