"""Many rows by one statement: as whole and as strict as one by one."""

from datetime import timedelta

import pytest
from django.db import DataError, IntegrityError, transaction

from common.models import Heartbeat
from common.writing import write_back, write_new
from complaints.models import Entry
from tests.people import MONDAY_NINE, MONDAY_TEN

WORDS = {"said": "“it's”, 换行\n"}

pytestmark = pytest.mark.django_db


def a_beat(name, **facts):
    return {"name": name, "completed_at": MONDAY_NINE, **facts}


def test_rows_are_written_in_their_order_by_one_statement(ticket, rosa, django_assert_num_queries):
    entries = [
        {"ticket_id": ticket.pk, "kind": kind, "at": MONDAY_TEN, "origin": "desk", "version": 1, "data": WORDS} | who
        for kind, who in (("first", {"by_id": rosa.pk}), ("second", {}))
    ]

    with django_assert_num_queries(1):
        assert write_new(Entry, entries) == 2

    first, second = Entry.objects.filter(ticket=ticket, kind__in=["first", "second"]).order_by("pk")
    assert (first.kind, first.by, first.at, first.data) == ("first", rosa, MONDAY_TEN, WORDS)
    assert (second.kind, second.by, second.source, second.note) == ("second", None, "", None)
    assert first.recorded_at is not None


def test_what_is_there_is_left_as_it_is_only_where_asked():
    write_new(Heartbeat, [a_beat("known")])

    written = write_new(Heartbeat, [a_beat("known", lag=timedelta(minutes=5)), a_beat("new")], unless_there=True)

    assert written == 1
    assert dict(Heartbeat.objects.values_list("name", "lag")) == {"known": timedelta(0), "new": timedelta(0)}
    with pytest.raises(IntegrityError), transaction.atomic():
        write_new(Heartbeat, [a_beat("known")])


def test_what_is_too_long_is_refused_and_not_cut():
    write_new(Heartbeat, [a_beat("known")])
    known = Heartbeat.objects.get(name="known")
    known.name = "k" * 61

    with pytest.raises(DataError), transaction.atomic():
        write_new(Heartbeat, [a_beat("n" * 61)])
    with pytest.raises(DataError), transaction.atomic():
        write_back([known], ["name"])

    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["known"]


def test_nothing_is_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert write_new(Heartbeat, []) == write_back([], ["name"]) == 0


def test_a_column_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="Heartbeat has no column nickname"):
        write_new(Heartbeat, [a_beat("known", nickname="k")])

    assert not Heartbeat.objects.exists()
