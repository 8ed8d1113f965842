"""Working-time arithmetic: which instants count, and how far they reach. Plain values, no Django, no I/O.

A calendar is read once from a plain description and compiled into a sorted table of open intervals with running sums,
in integer microseconds of UTC. Every question is then one or two bisections. The table is compiled lazily around the
instants asked about and grows by doubling, in both directions.

The rules (R24 to R26 of the domain):

- Intervals are half-open. A limit used up exactly at closing time is due at closing time.
- A window belongs to the day that it starts on; a close at or before its open lies on the next day.
- A holiday beats an exception, an exception beats the week. Breaks and pauses are cut out last.
- Durations are real seconds. Where clocks go back, a repeated time means its first occurrence; where they go forward, a
  skipped time is read with the offset before the change.

Instants are aware datetimes. Answers are in the zone of the instant asked about.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Self
from zoneinfo import ZoneInfo

Pause = tuple[datetime, datetime]
Window = tuple[int, int]  # seconds of wall time since the day's midnight, up to 48 hours
Span = tuple[int, int]  # microseconds since 1970 in UTC, half-open

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)
_SECOND = 1_000_000
_DAY = 86_400
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?|24:00(?::00)?")

# Days compiled at first on either side of an instant; few, because most questions are about this week.
_REACH = 64
# A window may begin at 24:00 and last a day, and a zone may skip a whole day (Samoa did in 2011).
_MARGIN = 4
_FIRST_DAY = date.min.toordinal() + 2 * _MARGIN
_LAST_DAY = date.max.toordinal() - 2 * _MARGIN


class NeverOpen(ValueError):
    """The calendar has no, or not that much, working time in the direction asked about."""


class NeverCloses(ValueError):
    """The calendar stays open without end from the instant asked about."""


@dataclass(frozen=True, slots=True)
class _Table:
    """The working time of the days from `first_day` until `end_day`, complete from `begin` until `end`."""

    first_day: int
    end_day: int
    begin: int
    end: int
    opens: list[int]
    closes: list[int]
    done: list[int]  # microseconds worked since `begin`, at each close
    working_days: list[int]
    day_closes: list[int]  # the last close of each working day's own windows

    def worked(self, at: int) -> int:
        """Microseconds worked from `begin` until `at`."""
        index = bisect_right(self.opens, at) - 1
        if index < 0:
            return 0
        left = self.closes[index] - at
        return self.done[index] - left if left > 0 else self.done[index]

    def after(self, at: int, needed: int) -> int | None:
        """The earliest instant by which `needed` > 0 microseconds are worked since `at`; None beyond the table."""
        index = bisect_right(self.opens, at)
        worked = 0
        if index:
            left = self.closes[index - 1] - at
            if left >= needed:
                return at + needed
            worked = self.done[index - 1] - left if left > 0 else self.done[index - 1]
        index = bisect_left(self.done, worked + needed, index)
        return self.closes[index] - self.done[index] + worked + needed if index < len(self.done) else None

    def before(self, at: int, needed: int) -> int | None:
        """The latest instant from which `needed` > 0 microseconds are worked until `at`; None before the table."""
        total = self.worked(at) - needed
        if total < 0:
            return None
        index = bisect_right(self.done, total)
        return self.closes[index] - self.done[index] + total

    def is_open(self, at: int) -> bool:
        """Whether an interval holds `at`."""
        index = bisect_right(self.opens, at) - 1
        return index >= 0 and at < self.closes[index]


class WorkingCalendar:
    """The working hours of one place in one time zone: a week, days with hours of their own, and breaks.

    It never changes, can be shared between threads, and is worth keeping: the first questions compile it.
    """

    __slots__ = ("_breaks", "_first_opening", "_last_opening", "_own_days", "_table", "_week", "zone")

    def __init__(
        self,
        zone: ZoneInfo,
        week: Sequence[Sequence[Window]],
        *,
        holidays: Iterable[date] = (),
        exceptions: Mapping[date, Sequence[Window]] | None = None,
        breaks: Iterable[Pause] = (),
    ) -> None:
        """Take the windows of a week from Monday to Sunday, and of single days; `from_dict` reads them from text."""
        self.zone = zone
        self._week = [tuple((opening, close) for opening, close in windows if opening < close) for windows in week]
        self._own_days = {day.toordinal(): tuple(windows) for day, windows in (exceptions or {}).items()}
        self._own_days |= {day.toordinal(): () for day in holidays}
        self._breaks = _merged(breaks)
        # Without a week only single days open, so there is a first and a last one.
        opening = [day for day, windows in self._own_days.items() if windows]
        self._first_opening = _FIRST_DAY if any(self._week) else min(opening, default=_LAST_DAY)
        self._last_opening = _LAST_DAY if any(self._week) else max(opening, default=_FIRST_DAY)
        self._table: _Table | None = None

    @classmethod
    def from_dict(cls, spec: Mapping[str, Any]) -> Self:
        """Read a calendar from plain (JSON) values. Raises ValueError saying what is wrong.

        `spec` is {"tz": IANA name, "weekly": {"mon": [["08:00", "12:00"], ["13:00", "18:00"]], …}, "holidays": [dates],
        "exceptions": {date: windows that replace that day's}, "breaks": [[from, to] instants, closed]}. Dates and
        instants are ISO text or values, times run from "00:00" to "24:00". All but "tz" may be left out; a weekday
        that is not named is closed.
        """
        _refuse_others(spec, ("tz", "weekly", "holidays", "exceptions", "breaks"))
        weekly = spec.get("weekly") or {}
        _refuse_others(weekly, WEEKDAYS)
        return cls(
            read_zone(spec.get("tz")),
            [read_windows(weekly.get(weekday) or ()) for weekday in WEEKDAYS],
            holidays=[read_date(day) for day in spec.get("holidays") or ()],
            exceptions={
                read_date(day): read_windows(windows) for day, windows in (spec.get("exceptions") or {}).items()
            },
            breaks=[(read_instant(begin), read_instant(end)) for begin, end in spec.get("breaks") or ()],
        )

    def __repr__(self) -> str:
        return (
            f"<WorkingCalendar {self.zone.key}: {sum(map(bool, self._week))} weekdays, {len(self._own_days)} own days>"
        )

    # --- Durations ----------------------------------------------------------------------------------------------------

    def add(self, start: datetime, seconds: float, pauses: Iterable[Pause] = ()) -> datetime:
        """The earliest instant at which so many working seconds outside `pauses` have passed since `start` (R26).

        Zero gives the start, a negative number runs backwards like `subtract`. Raises NeverOpen.
        """
        at, needed = _micros(start), round(seconds * _SECOND)
        if needed <= 0:
            return self.subtract(start, -seconds, pauses) if needed else start
        if pauses:
            for begin, end in _merged(pauses):
                if end <= at:
                    continue
                if begin > at:
                    if self._earliest(at, needed) <= begin:
                        break
                    needed -= self._worked(at, begin)
                at = end
        return _instant(self._earliest(at, needed), start.tzinfo)

    def subtract(self, start: datetime, seconds: float, pauses: Iterable[Pause] = ()) -> datetime:
        """The latest instant from which so many working seconds outside `pauses` pass until `start`.

        Zero gives the start, a negative number runs forwards like `add`. Raises NeverOpen.
        """
        at, needed = _micros(start), round(seconds * _SECOND)
        if needed <= 0:
            return self.add(start, -seconds, pauses) if needed else start
        for begin, end in reversed(_merged(pauses)):
            if begin >= at:
                continue
            if end < at:
                if self._latest(at, needed) >= end:
                    break
                needed -= self._worked(end, at)
            at = begin
        return _instant(self._latest(at, needed), start.tzinfo)

    def between(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> float:
        """Working seconds from `start` to `end` outside `pauses`; negative where `end` is the earlier of the two."""
        low, high = _micros(start), _micros(end)
        sign = 1 if low <= high else -1
        low, high = min(low, high), max(low, high)
        worked = self._worked(low, high)
        for begin, until in _merged(pauses):
            begin, until = max(begin, low), min(until, high)
            if begin < until:
                worked -= self._worked(begin, until)
        return sign * worked / _SECOND

    def add_many(self, starts: Iterable[datetime], seconds: float) -> list[datetime]:
        """What `add` gives for each of `starts`, in their order, in about half the time. Raises NeverOpen."""
        starts = list(starts)
        needed = round(seconds * _SECOND)
        if needed <= 0 or not starts:
            return [self.add(start, seconds) for start in starts]
        instants = _many_micros(starts)
        first, last = min(instants), max(instants)
        table = self._covering(first, last)
        while table.after(last, needed) is None:
            table = self._longer(table, until=last + needed)
        opens, closes, done = table.opens, table.closes, table.done
        limit, zone = _MICROSECOND * needed, None
        # Whatever is asked while closed is due as if asked at the opening, so one answer serves a whole night.
        nights: dict[tzinfo | None, dict[int, datetime]] = {}
        after_closing: dict[int, datetime] = {}
        answers = []
        for start, at in zip(starts, instants, strict=True):
            if start.tzinfo is not zone:
                zone = start.tzinfo
                after_closing = nights.setdefault(zone, {})
            index = bisect_right(opens, at)
            left = closes[index - 1] - at if index else 0
            if left >= needed:
                answers.append(start + limit if zone is UTC else _instant(at + needed, zone))
            elif left <= 0 and index in after_closing:
                answers.append(after_closing[index])
            else:
                total = (done[index - 1] if index else 0) - max(left, 0) + needed
                reached = bisect_left(done, total, index)
                answers.append(_instant(closes[reached] - done[reached] + total, zone))
                if left <= 0:
                    after_closing[index] = answers[-1]
        return answers

    # --- Instants -----------------------------------------------------------------------------------------------------

    def is_working(self, at: datetime) -> bool:
        """Whether working time runs at this instant; not any more at closing time."""
        instant = _micros(at)
        return self._covering(instant, instant).is_open(instant)

    def next_open(self, at: datetime) -> datetime:
        """The first working instant from `at` on: `at` itself while open, or the next opening. Raises NeverOpen."""
        instant = _micros(at)
        table = self._covering(instant, instant)
        if table.is_open(instant):
            return at
        while (index := bisect_left(table.opens, instant)) == len(table.opens):
            table = self._longer(table)
        return _instant(table.opens[index], at.tzinfo)

    def following_open(self, at: datetime) -> datetime:
        """The next opening after `at`, also while open. Raises NeverOpen, or NeverCloses where none follows."""
        return self.next_open(self.next_close(at) if self.is_working(at) else at)

    def next_close(self, at: datetime) -> datetime:
        """The end of the period that `at` lies in, or of the next one. Raises NeverOpen or NeverCloses."""
        instant = _micros(at)
        table = self._covering(instant, instant)
        while (index := bisect_right(table.closes, instant)) == len(table.closes) or table.closes[index] == table.end:
            table = self._longer(table)
            if self._stays_open(table, since=instant):
                raise NeverCloses(f"{self!r} never closes after {at.isoformat()}.")
        return _instant(table.closes[index], at.tzinfo)

    def prev_close(self, at: datetime) -> datetime:
        """The latest instant until `at` that working time runs up to: `at` itself while open, else the previous close.

        At an opening that is the close before it. Raises NeverOpen.
        """
        instant = _micros(at)
        table = self._covering(instant, instant)
        while (index := bisect_left(table.opens, instant) - 1) < 0:
            table = self._earlier(table)
        return _instant(table.closes[index], at.tzinfo) if table.closes[index] < instant else at

    def periods(self, start: datetime, end: datetime) -> list[Pause]:
        """The stretches of working time between two instants, in order, cut to them; windows that meet are one."""
        low, high = _micros(start), _micros(end)
        if low >= high:
            return []
        table = self._covering(low, high)
        first, beyond = bisect_right(table.closes, low), bisect_left(table.opens, high)
        return [
            (_instant(max(begin, low), start.tzinfo), _instant(min(until, high), start.tzinfo))
            for begin, until in zip(table.opens[first:beyond], table.closes[first:beyond], strict=True)
        ]

    # --- Days ---------------------------------------------------------------------------------------------------------

    def hours_on(self, day: date) -> list[Pause]:
        """The day's own windows as instants in the calendar's zone, less its breaks; one may end on the next day."""
        return [
            (_instant(begin, self.zone), _instant(end, self.zone))
            for begin, end in _union(self._spans(day.toordinal()))
        ]

    def is_working_day(self, day: date) -> bool:
        """Whether any working time starts on this day of the calendar's zone (R25)."""
        return bool(self._spans((self._local(day) if isinstance(day, datetime) else day).toordinal()))

    def add_working_days(self, start: datetime, days: int, end_of_day: bool = False) -> datetime:
        """The same time of day, or the last close with `end_of_day`, `days` working days after (before) `start` (R25).

        Days are counted from the one after the start, wherever the start lies; none is the start. Raises NeverOpen.
        """
        if not days:
            return start
        local = self._local(start)
        today, instant = local.toordinal(), _micros(start)
        table = self._covering(instant, instant)
        while True:
            if days > 0:
                index = bisect_right(table.working_days, today) + days - 1
            else:
                index = bisect_left(table.working_days, today) + days
            if 0 <= index < len(table.working_days):
                break
            reach = instant + days * _DAY * _SECOND
            table = self._longer(table, until=reach) if days > 0 else self._earlier(table, since=reach)
        if end_of_day:
            return _instant(table.day_closes[index], start.tzinfo)
        wall = datetime.combine(date.fromordinal(table.working_days[index]), local.time())
        return _instant(self._read(wall), start.tzinfo)

    def working_days_between(self, start: datetime, end: datetime) -> int:
        """Working days after the start's day up to the end's; negative where `end` is the earlier of the two."""
        low, high = _micros(start), _micros(end)
        if high < low:
            return -self.working_days_between(end, start)
        table = self._covering(low, high + _DAY * _SECOND)
        first, last = self._local(start).toordinal(), self._local(end).toordinal()
        return max(0, bisect_right(table.working_days, last) - bisect_right(table.working_days, first))

    # --- The table ----------------------------------------------------------------------------------------------------

    def _worked(self, low: int, high: int) -> int:
        table = self._covering(low, high)
        return table.worked(high) - table.worked(low)

    def _earliest(self, at: int, needed: int) -> int:
        table = self._covering(at, at)
        while (due := table.after(at, needed)) is None:
            table = self._longer(table, until=at + needed)
        return due

    def _latest(self, at: int, needed: int) -> int:
        table = self._covering(at, at)
        while (since := table.before(at, needed)) is None:
            table = self._earlier(table, since=at - needed)
        return since

    def _covering(self, low: int, high: int) -> _Table:
        """The table, made larger if it does not reach from `low` to `high`."""
        table = self._table
        if table is not None and table.begin <= low and high <= table.end:
            return table
        first, last = low // _SECOND // _DAY + _EPOCH_DAY, high // _SECOND // _DAY + _EPOCH_DAY
        if first < _FIRST_DAY + _MARGIN or last > _LAST_DAY - _MARGIN:
            raise OverflowError("Working time is known from the first to the last days of the years 1 to 9999.")
        if table is None:
            return self._compile(first - _REACH, last + _REACH)
        days = table.end_day - table.first_day
        return self._compile(
            table.first_day if table.begin <= low else min(first - _REACH, table.first_day - days),
            table.end_day if high <= table.end else max(last + _REACH, table.end_day + days),
        )

    def _longer(self, table: _Table, until: int = 0) -> _Table:
        """A table that reaches twice as far into the future. Raises NeverOpen where nothing opens any more."""
        end = (_LAST_DAY - _EPOCH_DAY) * _DAY * _SECOND
        if table.end_day > self._last_opening + _MARGIN or table.end_day == _LAST_DAY or until > end:
            raise NeverOpen(f"{self!r} does not open for that long after the instant asked about.")
        return self._compile(table.first_day, 2 * table.end_day - table.first_day)

    def _earlier(self, table: _Table, since: int = 0) -> _Table:
        """A table that reaches twice as far into the past. Raises NeverOpen where nothing was open before."""
        begin = (_FIRST_DAY - _EPOCH_DAY) * _DAY * _SECOND
        if table.first_day < self._first_opening - _MARGIN or table.first_day == _FIRST_DAY or since < begin:
            raise NeverOpen(f"{self!r} was not open for that long before the instant asked about.")
        return self._compile(2 * table.first_day - table.end_day, table.end_day)

    def _compile(self, first_day: int, end_day: int) -> _Table:
        """Make the table of these days and keep it. Threads that do so at once each get a right one."""
        first_day, end_day = max(first_day, _FIRST_DAY), min(end_day, _LAST_DAY)
        begin, end = (self._read(datetime.fromordinal(day)) for day in (first_day, end_day))
        spans: list[Span] = []
        working_days, day_closes = [], []
        for day in self._days_outside_breaks(first_day - _MARGIN, end_day + _MARGIN):
            own = self._spans(day)
            if own and first_day <= day < end_day:
                working_days.append(day)
                day_closes.append(max(close for _, close in own))
            spans += own
        inside = [(max(opening, begin), min(close, end)) for opening, close in spans if opening < end and close > begin]
        opens, closes, done, total = [], [], [], 0
        for opening, close in _union(inside):
            total += close - opening
            opens.append(opening)
            closes.append(close)
            done.append(total)
        self._table = _Table(first_day, end_day, begin, end, opens, closes, done, working_days, day_closes)
        return self._table

    def _days_outside_breaks(self, first_day: int, end_day: int) -> Iterator[int]:
        """The days, less those deep inside a break, so that one of a thousand years costs nothing."""
        for begin, end in self._breaks:
            closed = begin // _SECOND // _DAY + _EPOCH_DAY + _MARGIN
            opened = end // _SECOND // _DAY + _EPOCH_DAY - _MARGIN
            if closed < opened and first_day < opened:
                yield from range(first_day, min(closed, end_day))
                first_day = max(first_day, opened)
        yield from range(first_day, end_day)

    def _spans(self, day: int) -> list[Span]:
        """The working time of the day's own windows, which may overlap."""
        windows = self._own_days.get(day)
        if windows is None:
            windows = self._week[(day - 1) % 7]
        spans = []
        for opening, close in windows:
            begin, end = self._read_at(day, opening), self._read_at(day, close)
            for closed, opened in self._breaks:
                if closed >= end:
                    break
                if opened > begin:
                    if begin < closed:
                        spans.append((begin, closed))
                    begin = opened
            # Where clocks change, a close can come to lie before its open.
            if begin < end:
                spans.append((begin, end))
        return spans

    def _read_at(self, day: int, seconds: int) -> int:
        return self._read(datetime.fromordinal(day + seconds // _DAY) + timedelta(0, seconds % _DAY))

    def _read(self, wall: datetime) -> int:
        """The instant of a wall time, with the first of two offsets where clocks change."""
        return _micros(wall.replace(tzinfo=self.zone, fold=0))

    def _local(self, at: datetime) -> datetime:
        _micros(at)
        return at.astimezone(self.zone)

    def _stays_open(self, table: _Table, since: int) -> bool:
        """Whether a table that ends after all that is special about the calendar is open since then without a gap."""
        special = (
            max(self._own_days, default=_FIRST_DAY),
            *(end // _SECOND // _DAY + _EPOCH_DAY for _, end in self._breaks),
        )
        settled = table.end_day > max(special) + 2 * _REACH or table.end_day == _LAST_DAY
        return settled and bool(table.closes) and table.closes[-1] == table.end and table.opens[-1] <= since


# --- Reading a description --------------------------------------------------------------------------------------------


def read_zone(name: Any) -> ZoneInfo:
    """The zone of an IANA name such as "Asia/Shanghai". Raises ValueError."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, TypeError, ValueError) as error:
        raise ValueError(f"{name!r} is not the IANA name of a time zone, such as 'Asia/Shanghai'.") from error


def read_windows(intervals: Iterable[Sequence[str]]) -> tuple[Window, ...]:
    """The windows of one day from pairs of times; a close at or before its open is the next day's. Or ValueError."""
    if isinstance(intervals, str) or not isinstance(intervals, Iterable):
        raise ValueError(f"The hours of a day are a list of [open, close] pairs, not {intervals!r}.")
    windows = []
    for interval in intervals:
        if isinstance(interval, str) or not isinstance(interval, Sequence) or len(interval) != 2:
            raise ValueError(f"An interval is a pair such as ['08:00', '18:00'], not {interval!r}.")
        opening, close = map(read_time, interval)
        windows.append((opening, close if close > opening else close + _DAY))
    return tuple(windows)


def read_time(text: Any) -> int:
    """Seconds since midnight of a time from "00:00" to "24:00". Raises ValueError."""
    if isinstance(text, time):
        return (text.hour * 60 + text.minute) * 60 + text.second
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise ValueError(f"{text!r} is not a time from '00:00' to '24:00'.")
    hours, minutes, *seconds = map(int, text.split(":"))
    return (hours * 60 + minutes) * 60 + sum(seconds)


def read_date(value: Any) -> date:
    """A date, or its ISO text. Raises ValueError."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{value!r} is not a date such as '2026-10-01'.") from error


def read_instant(value: Any) -> datetime:
    """An aware datetime, or its ISO text with an offset. Raises ValueError."""
    try:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{value!r} is not an instant such as '2026-10-01T08:00:00+08:00'.") from error
    _micros(instant)
    return instant


def _refuse_others(given: Mapping[str, Any], known: Sequence[str]) -> None:
    if not isinstance(given, Mapping):
        raise ValueError(f"Here stands a mapping with the keys {', '.join(known)}, not {given!r}.")
    if others := [key for key in given if key not in known]:
        raise ValueError(f"{others[0]!r} is none of {', '.join(known)}.")


# --- Instants as numbers ----------------------------------------------------------------------------------------------


def _micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC. Raises ValueError for a naive datetime."""
    try:
        return (at - _EPOCH) // _MICROSECOND
    except TypeError as error:
        raise ValueError(f"{at!r} is not an instant; it needs a time zone.") from error


def _many_micros(instants: list[datetime]) -> list[int]:
    try:
        return [(at - _EPOCH) // _MICROSECOND for at in instants]
    except TypeError:
        return [_micros(at) for at in instants]  # names the naive one


def _instant(micros: int, zone: tzinfo | None) -> datetime:
    if zone is UTC or zone is None:
        return _EPOCH + _MICROSECOND * micros
    return zone.fromutc(_epoch_in(zone) + _MICROSECOND * micros)


@lru_cache(maxsize=256)
def _epoch_in(zone: tzinfo) -> datetime:
    """The epoch as `tzinfo.fromutc` wants it: UTC's wall time under the zone's name."""
    return _EPOCH.replace(tzinfo=zone)


def _merged(pauses: Iterable[Pause]) -> list[Span]:
    """Stretches as numbers, in order and without overlaps. Raises ValueError for one that ends before it begins."""
    spans = []
    for begin, end in pauses:
        span = _micros(begin), _micros(end)
        if span[1] < span[0]:
            raise ValueError(f"A pause or break from {begin.isoformat()} cannot end before, at {end.isoformat()}.")
        spans.append(span)
    return _union(spans)


def _union(spans: Iterable[Span]) -> list[Span]:
    """The spans in order; those that meet or overlap become one, empty ones vanish."""
    union: list[Span] = []
    for begin, end in sorted(spans):
        if union and begin <= union[-1][1]:
            union[-1] = union[-1][0], max(union[-1][1], end)
        elif begin < end:
            union.append((begin, end))
    return union
