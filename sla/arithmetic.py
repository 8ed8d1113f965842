"""When an obligation is due and why: plain values, no Django, no I/O (R20–R29).

A limit begins at an instant and is used up by time that counts. Held stretches do not count; in the mode `pause`
quiet hours do not either. What a limit gives is its *nominal* due. From there the due moves: at most to a ceiling, out
of the night, to a time agreed with the customer, to the next planned attempt. Every move is a step, and the steps add
up: the start plus all their seconds is the due, and the seconds of those that counted are the limit.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Self

from calendars.worktime import WEEKDAYS, WorkingCalendar
from contact.hours import QuietWindow

Span = tuple[datetime, datetime]

ALWAYS = WorkingCalendar.from_dict({"tz": "UTC", "weekly": {day: [["00:00", "24:00"]] for day in WEEKDAYS}})


class Unit(StrEnum):
    """In what a limit is counted."""

    SECONDS = "seconds"
    DAYS = "days"


class Mode(StrEnum):
    """What quiet hours do to a limit (R23)."""

    DEFER = "defer"
    CONTINUOUS = "continuous"
    PAUSE = "pause"


class Why(StrEnum):
    """What a step stands for."""

    COUNTED = "counted"
    CLOSED = "closed"
    HELD = "held"
    QUIET = "quiet"
    CEILING = "ceiling"
    QUIET_MOVE = "moved_out_of_quiet_hours"
    PROMISE = "promise"
    EXTENSION = "extension"
    NOT_REACHED = "not_reached"
    AT_ONCE = "at_once"
    AS_DECIDED = "as_decided"


@dataclass(frozen=True)
class Limit:
    """So many seconds of a calendar, or so many of its working days until the close of the last one (R25, R26)."""

    amount: float
    unit: Unit
    calendar: WorkingCalendar = field(default=ALWAYS, repr=False)

    @classmethod
    def elapsed(cls, seconds: float) -> Self:
        """Plain time, day and night."""
        return cls(seconds, Unit.SECONDS)

    @classmethod
    def working(cls, seconds: float, calendar: WorkingCalendar) -> Self:
        """Time that counts while the calendar is open."""
        return cls(seconds, Unit.SECONDS, calendar)

    @classmethod
    def days(cls, days: int, calendar: WorkingCalendar) -> Self:
        """Working days; due at the close of the last one."""
        return cls(days, Unit.DAYS, calendar)

    def seconds_from(self, start: datetime) -> float:
        """How many seconds of its calendar the limit has, begun at `start`."""
        if self.unit == Unit.SECONDS:
            return self.amount
        return self.calendar.between(start, self.calendar.add_working_days(start, int(self.amount), end_of_day=True))


@dataclass(frozen=True)
class Quiet:
    """What quiet hours do to a limit; None in its place where the customer consented or nobody is contacted (R23)."""

    mode: Mode
    window: QuietWindow
    grace: timedelta

    def spans(self, start: datetime, end: datetime) -> list[Span]:
        """The quiet hours that touch the stretch from `start` to `end`."""
        found = []
        at = start - timedelta(days=1)
        while (begins := self.window.next_start(at)) < end:
            ends = self.window.next_permitted(begins)
            if ends > start:
                found.append((begins, ends))
            at = max(ends, begins + timedelta(seconds=1))
        return found


@dataclass(frozen=True)
class Agreed:
    """A time that stands in the limit's place: agreed with the customer, or given by a supervisor (R29)."""

    until: datetime
    made_at: datetime
    by_supervisor: bool = False


@dataclass(frozen=True)
class Step:
    """One piece of the way from the start to the due; `seconds` are real ones and can be negative for a move."""

    why: Why
    begins_at: datetime
    ends_at: datetime

    @property
    def seconds(self) -> float:
        """How far this piece leads."""
        return (self.ends_at - self.begins_at).total_seconds()


@dataclass(frozen=True)
class Counted:
    """The time that counts between the beginning of an obligation and where its limit ends."""

    start: datetime
    until: datetime
    calendar: WorkingCalendar = field(repr=False)
    held: tuple[Span, ...] = ()

    def after(self, share: float) -> datetime:
        """When so much of it has passed; where none counts, at once."""
        counted = self.calendar.between(self.start, self.until, self.held)
        return self.calendar.add(self.start, counted * share, self.held) if counted > 0 else self.start

    def warn(self, share: float, *, due: datetime) -> datetime | None:
        """When to warn; None where that would not lie between the start and the due (R2A)."""
        warn_at = self.after(share)
        return warn_at if self.start < warn_at < due else None


@dataclass(frozen=True)
class Deadline:
    """When something is due: by the limit alone, by the limit outside the night, and in the end."""

    start: datetime
    nominal_due: datetime
    """What the limit alone gives."""
    limit_due: datetime
    """The limit with quiet hours and missed attempts, without what was agreed (R29)."""
    due: datetime
    """What holds; missing this is a breach."""
    warn_at: datetime | None
    """None where the due leaves no time for a warning."""
    limit: Limit
    counted: "Counted"
    """What shares of it are counted along."""
    held: tuple[Span, ...] = ()
    quiet: Quiet | None = None
    moves: tuple[Step, ...] = ()

    def at_share(self, share: float) -> datetime:
        """When so much of the time until the due has passed, in the clock's own time; at most at the due (R90)."""
        return min(self.counted.after(share), self.due)

    @property
    def steps(self) -> list[Step]:
        """The way from the start to the due, piece by piece without a gap (R28)."""
        reached = self.moves[0].begins_at if self.moves else self.due
        return [*_stretches(self.start, reached, self.limit.calendar, self.held, self.quiet), *self.moves]


def decide(
    start: datetime,
    limit: Limit,
    *,
    held: Iterable[Span] = (),
    quiet: Quiet | None = None,
    at_most: float | None = None,
    ceiling: datetime | None = None,
    floor: datetime | None = None,
    agreed: Agreed | None = None,
    deferred_until: datetime | None = None,
    warning_share: float = 0.8,
) -> Deadline:
    """When a limit begun at `start` is due.

    `held` does not count. `at_most` are the seconds that a reply to an urgent service failure has whatever the rest
    says (R21). `ceiling` is the latest due, such as what the reply leaves (R24). `floor` is when the obligation arose,
    if the limit began before. `agreed` stands in the limit's place (R21, R29), `deferred_until` is the next planned
    attempt (R43). Raises NeverOpen for a calendar that never opens again.
    """
    stops = _in_order(held)
    pausing = quiet if quiet is not None and quiet.mode == Mode.PAUSE else None
    nominal = _run(start, limit, stops, pausing)
    cap = _run(start, Limit.elapsed(at_most), stops, pausing) if at_most is not None else None
    moves = _Moves(nominal)
    if cap is not None:
        moves.at_most(cap)
    if ceiling is not None:
        moves.at_most(ceiling)
    if floor is not None:
        moves.at_least(floor, Why.AT_ONCE)
    counted_until = moves.reached
    moves.out_of_the_night(quiet)
    moves.at_the_next_attempt(deferred_until, quiet)
    limit_due = moves.reached
    calendar = limit.calendar
    silent = stops if pausing is None else [*stops, *pausing.spans(start, nominal)]
    if agreed is not None:
        silent = stops
        moves, calendar = _with(agreed, nominal, stops, cap, quiet, deferred_until), ALWAYS
        counted_until = moves.reached
    counted = Counted(max(start, floor or start), counted_until, calendar, tuple(silent))
    return Deadline(
        start=start,
        nominal_due=nominal if cap is None else min(nominal, cap),
        limit_due=limit_due,
        due=moves.reached,
        warn_at=counted.warn(warning_share, due=moves.reached),
        limit=limit,
        counted=counted,
        held=tuple(stops),
        quiet=pausing,
        moves=tuple(moves.steps),
    )


class _Moves:
    """A due on its way, and the steps that it took."""

    def __init__(self, reached: datetime) -> None:
        self.reached = reached
        self.steps: list[Step] = []

    def to(self, instant: datetime, why: Why) -> None:
        if instant != self.reached:
            self.steps.append(Step(why, self.reached, instant))
            self.reached = instant

    def at_most(self, instant: datetime) -> None:
        if instant < self.reached:
            self.to(instant, Why.CEILING)

    def at_least(self, instant: datetime, why: Why) -> None:
        if instant > self.reached:
            self.to(instant, why)

    def out_of_the_night(self, quiet: Quiet | None) -> None:
        if quiet is not None and quiet.mode == Mode.DEFER:
            self.to(quiet.window.morning_after(self.reached, quiet.grace), Why.QUIET_MOVE)

    def at_the_next_attempt(self, planned: datetime | None, quiet: Quiet | None) -> None:
        """Not before the next planned attempt (R43); one planned for first thing in the morning has its grace (R23)."""
        if planned is not None and planned > self.reached:
            self.to(planned, Why.NOT_REACHED)
            self.out_of_the_night(quiet)


def _with(
    agreed: Agreed,
    nominal: datetime,
    held: Sequence[Span],
    cap: datetime | None,
    quiet: Quiet | None,
    deferred_until: datetime | None,
) -> _Moves:
    """The moves to an agreed time. Holds after the agreement put it off; the night does not, since it was agreed."""
    left = (agreed.until - agreed.made_at).total_seconds()
    until = ALWAYS.add(agreed.made_at, left, held) if left > 0 else agreed.until
    moves = _Moves(nominal)
    moves.to(until, Why.EXTENSION if agreed.by_supervisor else Why.PROMISE)
    if cap is not None:
        moves.at_most(cap)
    if moves.reached != agreed.until:
        moves.out_of_the_night(quiet)
    moves.at_the_next_attempt(deferred_until, quiet)
    return moves


def _run(start: datetime, limit: Limit, held: Sequence[Span], pausing: Quiet | None) -> datetime:
    """Where a limit ends that counts outside `held`, and outside quiet hours where these pause it."""
    if limit.unit == Unit.DAYS and not held and pausing is None:
        return limit.calendar.add_working_days(start, int(limit.amount), end_of_day=True)
    seconds = limit.seconds_from(start)
    due = limit.calendar.add(start, seconds, held)
    while pausing is not None:
        # Each night that the due reaches puts it off, perhaps into another one; further off there is nothing to find.
        later = limit.calendar.add(start, seconds, [*held, *pausing.spans(start, due)])
        if later == due:
            break
        due = later
    return due


def _in_order(spans: Iterable[Span]) -> list[Span]:
    return sorted((begins, ends) for begins, ends in spans if begins < ends)


def _stretches(
    start: datetime, end: datetime, calendar: WorkingCalendar, held: Sequence[Span], pausing: Quiet | None
) -> Iterator[Step]:
    """What counted and what did not between two instants, in order and without a gap."""
    stopped = [(span, Why.HELD) for span in held]
    if pausing is not None:
        stopped += [(span, Why.QUIET) for span in pausing.spans(start, end)]
    opened = calendar.periods(start, end)
    edges = {start, end}
    for begins, ends in [*opened, *(span for span, _ in stopped)]:
        edges |= {edge for edge in (begins, ends) if start < edge < end}
    current: Step | None = None
    for begins, ends in pairwise(sorted(edges)):
        why = next((why for span, why in stopped if span[0] <= begins and ends <= span[1]), None)
        if why is None:
            why = Why.COUNTED if any(a <= begins and ends <= b for a, b in opened) else Why.CLOSED
        if current is not None and current.why == why:
            current = Step(why, current.begins_at, ends)
            continue
        if current is not None:
            yield current
        current = Step(why, begins, ends)
    if current is not None:
        yield current
