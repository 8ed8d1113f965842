"""The demonstration has somebody on duty at every hour, by a roster that is the same whenever it is put up anew."""

from datetime import date, timedelta

import pytest

from accounts.models import Assignment, Unit
from demo.roster import load_roster
from desk.roster import roster_of
from escalation.finding import holders
from escalation.models import Roster, RosterException
from tests.people import MONDAY_TEN, local, unit

pytestmark = pytest.mark.django_db

WEDNESDAY = date(2026, 3, 4)
MONDAY = date(2026, 3, 2)


@pytest.fixture
def roster():
    load_roster(today=WEDNESDAY)


@pytest.mark.parametrize("weeks", [-14, -1, 0, 1, 8])
def test_no_hour_of_the_weeks_around_today_is_without_anybody(roster, weeks):
    duties = roster_of(Unit.objects.all(), monday=MONDAY + timedelta(weeks=weeks), now=MONDAY_TEN)

    rostered = [duty for duty in duties if duty.is_rostered]
    first = timedelta(hours=8) if weeks == -14 else timedelta(0)  # the roster begins with that Monday's morning
    assert len(rostered) == 3
    for duty in rostered:
        gaps = [gap for day in duty.days for gap in day.gaps]
        assert sum((gap.ends_at - gap.begins_at for gap in gaps), timedelta(0)) == first, duty


@pytest.mark.parametrize(
    ("role", "start", "moment", "who"),
    [
        ("supervisor", "service-centre", "2026-03-03 02:30", "jiangtao"),
        ("supervisor", "service-centre", "2026-03-03 10:00", "lin"),
        ("supervisor", "service-centre", "2026-03-04 10:00", "shijun"),
        ("supervisor", "network", "2026-03-03 23:00", "langqing"),
        ("duty_director", "dispatch", "2026-03-08 23:00", "yuejin"),
    ],
    ids=["at night", "by day", "an exception", "the province's", "on Sunday"],
)
def test_what_escalates_is_told_to_whoever_is_on_duty_then(roster, role, start, moment, who):
    found = holders(role, start=unit(start), on_duty=True, at=local(moment))

    assert [person.username for person in found.people] == [who]
    assert not found.gap


def test_each_exception_of_the_file_finds_its_turn(roster):
    told = [(row.roster.person.username, row.on.isoformat(), row.instead.username) for row in exceptions()]

    assert told == [("lin", "2026-03-04", "shijun"), ("changqing", "2026-03-13", "yuejin")]


def test_a_roster_that_is_there_is_left_alone(roster):
    before = rows()

    assert load_roster(today=WEDNESDAY + timedelta(weeks=1)) == 0
    assert rows() == before


def test_two_rosters_of_one_week_are_alike(roster):
    first, held = rows(), Assignment.objects.count()
    Roster.objects.all().delete()

    assert load_roster(today=MONDAY) == len(first)
    assert rows() == first
    assert Assignment.objects.count() == held


def exceptions():
    return RosterException.objects.select_related("roster__person", "instead").order_by("on")


def rows():
    """Each duty as somebody would read it, without its number."""
    facts = ("person__username", "role", "unit__code", "weekdays", "starts", "ends", "from_on", "until_on")
    return list(Roster.objects.order_by("pk").values_list(*facts))
