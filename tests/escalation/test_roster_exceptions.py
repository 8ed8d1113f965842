"""Exceptions of the roster: on one day somebody else, or nobody; the night belongs to the day on which it begins."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Assignment
from escalation.finding import holders
from escalation.models import Roster, RosterException
from tests.people import local, person, unit

pytestmark = pytest.mark.django_db

TUESDAY = date(2026, 3, 3)


@pytest.fixture
def nights(lin):
    """Lin has the nights; Mengyao holds the same role."""
    Assignment.objects.create(person=person("mengyao"), role="supervisor", unit=unit("service-centre"))
    return Roster.objects.create(
        person=lin,
        role="supervisor",
        unit=unit("service-centre"),
        starts=time(20),
        ends=time(8),
        from_on=date(2026, 3, 1),
    )


def on_duty(moment: str) -> set[int]:
    return {turn.person_id for turn in Roster.objects.covering(local(moment))}


def test_on_the_day_of_an_exception_somebody_else_has_the_whole_turn(nights, lin):
    RosterException.objects.create(roster=nights, on=TUESDAY, instead=person("mengyao"))

    assert on_duty("2026-03-02 23:00") == {lin.pk}
    assert on_duty("2026-03-03 07:59") == {lin.pk}
    assert on_duty("2026-03-03 20:00") == {person("mengyao").pk}
    assert on_duty("2026-03-04 07:59") == {person("mengyao").pk}
    assert on_duty("2026-03-04 20:00") == {lin.pk}


def test_nobody_instead_is_a_gap(nights):
    RosterException.objects.create(roster=nights, on=TUESDAY)

    assert on_duty("2026-03-03 23:00") == set()


def test_who_is_there_instead_is_told_and_who_is_not_is_left_in_peace(nights):
    RosterException.objects.create(roster=nights, on=TUESDAY, instead=person("mengyao"))

    found = holders("supervisor", start=unit("service-centre"), on_duty=True, at=local("2026-03-03 22:00"))

    assert [each.username for each in found.people] == ["mengyao"]


def test_where_nobody_is_on_duty_everybody_in_the_role_is_told(nights, lin):
    RosterException.objects.create(roster=nights, on=TUESDAY)

    found = holders("supervisor", start=unit("service-centre"), on_duty=True, at=local("2026-03-03 22:00"))

    assert {each.username for each in found.people} >= {"lin", "mengyao"}


def test_who_does_not_hold_the_role_there_cannot_stand_in(nights, rosa):
    with pytest.raises(ValidationError, match="does not hold the role"):
        RosterException(roster=nights, on=TUESDAY, instead=rosa).full_clean()


def test_a_duty_has_one_exception_a_day(nights):
    RosterException.objects.create(roster=nights, on=TUESDAY)

    with pytest.raises(IntegrityError, match="a_duty_has_one_exception_a_day"), transaction.atomic():
        RosterException.objects.create(roster=nights, on=TUESDAY)
