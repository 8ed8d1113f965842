"""The SMS survey: a signed link or a reply code, good once and for a time, that tells nothing (R71–R73)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from callbacks.actions import finishing
from callbacks.actions.finishing import Answer
from callbacks.actions.rows import locked
from callbacks.answers import Mode, Standing
from callbacks.models import AfterSilence, Callback, CallbackRules, Survey
from common import tokens
from common.apart import apart, resting
from common.refusals import Refusal
from complaints.actions.history import record
from complaints.models import Ticket
from complaints.reaching import number_to_text
from contact import gate
from customers.numbers import plain_number
from notifications import outbox
from notifications.kinds import Channel, Kind

LINK = "/s/"


class NothingHere(Refusal):
    """There is no survey under this link: expired, used, altered and guessed ones look the same."""

    status = 404


def send(callback: Callback, *, at: datetime) -> Survey:
    """Put the survey of an open callback into the outbox; one due at night goes out when the night is over (R72)."""
    ticket = callback.ticket
    code = tokens.new_code()
    survey = Survey.objects.create(
        callback=callback,
        token_hash=tokens.hash_of(code),
        sent_at=callback.planned_for,
        expires_at=callback.planned_for + CallbackRules.current().survey_lasts,
    )
    outbox.put_to_customer(
        Kind.SURVEY,
        key=f"survey:{callback.pk}",
        to=number_to_text(ticket),
        channel=Channel.SMS,
        matter=ticket.matter,
        context={"code": code, "by_text": bool(settings.SMS_INBOUND_SECRET)},
        at=at,
        language=ticket.customer.language,
        ticket=ticket.reference,
        about=about(callback),
        not_before=survey.sent_at,
    )
    return survey


def open_survey(token: str, *, at: datetime) -> Survey:
    """The survey under a link that still works. Raises NothingHere for any other, whatever is wrong with it."""
    code = tokens.read(token, purpose=LINK)
    survey = None
    if code is not None:
        survey = (
            Survey.objects.filter(token_hash=tokens.hash_of(code), callback__state=Standing.OPEN)
            .select_related("callback")
            .first()
        )
    if survey is None or not survey.works(at):
        raise NothingHere(_("There is no survey here, or it is over. Thank you."), code="no_survey")
    return survey


@transaction.atomic
def answer_survey(
    token: str,
    *,
    with_result: str,
    with_handling: str,
    reason: str = "",
    wants_nothing_more: bool = False,
    at: datetime,
) -> None:
    """Take the customer's own answer, once; dissatisfied with the result opens the ticket again (R73, R74).

    The customer may answer at night: it is they who contact us. Raises NothingHere for a link that does not work (any
    more), Malformed without both answers or without the reason of a dissatisfied one.
    """
    callback = locked(open_survey(token, at=at).callback)
    survey = open_survey(token, at=at)  # again, now that nobody else can use it
    _take(survey, callback, Answer(with_result, with_handling, reason, wants_nothing_more), at=at)


def waiting_for(number: str, *, at: datetime) -> Survey | None:
    """The survey that went to this number and still waits for its answer, the latest of several; None without one."""
    tickets = Ticket.objects.of_number(number).order_by()
    sent = (
        Survey.objects.unanswered()
        .filter(callback__ticket__in=tickets, callback__state=Standing.OPEN, sent_at__lte=at, expires_at__gt=at)
        .select_related("callback__ticket__customer")
        .order_by("-sent_at", "-pk")
    )
    # Who is asked under another number than the subscriber's answers from that one.
    return next((survey for survey in sent if _is_asked_at(survey, number)), None)


@transaction.atomic
def answer_by_code(survey: Survey, *, with_result: str, with_handling: str, reason: str, at: datetime) -> None:
    """Take the answer that came as a reply code, once, exactly as the link does (R73).

    Raises NothingHere where it is answered or over by now, Malformed without the reason of a dissatisfied one.
    """
    callback = locked(survey.callback)
    current = Survey.objects.get(pk=survey.pk)  # now that nobody else can use it
    if not callback.is_open or not current.works(at):
        raise NothingHere(_("There is no survey here, or it is over. Thank you."), code="no_survey")
    _take(current, callback, Answer(with_result, with_handling, reason), at=at)


@transaction.atomic
def expire(survey: Survey, *, at: datetime) -> None:
    """End a survey that nobody answered in time: the customer is called, or it ends as unreachable, as the rules say.

    Does nothing where somebody else was faster.
    """
    callback = locked(survey.callback)
    survey = Survey.objects.get(pk=survey.pk)
    if not callback.is_open or survey.ended_at is not None or survey.answered_at is not None or survey.works(at):
        return
    end(callback, at=at)
    if CallbackRules.current().after_silence == AfterSilence.UNREACHABLE:
        finishing.unreachable(callback, by=None, at=at)
        return
    callback.mode = Mode.PHONE
    callback.planned_for = gate.decide(callback.ticket.matter, at=at).permitted_from
    callback.save(update_fields=["mode", "planned_for"])
    record(callback.ticket, "survey_expired", by=None, at=at, round=callback.round)


def expire_due(now: datetime) -> int:
    """Expire each survey whose link has run out, in a transaction of its own; bad ones are set aside. Says how many."""
    expired = Survey.objects.expired(now).exclude(pk__in=resting("survey", now))
    due = 0
    for survey in expired.select_related("callback").order_by("expires_at", "pk"):
        due += 1
        with apart("survey", survey.pk, now=now):
            expire(survey, at=now)
    return due


def end(callback: Callback, *, at: datetime) -> None:
    """The link works no longer, and a message that has not left stays."""
    Survey.objects.unanswered().filter(callback=callback).update(ended_at=at)
    outbox.withdraw(about(callback))


def about(callback: Callback) -> str:
    """By what the survey's message can be had back."""
    return f"callback:{callback.pk}"


def next_instant() -> datetime | None:
    """When the next survey expires; for a clock that jumps."""
    instant: datetime | None = (
        Survey.objects.unanswered().order_by("expires_at").values_list("expires_at", flat=True).first()
    )
    return instant


def _take(survey: Survey, callback: Callback, said: Answer, *, at: datetime) -> None:
    """The answer to a locked survey that works."""
    survey.answered_at = at
    survey.save(update_fields=["answered_at"])
    finishing.answered(callback, said, by=None, at=at)


def _is_asked_at(survey: Survey, number: str) -> bool:
    asked_at = number_to_text(survey.callback.ticket)
    return bool(asked_at) and plain_number(asked_at) == number
