"""Short messages: what a gateway is, and the one that writes into a file."""

import fcntl
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Gateway(Protocol):
    """Whatever hands short messages to a network; named by the setting SMS_GATEWAY."""

    def send(self, *, key: str, to: str, text: str, at: datetime) -> None:
        """Hand over one message. A gateway that has seen `key` before may drop it; raises OSError when it fails."""


class FileGateway:
    """Appends each message as one line of JSON to the file named by SMS_FILE, for machines without a gateway."""

    def send(self, *, key: str, to: str, text: str, at: datetime) -> None:
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


def gateway() -> Gateway:
    """The gateway that the settings name."""
    chosen: Gateway = import_string(settings.SMS_GATEWAY)()
    return chosen
