"""How often somebody may ask: counted by one atomic step for all processes (D2). Not a security control."""

import logging
from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

if TYPE_CHECKING:  # the REST framework's views import this module through the settings
    from rest_framework.request import Request
    from rest_framework.views import APIView

log = logging.getLogger(__name__)


class AtomicRate(SimpleRateThrottle):
    """So many requests in each window of a fixed length. Where the counter cannot be reached, work goes on."""

    num_requests: int
    duration: int

    def allow_request(self, request: "Request", view: "APIView") -> bool:
        """Whether this request is within the rate; it counts itself."""
        key = self.get_cache_key(request, view)
        if self.rate is None or key is None:
            return True
        now = self.timer()
        window = int(now // self.duration)
        self._left = (window + 1) * self.duration - now
        try:
            self.cache.add(f"{key}:{window}", 0, timeout=2 * self.duration)
            return bool(self.cache.incr(f"{key}:{window}") <= self.num_requests)
        except RedisError:
            log.warning("requests are not counted: the counter cannot be reached", exc_info=True)
            return True

    def wait(self) -> float:
        """The seconds until the next window."""
        return self._left


class StrangerRate(AtomicRate, AnonRateThrottle):
    """Requests of one address without anybody signed in."""


class PersonRate(AtomicRate, UserRateThrottle):
    """Requests of one person."""
