"""Deadlines as plain arithmetic: the worked examples of R20–R29, and steps that add up."""

from datetime import timedelta

import pytest

from calendars.worktime import WEEKDAYS, WorkingCalendar
from contact.hours import QuietWindow
from sla.arithmetic import Agreed, Limit, Mode, Quiet, Why, decide
from tests.people import local

EVERY_DAY = WorkingCalendar.from_dict(
    {"tz": "Asia/Shanghai", "weekly": {day: [["08:00", "18:00"]] for day in WEEKDAYS}}
)
WEEK = WorkingCalendar.from_dict(
    {"tz": "Asia/Shanghai", "weekly": {day: [["08:00", "18:00"]] for day in WEEKDAYS[:5]}, "holidays": ["2026-03-04"]}
)
MINUTE, HOUR = 60, 3600
DEFER = Quiet(Mode.DEFER, QuietWindow(), timedelta(minutes=60))
PAUSE = Quiet(Mode.PAUSE, QuietWindow(), timedelta(minutes=60))
CONTINUOUS = Quiet(Mode.CONTINUOUS, QuietWindow(), timedelta(minutes=60))


def test_r20_dispatch_counts_plain_time_through_the_night():
    deadline = decide(local("2026-03-02 23:50"), Limit.elapsed(15 * MINUTE))

    assert deadline.due == local("2026-03-03 00:05")
    assert deadline.warn_at == local("2026-03-03 00:02")


def test_r23_a_limit_that_ends_at_night_moves_to_the_morning_and_keeps_its_nominal_due():
    deadline = decide(local("2026-03-02 18:40"), Limit.elapsed(120 * MINUTE), quiet=DEFER)

    assert deadline.nominal_due == local("2026-03-02 20:40")
    assert deadline.due == local("2026-03-03 09:00")
    assert deadline.warn_at == local("2026-03-02 20:16")


@pytest.mark.parametrize(
    ("raised", "due"),
    [
        ("2026-03-02 18:00", "2026-03-02 20:00"),  # 20:00 sharp stays
        ("2026-03-02 18:01", "2026-03-03 09:00"),
        ("2026-03-03 05:30", "2026-03-03 09:00"),
        ("2026-03-03 06:59", "2026-03-03 09:00"),
        ("2026-03-03 07:00", "2026-03-03 09:00"),
        ("2026-03-03 07:01", "2026-03-03 09:01"),
    ],
)
def test_r23_only_what_falls_between_the_evening_and_the_end_of_grace_moves(raised, due):
    assert decide(local(raised), Limit.elapsed(120 * MINUTE), quiet=DEFER).due == local(due)


def test_r23_with_consent_or_in_continuous_mode_nothing_moves():
    for quiet in (None, CONTINUOUS):
        deadline = decide(local("2026-03-02 18:40"), Limit.elapsed(120 * MINUTE), quiet=quiet)

        assert deadline.due == deadline.nominal_due == local("2026-03-02 20:40")


def test_r23_a_pausing_clock_runs_in_contact_hours_only():
    deadline = decide(local("2026-03-02 18:40"), Limit.elapsed(120 * MINUTE), quiet=PAUSE)

    assert deadline.due == local("2026-03-03 08:40")
    assert [(step.why, step.seconds) for step in deadline.steps] == [
        (Why.COUNTED, 80 * MINUTE),
        (Why.QUIET, 12 * HOUR),
        (Why.COUNTED, 40 * MINUTE),
    ]


def test_r23_a_pausing_clock_crosses_as_many_nights_as_it_needs():
    deadline = decide(local("2026-03-02 08:00"), Limit.elapsed(36 * HOUR), quiet=PAUSE)

    assert deadline.due == local("2026-03-04 20:00")


def test_r21_a_promise_stands_in_the_limits_place_and_the_limit_is_kept_beside_it():
    promised = Agreed(local("2026-03-03 10:00"), made_at=local("2026-03-02 18:41"))

    deadline = decide(local("2026-03-02 18:40"), Limit.elapsed(120 * MINUTE), quiet=DEFER, agreed=promised)

    assert deadline.due == local("2026-03-03 10:00")
    assert deadline.limit_due == local("2026-03-03 09:00")
    assert deadline.nominal_due == local("2026-03-02 20:40")


def test_r21_a_time_agreed_for_the_night_is_not_moved_out_of_it():
    promised = Agreed(local("2026-03-02 22:00"), made_at=local("2026-03-02 18:41"))

    deadline = decide(local("2026-03-02 18:40"), Limit.elapsed(120 * MINUTE), quiet=DEFER, agreed=promised)

    assert deadline.due == local("2026-03-02 22:00")


def test_r21_an_urgent_service_failure_is_answered_within_two_hours_whatever_the_rest_says():
    start = local("2026-03-02 10:00")
    promised = Agreed(local("2026-03-04 10:00"), made_at=start)

    by_limit = decide(start, Limit.elapsed(240 * MINUTE), at_most=2 * HOUR)
    by_days = decide(start, Limit.days(7, WEEK), at_most=2 * HOUR)
    by_promise = decide(start, Limit.elapsed(240 * MINUTE), at_most=2 * HOUR, agreed=promised)

    assert by_limit.due == by_days.due == by_promise.due == local("2026-03-02 12:00")


def test_r22_working_days_end_at_closing_time_of_the_last_one_and_skip_days_off():
    # Monday; Wednesday is a day off.
    deadline = decide(local("2026-03-02 10:00"), Limit.days(4, WEEK))

    assert deadline.due == local("2026-03-09 18:00")


def test_r24_related_assistance_asked_at_sixteen_is_due_at_ten_the_next_day():
    deadline = decide(local("2026-03-02 16:00"), Limit.working(4 * HOUR, EVERY_DAY))

    assert deadline.due == local("2026-03-03 10:00")


def test_r24_rework_is_due_at_most_with_what_the_reply_leaves():
    deadline = decide(local("2026-03-02 09:00"), Limit.working(4 * HOUR, EVERY_DAY), ceiling=local("2026-03-02 10:30"))

    assert deadline.due == local("2026-03-02 10:30")
    assert deadline.warn_at == local("2026-03-02 10:12")


def test_r24_feedback_that_is_overdue_when_it_arises_is_due_at_once_and_not_before():
    deadline = decide(local("2026-03-02 09:00"), Limit.elapsed(45 * MINUTE), floor=local("2026-03-02 09:50"))

    assert deadline.due == local("2026-03-02 09:50")
    assert deadline.warn_at is None


def test_r26_a_limit_used_up_at_closing_time_is_due_at_closing_time():
    deadline = decide(local("2026-03-02 16:00"), Limit.working(2 * HOUR, EVERY_DAY))

    assert deadline.due == local("2026-03-02 18:00")


def test_r28_held_time_does_not_count():
    held = [(local("2026-03-02 10:00"), local("2026-03-02 11:30"))]

    deadline = decide(local("2026-03-02 09:00"), Limit.elapsed(4 * HOUR), held=held)

    assert deadline.due == local("2026-03-02 14:30")
    assert [(step.why, step.seconds) for step in deadline.steps] == [
        (Why.COUNTED, HOUR),
        (Why.HELD, 1.5 * HOUR),
        (Why.COUNTED, 3 * HOUR),
    ]


def test_s1_a_share_before_the_due_is_counted_in_working_time_too():
    deadline = decide(local("2026-03-02 17:00"), Limit.working(4 * HOUR, EVERY_DAY), warning_share=0.75)

    assert deadline.due == local("2026-03-03 11:00")
    assert deadline.warn_at == local("2026-03-03 10:00")


def test_s2_a_hold_outside_working_hours_moves_nothing():
    held = [(local("2026-03-02 19:00"), local("2026-03-03 07:00"))]

    deadline = decide(local("2026-03-02 17:00"), Limit.working(4 * HOUR, EVERY_DAY), held=held)

    assert deadline.due == local("2026-03-03 11:00")


def test_r43_an_attempt_made_in_time_defers_the_due_to_the_next_planned_one():
    deadline = decide(
        local("2026-03-02 09:00"), Limit.elapsed(HOUR), quiet=DEFER, deferred_until=local("2026-03-02 11:45")
    )

    assert deadline.nominal_due == local("2026-03-02 10:00")
    assert deadline.due == local("2026-03-02 11:45")


def test_r43_an_attempt_planned_for_the_end_of_quiet_hours_has_the_grace_of_the_morning():
    planned = local("2026-03-03 08:00")

    deadline = decide(local("2026-03-02 17:00"), Limit.elapsed(HOUR), quiet=DEFER, deferred_until=planned)
    agreed = decide(local("2026-03-02 17:00"), Limit.elapsed(HOUR), deferred_until=planned)

    assert deadline.due == local("2026-03-03 09:00")
    assert [step.why for step in deadline.moves] == [Why.NOT_REACHED, Why.QUIET_MOVE]
    assert agreed.due == planned


def test_a_next_attempt_before_the_due_changes_nothing():
    deadline = decide(local("2026-03-02 09:00"), Limit.elapsed(4 * HOUR), deferred_until=local("2026-03-02 11:45"))

    assert deadline.due == local("2026-03-02 13:00")


def test_a_hold_after_a_promise_puts_the_promised_time_off():
    promised = Agreed(local("2026-03-02 14:00"), made_at=local("2026-03-02 09:00"))
    held = [(local("2026-03-02 10:00"), local("2026-03-02 12:00"))]

    deadline = decide(local("2026-03-02 09:00"), Limit.elapsed(HOUR), held=held, agreed=promised)

    assert deadline.due == local("2026-03-02 16:00")


@pytest.mark.parametrize("quiet", [None, DEFER, PAUSE, CONTINUOUS])
@pytest.mark.parametrize(
    "limit", [Limit.elapsed(200 * MINUTE), Limit.working(7 * HOUR, EVERY_DAY), Limit.days(3, WEEK)], ids=str
)
@pytest.mark.parametrize("begins", ["2026-03-02 03:10", "2026-03-02 10:00", "2026-03-02 19:59", "2026-03-06 17:59"])
@pytest.mark.parametrize("agreed", [None, Agreed(local("2026-03-12 21:15"), made_at=local("2026-03-06 18:00"))])
def test_the_steps_add_up_to_the_due_and_those_that_count_to_the_limit(quiet, limit, begins, agreed):
    start = local(begins)
    held = [
        (local("2026-03-02 10:30"), local("2026-03-02 11:00")),
        (local("2026-03-03 22:00"), local("2026-03-04 09:00")),
    ]

    deadline = decide(start, limit, held=held, quiet=quiet, agreed=agreed, deferred_until=local("2026-03-02 12:00"))

    reached = start
    for step in deadline.steps:
        assert step.begins_at == reached
        reached = step.ends_at
    assert reached == deadline.due
    counted = sum(step.seconds for step in deadline.steps if step.why == Why.COUNTED)
    assert counted == limit.seconds_from(start)
