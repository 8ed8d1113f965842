"""Working time on random calendars, against a counter that marks every minute (R24 to R26; S2, S16, S21)."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from calendars.worktime import WEEKDAYS, NeverCloses, NeverOpen, WorkingCalendar
from tests.calendars.slow_counter import DAYS, MARGIN, MINUTE, SlowCounter

SECONDS = 60

# Zones with the day around which a fortnight is looked at: mostly the nights on which their clocks change.
FORTNIGHTS = [
    ("Asia/Shanghai", date(2026, 2, 14)),
    ("Asia/Shanghai", date(2026, 10, 1)),
    ("UTC", date(2024, 2, 29)),
    ("Europe/Berlin", date(2024, 3, 31)),
    ("Europe/Berlin", date(2024, 10, 27)),
    ("America/New_York", date(2025, 3, 9)),
    ("America/New_York", date(2025, 11, 2)),
    ("Australia/Lord_Howe", date(2024, 4, 7)),  # half an hour
    ("Australia/Lord_Howe", date(2024, 10, 6)),
    ("America/Havana", date(2024, 3, 10)),  # at midnight
    ("America/Havana", date(2024, 11, 3)),
    ("Pacific/Apia", date(2011, 12, 30)),  # a day that never was
    ("Asia/Kathmandu", date(1986, 1, 1)),  # a quarter of an hour, once
]

thorough = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def clock_text(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


times = st.one_of(
    st.integers(0, 24 * 4).map(lambda quarter: clock_text(quarter * 15)), st.integers(0, 1440).map(clock_text)
)
intervals = st.lists(st.tuples(times, times).map(list), max_size=3)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[dict, date]:
    """A description with special days and breaks near the middle of the fortnight that begins at the returned day."""
    zone, middle = draw(st.sampled_from(FORTNIGHTS))
    first_day = middle - timedelta(days=DAYS // 2)
    near = st.integers(-4, 4).map(lambda days: middle + timedelta(days=days))
    weekdays = draw(st.integers(1, 127))
    usual = draw(intervals.filter(bool))
    weekly = {
        name: draw(st.one_of(st.just(usual), intervals))
        for number, name in enumerate(WEEKDAYS)
        if weekdays & 1 << number
    }
    spec = {
        "tz": zone,
        "weekly": weekly,
        "holidays": draw(st.lists(near, max_size=2)),
        "exceptions": draw(st.dictionaries(near, intervals, max_size=3)),
        "breaks": draw(stretches(first_day)),
    }
    return spec, first_day


def moments(first_day: date) -> st.SearchStrategy[datetime]:
    """Whole minutes in the inner days of the fortnight, in quarters of an hour half of the time."""
    begin = datetime(first_day.year, first_day.month, first_day.day, tzinfo=UTC) + timedelta(days=MARGIN)
    inner = (DAYS - 2 * MARGIN) * 1440
    minutes = st.one_of(st.integers(0, inner), st.integers(0, inner // 15).map(lambda quarter: quarter * 15))
    return minutes.map(lambda minute: begin + minute * MINUTE)


def stretches(first_day: date) -> st.SearchStrategy[list]:
    lengths = st.one_of(st.integers(0, 600), st.integers(0, 3000))
    stretch = st.tuples(moments(first_day), lengths).map(lambda pair: (pair[0], pair[0] + pair[1] * MINUTE))
    return st.lists(stretch, max_size=3)


def in_some_zone(draw: st.DrawFn, at: datetime, spec: dict) -> datetime:
    return at.astimezone(draw(st.sampled_from([UTC, ZoneInfo(spec["tz"]), ZoneInfo("America/St_Johns")])))


@given(calendars(), st.data())
@thorough
def test_adding_agrees_with_counting_minutes(calendar, data):
    spec, first_day = calendar
    worktime, slow = WorkingCalendar.from_dict(spec), SlowCounter(spec, first_day)
    start = in_some_zone(data.draw, data.draw(moments(first_day)), spec)
    pauses = data.draw(stretches(first_day))
    minutes = data.draw(st.one_of(st.integers(0, 240), st.integers(0, 3000)))

    expected = slow.add(start, minutes, pauses)

    known_until = slow.instant(slow.end - 3 * 1440)
    if expected is None or expected > known_until:
        assert worktime.between(start, known_until, pauses) <= minutes * SECONDS
        return
    assert worktime.add(start, minutes * SECONDS, pauses).astimezone(UTC) == expected
    assert worktime.subtract(start, -minutes * SECONDS, pauses).astimezone(UTC) == expected
    assert worktime.add(start, minutes * SECONDS).astimezone(UTC) == slow.add(start, minutes, [])
    assert worktime.add_many([start], minutes * SECONDS)[0].astimezone(UTC) == slow.add(start, minutes, [])


@given(calendars(), st.data())
@thorough
def test_subtracting_agrees_with_counting_minutes(calendar, data):
    spec, first_day = calendar
    worktime, slow = WorkingCalendar.from_dict(spec), SlowCounter(spec, first_day)
    start = in_some_zone(data.draw, data.draw(moments(first_day)), spec)
    pauses = data.draw(stretches(first_day))
    minutes = data.draw(st.one_of(st.integers(0, 240), st.integers(0, 3000)))

    expected = slow.subtract(start, minutes, pauses)

    known_since = slow.instant(3 * 1440)
    if expected is None or expected < known_since:
        assert worktime.between(known_since, start, pauses) <= minutes * SECONDS
        return
    assert worktime.subtract(start, minutes * SECONDS, pauses).astimezone(UTC) == expected
    assert worktime.add(start, -minutes * SECONDS, pauses).astimezone(UTC) == expected


@given(calendars(), st.data())
@thorough
def test_measuring_agrees_with_counting_minutes(calendar, data):
    spec, first_day = calendar
    worktime, slow = WorkingCalendar.from_dict(spec), SlowCounter(spec, first_day)
    start, end = data.draw(moments(first_day)), data.draw(moments(first_day))
    pauses = data.draw(stretches(first_day))

    assert worktime.between(start, end, pauses) == slow.between(start, end, pauses) * SECONDS
    assert worktime.between(end, start, pauses) == -worktime.between(start, end, pauses)
    periods = worktime.periods(start, end)
    assert sum((until - since for since, until in periods), timedelta()).total_seconds() == max(
        0, slow.between(start, end, []) * SECONDS
    )
    assert all(since < until for since, until in periods)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(periods))


@given(calendars(), st.data())
@thorough
def test_openings_and_closes_agree_with_looking_at_every_minute(calendar, data):
    spec, first_day = calendar
    worktime, slow = WorkingCalendar.from_dict(spec), SlowCounter(spec, first_day)
    at = data.draw(moments(first_day))

    assert worktime.is_working(at) == (slow.minute(at) in slow.open)
    for question in ("next_open", "next_close", "following_open", "prev_close"):
        expected = getattr(slow, question)(at)
        if expected is None or not slow.instant(3 * 1440) < expected < slow.instant(slow.end - 3 * 1440):
            continue
        assert getattr(worktime, question)(at) == expected, question


@given(calendars(), st.data())
@thorough
def test_working_days_agree_with_looking_at_every_day(calendar, data):
    spec, first_day = calendar
    worktime, slow = WorkingCalendar.from_dict(spec), SlowCounter(spec, first_day)
    start = data.draw(moments(first_day))
    today = start.astimezone(slow.zone).date()
    wall = start.astimezone(slow.zone)

    assert worktime.is_working_day(today) == slow.is_working_day(today)
    for count in (-5, -2, -1, 1, 2, 3, 5):
        target = slow.working_day_after(today, count)
        if target is None or not first_day + timedelta(days=2) < target < first_day + timedelta(days=DAYS - 4):
            continue
        last_minute = max(slow.of_day[target])
        expected = slow.instant(slow.first_showing(target, wall.hour * 60 + wall.minute))
        assert worktime.add_working_days(start, count) == expected
        assert worktime.add_working_days(start, count, end_of_day=True) == slow.instant(last_minute + 1)
        if count > 0 and slow.instant(last_minute).astimezone(slow.zone).date() == target:
            assert worktime.working_days_between(start, slow.instant(last_minute)) == count
            assert worktime.working_days_between(slow.instant(last_minute), start) == -count


@given(calendars(), st.data())
@thorough
def test_a_limit_is_reached_at_the_earliest_instant_and_not_a_microsecond_before(calendar, data):
    spec, first_day = calendar
    worktime = WorkingCalendar.from_dict(spec)
    start = data.draw(moments(first_day)) + timedelta(microseconds=data.draw(st.integers(0, 60_000_000)))
    micros = data.draw(st.integers(1, 10**12))
    pauses = data.draw(stretches(first_day))
    moment = timedelta(microseconds=1)

    try:
        due = worktime.add(start, micros / 1e6, pauses)
        since = worktime.subtract(start, micros / 1e6, pauses)
    except NeverOpen:
        assume(False)

    assert worktime.between(start, due, pauses) == micros / 1e6
    assert worktime.between(start, due - moment, pauses) < micros / 1e6
    assert worktime.between(since, start, pauses) == micros / 1e6
    assert worktime.between(since + moment, start, pauses) < micros / 1e6
    assert worktime.subtract(due, micros / 1e6, pauses) >= start


@given(calendars(), st.data())
@settings(thorough, max_examples=40)
def test_answers_do_not_depend_on_what_was_asked_before(calendar, data):
    spec, first_day = calendar
    used, fresh = WorkingCalendar.from_dict(spec), WorkingCalendar.from_dict(spec)
    start = data.draw(moments(first_day))
    for years in data.draw(st.lists(st.integers(-12, 12), max_size=3)):
        used.between(start + timedelta(days=365 * years), start)
    minutes = data.draw(st.integers(-20_000, 20_000))

    def answer(worktime):
        try:
            return worktime.add(start, minutes * SECONDS), worktime.next_close(start), worktime.prev_close(start)
        except (NeverOpen, NeverCloses) as error:
            return type(error)

    assert answer(used) == answer(fresh)


@given(calendars(), st.data())
@settings(thorough, max_examples=60)
def test_many_at_once_are_each_like_one_alone(calendar, data):
    spec, first_day = calendar
    worktime = WorkingCalendar.from_dict(spec)
    starts = [in_some_zone(data.draw, at, spec) for at in data.draw(st.lists(moments(first_day), max_size=12))]
    seconds = data.draw(st.integers(-100_000, 100_000))

    try:
        one_by_one = [worktime.add(start, seconds) for start in starts]
    except NeverOpen:
        with pytest.raises(NeverOpen):
            worktime.add_many(starts, seconds)
        return

    answers = worktime.add_many(starts, seconds)
    assert [answer.astimezone(UTC) for answer in answers] == [answer.astimezone(UTC) for answer in one_by_one]
    assert [answer.tzinfo for answer in answers] == [start.tzinfo for start in starts]


def test_every_set_of_weekdays_works():
    """S16: all 127 of them."""
    first_day = date(2024, 3, 31) - timedelta(days=DAYS // 2)
    start = datetime(2024, 3, 28, 9, 30, tzinfo=UTC)
    for weekdays in range(1, 128):
        weekly = {name: [["08:00", "18:00"]] for number, name in enumerate(WEEKDAYS) if weekdays & 1 << number}
        spec = {"tz": "Europe/Berlin", "weekly": weekly}
        worktime, slow = WorkingCalendar.from_dict(spec), SlowCounter(spec, first_day)
        for minutes in (1, 330, 590, 600):
            expected = slow.add(start, minutes, [])
            assert expected is None or worktime.add(start, minutes * SECONDS) == expected, (weekly, minutes)
            assert worktime.between(start, worktime.add(start, minutes * SECONDS)) == minutes * SECONDS
