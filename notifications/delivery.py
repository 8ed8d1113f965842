"""Delivery: message after message is claimed, carried, and marked, each at the instant of its turn.

At least once: a worker that dies between carrying and marking leaves the message claimed; when the claim has run out
it is carried again, with the same key. Exactly once cannot be had from a mail server; the key lets receivers tell.
A message that cannot be carried is tried again ever more rarely, and set aside as failed after the last try.
"""

import hashlib
import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from common.models import Heartbeat
from common.sweeping import FRESH_FOR
from contact import gate
from live import hints
from notifications import circuits
from notifications.carriers import CannotBeSent, Carriers
from notifications.gateways.answers import Failed, Refused
from notifications.kinds import PURPOSES, Channel, Lane, Outcome, Stage
from notifications.models import Attempt, Message
from notifications.rendering import Unrenderable

logger = logging.getLogger(__name__)

# Longer than any carrier waits for an answer.
CLAIM_LASTS = timedelta(minutes=5)
ALL_LANES = tuple(sorted(Lane))
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)


def deliver(now: datetime, *, carriers: Carriers | None = None, at_most: int = 200) -> int:
    """Deliver what is due at this instant; says how many messages left.

    With the setting DELIVER_MESSAGES off all happens as usual, the gate included, but nothing leaves the house.
    """
    carriers = carriers or Carriers(muted=not settings.DELIVER_MESSAGES)
    left = 0
    for _turn in range(at_most):
        turn = take_turn(now, carriers)
        if turn is None:
            break
        left += turn
    return left


def lanes_to_serve(now: datetime) -> Sequence[Lane]:
    """All lanes; without that of the backlog while the timers work off theirs, which would be slower for it."""
    is_behind = Heartbeat.any_works_off_a_backlog(now=now, later_than=FRESH_FOR)
    return [lane for lane in ALL_LANES if lane != Lane.BACKLOG or not is_behind]


def take_turn(now: datetime, carriers: Carriers, *, lanes: Sequence[Lane] = ALL_LANES) -> bool | None:
    """Deal with the message that is due first: True when it left, False when not, None when nothing is due."""
    message = claim(now, carriers, lanes=lanes)
    if message is None:
        return None
    if message.state != Stage.SENDING:
        return False
    way = carriers.circuit_of(message)
    began = time.monotonic()
    try:
        code = carriers.carry(message, at=now)
    except (CannotBeSent, Refused, Unrenderable, ValueError) as error:  # ValueError: a header with a line break
        _log(message, began, at=now, outcome=Outcome.REFUSED, error=error)
        if way and isinstance(error, Refused):  # whoever says no is there
            circuits.note_success(way, at=now)
        set_aside(message, error)
        return False
    except Exception as error:  # whatever a server, a gateway or a template does: the others go on
        _log(message, began, at=now, outcome=Outcome.FAILED, error=error)
        if way:
            circuits.note_failure(way, error=_words(error), at=now)
        put_back(message, error, at=now)
        return False
    if way:
        _log(message, began, at=now, outcome=Outcome.SENT, code=code)
        circuits.note_success(way, at=now)
    mark_sent(message, at=now)
    return True


@transaction.atomic
def claim(now: datetime, carriers: Carriers, *, lanes: Sequence[Lane] = ALL_LANES) -> Message | None:
    """Claim the message that is due first in the first lane that has one, so that no other worker takes it.

    A message to a customer passes the gate here; where the gate refuses, it waits until contact is permitted (R23).
    Where its way out of the house is not in order it waits too, and no try is counted. One that was claimed as often
    as it may be without an end is set aside.
    """
    message = next(filter(None, (_first_due(now, lane=lane) for lane in lanes)), None)
    if message is None:
        return None
    if message.recipient is not None and not message.recipient.is_active:
        message.state, message.next_try_at = Stage.CANCELLED, None  # who has left is told nothing more
        message.save(update_fields=["state", "next_try_at"])
        return message
    if message.tries >= settings.DELIVERY_TRIES:
        set_aside(message, RuntimeError("its sender died at every try"))
        return message
    if message.matter is not None:
        decision = gate.decide(message.matter, at=now, purpose=PURPOSES[message.kind])
        if not decision.permitted:
            message.state = Stage.WAITING
            message.not_before = message.next_try_at = decision.permitted_from
            message.save(update_fields=["state", "not_before", "next_try_at"])
            return message
    way = carriers.circuit_of(message)
    wait = circuits.ask(way, at=now) if way else None
    if wait is not None:
        message.state, message.next_try_at = Stage.WAITING, wait + _spread(timedelta(seconds=10), message)
        message.save(update_fields=["state", "next_try_at"])
        return message
    if message.matter is not None:
        gate.pass_through(message.matter, purpose=PURPOSES[message.kind], medium=message.channel, by=None, at=now)
    message.state = Stage.SENDING
    message.tries += 1
    message.next_try_at = now + CLAIM_LASTS
    message.save(update_fields=["state", "tries", "next_try_at"])
    return message


def _first_due(now: datetime, *, lane: int) -> Message | None:
    unlocked = Message.objects.due(now).filter(lane=lane).select_for_update(of=("self",), skip_locked=True)
    return unlocked.select_related("recipient", "matter", "endpoint").first()


def mark_sent(message: Message, *, at: datetime) -> None:
    """Note that it left."""
    message.state, message.sent_at, message.next_try_at, message.error = Stage.SENT, at, None, ""
    message.save(update_fields=["state", "sent_at", "next_try_at", "error"])
    if message.channel == Channel.IN_APP and message.recipient_id is not None:
        hints.tell(readers=[message.recipient_id])


def put_back(message: Message, error: Exception, *, at: datetime) -> None:
    """Plan the next try, or set the message aside when it has had its last."""
    if message.tries >= settings.DELIVERY_TRIES:
        set_aside(message, error)
        return
    logger.warning("message %s was not delivered at try %d", message.key, message.tries, exc_info=error)
    message.state, message.error = Stage.WAITING, _words(error)
    asked = error.wait if isinstance(error, Failed) and error.wait is not None else timedelta(0)
    message.next_try_at = at + max(asked, pause_after(message.tries, key=message.key))
    message.save(update_fields=["state", "next_try_at", "error"])


def set_aside(message: Message, error: Exception) -> None:
    """Give up on a message; it is shown in the admin, where somebody can have it tried again."""
    logger.error("message %s is set aside as failed", message.key, exc_info=error)
    message.state, message.next_try_at, message.error = Stage.FAILED, None, _words(error)
    message.save(update_fields=["state", "next_try_at", "error"])


def pause_after(tries: int, *, key: str) -> timedelta:
    """How long to wait after so many tries: doubling, with up to half of it spread over messages by their key."""
    pause = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
    spread = int.from_bytes(hashlib.sha256(f"{key}:{tries}".encode()).digest()[:2]) / 0xFFFF
    return pause * (1 + spread / 2)


def next_instant() -> datetime | None:
    """When delivery has something to do next; for a clock that jumps."""
    instant: datetime | None = (
        Message.objects.pending().order_by("next_try_at").values_list("next_try_at", flat=True).first()
    )
    return instant


def _spread(length: timedelta, message: Message) -> timedelta:
    """A part of this length, another one for each message, so that what waited together does not come together."""
    part: timedelta = length * (int.from_bytes(hashlib.sha256(message.key.encode()).digest()[:2]) / 0xFFFF)
    return part


def _log(
    message: Message,
    began: float,
    *,
    at: datetime,
    outcome: Outcome,
    code: int | None = None,
    error: Exception | None = None,
) -> None:
    """One line of the delivery log."""
    Attempt.objects.create(
        message=message,
        number=message.tries,
        at=at,
        took_ms=round((time.monotonic() - began) * 1000),
        outcome=outcome,
        code=getattr(error, "code", code) if error is not None else code,
        error=_words(error) if error is not None else "",
    )


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\x00", "")[:500]
