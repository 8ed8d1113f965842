"""What is counted on every page is put together once for each authority, and still follows all that it depends on."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.db.models import QuerySet

from accounts.models import Assignment, Role, Unit
from common.bounds import put_together
from desk.views import dispatching, queue
from desk.waiting import AT_ANY_TIME, count_waiting
from tests.people import MONDAY_TEN, a_dispatched_ticket, person, somebody, unit

pytestmark = pytest.mark.django_db

EVERYWHERE = {"waiting": AT_ANY_TIME, "queue": queue.TABS._counts, "dispatch": dispatching.TABS._counts}


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    """Each test begins as a process does."""
    for counts in EVERYWHERE.values():
        monkeypatch.setattr(counts, "_known", type(counts._known)(dict))


def in_words(questions: Mapping[str, QuerySet]) -> dict[str, tuple[str, list[str]]]:
    """What is asked with which values; a list of codes is compared by what is in it."""
    asked = put_together(questions)
    return {
        name: (repr(each.sql), [str(getattr(v, "adapted", v)) for v in each.values]) for name, each in asked.items()
    }


def waiting(username: str) -> dict[str, int]:
    somebody = person(username)
    return count_waiting(somebody, somebody.authority(MONDAY_TEN), MONDAY_TEN)


@pytest.mark.parametrize("name", EVERYWHERE)
@pytest.mark.parametrize("role", Role.values)
def test_what_is_put_together_once_asks_the_same_at_any_time(name, role):
    who, counts = somebody(role), EVERYWHERE[name]
    later = MONDAY_TEN + timedelta(days=40)

    assert in_words(counts._questions(who, MONDAY_TEN)) == in_words(counts._questions(who, later))


def test_a_second_look_asks_what_the_first_has_put_together():
    wei = person("wei")
    first = AT_ANY_TIME.asked(wei, MONDAY_TEN)

    assert AT_ANY_TIME.asked(person("wei"), MONDAY_TEN) is first


def test_what_waits_is_counted_anew_at_each_look():
    before = waiting("wei")["queue"]
    a_dispatched_ticket(to="network")

    assert waiting("wei")["queue"] == before + 1


def test_who_is_given_a_role_sees_what_waits_there_at_once():
    a_dispatched_ticket(to="network")
    before = waiting("noor")["queue"]
    Assignment.objects.create(person=person("noor"), role=Role.HANDLER, unit=unit("network"))

    assert waiting("noor")["queue"] == before + 1


def test_whose_role_ends_sees_nothing_of_it_any_more():
    a_dispatched_ticket(to="network")
    before = waiting("wei")
    Assignment.objects.filter(person=person("wei")).update(ends_at=MONDAY_TEN)

    after = waiting("wei")

    assert before["queue"] >= 1
    assert "queue" not in after


def test_a_unit_that_moves_takes_what_waits_there_with_it():
    a_dispatched_ticket(to="network")
    before = waiting("noor")["queue"]
    Unit.objects.move(unit("network"), person("noor").assignments.get(role=Role.HANDLER).unit, "last-child")

    assert waiting("noor")["queue"] == before + 1


def test_two_people_without_any_role_share_nothing(django_user_model):
    one, other = (django_user_model.objects.create(username=name, is_active=False) for name in ("one", "other"))

    assert AT_ANY_TIME.asked(one, MONDAY_TEN) != AT_ANY_TIME.asked(other, MONDAY_TEN)
