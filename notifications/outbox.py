"""Putting messages into the outbox, with the deed that causes them: no deed, no message (R4)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Person
from common.refusals import Malformed, NotPossible, NotYours
from common.text import refuse_control_characters
from common.writing import Row, write_new
from contact.models import Matter
from live import hints
from notifications.kinds import PURPOSES, WAITED_FOR, Channel, Lane, Stage
from notifications.models import KEY, Endpoint, Message

_gathered: ContextVar[list[Row] | None] = ContextVar("gathered", default=None)


def put(
    kind: str,
    *,
    key: str,
    to: Person | Iterable[Person],
    channels: Sequence[str] = (Channel.IN_APP,),
    context: Mapping[str, Any],
    at: datetime,
    ticket: str = "",
    about: str = "",
    not_before: datetime | None = None,
    is_late: bool = False,
) -> None:
    """Tell people something, each by these channels as far as they can be reached by them, and in any case somehow.

    `key` names the deed; with person and channel it makes the message's own key, and what is there already is left
    as it is. `context` holds codes and references only: names ending in `_at` are instants. Internal notices know no
    quiet hours (R23). What is late already lets what is on time leave before it.
    """
    people = [to] if isinstance(to, Person) else list(to)
    _insert(
        _message(
            kind,
            key=f"{key}:{person.pk}:{channel}",
            channel=channel,
            recipient_id=person.pk,
            language=person.language,
            context=context,
            at=at,
            ticket=ticket,
            about=about,
            not_before=not_before,
            is_late=is_late,
        )
        for person in people
        for channel in _reachable_by(person, channels)
    )


def put_to_customer(
    kind: str,
    *,
    key: str,
    to: str,
    channel: str,
    matter: Matter,
    context: Mapping[str, Any],
    at: datetime,
    language: str = "",
    ticket: str = "",
    about: str = "",
    not_before: datetime | None = None,
) -> None:
    """Tell a customer something, by SMS or e-mail to this number or address; the gate decides when it leaves (R23).

    Raises Malformed for an address of several lines or with control characters.
    """
    if kind not in PURPOSES:
        raise ValueError(f"a message of the kind {kind} is not for customers: it has no purpose")
    try:
        refuse_control_characters(to)
        if not to.strip() or "\n" in to or "\t" in to:
            raise ValidationError(_("An address is one line and not empty."))
    except ValidationError as error:
        message = str(error.messages[0])
        raise Malformed(message, errors={"to": [message]}, code="address") from error
    _insert(
        [
            _message(
                kind,
                key=f"{key}:{channel}",
                channel=channel,
                to_address=to.strip(),
                matter_id=matter.pk,
                language=language,
                context=context,
                at=at,
                ticket=ticket,
                about=about,
                not_before=not_before,
            )
        ]
    )


def post(
    kind: str,
    *,
    key: str,
    context: Mapping[str, Any],
    at: datetime,
    ticket: str = "",
    about: str = "",
    is_late: bool = False,
) -> None:
    """Tell every endpoint that wants messages of this kind. Where there is none, the message stands as failed."""
    endpoints: list[Endpoint | None] = [*Endpoint.objects.in_use_for(kind)]
    _insert(
        _message(
            kind,
            key=f"{key}:{Channel.WEBHOOK}" + (f":{endpoint.code}" if endpoint is not None else ""),
            channel=Channel.WEBHOOK,
            endpoint_id=endpoint.pk if endpoint is not None else None,
            context=context,
            language=endpoint.language if endpoint is not None else "",
            at=at,
            ticket=ticket,
            about=about,
            is_late=is_late,
        )
        for endpoint in endpoints or [None]
    )


@transaction.atomic(savepoint=False)
def withdraw(about: str) -> None:
    """Take back what is about this and has not left; what was sent stays on record (R92)."""
    waiting = Message.objects.filter(about=about, state=Stage.WAITING).order_by("pk")
    # One that is being sent can no longer be had back.
    within_reach = waiting.select_for_update(skip_locked=True).values("pk")
    Message.objects.filter(pk__in=within_reach).order_by().update(state=Stage.CANCELLED, next_try_at=None)


@transaction.atomic
def try_again(message: Message, *, at: datetime) -> None:
    """Give a message that was set aside its tries anew. Raises NotPossible for any other."""
    failed = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if failed.state != Stage.FAILED:
        raise NotPossible(
            _("This message is %(state)s; only a failed one can be tried again.")
            % {"state": failed.get_state_display()},
            code="not_failed",
            state=failed.state,
        )
    failed.state, failed.tries, failed.next_try_at, failed.error = Stage.WAITING, 0, at, ""
    failed.save(update_fields=["state", "tries", "next_try_at", "error"])


@transaction.atomic
def mark_read(message: Message, *, by: Person, at: datetime) -> None:
    """Note that its person has read it; the first time counts. Raises NotYours for anybody else's."""
    if message.recipient_id != by.pk:
        raise NotYours(_("This message is somebody else's."), code="not_yours")
    if Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=at):
        hints.tell(readers=[by.pk])


@transaction.atomic
def mark_all_read(*, by: Person, at: datetime) -> int:
    """Note that somebody has read all that stands in their application; says how much that was."""
    marked = Message.objects.for_person(by).unread().order_by().update(read_at=at)
    if marked:
        hints.tell(readers=[by.pk])
    return marked


def mark_old_read(before: datetime) -> int:
    """Count as read at once all that came into the application before an instant, for a past that nobody lived."""
    old = Message.objects.filter(channel=Channel.IN_APP, read_at__isnull=True, sent_at__lt=before)
    return old.order_by().update(read_at=F("sent_at"))


@transaction.atomic
def mark_unread(read_at: datetime, *, by: Person) -> None:
    """Somebody's messages that were noted as read at exactly this moment are new again."""
    if Message.objects.for_person(by).filter(read_at=read_at).order_by().update(read_at=None):
        hints.tell(readers=[by.pk])


def _reachable_by(person: Person, channels: Sequence[str]) -> list[str]:
    addresses = {Channel.IN_APP: True, Channel.EMAIL: bool(person.email), Channel.SMS: bool(person.mobile)}
    return [channel for channel in dict.fromkeys(channels) if addresses.get(Channel(channel))] or [Channel.IN_APP]


def _message(
    kind: str,
    *,
    key: str,
    at: datetime,
    channel: str,
    language: str,
    not_before: datetime | None = None,
    is_late: bool = False,
    **facts: Any,
) -> Row:
    KEY(key)
    row = facts | {
        "kind": kind,
        "key": key,
        "channel": channel,
        "lane": Lane.WAITED_FOR if kind in WAITED_FOR else Lane.BACKLOG if is_late else Lane.ON_TIME,
        "created_at": at,
        "not_before": not_before,
        "language": language or settings.LANGUAGE_CODE,
    }
    next_try_at = max(at, not_before or at)
    if channel == Channel.IN_APP and next_try_at == at:
        # The row itself is what its person sees.
        return row | {"state": Stage.SENT, "sent_at": at}
    return row | {"next_try_at": next_try_at}


def _insert(messages: Iterable[Row]) -> None:
    waiting = _gathered.get()
    if waiting is not None:
        waiting.extend(messages)
    else:
        rows = list(messages)
        write_new(Message, rows, unless_there=True)
        hints.tell(readers=[row["recipient_id"] for row in rows if row.get("sent_at") and "recipient_id" in row])


@contextmanager
def in_one_go() -> Iterator[None]:
    """Write all that is put into the outbox inside with one statement, at the end; nothing of it where that fails."""
    messages: list[Row] = []
    token = _gathered.set(messages)
    try:
        yield
    finally:
        _gathered.reset(token)
    if messages:
        _insert(messages)
