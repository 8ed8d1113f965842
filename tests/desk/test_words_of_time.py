"""How long is left or gone is told in words that nobody stumbles over."""

from datetime import timedelta

import pytest

from desk import chips
from desk.moments import age
from tests.people import MONDAY_TEN

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("due", "told"),
    [
        (59 * SECOND, "00:59 left"),
        (0 * SECOND, "00:00 left"),
        (-1 * SECOND, "under 1 min overdue"),
        (-59 * SECOND, "under 1 min overdue"),
        (-1 * MINUTE, "1 min overdue"),
        (-61 * MINUTE, "1 h 1 min overdue"),
    ],
)
def test_nothing_is_overdue_by_0_minutes(due, told):
    assert chips.running(MONDAY_TEN + due, MONDAY_TEN).text == told


def test_what_was_met_late_by_seconds_says_so():
    assert chips.met_late(MONDAY_TEN, MONDAY_TEN + 20 * SECOND).text == "under 1 min late"


def test_what_is_new_is_not_0_minutes_old():
    assert age(MONDAY_TEN - 20 * SECOND, MONDAY_TEN) == "under 1 min"
    assert age(MONDAY_TEN - 2 * MINUTE, MONDAY_TEN) == "2 min"
