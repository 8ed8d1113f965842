"""The callback by phone: taken, tried, answered (R70–R73)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from callbacks.actions import finishing
from callbacks.actions.finishing import Answer
from callbacks.actions.rows import locked, require_open
from callbacks.answers import Mode
from callbacks.models import Attempt, Callback, CallbackRules
from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions.history import record
from complaints.models import permissions as may
from complaints.states import AttemptResult, Medium
from contact import gate
from contact.models import Purpose
from customers.models import Customer


@transaction.atomic
def take(callback: Callback, *, by: Person, at: datetime) -> Callback:
    """Take a callback in hand, so that nobody else calls the same customer about any of theirs (R71).

    It is given back after a while.

    Raises NotPossible when it is over or taken, NotYours `own_work` for who handled or replied.
    """
    callback = locked(callback)
    # Two people may take two callbacks of one customer at once; the second sees what the first has in hand.
    Customer.objects.select_for_update(no_key=True, of=("self",)).get(pk=callback.ticket.customer_id)
    _require_caller(callback, by=by, at=at)
    callback.put_in_hand(by, at=at, until=at + CallbackRules.current().kept_for)
    callback.save(update_fields=["taken_by", "taken_at", "taken_until"])
    return callback


@transaction.atomic
def attempt(callback: Callback, *, result: str, next_at: datetime | None = None, by: Person, at: datetime) -> Callback:
    """Record a call that brought no answer, and plan the next inside permitted hours (R43, R73).

    When the attempts are used up the ticket is closed as unreachable, and `next_at` is not asked for. Raises Malformed
    where the next attempt is missing, past or in quiet hours, NotPossible `quiet_hours` for a call that is.
    """
    if result not in AttemptResult.values or result == AttemptResult.REACHED:
        message = _("Choose how the attempt ended.")
        raise Malformed(message, errors={"result": [message]})
    callback = locked(callback)
    _require_caller(callback, by=by, at=at)
    ticket = callback.ticket
    gate.pass_through(ticket.matter, purpose=Purpose.CALLBACK, medium=Medium.PHONE, by=by, at=at)
    tried = Attempt.objects.create(callback=callback, result=result, at=at, by=by)
    callback.take_out_of_hand()
    is_over = callback.get_attempts_are_used_up(CallbackRules.current())
    if not is_over:
        tried.next_at = callback.planned_for = _planned(callback, next_at, at=at)
        tried.save(update_fields=["next_at"])
        callback.save(update_fields=["planned_for", "taken_by", "taken_at", "taken_until"])
    ticket.save_move()
    record(
        ticket,
        "callback_attempted",
        by=by,
        at=at,
        result=result,
        attempt=tried.pk,
        next_at=tried.next_at.isoformat() if tried.next_at else None,
    )
    if is_over:
        finishing.unreachable(callback, by=by, at=at)
    return callback


@transaction.atomic
def answer(
    callback: Callback,
    *,
    with_result: str,
    with_handling: str,
    reason: str = "",
    wants_nothing_more: bool = False,
    by: Person,
    at: datetime,
) -> Callback:
    """Record what the customer said on the phone; dissatisfied with the result opens the ticket again (R73, R74).

    Raises Malformed without both answers or without the reason of a dissatisfied one, NotPossible in quiet hours or
    when it is over or taken, NotYours `own_work` for who handled or replied.
    """
    said = Answer(with_result, with_handling, reason, wants_nothing_more)
    callback = locked(callback)
    _require_caller(callback, by=by, at=at)
    gate.pass_through(callback.ticket.matter, purpose=Purpose.CALLBACK, medium=Medium.PHONE, by=by, at=at)
    finishing.answered(callback, said, by=by, at=at)
    return callback


def propose_next_attempt(callback: Callback, *, at: datetime) -> datetime:
    """A time for the next attempt: a day on, or when contact is permitted after that."""
    return gate.decide(callback.ticket.matter, at=at + timedelta(days=1)).permitted_from


def _planned(callback: Callback, next_at: datetime | None, *, at: datetime) -> datetime:
    if next_at is None or next_at <= at:
        message = _("Plan the next attempt for a time that lies ahead.")
        raise Malformed(message, errors={"next_at": [message]})
    decision = gate.decide(callback.ticket.matter, at=next_at)
    if not decision.permitted:
        moment = decision.permitted_from.astimezone(ZoneInfo(settings.BUSINESS_TIME_ZONE))
        message = _("The next attempt would fall into quiet hours; contact is permitted from %(moment)s.") % {
            "moment": f"{moment:%Y-%m-%d %H:%M}"
        }
        raise Malformed(message, errors={"next_at": [message]}, code="quiet_hours")
    return next_at


def _require_caller(callback: Callback, *, by: Person, at: datetime) -> None:
    """Possible now, and this person's to make. Raises NotPossible, NotYours."""
    require_open(callback, by=by, at=at)
    ticket = callback.ticket
    authority = by.authority(at)
    if callback.mode == Mode.SURVEY:
        raise NotPossible(
            _("The customer of %(ticket)s is being asked by SMS; call them if no answer comes.")
            % {"ticket": ticket.reference},
            code="survey_is_out",
            **ticket.standing(authority),
        )
    if not may.calls_back(ticket, authority):
        raise NotYours(
            _("%(ticket)s: this is not yours to call back. It can be done by: %(who)s.")
            % {"ticket": ticket.reference, "who": ticket.who_may("finish_callback")},
            code="not_yours",
            **ticket.standing(authority),
        )
    if callback.not_by.filter(pk=by.pk).exists():
        raise NotYours(
            _("You handled or answered %(ticket)s yourself; somebody who had no part in it calls back.")
            % {"ticket": ticket.reference},
            code="own_work",
            **ticket.standing(authority),
        )
    in_hand = Callback.objects.in_hand_of_others(by, at).filter(ticket__customer=ticket.customer_id)
    if (other := in_hand.select_related("taken_by").order_by("taken_at", "pk").first()) is not None:
        assert other.taken_by is not None
        raise NotPossible(
            _("%(person)s is calling the customer of %(ticket)s.")
            % {"person": other.taken_by.name, "ticket": ticket.reference},
            code="taken_by_another",
            taken_by=other.taken_by.name,
            taken_at=other.taken_at,
            **ticket.standing(authority),
        )
