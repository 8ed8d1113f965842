"""Telling the customer the outcome (回复): begun by one, attempted in permitted hours, done when it reached them."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import SYSTEM, Person
from common.events import publish
from common.refusals import Malformed, NotPossible
from complaints.actions import agreements
from complaints.actions.history import perform, record, require, require_text
from complaints.events import NotReached
from complaints.models import DeskRules, ReplyAttempt, Ticket
from complaints.states import AttemptResult, Medium, Nature, State
from contact import gate
from contact.models import Purpose, QuietHours

WRITTEN = frozenset({Medium.LETTER, Medium.FAX, Medium.EMAIL})
SPOKEN = frozenset({Medium.PHONE, Medium.SMS, Medium.VISIT})
REPLY_MEDIA = SPOKEN | WRITTEN


@transaction.atomic
def begin_reply(ticket: Ticket, *, by: Person, at: datetime) -> None:
    """Take the reply in hand, so that nobody replies in parallel (R42). Raises NotPossible `reply_begun` with who."""
    require_free(ticket, by=by, at=at)
    ticket.replying_by, ticket.replying_since = by, at
    ticket.save_move()
    record(ticket, "reply_begun", by=by, at=at)


@transaction.atomic
def release_reply(ticket: Ticket, *, by: Person | None, at: datetime) -> None:
    """Let go of a begun reply: by who began it, a supervisor, or the system when it has expired (R42)."""
    require(ticket, "release_reply", by=by, at=at)
    if ticket.replying_by_id is None:
        raise NotPossible(
            _("Nobody has begun a reply to %(ticket)s.") % {"ticket": ticket.reference}, code="no_reply_begun"
        )
    was = ticket.replying_by_id
    ticket.forget_begun_reply()
    ticket.save_move()
    record(ticket, "reply_released", by=by, at=at, begun_by=was)


@transaction.atomic
def reply(ticket: Ticket, *, medium: str, text: str, by: Person, at: datetime) -> ReplyAttempt:
    """Record a reply by word of mouth or SMS that reached the customer (R40–R42).

    Raises NotPossible in quiet hours, NotYours, Stale; and Malformed for letters, faxes and e-mails, which are drafted,
    approved and then sent (R41).
    """
    said = require_text(text, field="text", message=_("Write what the customer was told."))
    _check_medium(ticket, medium)
    if medium in WRITTEN:
        message = _("Letters, faxes and e-mails are drafted and approved before they are sent; write a letter.")
        raise Malformed(message, errors={"medium": [message]}, code="written_reply")
    require_free(ticket, by=by, at=at)
    gate.pass_through(ticket.matter, purpose=Purpose.REPLY, medium=medium, by=by, at=at)
    return answer(ticket, medium=medium, text=said, by=by, at=at)


def answer(ticket: Ticket, *, medium: str, text: str, by: Person, at: datetime, **data: Any) -> ReplyAttempt:
    """Make the move of a reply that was let through the gate; `data` says more of it in the history. Raises Stale."""
    perform(
        ticket,
        "reply",
        by=by,
        at=at,
        kind="replied",
        data={"medium": medium, "round": ticket.round, **data},
        replied_by=by,
    )
    return ReplyAttempt.objects.create(
        ticket=ticket,
        round=ticket.round,
        medium=medium,
        result=AttemptResult.REACHED,
        text=text,
        at=at,
        by=by,
    )


@transaction.atomic
def attempt_reply(
    ticket: Ticket, *, medium: str, result: str, next_at: datetime | None, note: str = "", by: Person, at: datetime
) -> ReplyAttempt:
    """Record an attempt that did not reach the customer, and plan the next inside permitted hours (R43).

    A customer who asked for another time is promised it (R29); what they asked for may lie at night (R23), and
    the promise stands in the limit's place. Raises Malformed where the next attempt is missing, past, or in quiet hours
    without consent or promise, and NotYours for a promise that needs a supervisor.
    """
    if result not in AttemptResult.values or result == AttemptResult.REACHED:
        message = _("Choose how the attempt ended.")
        raise Malformed(message, errors={"result": [message]})
    _check_medium(ticket, medium)
    require_free(ticket, by=by, at=at)
    gate.pass_through(ticket.matter, purpose=Purpose.REPLY, medium=medium, by=by, at=at)
    if next_at is None or next_at <= at:
        message = _("Plan the next attempt for a time that lies ahead.")
        raise Malformed(message, errors={"next_at": [message]})
    asks_for_it = result == AttemptResult.ANOTHER_TIME
    if asks_for_it and _promised_for(ticket, at=at) != next_at:
        agreements.promise(
            ticket,
            agreed_for=next_at,
            reason=_("asked for by the customer"),
            evidence=note or _("said at the attempt"),
            by=by,
            at=at,
        )
    planned = gate.decide(ticket.matter, at=next_at)
    if not planned.permitted:
        message = _("The next attempt would fall into quiet hours; contact is permitted from %(moment)s.") % {
            "moment": planned.permitted_from.astimezone(ZoneInfo(settings.BUSINESS_TIME_ZONE)).strftime(
                "%Y-%m-%d %H:%M"
            )
        }
        raise Malformed(message, errors={"next_at": [message]}, code="quiet_hours")
    ticket.forget_begun_reply()
    ticket.save_move()
    attempt = ReplyAttempt.objects.create(
        ticket=ticket, round=ticket.round, medium=medium, result=result, text=note, at=at, by=by, next_at=next_at
    )
    record(
        ticket,
        "reply_attempted",
        by=by,
        at=at,
        note=note,
        medium=medium,
        result=result,
        next_at=next_at.isoformat(),
        attempt=attempt.pk,
    )
    if not asks_for_it:
        publish(NotReached(ticket=ticket, by=by, at=at, next_at=next_at))
    return attempt


@transaction.atomic
def reject_feedback(ticket: Ticket, *, reason: str, by: Person, at: datetime) -> None:
    """Give the feedback back to its handler, with a reason; it is no longer solved at first feedback."""
    why = require_text(reason, field="reason", message=_("Say what is wrong with the feedback."))
    perform(ticket, "reject_feedback", by=by, at=at, kind="feedback_rejected", note=why)
    latest = ticket.feedbacks.filter(rejected_at__isnull=True).order_by("-pk").first()
    if latest is not None:
        latest.rejected_at, latest.rejected_by, latest.rejection = at, by, why
        latest.save(update_fields=["rejected_at", "rejected_by", "rejection"])


def is_begun_by_another(ticket: Ticket, *, by: Person | None, at: datetime) -> bool:
    """Whether somebody else has a reply in the making that has not expired (R42)."""
    if ticket.replying_by_id is None or ticket.replying_since is None:
        return False
    if by is not None and ticket.replying_by_id == by.pk:
        return False
    return at < ticket.replying_since + begun_reply_lasts()


def begun_reply_lasts() -> timedelta:
    """For how long a begun reply keeps others out (section 15)."""
    return timedelta(minutes=DeskRules.current().begun_reply_expires_after_minutes)


def expired_replies(now: datetime) -> list[int]:
    """The tickets with a begun reply that has expired, oldest first."""
    return list(
        Ticket.objects.filter(replying_since__lte=now - begun_reply_lasts())
        .order_by("replying_since", "pk")
        .values_list("pk", flat=True)
    )


def propose_next_attempt(ticket: Ticket, *, at: datetime) -> datetime:
    """A time for the next attempt: in two hours, or when the next permitted hours begin."""
    wanted = at + timedelta(hours=2)
    return QuietHours.current().window.next_permitted(wanted)


def require_free(ticket: Ticket, *, by: Person, at: datetime) -> None:
    """Ask whether the reply is this person's to give, and nobody else has begun or made one (R40, R42).

    Raises NotYours, and NotPossible with who and when, `reply_begun` where it is not made yet.
    """
    _refuse_second(ticket, by=by, at=at)
    named = ticket.who_replies
    require(ticket, "begin_reply", by=by, at=at, who=named.name if named else _("the accepting desk"))
    if is_begun_by_another(ticket, by=by, at=at):
        assert ticket.replying_by is not None and ticket.replying_since is not None
        begun = ticket.replying_since.astimezone(ZoneInfo(settings.BUSINESS_TIME_ZONE))
        raise NotPossible(
            _("%(person)s has begun a reply to %(ticket)s at %(moment)s; ask them, or wait until it expires.")
            % {"person": ticket.replying_by.name, "ticket": ticket.reference, "moment": begun.strftime("%H:%M")},
            code="reply_begun",
            state=ticket.state,
            begun_by=ticket.replying_by.name,
            begun_at=ticket.replying_since,
        )


def _promised_for(ticket: Ticket, *, at: datetime) -> datetime | None:
    made = ticket.matter.get_promise(at)
    return made.agreed_for if made is not None else None


def _refuse_second(ticket: Ticket, *, by: Person | None, at: datetime) -> None:
    if ticket.state != State.REPLIED or ticket.replied_by is None or ticket.replied_at is None:
        return
    moment = ticket.replied_at.astimezone(ZoneInfo(settings.BUSINESS_TIME_ZONE)).strftime("%Y-%m-%d %H:%M")
    raise NotPossible(
        _("%(person)s replied to %(ticket)s at %(moment)s; reopen it to change the answer.")
        % {"person": ticket.replied_by.name, "ticket": ticket.reference, "moment": moment},
        code="not_possible_now",
        replied_by=ticket.replied_by.name,
        replied_at=ticket.replied_at,
        **ticket.standing(by.authority(at) if by is not None else SYSTEM),
    )


def _check_medium(ticket: Ticket, medium: str) -> None:
    if medium not in REPLY_MEDIA:
        message = _("Choose one of: %(choices)s.") % {"choices": ", ".join(sorted(REPLY_MEDIA))}
        raise Malformed(message, errors={"medium": [message]})
    if (
        medium == Medium.SMS
        and ticket.nature in {Nature.COMPLAINT, Nature.OPINION}
        and ticket.preferred_medium != Medium.SMS
    ):
        message = _("An SMS alone does not answer a complaint unless the customer asked for it; call first.")
        raise Malformed(message, errors={"medium": [message]}, code="sms_alone")
