"""Hold (挂起): who, why, until when; it comes back by itself (R6)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from calendars.models import Calendar
from common.events import publish
from common.refusals import Malformed, NotPossible
from complaints.actions.history import end_hold, record, require, require_text
from complaints.events import Held
from complaints.hold_bounds import bounds_for
from complaints.models import Hold, Ticket
from complaints.models.hold import HoldReason


@transaction.atomic
def hold(
    ticket: Ticket,
    *,
    reason: str,
    text: str,
    until: datetime,
    customer_consents: bool = False,
    by: Person,
    at: datetime,
) -> Hold:
    """Let a ticket rest until an end. Raises NotPossible beyond the bounds of its policies or, where these name none,
    of section 15; Malformed for a bad end."""
    require(ticket, "hold", by=by, at=at)
    bounds = bounds_for(ticket)
    if ticket.is_held:
        raise NotPossible(
            _("%(ticket)s is on hold already.") % {"ticket": ticket.reference}, code="held_already", state=ticket.state
        )
    if reason not in HoldReason.values:
        message = _("Choose one of: %(choices)s.") % {"choices": ", ".join(HoldReason.values)}
        raise Malformed(message, errors={"reason": [message]})
    explanation = require_text(text, field="text", message=_("Say what is awaited."))
    latest = (
        Calendar.objects.get(code="working-days").compiled().add_working_days(at, bounds.working_days, end_of_day=True)
    )
    if not at < until <= latest:
        message = _("A hold ends in the future and at most %(days)d working days from now.") % {
            "days": bounds.working_days
        }
        raise Malformed(message, errors={"until": [message]})
    if ticket.holds.filter(round=ticket.round).count() >= bounds.times:
        raise NotPossible(
            _("%(ticket)s was on hold %(count)d times in this round; that is the most.")
            % {"ticket": ticket.reference, "count": bounds.times},
            code="held_too_often",
            state=ticket.state,
        )
    ticket.held_since, ticket.held_until = at, until
    ticket.touched_at = at
    ticket.save_move()
    held = Hold.objects.create(
        ticket=ticket,
        round=ticket.round,
        reason=reason,
        text=explanation,
        customer_consents=customer_consents,
        starts_at=at,
        ends_at=until,
        by=by,
    )
    record(ticket, "held", by=by, at=at, note=explanation, reason=reason, until=until.isoformat(), hold=held.pk)
    publish(Held(ticket=ticket, by=by, at=at, hold=held))
    return held


@transaction.atomic
def resume(ticket: Ticket, *, by: Person | None, at: datetime) -> None:
    """End a hold: by somebody, or by the system at its end. Raises NotPossible when there is none."""
    require(ticket, "resume", by=by, at=at)
    if not ticket.is_held:
        raise NotPossible(
            _("%(ticket)s is not on hold.") % {"ticket": ticket.reference}, code="not_held", state=ticket.state
        )
    end_hold(ticket, by=by, at=at)


def holds_to_end(now: datetime) -> list[int]:
    """The tickets whose hold has come to its end, in that order."""
    return list(
        Hold.objects.filter(ended_at__isnull=True, ends_at__lte=now)
        .order_by("ends_at", "pk")
        .values_list("ticket_id", flat=True)
    )
