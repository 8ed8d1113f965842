"""How a message leaves the house: by e-mail, SMS or webhook. Each is tried with the same stable key (R2A)."""

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from datetime import datetime
from email.utils import parseaddr
from http.client import HTTPResponse
from typing import IO, Any, Protocol

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from notifications import sms
from notifications.kinds import Channel
from notifications.models import Message
from notifications.rendering import render


class CannotBeSent(Exception):
    """Trying again would not help: there is no address."""


class Carrier(Protocol):
    """Takes one message out of the house; raises when it did not get there."""

    def carry(self, message: Message, *, at: datetime) -> None: ...


class Nowhere:
    """Carries nothing: in-app messages are read where they lie, and a muted house tells nobody outside."""

    def carry(self, message: Message, *, at: datetime) -> None:
        """Leave the message where it is."""


class ByMail:
    """E-mail through the backend of the settings; one connection serves a whole run."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend = mail.get_connection()

    def carry(self, message: Message, *, at: datetime) -> None:
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


class BySms:
    """A short message through the gateway of the settings; subject and body in one."""

    def __init__(self) -> None:
        self._gateway = sms.gateway()

    def carry(self, message: Message, *, at: datetime) -> None:
        """Hand it to the gateway."""
        text = render(message)
        to = _address(message, message.recipient.mobile if message.recipient else "")
        words = " ".join(part for part in (text.subject, text.body) if part)
        self._gateway.send(key=message.key, to=to, text=words, at=at)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str) -> None:
        """Follow none: the address was chosen by whoever runs the house, not by who answers there."""


class ByWebhook:
    """One signed POST of JSON to the address in the settings, and to no other."""

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(_NoRedirects)

    def carry(self, message: Message, *, at: datetime) -> None:
        """Post it; any answer but 2xx is a failure."""
        if not settings.WEBHOOK_URL:
            raise CannotBeSent("WEBHOOK_URL is not set")
        body = json.dumps(
            {"key": message.key, "kind": message.kind, "ticket": message.ticket, "context": message.context}
        ).encode()
        request = urllib.request.Request(  # noqa: S310  (https, or http while debugging: the settings see to it)
            settings.WEBHOOK_URL,
            data=body,
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": message.key,
                "X-Signature": "sha256=" + hmac.new(settings.WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest(),
            },
        )
        answer: HTTPResponse
        with self._opener.open(request, timeout=settings.WEBHOOK_TIMEOUT) as answer:
            answer.read(1)


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

    def carry(self, message: Message, *, at: datetime) -> None:
        """Give the message to the carrier of its channel."""
        if message.channel not in self._ready:
            self._ready[message.channel] = self._kinds[message.channel]()
        self._ready[message.channel].carry(message, at=at)


def message_id(key: str) -> str:
    """The Message-ID of an e-mail, the same at every try."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "desk.invalid"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def _address(message: Message, of_person: str) -> str:
    address = message.to_address or of_person
    if not address:
        raise CannotBeSent(f"no address for {message.get_channel_display()}")
    return address
