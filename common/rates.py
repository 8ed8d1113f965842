"""How often somebody may ask: counted by one atomic step for all processes (D2). Not a security control."""

import logging
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError
from rest_framework.throttling import BaseThrottle

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rate:
    """So many times in each window of a fixed length."""

    times: int
    seconds: int

    def admits(self, key: str, *, now: float) -> bool:
        """Whether this time is within the rate; it counts itself. Where the counter cannot be reached, work goes on."""
        window = f"{key}:{int(now // self.seconds)}"
        try:
            cache.add(window, 0, timeout=2 * self.seconds)
            return cache.incr(window) <= self.times
        except RedisError:
            log.warning("requests are not counted: the counter cannot be reached", exc_info=True)
            return True

    def left_of_window(self, now: float) -> float:
        """The seconds until the next window begins."""
        return self.seconds - now % self.seconds


def address_of(request: HttpRequest) -> str:
    """Whose request it is, by address; forwarded ones are believed from NUM_PROXIES proxies, as the API does."""
    return BaseThrottle().get_ident(request)  # type: ignore[arg-type]  # it reads META only
