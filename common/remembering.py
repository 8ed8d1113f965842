"""What all processes remember for a moment, and may forget at any: pages are quicker and friendlier by it, no more.

Where the memory cannot be reached, everything works as if nothing were remembered.
"""

import logging
from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def recall(keys: Iterable[str]) -> dict[str, Any]:
    """What is remembered under these keys; without those that are not."""
    wanted = list(keys)
    try:
        return dict(cache.get_many(wanted)) if wanted else {}
    except RedisError:
        log.warning("nothing is remembered: the cache cannot be reached", exc_info=True)
        return {}


def remember(key: str, value: Any, *, seconds: float) -> None:
    """Remember something for so long, if it can be."""
    try:
        cache.set(key, value, seconds)
    except RedisError:
        log.warning("nothing is remembered: the cache cannot be reached", exc_info=True)
