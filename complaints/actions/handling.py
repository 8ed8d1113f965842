"""The unit's work (处理): claim, work, pass on, feed back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, Unit
from common.refusals import Malformed
from complaints.actions import assisting
from complaints.actions.dispatching import check_faults, check_receiver
from complaints.actions.history import perform, require_text
from complaints.models import DeskRules, Feedback, Ticket, filler_phrases
from complaints.models import permissions as may
from complaints.querysets import TicketQuerySet
from complaints.states import State

FINDINGS = ("process", "cause", "result", "person", "advice")
LONGEST_NAME = 120
PUNCTUATION = " 。.,，!！?？…~～、;；:："


@dataclass(frozen=True)
class Findings:
    """The six parts of a feedback (R30)."""

    handled_at: datetime
    process: str
    cause: str
    result: str
    person: str
    advice: str


@transaction.atomic
def claim(ticket: Ticket, *, by: Person, at: datetime) -> None:
    """Take a dispatched ticket in hand; one person at a time."""
    perform(ticket, "claim", by=by, at=at, kind="claimed", handler=by)


@transaction.atomic
def release(ticket: Ticket, *, reason: str = "", by: Person | None, at: datetime) -> None:
    """Give a claimed ticket back to the unit's queue."""
    was = ticket.handler
    perform(ticket, "release", by=by, at=at, kind="released", note=reason, data={"handler": was.pk if was else None})


@transaction.atomic
def assign(ticket: Ticket, *, to: Person, by: Person | None, at: datetime) -> None:
    """Put a ticket into a named person's hands; 'take over' is assigning to oneself. Raises Malformed for outsiders."""
    if ticket.lead_unit is not None and by != to:
        authority = to.authority(at)
        if not (authority.holds(*may.WORKING_A_QUEUE, over=ticket.lead_unit) or may.supervises(ticket, authority)):
            message = _("%(person)s does not work for %(unit)s; choose somebody who does.") % {
                "person": to.name,
                "unit": ticket.lead_unit.name,
            }
            raise Malformed(message, errors={"to": [message]})
    perform(ticket, "assign", by=by, at=at, kind="assigned", data={"to": to.pk}, to=to)


@transaction.atomic
def transfer(ticket: Ticket, *, to: Unit, reason: str, by: Person | None, at: datetime) -> None:
    """Pass a ticket to another unit, with a reason; counted."""
    check_receiver(to)
    why = require_text(reason, field="reason", message=_("Say why it goes to another unit."))
    if to.pk == ticket.lead_unit_id:
        message = _("%(unit)s leads it already; choose another unit.") % {"unit": to.name}
        raise Malformed(message, errors={"to": [message]})
    was = ticket.lead_unit
    perform(
        ticket,
        "transfer",
        by=by,
        at=at,
        kind="transferred",
        note=why,
        data={"from_unit": was.code if was else "", "unit": to.code},
        facts={"unit": to, "from_unit": was},
        to=to,
    )
    assisting.end_all(ticket, at=at)


@transaction.atomic
def send_back(ticket: Ticket, *, faults: list[str], note: str = "", by: Person | None, at: datetime) -> None:
    """Give a ticket back to the dispatch desk: not ours, or not to be handled as recorded."""
    reasons = check_faults(faults)
    was = ticket.lead_unit
    perform(
        ticket,
        "send_back",
        by=by,
        at=at,
        kind="sent_back",
        note=note,
        data={"faults": reasons, "unit": was.code if was else ""},
        facts={"from_unit": was},
    )
    assisting.end_all(ticket, at=at)


@transaction.atomic
def feed_back(ticket: Ticket, *, findings: Findings, by: Person, at: datetime) -> Feedback:
    """Hand the findings back for the reply. Raises Malformed for missing parts and fillers (R30)."""
    check_findings(findings, at=at)
    unit = ticket.lead_unit
    perform(ticket, "feed_back", by=by, at=at, kind="fed_back", data={"round": ticket.round})
    assisting.end_all(ticket, at=at)
    return Feedback.objects.create(
        ticket=ticket,
        round=ticket.round,
        unit=unit,
        handled_at=findings.handled_at,
        process=findings.process.strip(),
        cause=findings.cause.strip(),
        result=findings.result.strip(),
        person=findings.person.strip(),
        advice=findings.advice.strip(),
        at=at,
        by=by,
    )


def check_findings(findings: Findings, *, at: datetime) -> None:
    """All six parts, none a filler, none too short, none from the future (R30). Raises Malformed naming each."""
    rules = DeskRules.current()
    fillers = filler_phrases()
    errors: dict[str, list[str]] = {}
    for part in FINDINGS:
        text = getattr(findings, part)
        try:
            kept = require_text(text, field=part, message=_("This part is required."))
        except Malformed as problem:
            errors.update(problem.errors)
            continue
        if part == "person":
            if len(kept) > LONGEST_NAME:
                errors[part] = [_("At most %(limit)d characters.") % {"limit": LONGEST_NAME}]
            continue
        if kept.strip(PUNCTUATION).casefold() in fillers:
            errors[part] = [_("'%(text)s' says nothing; write what was done and found.") % {"text": kept}]
        elif len(kept) < rules.feedback_minimum_length:
            errors[part] = [_("Write at least %(count)d characters.") % {"count": rules.feedback_minimum_length}]
    if findings.handled_at > at + timedelta(minutes=5):
        errors["handled_at"] = [_("This lies in the future.")]
    if errors:
        raise Malformed(_("The feedback is not complete."), errors=errors, code="feedback_incomplete")


@transaction.atomic
def give_back_untouched(ticket: Ticket, *, at: datetime) -> bool:
    """The system gives back a claim that nobody has worked on (section 15); says whether it still was untouched."""
    if not _untouched(at).select_for_update().filter(pk=ticket.pk).exists():
        return False
    release(ticket, reason="", by=None, at=at)
    return True


def untouched_claims(now: datetime) -> list[int]:
    """The tickets whose claim was not touched for as long as the desk rules allow, oldest claim first."""
    return list(_untouched(now).order_by("claimed_at", "pk").values_list("pk", flat=True))


def _untouched(now: datetime) -> TicketQuerySet:
    limit = now - timedelta(minutes=DeskRules.current().claim_given_back_after_minutes)
    return Ticket.objects.filter(
        state=State.HANDLING,
        claimed_at__lte=limit,
        touched_at__isnull=True,
        held_until__isnull=True,
        fed_back_at__isnull=True,
    )
