"""A session ends when it was not used for its idle time, and costs no write for each request."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from time_machine import travel

from tests.people import MONDAY_NINE, person

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def visit(client):
    def visit(at):
        with travel(at, tick=False), CaptureQueriesContext(connection) as asked:
            answer = client.get(reverse("desk:settings"))
        return answer.status_code, [each["sql"] for each in asked if 'UPDATE "django_session"' in each["sql"]]

    with travel(MONDAY_NINE, tick=False):
        client.force_login(person("rosa"))
    return visit


def test_whoever_uses_it_stays_signed_in(visit):
    for minutes in (20, 40, 60, 80):
        status, _writes = visit(MONDAY_NINE + minutes * MINUTE)

        assert status == 200


def test_half_an_hour_after_the_last_use_it_is_over(visit):
    visit(MONDAY_NINE + 20 * MINUTE)

    status, _writes = visit(MONDAY_NINE + 51 * MINUTE)

    assert status == 302


def test_its_end_is_put_off_at_most_once_a_minute(visit):
    _status, first = visit(MONDAY_NINE + 5 * MINUTE)
    _status, second = visit(MONDAY_NINE + 5.5 * MINUTE)
    _status, third = visit(MONDAY_NINE + 7 * MINUTE)

    assert (len(first), len(second), len(third)) == (1, 0, 1)
    assert Session.objects.get().expire_date == MONDAY_NINE + 37 * MINUTE
