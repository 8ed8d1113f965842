"""What a process keeps of the configuration holds as long as nobody has changed it, whoever changes it and however."""

import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Unit, known_units
from common.kept import QUESTION, TRIGGER, one_edition
from complaints.models import Category, DeskRules, filler_phrases
from contact.models import QuietHours
from sla.models import known_policies
from sla.models.policy import hours_of
from tests.people import unit
from tests.together import together

pytestmark = pytest.mark.django_db


class ChangedMyMind(Exception):
    pass


def counted_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", [TRIGGER])
        return {table for (table,) in cursor.fetchall()}


def test_what_is_kept_costs_one_short_question():
    DeskRules.current()

    with CaptureQueriesContext(connection) as asked:
        DeskRules.current()

    assert [query["sql"] for query in asked] == [QUESTION]


def test_what_belongs_together_asks_once():
    with CaptureQueriesContext(connection) as asked, one_edition():
        DeskRules.current()
        with one_edition():
            known_units()

    assert [query["sql"] for query in asked] == [QUESTION]


def test_a_change_by_plain_sql_is_seen_at_once():
    before = DeskRules.current().reopen_within_days

    with connection.cursor() as cursor:
        cursor.execute("UPDATE complaints_deskrules SET reopen_within_days = reopen_within_days + 1")

    assert DeskRules.current().reopen_within_days == before + 1


def test_a_change_that_is_rolled_back_leaves_nothing_behind():
    before = DeskRules.current().reopen_within_days

    with pytest.raises(ChangedMyMind), transaction.atomic():
        DeskRules.objects.update(reopen_within_days=before + 1)
        during = DeskRules.current().reopen_within_days
        raise ChangedMyMind

    assert (during, DeskRules.current().reopen_within_days) == (before + 1, before)


def test_a_renamed_unit_is_known_by_its_new_name():
    network = unit("network")
    known_units()

    Unit.objects.filter(pk=network.pk).update(name_en="Networks")

    assert known_units().by_pk[network.pk].name_en == "Networks"


@pytest.mark.django_db(transaction=True)
def test_what_somebody_else_has_committed_is_seen_by_whoever_has_kept_the_old():
    before = QuietHours.current().grace_minutes

    together([lambda: QuietHours.objects.update(grace_minutes=before + 5)])

    assert QuietHours.current().grace_minutes == before + 5


@pytest.mark.parametrize(
    "read",
    [
        DeskRules.current,
        QuietHours.current,
        known_units,
        Category.kept.get,
        filler_phrases,
        known_policies,
        lambda: hours_of(unit("network")),
    ],
)
def test_every_table_that_is_kept_is_counted(read):
    """A table without its trigger would be kept for ever."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE common_edition SET edition = gen_random_uuid()")

    with CaptureQueriesContext(connection) as asked:
        read()

    tables = {table for query in asked for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    assert tables
    assert tables <= counted_tables()
