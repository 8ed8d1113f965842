"""What is set aside and what is not: a bad row is, a broken database is nobody's fault (R2A)."""

from datetime import timedelta

import psycopg2
import pytest
from django.contrib.admin.sites import AdminSite
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError, connection, transaction

from common.admin import SetAsideAdmin
from common.apart import apart, in_one_go, resting, retry_set_aside, set_aside, set_aside_now
from common.models import SetAside
from common.outages import is_outage
from tests.people import MONDAY_NINE

pytestmark = pytest.mark.django_db


def in_sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    ["SELECT nothing_here FROM sla_clock", "SELECT 1 FROM not_migrated_yet", "SELECT no_such_function()"],
)
def test_a_half_migrated_database_sets_no_row_aside(statement):
    with pytest.raises(ProgrammingError), apart("clock", 1, now=MONDAY_NINE):
        in_sql(statement)
    with pytest.raises(ProgrammingError), in_one_go("clock"):
        in_sql(statement)

    assert not SetAside.objects.exists()


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("SELECT 1 / 0", DataError),
        ("SELECT repeat('x', 20)::jsonb", DataError),
        ("INSERT INTO common_heartbeat (name) VALUES ('x')", IntegrityError),
        ("SET LOCAL statement_timeout = 10; SELECT pg_sleep(5)", OperationalError),
        ("DO $$ BEGIN RAISE 'deadlock' USING ERRCODE = '40P01'; END $$", OperationalError),
    ],
)
def test_what_a_single_row_offends_sets_it_aside_alone(statement, kind):
    with apart("clock", 1, now=MONDAY_NINE):
        in_sql(statement)
    with in_one_go("clock") as went_well:
        in_sql(statement)

    assert not went_well
    assert SetAside.objects.get().error.startswith(kind.__name__)


def test_a_server_that_cannot_be_reached_is_an_outage_and_a_refused_value_is_not():
    unreachable = OperationalError("connection refused")
    unreachable.__cause__ = psycopg2.OperationalError("connection refused")

    assert is_outage(unreachable)
    assert not is_outage(ValidationError("no"))


def test_a_row_is_given_up_after_its_tries_and_no_longer_tried_by_itself():
    now = MONDAY_NINE
    for _try in range(SetAside.MOST_TRIES - 1):
        set_aside("clock", 1, error=ValueError("rotten"), now=now)
    last_but_one = set_aside_now("clock")[1]

    set_aside("clock", 1, error=ValueError("rotten"), now=now)

    assert last_but_one == now + timedelta(hours=1)
    aside = SetAside.objects.get()
    assert (aside.tries, aside.is_given_up) == (SetAside.MOST_TRIES, True)
    assert set_aside_now("clock") == {1: None}
    assert resting("clock", now + timedelta(days=365)) == {1}


def test_asking_for_another_try_gives_a_row_its_tries_anew():
    for _try in range(SetAside.MOST_TRIES):
        aside = set_aside("clock", 1, error=ValueError("rotten"), now=MONDAY_NINE)
    later = MONDAY_NINE + timedelta(days=1)

    waits = retry_set_aside(aside, at=later)

    assert waits
    assert set_aside_now("clock") == {1: later}
    assert not resting("clock", later)
    assert set_aside("clock", 1, error=ValueError("rotten"), now=later).tries == 1


def test_the_admin_says_which_rows_are_given_up_and_only_those_waiting_are_tried_again(client):
    with transaction.atomic():
        SetAside.objects.bulk_create(
            SetAside(
                kind="clock",
                object_id=number,
                error="rotten",
                first_failed_at=MONDAY_NINE,
                last_failed_at=MONDAY_NINE,
                next_try_at=next_try_at,
                resolved_at=resolved_at,
            )
            for number, next_try_at, resolved_at in [
                (1, None, None),
                (2, MONDAY_NINE, None),
                (3, None, MONDAY_NINE),
            ]
        )
    shown = SetAsideAdmin(SetAside, AdminSite())

    said = [str(shown.standing(aside)) for aside in SetAside.objects.order_by("object_id")]
    tried = [retry_set_aside(aside, at=MONDAY_NINE) for aside in SetAside.objects.order_by("object_id")]

    assert said[0].startswith("given up")
    assert said[1:] == ["tried again by itself", "resolved"]
    assert tried == [True, False, False]
