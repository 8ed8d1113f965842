"""Taking in a short message: an answer to the survey, a chase-up, or something for a person to read (R32, R73)."""

import re
from datetime import datetime

from django.db import transaction

from accounts.models import Unit
from callbacks.actions import surveys
from callbacks.models import Callback
from common.refusals import NotPossible
from common.text import tidy
from complaints.actions import chasing
from complaints.models import ChaseUp, Ticket
from complaints.states import AWAITING_AN_ANSWER, Medium
from customers.models import Customer
from customers.numbers import plain_number
from inbound import reading
from inbound.models import Outcome, ShortMessage
from selfservice.actions.complaining import unit_for

_WITHOUT_PLUS = re.compile(r"^86(?=1[0-9]{10}$)")  # as many gateways write a mobile number


@transaction.atomic
def receive(gateway_id: str, *, number: str, text: str, at: datetime) -> ShortMessage:
    """Keep a message and do what it asks for, once however often the gateway delivers it.

    The customer may write at night: it is they who contact us (R23). Raises Malformed for what is no number.
    """
    plain = _WITHOUT_PLUS.sub("", plain_number(number))
    # A second delivery at the same instant waits here for the first one's end.
    message, is_new = ShortMessage.objects.get_or_create(
        gateway_id=gateway_id, defaults={"number": plain, "text": tidy(text), "at": at}
    )
    if not is_new:
        return message
    if (callback := _answer(message, at=at)) is not None:
        message.outcome, message.callback = Outcome.ANSWERED, callback
    elif (chase := _chase_up(message, at=at)) is not None:
        message.outcome, message.chase_up = Outcome.CHASED_UP, chase
    else:
        message.desk = _service_desk(message.number)
    message.save(update_fields=["outcome", "callback", "chase_up", "desk"])
    return message


def _answer(message: ShortMessage, *, at: datetime) -> Callback | None:
    """The callback that a reply code answered; who is dissatisfied and gives no words said what they sent."""
    code = reading.reply_code(message.text)
    survey = surveys.waiting_for(message.number, at=at) if code is not None else None
    if code is None or survey is None:
        return None
    try:
        surveys.answer_by_code(
            survey,
            with_result=code.with_result,
            with_handling=code.with_handling,
            reason=code.words or message.text,
            at=at,
        )
    except surveys.NothingHere:  # the link was faster
        return None
    return survey.callback


def _chase_up(message: ShortMessage, *, at: datetime) -> ChaseUp | None:
    """A chase-up on the ticket that the message is about, where there is one that awaits an answer."""
    if not reading.says_something(message.text):
        return None
    waiting = Ticket.objects.of_number(message.number).filter(state__in=AWAITING_AN_ANSWER)
    if (named := reading.reference(message.text)) is not None:
        waiting = waiting.filter(reference=named)
    newest = waiting.order_by("-raised_at", "-pk").values_list("pk", flat=True).first()
    if newest is None:
        return None
    ticket = Ticket.objects.locked().get(pk=newest)
    if ticket.state not in AWAITING_AN_ANSWER:  # answered while we looked
        return None
    return chasing.chase_up(ticket, text=message.text, medium=Medium.SMS, by=None, at=at)


def _service_desk(number: str) -> Unit | None:
    """Whose it is to read what nothing follows from: the desk that would accept the customer's matter (R13)."""
    try:
        return unit_for(Customer.objects.select_related("branch").filter(number=number).first())
    except NotPossible:
        return None
