"""Short messages: what a gateway is, one that writes into a file, and one that is asked over HTTP."""

import fcntl
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from notifications.gateways.answers import judge_code
from notifications.gateways.posting import post
from notifications.gateways.signing import signed_headers

KNOWN_ALREADY = 409


class Gateway(Protocol):
    """Whatever hands short messages to a network; named by the setting SMS_GATEWAY."""

    def send(self, *, key: str, to: str, text: str, at: datetime) -> int | None:
        """Hand over one message; says what was answered, where codes are. A gateway drops a `key` that it knows.

        Raises Failed, Unanswered or OSError where trying again may help, Refused where it would not.
        """


class FileGateway:
    """Appends each message as one line of JSON to the file named by SMS_FILE, for machines without a gateway."""

    def send(self, *, key: str, to: str, text: str, at: datetime) -> int | None:
        """Write one line, whole and on disk, or raise OSError."""
        line = json.dumps({"key": key, "to": to, "text": text, "at": at.isoformat()}, ensure_ascii=False) + "\n"
        path = Path(settings.SMS_FILE)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # two workers do not write into one line
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        return None


class HttpGateway:
    """Posts each message to SMS_URL, signed with SMS_SECRET as webhooks are; the stable key keeps it from going twice.

    2xx: taken. 409: taken before, under the same key, so it is done. 408, 425, 429 and 5xx: again later. Any other:
    refused for good. The address is set by whoever runs the house and may lie inside it.
    """

    def send(self, *, key: str, to: str, text: str, at: datetime) -> int | None:
        """Hand it over; says the answer's code."""
        body = json.dumps({"key": key, "to": to, "text": text}, ensure_ascii=False).encode()
        headers = signed_headers(body, secret=settings.SMS_SECRET, key=key, at=at)
        answer = post(settings.SMS_URL, body, headers=headers, timeout=settings.SMS_TIMEOUT, guarded=False)
        if answer.code != KNOWN_ALREADY:
            judge_code(answer)
        return answer.code


def gateway() -> Gateway:
    """The gateway that the settings name."""
    chosen: Gateway = import_string(settings.SMS_GATEWAY)()
    return chosen
