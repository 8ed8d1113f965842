"""Signing requests, so that their receiver knows them for ours and for fresh.

The signature covers the time and the body: an old request that is sent again bears an old time, and a changed one no
longer fits. `docs/webhooks.md` tells receivers how to check it.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

FRESH_FOR = timedelta(minutes=5)
VERSION = "v1"


def signed_headers(body: bytes, *, secret: str, key: str, at: datetime) -> dict[str, str]:
    """The headers of one try: the stable key, the time of the try, and the signature of time and body.

    The key stays the same from try to try, the time does not.
    """
    timestamp = str(int(at.timestamp()))
    return {
        "Idempotency-Key": key,
        "X-Desk-Timestamp": timestamp,
        "X-Desk-Signature": f"{VERSION}={_hex(body, secret=secret, timestamp=timestamp)}",
    }


def verify(body: bytes, *, timestamp: str, signature: str, secret: str, now: datetime) -> bool:
    """What a receiver does: whether a request is ours and not older (or newer) than five minutes."""
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
        return False
    if abs(now.timestamp() - int(timestamp)) > FRESH_FOR.total_seconds():
        return False
    expected = f"{VERSION}={_hex(body, secret=secret, timestamp=timestamp)}"
    return hmac.compare_digest(expected.encode(), signature.encode())


def sign_for_dingtalk(secret: str, *, at: datetime) -> tuple[str, str]:
    """The time in milliseconds and the signature that a DingTalk robot wants in its address."""
    timestamp = str(int(at.timestamp() * 1000))
    return timestamp, _base64(key=secret.encode(), text=f"{timestamp}\n{secret}".encode())


def sign_for_feishu(secret: str, *, at: datetime) -> tuple[str, str]:
    """The time in seconds and the signature that a Feishu robot wants in its body: there the text is the key."""
    timestamp = str(int(at.timestamp()))
    return timestamp, _base64(key=f"{timestamp}\n{secret}".encode(), text=b"")


def _hex(body: bytes, *, secret: str, timestamp: str) -> str:
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _base64(*, key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
