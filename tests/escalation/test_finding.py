"""Whom a step tells: upwards from where the ticket is, at a level, on duty (R90)."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Assignment, Role, UnitKind
from escalation.finding import holders
from escalation.kinds import Counting, What, When
from escalation.models import Ladder, Roster, Step
from tests.escalation.playing import play, raised, whom
from tests.people import MONDAY_NIGHT, MONDAY_NINE, MONDAY_TEN, a_ticket, local, person, unit

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)


def logins(found):
    return {each.username for each in found.people}


@pytest.fixture
def two_shifts(lin):
    """Lin has the day and Jiang Tao the night in the service centre."""
    night = person("jiangtao")
    centre = unit("service-centre")
    Assignment.objects.create(person=night, role="supervisor", unit=centre)
    Roster.objects.create(person=lin, role="supervisor", unit=centre, starts=time(8), ends=time(20), from_on=MONDAY)
    Roster.objects.create(person=night, role="supervisor", unit=centre, starts=time(20), ends=time(8), from_on=MONDAY)
    return centre


def test_the_nearest_unit_upwards_that_has_the_role():
    assert logins(holders(Role.DIRECTOR, start=unit("network"), at=MONDAY_NINE)) == {"gejian"}
    assert logins(holders(Role.DIRECTOR, start=unit("east-city-network"), at=MONDAY_NINE)) == {"fangyuan"}
    assert logins(holders(Role.SUPERVISOR, start=unit("dispatch"), at=MONDAY_NINE)) == {"lin"}


def test_the_role_at_a_level_even_where_a_nearer_unit_has_it_too():
    found = holders(Role.DIRECTOR, start=unit("network"), level=UnitKind.HEAD_OFFICE, at=MONDAY_NINE)

    assert (logins(found), found.unit.code, found.gap) == ({"bianning"}, "head-office", False)


def test_who_is_above_the_level_is_told_where_the_level_has_nobody():
    found = holders(Role.DIRECTOR, start=unit("network"), level=UnitKind.PROVINCE, at=MONDAY_NINE)

    assert (logins(found), found.unit.code, found.gap) == ({"bianning"}, "head-office", True)


def test_a_role_that_ended_is_held_no_more(lin):
    lin.assignments.update(ends_at=MONDAY_NINE)

    assert logins(holders(Role.SUPERVISOR, start=unit("dispatch"), at=MONDAY_NINE)) == {"anran"}


def test_the_shift_that_is_on_duty_is_told(two_shifts):
    by_day = holders(Role.SUPERVISOR, start=two_shifts, on_duty=True, at=MONDAY_NINE)
    by_night = holders(Role.SUPERVISOR, start=two_shifts, on_duty=True, at=MONDAY_NIGHT)

    assert (logins(by_day), logins(by_night)) == ({"lin"}, {"jiangtao"})


def test_all_are_told_where_the_roster_names_nobody(two_shifts):
    Roster.objects.update(weekdays=[6, 7])

    found = holders(Role.SUPERVISOR, start=two_shifts, on_duty=True, at=MONDAY_NINE)

    assert logins(found) == {"lin", "jiangtao"}


@pytest.mark.parametrize(
    ("moment", "covered"),
    [
        ("2026-03-02 19:59", False),
        ("2026-03-02 20:00", True),
        ("2026-03-03 07:59", True),
        ("2026-03-03 08:00", False),
        ("2026-03-03 20:00", False),
        ("2026-03-02 07:59", False),
    ],
)
def test_a_nights_duty_belongs_to_the_day_on_which_it_begins(moment, covered):
    monday_night = Roster(
        weekdays=[1], starts=time(20), ends=time(8), from_on=MONDAY, until_on=MONDAY, role="supervisor"
    )

    assert monday_night.covers(local(moment)) is covered


def test_a_whole_days_duty_ends_at_midnight():
    monday = Roster(weekdays=[1], from_on=MONDAY)

    assert monday.covers(local("2026-03-02 00:00"))
    assert monday.covers(local("2026-03-02 23:59"))
    assert not monday.covers(local("2026-03-03 00:00"))


def test_a_ladder_tells_the_shift_that_is_there(two_shifts):
    by_day, by_night = a_ticket(at=MONDAY_NINE), a_ticket(at=MONDAY_NIGHT)

    play(MONDAY_NIGHT + timedelta(hours=1))

    assert whom(raised(by_day, step__order=2, clock__kind="dispatch")[0]) == {"lin"}
    assert whom(raised(by_night, step__order=2, clock__kind="dispatch")[0]) == {"jiangtao"}


# --- Steps that could never be due, or that nobody would hear ---------------------------------------------------------


@pytest.mark.parametrize(
    ("ladder", "facts", "field"),
    [
        ("dispatch", {"when": When.AT_ONCE}, "when"),
        ("by-hand", {"when": When.BREACH}, "when"),
        ("dispatch", {"when": When.AFTER_PREVIOUS, "delay_minutes": 0}, "delay_minutes"),
        ("dispatch", {"when": When.BREACH, "channels": ["webhook"]}, "channels"),
        ("dispatch", {"when": When.BREACH, "channels": ["pigeon"]}, "channels"),
        ("dispatch", {"when": When.BREACH, "role": ""}, "role"),
        ("dispatch", {"when": When.BREACH, "what": What.REASSIGN}, "__all__"),
        ("dispatch", {"when": When.AFTER_PREVIOUS, "order": 1, "delay_minutes": 5}, "__all__"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(ladder, facts, field):
    step = Step(ladder=Ladder.objects.get(code=ladder), **{"order": 9, "role": "director"} | facts)

    with pytest.raises(ValidationError) as refused:
        step.full_clean()

    assert field in refused.value.error_dict


def test_one_obligation_has_one_ladder():
    rival = Ladder(code="rival", name_zh="x", name_en="x", clock_kind="dispatch")

    with pytest.raises(ValidationError, match="Another active ladder"):
        rival.full_clean()


def test_a_delay_in_working_time_follows_the_hours_of_the_unit():
    step = Step(when=When.AFTER_PREVIOUS, delay_minutes=8 * 60, delay_counts=Counting.WORKING)

    due = step.due_after(local("2026-03-02 16:00"), unit=unit("network"), pauses=[])

    assert due == local("2026-03-03 14:00")
    assert due > MONDAY_TEN
