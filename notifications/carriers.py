"""How a message leaves the house: by e-mail, SMS or webhook. Each is tried with the same stable key (R2A)."""

import hashlib
from datetime import datetime
from email.utils import parseaddr
from typing import Protocol

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from notifications import sms
from notifications.gateways.addresses import NotAllowed
from notifications.gateways.formats import compose, judge
from notifications.gateways.posting import post
from notifications.kinds import Channel
from notifications.models import Message
from notifications.rendering import render


class CannotBeSent(Exception):
    """Trying again would not help: there is no address."""


class Carrier(Protocol):
    """Takes one message out of the house; says what was answered, where there are codes; raises when it did not go."""

    def carry(self, message: Message, *, at: datetime) -> int | None: ...


class Nowhere:
    """Carries nothing: in-app messages are read where they lie, and a muted house tells nobody outside."""

    def carry(self, message: Message, *, at: datetime) -> int | None:
        """Leave the message where it is."""
        return None


class ByMail:
    """E-mail through the backend of the settings; one connection serves a whole run."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend = mail.get_connection()

    def carry(self, message: Message, *, at: datetime) -> int | None:
        """Send it. Django itself refuses a header that holds a line break."""
        text = render(message)
        EmailMessage(
            subject=text.subject,
            body=text.body,
            to=[_address(message, message.recipient.email if message.recipient else "")],
            connection=self._connection,
            headers={
                "Message-ID": message_id(message.key),
                "X-Message-Key": message.key,
                "Auto-Submitted": "auto-generated",
            },
        ).send()
        return None


class BySms:
    """A short message through the gateway of the settings; subject and body in one."""

    def __init__(self) -> None:
        self._gateway = sms.gateway()

    def carry(self, message: Message, *, at: datetime) -> int | None:
        """Hand it to the gateway."""
        text = render(message)
        to = _address(message, message.recipient.mobile if message.recipient else "")
        words = " ".join(part for part in (text.subject, text.body) if part)
        return self._gateway.send(key=message.key, to=to, text=words, at=at)


class ByWebhook:
    """One POST to an endpoint, in its format; to nothing inside the house unless the settings allow it."""

    def carry(self, message: Message, *, at: datetime) -> int | None:
        """Post it, and hear what its receiver says. Raises Failed, Unanswered, Refused, CannotBeSent."""
        if message.endpoint is None or not message.endpoint.address:
            raise CannotBeSent("no endpoint is there; add one, or set WEBHOOK_URL")
        request = compose(message, message.endpoint, at=at)
        try:
            answer = post(request.url, request.body, headers=request.headers, timeout=settings.WEBHOOK_TIMEOUT)
        except NotAllowed as error:
            raise CannotBeSent(str(error)) from error
        judge(answer, message.endpoint)
        return answer.code


class Carriers:
    """One carrier for each channel, made when first needed. Muted, all of them carry nothing."""

    def __init__(self, *, muted: bool = False) -> None:
        made: dict[str, type[Carrier]] = {
            Channel.IN_APP: Nowhere,
            Channel.EMAIL: ByMail,
            Channel.SMS: BySms,
            Channel.WEBHOOK: ByWebhook,
        }
        self._kinds = dict.fromkeys(made, Nowhere) if muted else made
        self._ready: dict[str, Carrier] = {}

    def carry(self, message: Message, *, at: datetime) -> int | None:
        """Give the message to the carrier of its channel; says what was answered."""
        if message.channel not in self._ready:
            self._ready[message.channel] = self._kinds[message.channel]()
        return self._ready[message.channel].carry(message, at=at)

    def circuit_of(self, message: Message) -> str:
        """The name of the way out that the message takes; empty where it stays in the house."""
        if self._kinds[message.channel] is Nowhere:
            return ""
        return message.endpoint.circuit if message.endpoint is not None else str(message.channel)


def message_id(key: str) -> str:
    """The Message-ID of an e-mail, the same at every try."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "desk.invalid"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def _address(message: Message, of_person: str) -> str:
    address = message.to_address or of_person
    if not address:
        raise CannotBeSent(f"no address for {message.get_channel_display()}")
    return address
