"""How often somebody may ask of the API: counted by address or person, for all processes at once (D2)."""

from typing import TYPE_CHECKING

from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

from common.rates import Rate

if TYPE_CHECKING:  # the REST framework's views import this module through the settings
    from rest_framework.request import Request
    from rest_framework.views import APIView


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
        rate = Rate(self.num_requests, self.duration)
        self._left = rate.left_of_window(now)
        return rate.admits(key, now=now)

    def wait(self) -> float:
        """The seconds until the next window."""
        return self._left


class StrangerRate(AtomicRate, AnonRateThrottle):
    """Requests of one address without anybody signed in."""


class PersonRate(AtomicRate, UserRateThrottle):
    """Requests of one person."""
