"""The channel between those who change something and the processes that hold streams: numbered, and forgetful.

Nothing is kept: who does not listen misses it. The numbers show that something was missed; then all is fetched afresh.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from enum import Enum
from functools import cache

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

# Numbered and published in one step, or two publishers could overtake each other.
PUBLISH = "local n = redis.call('INCR', KEYS[1]) redis.call('PUBLISH', KEYS[1], n .. ' ' .. ARGV[1]) return n"
PATIENCE = 0.5  # seconds that a deed waits at most for a server which does not answer
REST = 5.0  # seconds without trying after that
IDLE = 10.0  # seconds of silence after which the server is asked whether it is there
AGAIN = 1.0  # seconds before listening anew


class Gap(Enum):
    """What is heard in place of a hint."""

    SOMETHING_MISSED = "something may have been missed, and from now on nothing is"
    NOT_LISTENING = "the channel is not there"


class _Resting:
    """Until when no hint is sent, because the server did not answer."""

    until = 0.0


def name() -> str:
    """The channel of this installation: channels know no database numbers, so the number is part of the name."""
    database = redis.connection.parse_url(settings.REDIS_URL).get("db", 0)
    return f"live:{database}"


def publish(text: str) -> None:
    """Send to all who listen; where the server is not there, say so in the log and do not try again for a while."""
    if time.monotonic() < _Resting.until:
        return
    try:
        _server(settings.REDIS_URL).eval(PUBLISH, 1, name(), text)
    except redis.RedisError as error:
        _Resting.until = time.monotonic() + REST
        log.warning("hints do not leave for %d s: %s", REST, error)


async def listen() -> AsyncIterator[str | Gap]:
    """What is published from now on, and the gaps; the first thing heard is that all before was missed.

    Goes on for ever: a server that goes away is waited for.
    """
    while True:
        try:
            async for text in _listen_once():
                yield text
        except (redis.RedisError, OSError) as error:
            log.warning("the live channel is not there: %s", error)
        yield Gap.NOT_LISTENING
        await asyncio.sleep(AGAIN)


async def _listen_once() -> AsyncIterator[str | Gap]:
    """As long as the connection lasts. Raises RedisError when it ends or falls silent."""
    server = redis.asyncio.Redis.from_url(
        settings.REDIS_URL, decode_responses=True, socket_connect_timeout=5, retry=AsyncRetry(NoBackoff(), 0)
    )
    async with server, server.pubsub() as subscription:
        await subscription.subscribe(name())
        number: int | None = None
        is_asked = False
        while True:
            message = await subscription.get_message(timeout=IDLE)
            if message is None:
                if is_asked:
                    raise redis.ConnectionError("no answer")
                is_asked = True
                await subscription.ping()
                continue
            is_asked = False
            if message["type"] == "subscribe":
                yield Gap.SOMETHING_MISSED
            if message["type"] != "message":
                continue
            said, _space, text = message["data"].partition(" ")
            follows = number is None or said == str(number + 1)
            number = int(said) if said.isdecimal() else None
            yield text if follows and number is not None else Gap.SOMETHING_MISSED


@cache
def _server(url: str) -> "redis.Redis":
    return redis.Redis.from_url(
        url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 1)
    )
