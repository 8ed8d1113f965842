"""Working off what has fallen due: many rows in one transaction, each exactly once, fresh ones before a backlog (R2A).

The database is the source. A turn that dies leaves rows due, and the next one finds them. Any number of turns may run
at once: each locks the things that the due rows belong to, passes by those that another has locked, and deals with all
that is due on a thing in its order. What has just fallen due is dealt with before what has waited for long, so that
after an outage the backlog keeps nobody waiting who is on time.

Where a transaction fails, its things are done again row by row, so that a bad row is set aside alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import Min, Model, QuerySet

from common.apart import in_one_go, set_aside_now
from common.kept import one_edition

AT_ONCE = 1_000
TOGETHER = 250
FRESH_FOR = timedelta(seconds=30)

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Turn:
    """What one turn of a sweep did: how much was done, how many rows failed, and how long the first had been due."""

    done: int
    failed: int
    latest: timedelta


@dataclass(frozen=True)
class Sweep(Generic[Row]):
    """How one kind of row is worked off. Rows have `next_at`, the instant at which they are due, and belong to a thing.

    `due` gives the due rows by an instant, oldest first. `lock` locks the first of these, at most so many, with their
    things, and passes by what is locked; what it gives is as it stands then. `do_all` does all that is due on these
    things, the rows at hand and the others, in the transaction that is open, and says how much that was. `do_each` does
    what is due on one thing row by row, each in a transaction of its own, but for the rows to pass by, to which it adds
    those that fail; it says how much was done, and how many rows failed.
    """

    kind: str
    due: Callable[[datetime], QuerySet[Any]]
    lock: Callable[[QuerySet[Any], int], list[Row]]
    do_all: Callable[[Sequence[Row], QuerySet[Any], datetime], int]
    do_each: Callable[[int, datetime, set[int]], tuple[int, int]]
    belongs_to: str

    def turn(self, now: datetime, *, at_most: int = AT_ONCE) -> Turn:
        """Work off what is due by now, on at most so many things; rows set aside are tried again alone."""
        aside = set_aside_now(self.kind)
        passed = set(aside)
        first = self.due(now).exclude(pk__in=passed).order_by().aggregate(first=Min("next_at"))["first"]
        done = failed = turned_to = 0
        while first is not None and turned_to < at_most:
            limit = min(TOGETHER, at_most - turned_to)
            found, well, badly = self._some(now, limit=limit, passed=passed)
            done, failed, turned_to = done + well, failed + badly, turned_to + found
            # Where all is fresh, a lot that is not full was the last; what it has made due is for the next turn.
            if not found or (found < limit and first > now - FRESH_FOR):
                break
        again, still_bad = self._try_again(aside, now)
        return Turn(done=done + again, failed=failed + still_bad, latest=now - first if first else timedelta(0))

    def _some(self, now: datetime, *, limit: int, passed: set[int]) -> tuple[int, int, int]:
        """What is due on some things; rows that are set aside now are passed by from then on."""
        due = self.due(now).exclude(pk__in=passed)
        rows: list[Row] = []
        done = 0
        with in_one_go(self.kind) as went_well, one_edition():
            rows = self.lock(due.filter(next_at__gt=now - FRESH_FOR), limit) or self.lock(due, limit)
            if rows:
                done = self.do_all(rows, due, now)
        if went_well:
            return len(rows), done, 0
        done = failed = 0
        for thing in dict.fromkeys(getattr(row, f"{self.belongs_to}_id") for row in rows):
            well, badly = self.do_each(thing, now, passed)
            done, failed = done + well, failed + badly
        return len(rows), done, failed

    def _try_again(self, aside: dict[int, datetime | None], now: datetime) -> tuple[int, int]:
        """Each row that was set aside and has rested, alone."""
        rested = [pk for pk, again_at in aside.items() if again_at is not None and again_at <= now]
        done = failed = 0
        for pk, thing in self.due(now).filter(pk__in=rested).values_list("pk", self.belongs_to) if rested else ():
            well, badly = self.do_each(thing, now, set(aside) - {pk})
            done, failed = done + well, failed + badly
        return done, failed
