"""Telling on the way: the customer how it stands (R34), the owner what helps at once (R31)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.refusals import Malformed
from complaints.actions.history import record, require, require_text
from complaints.models import InterimRemedy, Progress, Ticket
from complaints.states import Medium
from contact import gate
from contact.models import Purpose
from notifications import outbox
from notifications.kinds import Kind

MEDIA = frozenset({Medium.PHONE, Medium.SMS, Medium.EMAIL, Medium.VISIT})


@transaction.atomic
def tell_progress(ticket: Ticket, *, medium: str, text: str, by: Person, at: datetime) -> Progress:
    """Record that the customer was told how it stands; the reply is owed as before (R34).

    Raises Malformed, NotYours, and NotPossible in quiet hours or once the customer has the answer.
    """
    require(ticket, "tell_progress", by=by, at=at)
    if medium not in MEDIA:
        message = _("Choose one of: %(choices)s.") % {"choices": ", ".join(sorted(MEDIA))}
        raise Malformed(message, errors={"medium": [message]})
    said = require_text(text, field="text", message=_("Write what the customer was told."))
    gate.pass_through(ticket.matter, purpose=Purpose.PROGRESS, medium=medium, by=by, at=at)
    ticket.save_move()
    told = Progress.objects.create(ticket=ticket, round=ticket.round, medium=medium, text=said, at=at, by=by)
    record(ticket, "progress_told", by=by, at=at, note=said, medium=medium)
    return told


@transaction.atomic
def report_interim(ticket: Ticket, *, text: str, by: Person, at: datetime) -> InterimRemedy:
    """Tell the owner what helps the customer at once, before the cause is known and the feedback complete (R31)."""
    require(ticket, "report_interim", by=by, at=at)
    done = require_text(text, field="text", message=_("Write what was done at once."))
    assert ticket.lead_unit is not None  # no ticket waits for a unit without one
    ticket.touched_at = at
    ticket.save_move()
    remedy = InterimRemedy.objects.create(
        ticket=ticket, round=ticket.round, unit=ticket.lead_unit, text=done, at=at, by=by
    )
    record(ticket, "interim_reported", by=by, at=at, note=done, unit=ticket.lead_unit.code)
    if ticket.who_replies is not None:
        outbox.put(
            Kind.INTERIM_REMEDY,
            key=f"interim_remedy:{remedy.pk}",
            to=ticket.who_replies,
            context={},
            at=at,
            ticket=ticket.reference,
        )
    return remedy
