"""Tickets that have come as far as their callback."""

from datetime import datetime

from callbacks.actions import surveys
from callbacks.models import Callback
from common.tokens import sign
from complaints.actions import concluding, handling, replying
from complaints.actions.concluding import Outcome
from complaints.models import Ticket
from complaints.states import Liability, Medium, Verdict
from notifications.models import Message
from tests.people import MONDAY_NINE, a_ticket_to_reply, findings, fresh, person

COMPLAINT = Outcome(verdict=Verdict.ACCEPTS, liability=Liability.COMPANY, remedy="The splitter was replaced.")
OPINION = Outcome(verdict=Verdict.ACCEPTS, liability=Liability.UNFOUNDED, remedy="Explained the bill.")
CONTENT = {"with_result": "satisfied", "with_handling": "satisfied"}
UNHAPPY = {"with_result": "dissatisfied", "with_handling": "satisfied", "reason": "The line is still down."}


def conclude(
    ticket: Ticket, *, outcome: Outcome = COMPLAINT, replied_at: datetime | None = None, at: datetime = MONDAY_NINE
) -> Ticket:
    """Rosa replies and concludes."""
    rosa = person("rosa")
    replying.reply(ticket, medium=Medium.PHONE, text="Your line works again.", by=rosa, at=replied_at or at)
    concluding.conclude(ticket, outcome=outcome, by=rosa, at=at)
    return fresh(ticket)


def a_concluded_ticket(*, outcome: Outcome = COMPLAINT, at: datetime = MONDAY_NINE, **given: object) -> Ticket:
    """A ticket that Wei handled and Rosa concluded."""
    return conclude(a_ticket_to_reply(at=at, **given), outcome=outcome, at=at)  # type: ignore[arg-type]


def work_through_again(ticket: Ticket, *, at: datetime, **given: object) -> Ticket:
    """A reopened ticket goes through Wei's and Rosa's hands once more."""
    wei = person("wei")
    handling.claim(ticket, by=wei, at=at)
    handling.feed_back(ticket, findings=findings(at), by=wei, at=at)
    return conclude(ticket, at=at, **given)  # type: ignore[arg-type]


def the_callback(ticket: Ticket) -> Callback:
    """The callback of the ticket's latest round that has one."""
    return Callback.objects.with_people().filter(ticket=ticket).latest("round")


def a_callback(**given: object) -> Callback:
    """An open callback by phone."""
    return the_callback(a_concluded_ticket(**given))  # type: ignore[arg-type]


def a_survey(**given: object) -> Callback:
    """An open callback by survey."""
    return the_callback(a_concluded_ticket(outcome=OPINION, **given))  # type: ignore[arg-type]


def token_of(callback: Callback) -> str:
    """The token of the link that was sent for a callback, made as the message's words make it."""
    message = Message.objects.get(key=f"survey:{callback.pk}:sms")
    return sign(message.context["code"], purpose="/s/")


def answer_by_link(callback: Callback, *, at: datetime, **answers: str) -> None:
    """The customer uses the link that was sent for a callback."""
    surveys.answer_survey(token_of(callback), **answers, at=at)
