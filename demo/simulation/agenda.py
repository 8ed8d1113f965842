"""What people are going to do, in the order of time."""

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime

Act = Callable[[datetime], None]


class Agenda:
    """A queue of acts by their instant; acts of one instant come in the order in which they were planned."""

    def __init__(self) -> None:
        self._acts: list[tuple[datetime, int, Act]] = []
        self._order = itertools.count()
        self._reached: datetime | None = None

    def __len__(self) -> int:
        return len(self._acts)

    def add(self, at: datetime, act: Act) -> None:
        """Plan an act. Raises ValueError for one that would come before those that have been."""
        if self._reached is not None and at < self._reached:
            raise ValueError(f"an act at {at} is planned when it is {self._reached} already")
        heapq.heappush(self._acts, (at, next(self._order), act))

    def next_at(self) -> datetime | None:
        """When the next act comes; None when there is none."""
        return self._acts[0][0] if self._acts else None

    def pop(self) -> tuple[datetime, Act]:
        """The next act and its instant. Raises IndexError when there is none."""
        at, _order, act = heapq.heappop(self._acts)
        self._reached = at
        return at, act
