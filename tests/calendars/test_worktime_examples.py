"""Working time in worked examples, named after the rules and failures that they answer."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from calendars.worktime import WEEKDAYS, NeverCloses, NeverOpen, WorkingCalendar

HOUR = 3600
SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
WEEK = WEEKDAYS[:5]


def week_of(days: tuple[str, ...], *windows: list[str]) -> dict[str, list]:
    """The same windows on each of these weekdays."""
    return {day: list(windows) for day in days}


EVERY_DAY = WorkingCalendar.from_dict({"tz": "Asia/Shanghai", "weekly": week_of(WEEKDAYS, ["08:00", "18:00"])})
WORKING_DAYS = WorkingCalendar.from_dict({"tz": "Asia/Shanghai", "weekly": week_of(WEEK, ["08:00", "18:00"])})
ALWAYS = WorkingCalendar.from_dict({"tz": "Asia/Shanghai", "weekly": week_of(WEEKDAYS, ["00:00", "24:00"])})
NEVER = WorkingCalendar.from_dict({"tz": "Asia/Shanghai"})


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def in_berlin(**spec: object) -> WorkingCalendar:
    return WorkingCalendar.from_dict({"tz": "Europe/Berlin", **spec})


# 2026-03-02 is a Monday.


def test_r24_assistance_asked_at_16_with_four_working_hours_is_due_at_10_the_next_day():
    assert EVERY_DAY.add(at("2026-03-02 16:00"), 4 * HOUR) == at("2026-03-03 10:00")


def test_r24_twenty_working_hours_are_48_hours_on_the_wall():
    friday = at("2026-03-06 13:30")

    assert EVERY_DAY.add(friday, 20 * HOUR) == friday + timedelta(hours=48)


def test_r25_within_two_working_days_ends_at_the_close_of_the_second():
    friday = at("2026-03-06 15:20")

    assert WORKING_DAYS.add_working_days(friday, 2, end_of_day=True) == at("2026-03-10 18:00")
    assert WORKING_DAYS.add_working_days(friday, 2) == at("2026-03-10 15:20")


def test_r25_working_days_count_from_the_day_after_a_start_on_a_closed_day_as_well():
    saturday = at("2026-03-07 11:00")

    assert WORKING_DAYS.add_working_days(saturday, 1, end_of_day=True) == at("2026-03-09 18:00")
    assert WORKING_DAYS.add_working_days(saturday, 0, end_of_day=True) == saturday
    assert WORKING_DAYS.add_working_days(saturday, -1) == at("2026-03-06 11:00")
    assert WORKING_DAYS.working_days_between(saturday, at("2026-03-10 07:00")) == 2
    assert WORKING_DAYS.working_days_between(at("2026-03-10 07:00"), saturday) == -2


def test_r26_a_limit_used_up_at_closing_time_is_due_at_closing_time():
    """S21: not at the next opening."""
    assert EVERY_DAY.add(at("2026-03-02 16:00"), 2 * HOUR) == at("2026-03-02 18:00")
    assert EVERY_DAY.add(at("2026-03-02 16:00"), 2 * HOUR + 0.000001) == at("2026-03-03 08:00:00.000001")
    assert not EVERY_DAY.is_working(at("2026-03-02 18:00"))
    assert EVERY_DAY.is_working(at("2026-03-02 08:00"))


def test_r26_a_window_may_cross_midnight_and_belongs_to_the_day_it_starts_on():
    nights = WorkingCalendar.from_dict({"tz": "Asia/Shanghai", "weekly": week_of(WEEK, ["22:00", "06:00"])})

    assert nights.add(at("2026-03-06 23:00"), 8 * HOUR) == at("2026-03-09 23:00")  # from Friday's night to Monday's
    assert nights.is_working(at("2026-03-07 05:59"))
    assert not nights.is_working_day(date(2026, 3, 7))
    assert nights.next_close(at("2026-03-06 23:00")) == at("2026-03-07 06:00")


def test_r26_a_holiday_ends_no_night_that_began_before_it():
    nights = WorkingCalendar.from_dict(
        {"tz": "Asia/Shanghai", "weekly": week_of(WEEKDAYS, ["22:00", "06:00"]), "holidays": ["2026-03-04"]}
    )

    assert nights.is_working(at("2026-03-04 05:00"))
    assert not nights.is_working(at("2026-03-04 23:00"))
    assert not nights.is_working(at("2026-03-05 05:00"))


def test_r26_several_windows_a_day_have_a_break_between_them():
    split = WorkingCalendar.from_dict(
        {"tz": "Asia/Shanghai", "weekly": {"mon": [["13:00", "18:00"], ["08:00", "12:00"]]}}
    )

    assert split.add(at("2026-03-02 11:00"), 2 * HOUR) == at("2026-03-02 14:00")
    assert split.add(at("2026-03-02 11:00"), HOUR) == at("2026-03-02 12:00")
    assert split.subtract(at("2026-03-02 14:00"), HOUR) == at("2026-03-02 13:00")


def test_s1_a_level_before_the_deadline_is_counted_in_working_time_across_the_night():
    due = EVERY_DAY.add(at("2026-03-02 17:00"), 4 * HOUR)

    assert due == at("2026-03-03 11:00")
    assert EVERY_DAY.subtract(due, HOUR) == at("2026-03-03 10:00")
    assert EVERY_DAY.add(due, -4 * HOUR) == at("2026-03-02 17:00")


def test_s2_a_pause_outside_hours_does_not_move_the_due_time():
    start = at("2026-03-02 16:00")
    night = (at("2026-03-02 19:00"), at("2026-03-03 07:00"))

    assert EVERY_DAY.add(start, 4 * HOUR, pauses=[night]) == EVERY_DAY.add(start, 4 * HOUR)


def test_s2_a_pause_moves_the_due_time_by_the_working_time_it_covers():
    start = at("2026-03-02 16:00")
    over_night = (at("2026-03-02 17:00"), at("2026-03-03 09:00"))

    assert EVERY_DAY.add(start, 4 * HOUR, pauses=[over_night]) == at("2026-03-03 12:00")
    assert EVERY_DAY.between(start, at("2026-03-03 12:00"), pauses=[over_night]) == 4 * HOUR
    assert EVERY_DAY.subtract(at("2026-03-03 12:00"), 4 * HOUR, pauses=[over_night]) == start


def test_s2_pauses_may_overlap_and_come_in_any_order():
    start = at("2026-03-02 09:00")
    pauses = [
        (at("2026-03-02 11:00"), at("2026-03-02 12:00")),
        (at("2026-03-02 10:00"), at("2026-03-02 11:30")),
        (at("2026-03-01 10:00"), at("2026-03-02 09:30")),
    ]

    assert EVERY_DAY.add(start, 2 * HOUR, pauses) == at("2026-03-02 13:30")
    assert EVERY_DAY.add(start, 30 * 60, pauses) == at("2026-03-02 10:00")


def test_s3_a_pause_that_never_resumed_is_subtracted():
    raised, paused, closed = at("2026-03-02 09:00"), at("2026-03-02 10:00"), at("2026-04-13 12:00")

    assert EVERY_DAY.between(raised, closed, pauses=[(paused, closed)]) == HOUR


def test_s5_from_a_closed_day_to_the_first_minutes_of_the_next_is_little():
    assert WORKING_DAYS.between(at("2026-03-07 11:00"), at("2026-03-09 08:05")) == 300


def test_s17_a_holiday_feed_closes_no_other_days():
    calendar = WorkingCalendar.from_dict(
        {"tz": "Asia/Shanghai", "weekly": week_of(WEEK, ["08:00", "18:00"]), "holidays": ["2026-03-03"]}
    )

    assert [day for day in range(2, 7) if not calendar.is_working_day(date(2026, 3, day))] == [3]


def test_s18_a_limit_raised_outside_hours_begins_at_the_opening():
    assert EVERY_DAY.add(at("2026-03-02 23:10"), HOUR) == at("2026-03-03 09:00")
    assert EVERY_DAY.between(at("2026-03-02 23:10"), at("2026-03-03 09:00")) == HOUR


def test_a_holiday_beats_an_exception_and_an_exception_beats_the_week():
    calendar = WorkingCalendar.from_dict(
        {
            "tz": "Asia/Shanghai",
            "weekly": week_of(WEEK, ["08:00", "18:00"]),
            "holidays": ["2026-03-02"],
            "exceptions": {"2026-03-02": [["10:00", "12:00"]], "2026-03-03": [["10:00", "12:00"]], "2026-03-04": []},
        }
    )

    assert calendar.add(at("2026-03-02 08:00"), 3 * HOUR) == at("2026-03-05 09:00")
    assert [calendar.is_working_day(date(2026, 3, day)) for day in (2, 3, 4)] == [False, True, False]


def test_breaks_are_cut_out_last_and_can_take_a_whole_day():
    calendar = WorkingCalendar.from_dict(
        {
            "tz": "Asia/Shanghai",
            "weekly": week_of(WEEK, ["08:00", "18:00"]),
            "exceptions": {date(2026, 3, 3): [["08:00", "20:00"]]},
            "breaks": [
                ["2026-03-02T15:00:00+08:00", at("2026-03-03 19:00")],
                ["2026-03-04T00:00+08:00", at("2026-03-05")],
            ],
        }
    )

    assert calendar.add(at("2026-03-02 14:00"), 3 * HOUR) == at("2026-03-05 09:00")
    assert calendar.add_working_days(at("2026-03-02 14:00"), 1, end_of_day=True) == at("2026-03-03 20:00")
    assert not calendar.is_working_day(date(2026, 3, 4))


def test_on_the_short_night_a_skipped_opening_is_read_with_the_offset_before_the_change():
    # On 2026-03-29 clocks in Berlin go from 02:00 to 03:00.
    calendar = in_berlin(weekly={"sun": [["02:30", "05:00"]]})

    assert calendar.hours_on(date(2026, 3, 29)) == [(at("2026-03-29 03:30", BERLIN), at("2026-03-29 05:00", BERLIN))]


def test_on_the_short_night_a_window_loses_an_hour():
    calendar = in_berlin(weekly={"sat": [["22:00", "06:00"]]})

    assert calendar.between(at("2026-03-28 22:00", BERLIN), at("2026-03-29 06:00", BERLIN)) == 7 * HOUR
    assert calendar.add(at("2026-03-29 01:30", BERLIN), HOUR) == at("2026-03-29 03:30", BERLIN)


def test_on_the_long_night_a_repeated_time_is_its_first_occurrence():
    # On 2026-10-25 clocks in Berlin go from 03:00 back to 02:00.
    calendar = in_berlin(weekly={"sun": [["01:00", "02:30"], ["03:30", "04:00"]]})
    first, second = (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))

    assert calendar.next_close(at("2026-10-25 01:00", BERLIN)).astimezone(UTC) == first
    assert not calendar.is_working(second)


def test_on_the_long_night_durations_are_real_seconds():
    calendar = in_berlin(weekly={"sat": [["22:00", "06:00"]]})
    start = at("2026-10-25 01:00", BERLIN)

    assert calendar.between(at("2026-10-24 22:00", BERLIN), at("2026-10-25 06:00", BERLIN)) == 9 * HOUR
    assert calendar.add(start, 3 * HOUR).astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=3)


def test_a_start_in_the_second_of_two_equal_hours_is_understood():
    second = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN)

    due = in_berlin(weekly={"sun": [["00:00", "24:00"]]}).add(second, HOUR)

    assert due.astimezone(UTC) == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)


def test_answers_come_in_the_zone_of_the_question():
    start = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    assert EVERY_DAY.add(start, HOUR).tzinfo is UTC
    assert EVERY_DAY.add(start.astimezone(BERLIN), HOUR).tzinfo is BERLIN


def test_openings_and_closes_around_an_instant():
    inside, night, closing = at("2026-03-06 10:00"), at("2026-03-06 23:00"), at("2026-03-06 18:00")

    assert WORKING_DAYS.next_open(inside) == inside
    assert WORKING_DAYS.prev_close(inside) == inside
    assert WORKING_DAYS.next_close(inside) == closing
    assert WORKING_DAYS.following_open(inside) == at("2026-03-09 08:00")
    assert WORKING_DAYS.next_open(night) == WORKING_DAYS.following_open(night) == at("2026-03-09 08:00")
    assert WORKING_DAYS.prev_close(night) == WORKING_DAYS.prev_close(closing) == closing
    assert WORKING_DAYS.next_close(closing) == at("2026-03-09 18:00")
    assert WORKING_DAYS.prev_close(at("2026-03-09 08:00")) == closing


def test_periods_are_cut_to_the_question():
    assert WORKING_DAYS.periods(at("2026-03-06 10:00"), at("2026-03-09 09:00")) == [
        (at("2026-03-06 10:00"), at("2026-03-06 18:00")),
        (at("2026-03-09 08:00"), at("2026-03-09 09:00")),
    ]
    assert WORKING_DAYS.periods(at("2026-03-09 09:00"), at("2026-03-06 10:00")) == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda calendar, now: calendar.add(now, 1),
        lambda calendar, now: calendar.subtract(now, 1),
        lambda calendar, now: calendar.add_many([now], 1),
        lambda calendar, now: calendar.next_open(now),
        lambda calendar, now: calendar.next_close(now),
        lambda calendar, now: calendar.prev_close(now),
        lambda calendar, now: calendar.add_working_days(now, 1),
        lambda calendar, now: calendar.add_working_days(now, -1),
    ],
)
def test_a_calendar_that_never_opens_says_so(ask):
    with pytest.raises(NeverOpen, match="not open for that long"):
        ask(NEVER, at("2026-03-02 10:00"))


def test_a_calendar_that_never_opens_has_no_working_time():
    now = at("2026-03-02 10:00")

    assert NEVER.add(now, 0) == now
    assert NEVER.between(now, now + timedelta(days=400)) == 0
    assert not NEVER.is_working(now)
    assert NEVER.periods(now, now + timedelta(days=400)) == []


def test_a_calendar_of_single_days_says_when_the_last_one_has_passed():
    calendar = WorkingCalendar.from_dict({"tz": "Asia/Shanghai", "exceptions": {"2030-05-01": [["09:00", "12:00"]]}})

    assert calendar.add(at("2026-03-02 10:00"), 3 * HOUR) == at("2030-05-01 12:00")
    with pytest.raises(NeverOpen):
        calendar.add(at("2026-03-02 10:00"), 3 * HOUR + 1)
    with pytest.raises(NeverOpen):
        calendar.subtract(at("2026-03-02 10:00"), 1)


def test_a_break_of_a_thousand_years_is_no_endless_loop():
    spec = {"tz": "UTC", "weekly": week_of(WEEK, ["08:00", "18:00"])}
    closed = WorkingCalendar.from_dict(spec | {"breaks": [["2026-01-01T00:00Z", "9999-12-31T00:00Z"]]})
    long = WorkingCalendar.from_dict(spec | {"breaks": [["2026-01-01T00:00Z", "3026-01-01T00:00Z"]]})

    with pytest.raises(NeverOpen):
        closed.add(datetime(2026, 3, 2, tzinfo=UTC), 1)
    assert long.add(datetime(2026, 3, 2, tzinfo=UTC), HOUR) == datetime(3026, 1, 2, 9, tzinfo=UTC)


def test_what_never_closes_has_no_next_close():
    now = at("2026-03-02 10:00")

    for question in (ALWAYS.next_close, ALWAYS.following_open):
        with pytest.raises(NeverCloses):
            question(now)
    assert ALWAYS.add(now, 100 * HOUR) == now + timedelta(hours=100)
    assert ALWAYS.prev_close(now) == now
    assert ALWAYS.periods(now, now + timedelta(days=3)) == [(now, now + timedelta(days=3))]


def test_times_run_to_24_and_equal_times_are_a_whole_day():
    for interval in (["00:00", "24:00"], ["00:00", "00:00"]):
        calendar = WorkingCalendar.from_dict({"tz": "Asia/Shanghai", "weekly": {"mon": [interval]}})
        assert calendar.next_close(at("2026-03-02 10:00")) == at("2026-03-03 00:00")
    turned = WorkingCalendar.from_dict({"tz": "Asia/Shanghai", "weekly": {"mon": [["08:00", "08:00"]]}})
    assert turned.next_close(at("2026-03-02 10:00")) == at("2026-03-03 08:00")


def test_a_naive_datetime_is_refused():
    for question in (EVERY_DAY.is_working, lambda when: EVERY_DAY.add(when, 1), EVERY_DAY.next_open):
        with pytest.raises(ValueError, match="needs a time zone"):
            question(datetime(2026, 3, 2, 10))


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="cannot end before"):
        EVERY_DAY.add(at("2026-03-02 10:00"), 1, pauses=[(at("2026-03-02 12:00"), at("2026-03-02 11:00"))])


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ({}, "not the IANA name"),
        ({"tz": "Mars/Olympus"}, "not the IANA name"),
        ({"tz": "UTC", "week": {}}, "'week' is none of"),
        ({"tz": "UTC", "weekly": {"monday": []}}, "'monday' is none of"),
        ({"tz": "UTC", "weekly": {"mon": [["8:00", "18:00"]]}}, "'8:00' is not a time"),
        ({"tz": "UTC", "weekly": {"mon": [["08:00", "24:01"]]}}, "'24:01' is not a time"),
        ({"tz": "UTC", "weekly": {"mon": ["08:00", "18:00"]}}, "An interval is a pair"),
        ({"tz": "UTC", "weekly": {"mon": "08:00"}}, "a list of"),
        ({"tz": "UTC", "holidays": ["2026-02-30"]}, "not a date"),
        ({"tz": "UTC", "exceptions": {"tomorrow": []}}, "not a date"),
        ({"tz": "UTC", "breaks": [["2026-03-02T10:00:00", "2026-03-02T11:00:00"]]}, "needs a time zone"),
    ],
)
def test_a_description_that_cannot_be_read_is_refused_with_the_reason(spec, complaint):
    with pytest.raises(ValueError, match=complaint):
        WorkingCalendar.from_dict(spec)
