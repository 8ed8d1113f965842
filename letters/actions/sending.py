"""Sending an approved letter: the move of any other reply, through the gate, and the e-mail by the outbox (R41)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.refusals import NotPossible
from complaints.actions import replying
from complaints.models import ReplyAttempt
from complaints.states import Medium
from contact import gate
from contact.models import Purpose
from letters.actions.approving import about
from letters.actions.drafting import lock, refuse_old_words, require_open, require_sendable
from letters.kinds import Standing
from letters.models import Letter
from notifications import outbox
from notifications.kinds import Channel, Kind
from notifications.models import Message


@transaction.atomic
def send(letter: Letter, *, seen: int | None = None, by: Person, at: datetime) -> ReplyAttempt:
    """Send the letter: an e-mail goes into the outbox, a letter or fax was printed and posted by who says so.

    It makes the move of a reply and ends its clock (R21). Raises Malformed where the check finds something (a phrase
    may have been forbidden meanwhile), NotYours, and NotPossible without approval or in quiet hours.
    """
    ticket, current = lock(letter)
    replying.require_free(ticket, by=by, at=at)
    require_open(current)
    refuse_old_words(current, seen=seen)
    if current.standing != Standing.APPROVED:
        raise NotPossible(
            _("This letter is %(standing)s; it can be sent once it is approved.")
            % {"standing": current.get_standing_display()},
            code="not_approved",
            state=ticket.state,
        )
    words = current.get_current()
    require_sendable(current, words)
    if current.medium == Medium.EMAIL:
        gate.require_permitted(ticket.matter, purpose=Purpose.REPLY, at=at)
        outbox.put_to_customer(
            Kind.WRITTEN_REPLY,
            key=_key(current),
            to=words.address,
            channel=Channel.EMAIL,
            matter=ticket.matter,
            context={"letter": current.pk},
            at=at,
            language=current.language,
            ticket=ticket.reference,
            about=f"{about(current)}:sent",
        )
    else:
        gate.pass_through(ticket.matter, purpose=Purpose.REPLY, medium=current.medium, by=by, at=at)
    current.standing, current.sent_by, current.sent_at = Standing.SENT, by, at
    current.save(update_fields=["standing", "sent_by", "sent_at"])
    return replying.answer(
        ticket, medium=current.medium, text=f"{words.subject}\n\n{words.body}"[:10_000], by=by, at=at, letter=current.pk
    )


def get_delivery(letter: Letter) -> Message | None:
    """The message by which a letter left, if it went by e-mail."""
    return Message.objects.filter(key=f"{_key(letter)}:{Channel.EMAIL}").first()


def _key(letter: Letter) -> str:
    return f"written_reply:{letter.pk}"
