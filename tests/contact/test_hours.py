"""Permitted hours as plain arithmetic (R23)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contact.hours import QuietWindow
from tests.people import MONDAY_NIGHT, local

NIGHT = QuietWindow()
GRACE = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

to_the_minute = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)
hours = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
windows = st.builds(QuietWindow, hours, hours, st.sampled_from(["Asia/Shanghai", "UTC"]))


@pytest.mark.parametrize(
    ("wall", "quiet"),
    [
        ("19:59:59.999999", False),
        ("20:00:00", True),
        ("20:00:00.000001", True),
        ("23:59:59.999999", True),
        ("00:00:00", True),
        ("07:59:59.999", True),
        ("08:00:00", False),
        ("08:00:00.000001", False),
        ("12:00:00", False),
    ],
)
def test_quiet_hours_begin_at_eight_sharp_and_end_at_eight_sharp(wall, quiet):
    assert NIGHT.covers(local(f"2026-03-02 {wall}")) == quiet


@pytest.mark.parametrize(
    ("wall", "permitted"),
    [
        ("2026-03-02 12:00", "2026-03-02 12:00"),
        ("2026-03-02 20:00", "2026-03-03 08:00"),
        ("2026-03-02 23:59:59.999999", "2026-03-03 08:00"),
        ("2026-03-03 00:00", "2026-03-03 08:00"),
        ("2026-03-03 07:59:59.999", "2026-03-03 08:00"),
        ("2026-03-03 08:00", "2026-03-03 08:00"),
        ("2026-02-28 21:00", "2026-03-01 08:00"),
        ("2026-12-31 21:00", "2027-01-01 08:00"),
    ],
)
def test_contact_is_next_permitted_in_the_morning(wall, permitted):
    assert NIGHT.next_permitted(local(wall)) == local(permitted)


@pytest.mark.parametrize(
    ("due", "moved"),
    [
        ("2026-03-02 19:59:59", "2026-03-02 19:59:59"),
        ("2026-03-02 20:00:00", "2026-03-02 20:00:00"),
        ("2026-03-02 20:00:00.000001", "2026-03-03 09:00"),
        ("2026-03-03 00:00", "2026-03-03 09:00"),
        ("2026-03-03 07:59:59.999", "2026-03-03 09:00"),
        ("2026-03-03 08:00", "2026-03-03 09:00"),
        ("2026-03-03 08:59:59.999999", "2026-03-03 09:00"),
        ("2026-03-03 09:00", "2026-03-03 09:00"),
        ("2026-03-03 09:00:00.000001", "2026-03-03 09:00:00.000001"),
    ],
)
def test_a_limit_in_the_night_or_its_grace_moves_to_the_end_of_grace(due, moved):
    assert NIGHT.morning_after(local(due), GRACE) == local(moved)


def test_a_window_within_one_day_is_understood_as_well():
    noon = QuietWindow(time(12), time(14))

    assert [noon.covers(local(f"2026-03-02 {wall}")) for wall in ("11:59", "12:00", "13:59", "14:00")] == [
        False,
        True,
        True,
        False,
    ]
    assert noon.next_permitted(local("2026-03-02 12:30")) == local("2026-03-02 14:00")
    assert noon.morning_after(local("2026-03-02 12:30"), GRACE) == local("2026-03-02 15:00")
    assert noon.morning_after(local("2026-03-02 11:30"), GRACE) == local("2026-03-02 11:30")


def test_a_window_without_length_is_never_quiet():
    never = QuietWindow(time(8), time(8))

    for moment in (local("2026-03-02 08:00"), local("2026-03-02 08:30"), MONDAY_NIGHT):
        assert not never.covers(moment)
        assert never.next_permitted(moment) == never.morning_after(moment, GRACE) == moment


def test_the_grace_of_a_window_that_ends_late_reaches_beyond_midnight():
    evening = QuietWindow(time(20), time(23, 30))

    assert evening.morning_after(local("2026-03-03 00:10"), GRACE) == local("2026-03-03 00:30")


def test_hours_are_those_of_the_zone_and_not_of_the_clock_that_is_asked():
    berlin = datetime(2026, 3, 2, 13, 0, tzinfo=ZoneInfo("Europe/Berlin"))

    assert NIGHT.covers(berlin)
    assert NIGHT.next_permitted(berlin) == local("2026-03-03 08:00")


@pytest.mark.parametrize(
    ("at", "permitted"),
    [
        # In Berlin 02:00–03:00 does not exist on the last Sunday of March and comes twice on that of October.
        ("2026-03-28T21:00+01:00", "2026-03-29T08:00+02:00"),
        ("2026-10-24T21:00+02:00", "2026-10-25T08:00+01:00"),
    ],
)
def test_nights_on_which_clocks_change_end_at_eight_on_the_wall(at, permitted):
    berlin = QuietWindow(zone="Europe/Berlin")

    assert berlin.next_permitted(datetime.fromisoformat(at)) == datetime.fromisoformat(permitted)


# Against an oracle that only knows whether a minute is quiet, and steps


def is_quiet(window: QuietWindow, at: datetime) -> bool:
    """By counting minutes of the day from the start of the window."""
    wall = at.astimezone(ZoneInfo(window.zone))
    start, end = (edge.hour * 60 + edge.minute for edge in (window.starts, window.ends))
    return (wall.hour * 60 + wall.minute - start) % 1440 < (end - start) % 1440


def stepped_permitted(window: QuietWindow, at: datetime) -> datetime:
    while is_quiet(window, at):
        at += MINUTE
    return at


def stepped_morning(window: QuietWindow, at: datetime, grace: timedelta) -> datetime:
    """Back to the last minute that was quiet; from the end of that night, the grace counts."""
    if window.starts == window.ends:
        return at
    back = at
    while not is_quiet(window, back - MINUTE):
        back -= MINUTE
        if at - back >= grace:
            return at
    ends = stepped_permitted(window, back - MINUTE)
    return ends + grace if at < ends + grace else at


@given(windows, to_the_minute)
def test_the_window_and_the_counter_agree_on_quiet_and_permitted(window, at):
    assert window.covers(at) == is_quiet(window, at)
    assert window.next_permitted(at) == stepped_permitted(window, at)


@given(to_the_minute, st.integers(0, 240))
def test_the_morning_after_agrees_with_the_counter(at, minutes):
    grace = timedelta(minutes=minutes)

    assert NIGHT.morning_after(at, grace) == stepped_morning(NIGHT, at, grace)


@given(windows, to_the_minute, st.integers(0, 120))
def test_the_morning_after_agrees_with_the_counter_for_any_window_with_room_for_its_grace(window, at, minutes):
    grace = timedelta(minutes=minutes)
    start, end = (edge.hour * 60 + edge.minute for edge in (window.starts, window.ends))
    assume(minutes <= (start - end) % 1440)

    assert window.morning_after(at, grace) == stepped_morning(window, at, grace)


@given(to_the_minute)
def test_a_limit_is_never_moved_back_and_moving_it_again_changes_nothing(at):
    moved = NIGHT.morning_after(at, GRACE)

    assert moved >= at
    assert NIGHT.morning_after(moved, GRACE) == moved
    assert not NIGHT.covers(moved) or moved == at
