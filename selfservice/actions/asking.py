"""Asking how a matter stands: by reference, and by a code that is sent to the number on record (A21).

Whoever asks learns nothing from the asking. A request is one row, written without looking anything up; the clock's turn
looks it up and sends the code, and only the right code, once and in time, opens anything.
"""

import unicodedata
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from common.apart import apart, resting
from common.refusals import Malformed, Refusal
from common.text import optional_text
from common.tokens import figures_of
from complaints.actions.history import record
from complaints.models import Ticket
from complaints.reaching import number_to_text
from notifications import outbox
from notifications.kinds import Channel, Kind
from selfservice.models import Receipt, SelfServiceRules, StatusRequest
from selfservice.stages import Status, status_of

PURPOSE = "status"
LONGEST_NAME = 20


class WrongCode(Refusal):
    """The code opens nothing: wrong, used, expired, tried too often, or never sent. All of these look the same."""

    status = 404


def ask(named: str, *, language: str = "", at: datetime) -> StatusRequest:
    """Take a request for the matter with this reference or receipt; nothing is looked up. Raises Malformed."""
    kept = optional_text(_plain(named), field="reference", limit=LONGEST_NAME)
    if not kept:
        message = _("Give the reference or the number of your receipt.")
        raise Malformed(message, errors={"reference": [message]})
    return StatusRequest.objects.create(
        named=kept, language=language, asked_at=at, expires_at=at + SelfServiceRules.current().code_lasts
    )


@transaction.atomic
def send_code(request: StatusRequest, *, at: datetime) -> None:
    """Look a request up, and send its code where there is such a matter and not too many were sent. Does so once."""
    current = StatusRequest.objects.select_for_update(skip_locked=True).filter(pk=request.pk).first()
    if current is None or current.looked_up_at is not None:
        return
    current.looked_up_at = at
    ticket = _find(current.named)
    number = number_to_text(ticket) if ticket is not None else ""
    if ticket is not None and number and at < current.expires_at and not _too_many(ticket, at=at):
        current.ticket = ticket
        outbox.put_to_customer(
            Kind.STATUS_CODE,
            key=f"status_code:{current.pk}",
            to=number,
            channel=Channel.SMS,
            matter=ticket.matter,
            context={"code": current.code, "minutes": SelfServiceRules.current().code_minutes},
            at=at,
            language=ticket.customer.language or current.language,
            ticket=ticket.reference,
        )
    current.save(update_fields=["looked_up_at", "ticket"])


def send_due(now: datetime) -> int:
    """Look up each request that waits, in a transaction of its own; says how many."""
    waiting = StatusRequest.objects.filter(looked_up_at__isnull=True).exclude(pk__in=resting("status_request", now))
    due = 0
    for request in waiting.order_by("pk"):
        due += 1
        with apart("status_request", request.pk, now=now):
            send_code(request, at=now)
    return due


def open_status(key: str, figures: str, *, at: datetime) -> Status:
    """How the matter stands, for who types the right code: once, in time, and after few wrong ones.

    Raises WrongCode for anything else, whatever is wrong. A try is counted whether it was right or not.
    """
    status = _try(key, _plain(figures), at=at)
    if status is None:
        raise WrongCode(_("This code does not open anything, or not any more. Ask for a new one."), code="wrong_code")
    return status


def forget_old(now: datetime) -> int:
    """Forget requests of long ago; what strangers typed is not kept. Says how many."""
    old = StatusRequest.objects.filter(asked_at__lt=now - timedelta(days=SelfServiceRules.current().kept_days))
    return old.delete()[0]


@transaction.atomic
def _try(key: str, figures: str, *, at: datetime) -> Status | None:
    request = StatusRequest.objects.select_for_update(of=("self",)).select_related("ticket").filter(key=key).first()
    if request is None:
        return None
    request.tries += 1
    is_right = constant_time_compare(figures_of(request.code, purpose=PURPOSE), figures)
    is_open = request.used_at is None and at < request.expires_at
    is_within = request.tries <= SelfServiceRules.current().tries
    ticket = request.ticket
    opens = is_right and is_open and is_within and ticket is not None
    if opens:
        request.used_at = at
    request.save(update_fields=["tries", "used_at"])
    if not opens or ticket is None:
        return None
    record(ticket, "status_shown", by=None, at=at, request=request.pk)
    return status_of(ticket, at=at)


def _find(named: str) -> Ticket | None:
    tickets = Ticket.objects.select_related("customer", "matter")
    if named.startswith("W-"):
        receipt = Receipt.objects.filter(number=named).first()
        return tickets.get(pk=receipt.ticket_id) if receipt is not None else None
    return tickets.filter(reference=named).first()


def _too_many(ticket: Ticket, *, at: datetime) -> bool:
    lately = StatusRequest.objects.filter(ticket=ticket, looked_up_at__gt=at - timedelta(hours=1))
    return lately.count() >= SelfServiceRules.current().codes_an_hour


def _plain(typed: str) -> str:
    """As it is kept: half-width, in capitals, without blanks."""
    return "".join(unicodedata.normalize("NFKC", typed).upper().split())
