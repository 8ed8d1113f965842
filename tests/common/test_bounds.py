"""What a page counts is counted up to a bound, all of it in one query."""

import pytest

from accounts.models import Unit
from common.bounds import MOST, count_each, count_some
from desk.templatetags.desk import counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    return Unit.objects.all()


def test_up_to_the_bound_every_row_counts(units):
    assert count_some(units) == len(units)
    assert count_some(units, most=len(units)) == len(units)


def test_beyond_the_bound_one_more_tells_that_there_are_more(units):
    assert count_some(units, most=2) == 3


def test_the_database_stops_counting_at_the_bound(units, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        count_some(units, most=2)

    assert "LIMIT 3" in asked.captured_queries[0]["sql"]


def test_many_questions_are_answered_by_one_query_each_with_its_own_values(units, django_assert_num_queries):
    code, all_of_them = units[0].code, len(units)
    with django_assert_num_queries(1):
        counts = count_each(
            {"one": units.filter(code=code), "all": units, "none": Unit.objects.none(), "some": units}, most=all_of_them
        )

    assert counts == {"one": 1, "all": all_of_them, "none": 0, "some": all_of_them}


def test_where_every_question_is_empty_nothing_is_asked(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert count_each({"none": Unit.objects.none()}) == {"none": 0}


def test_a_number_beyond_the_bound_is_shown_as_more():
    assert counted(MOST) == "1000"
    assert counted(MOST + 1) == "1000+"
