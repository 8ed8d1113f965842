"""Bad input is answered with 400 and a list, never with 500; nothing is half written."""

import json

import pytest
from django.test import Client

from complaints.models import Entry, Ticket
from tests.api.conftest import a_matter
from tests.people import a_ticket, fresh, person

pytestmark = pytest.mark.django_db

BAD_VALUES = {
    "a number where text is meant": ("happened", 17),
    "a list where text is meant": ("happened", ["a"]),
    "true where text is meant": ("wanted", True),
    "nothing where something is required": ("happened", None),
    "blanks only": ("happened", "   "),
    "over-long text": ("happened", "x" * 10_001),
    "an over-long number": ("number", "1" * 33),
    "a number with odd signs": ("number", "12; drop table"),
    "a NUL": ("happened", "before\x00after"),
    "an escape character": ("happened", "before\x1bafter"),
    "two lines where one is meant": ("external_id", "a\nb"),
    "an unknown category": ("category", "no.such.category"),
    "a category that is no leaf": ("category", "billing"),
    "a category with a NUL": ("category", "billing\x00"),
    "a category that is a number": ("category", 3),
    "an unknown medium": ("medium", "pigeon"),
    "a medium that is an object": ("medium", {"a": 1}),
    "an unknown urgency": ("urgency", "yesterday"),
    "a moment without an offset": ("raised_at", "2026-03-02T09:00:00"),
    "a day": ("raised_at", "2026-03-02"),
    "a moment that is a number": ("raised_at", 1_760_000_000),
    "the year 1": ("raised_at", "0001-01-01T00:00:00+14:00"),
    "the year 9999": ("raised_at", "9999-12-31T23:59:59-12:00"),
    "the thirtieth of February": ("raised_at", "2026-02-30T09:00:00+08:00"),
    "a moment in the future": ("raised_at", "2099-01-01T00:00:00Z"),
    "a moment years ago": ("raised_at", "2001-01-01T00:00:00Z"),
    "a record that is a list": ("record", [1]),
    "a record with an unknown field": ("record", {"no_such_field": "x"}),
    "a record whose field is an object": ("record", {"month": {"a": 1}}),
    "a record with a field named oddly": ("record", {"a\nb\x00": "x"}),
    "a contact that is text": ("contact", "Ruben"),
    "a contact with an unknown standing": ("contact", {"standing": "neighbour"}),
    "a consent without evidence": ("contact", {"night": "yes"}),
    "a promise in the past": ("contact", {"promised_for": "2020-01-01T00:00:00Z", "promise_evidence": "call"}),
    "an unknown unit": ("unit", "no-such-unit"),
}


@pytest.mark.parametrize("case", BAD_VALUES)
def test_a_bad_value_is_refused_and_nothing_is_written(as_, case):
    field, value = BAD_VALUES[case]

    answer = as_("rosa").post("tickets/", **a_matter(**{field: value}))

    assert answer.status_code == 400, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"]
    assert not Ticket.objects.exists()


BROKEN_BODIES = {
    "no JSON": b"{",
    "broken encoding": b'{"happened": "\xff\xfe"}',
    "UTF-16": '{"happened": "x"}'.encode("utf-16"),
    "half a surrogate pair": b'{"happened": "\\ud800"}',
    "half a surrogate pair in a name": b'{"record": {"\\udfff": "x"}}',
    "a list": b"[]",
    "a word": b'"ticket"',
    "NaN": b'{"version": NaN}',
    "a number of five thousand digits": b'{"version": ' + b"9" * 5000 + b"}",
    "nested too deeply": b"[" * 100_000,
    "nested too deeply and closed": b'{"record":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}",
    "a megabyte": json.dumps({"happened": "x" * 1_000_000}).encode(),
    "nothing": b"",
}


@pytest.mark.parametrize("case", BROKEN_BODIES)
def test_a_broken_body_is_refused(rosa, case):
    client = Client()
    client.force_login(rosa)

    answer = client.post("/api/v1/tickets/", BROKEN_BODIES[case], content_type="application/json")

    assert answer.status_code == 400, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_another_content_type_is_refused(rosa):
    client = Client()
    client.force_login(rosa)

    answer = client.post("/api/v1/tickets/", "<ticket/>", content_type="text/xml")

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_an_unknown_encoding_in_the_header_changes_nothing(rosa):
    client = Client()
    client.force_login(rosa)

    body = json.dumps(a_matter()).encode()
    answer = client.generic("POST", "/api/v1/tickets/", body, content_type="application/json; charset=klingon")

    assert answer.status_code == 201


BAD_QUERIES = [
    "state=nowhere", "category=no.such", "category=%00", "unit=nowhere", "owner=somebody", "owner=99999999999999999999",
    "urgency=none", "nature=odd", "due_before=tomorrow", "due_before=2026-03-02T09:00:00", "due_before=2026-03-02",
    "raised_after=9999-12-31T23:59:59-12:00", "raised_after=0001-01-01T00:00:00%2B14:00", "reference=%00",
    "reference=" + "T" * 30, "q=%00", "q=" + "x" * 101, "order=happened", "order=-pk", "order=customer__number",
    "page_size=0", "page_size=201", "page_size=-1", "page_size=many", "page_size=%D9%A3", "cursor=", "cursor=x",
    "cursor=WyJkdWUiLHRydWUsWzEsMl1d", "cursor=WyJkdWUiLCB0cnVlLCBbIngiLCAieSIsICJ6Il1d", "cursor=bnVsbA==",
    "cursor=W10=", "happened=x", "customer__number=12055550101", "owner__username=rosa", "live=%00",
    "live=maybe", "held=1",
]  # fmt: skip


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_a_bad_query_is_refused(as_, query):
    a_ticket()

    answer = as_("rosa").client.get(f"/api/v1/tickets/?{query}")

    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"]


def test_a_cursor_far_outside_what_columns_hold_is_refused(as_):
    cursor = "WyJkdWUiLCB0cnVlLCBbbnVsbCwgIjIwMjYtMDMtMDJUMDk6MDA6MDBaIiwgOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XV0="

    answer = as_("rosa").client.get(f"/api/v1/tickets/?cursor={cursor}")

    assert answer.status_code in {200, 400}


@pytest.mark.parametrize(
    "path",
    ["tickets/T-99999999/", "tickets/T-99999999999999999999/", "tickets/T-x/", "tickets/%00/", "tickets/T-1%00/",
     "tickets/%ff/", "customers/99999999999999999999999/", "nowhere/", "", "tickets"],
)  # fmt: skip
def test_what_is_not_there_is_404_in_the_same_format(as_, path):
    answer = as_("rosa").client.get(f"/api/v1/{path}")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_unknown_child_is_404(as_):
    ticket = a_ticket()

    answer = as_("rosa").post(f"tickets/{ticket.reference}/chase-ups/99999999999999999/answer/", answer="Soon.")

    assert answer.status_code == 404


def test_no_field_of_a_ticket_can_be_set_beside_the_input(as_):
    ticket = a_ticket()
    before = dict(Ticket.objects.filter(pk=ticket.pk).values().get())
    every = {field.name: "1" for field in Ticket._meta.concrete_fields if field.name not in {"version"}}

    answer = as_("rosa").post(f"tickets/{ticket.reference}/comment/", **{**every, "text": "Called back."})

    changed = {
        name for name, value in Ticket.objects.filter(pk=ticket.pk).values().get().items() if before[name] != value
    }
    assert answer.status_code == 200
    assert changed == {"version"}


def test_no_field_of_a_ticket_can_be_set_beside_the_input_of_acceptance(as_):
    named = set(as_("rosa").post("tickets/").json()["errors"]) | set(a_matter()) | {
        "wanted", "nature", "medium", "addressee", "level", "urgency", "recording", "raised_at", "duplicate_reason",
        "external_id",
    }  # fmt: skip
    others = {field.name: 7 for field in Ticket._meta.concrete_fields if field.name not in named}

    reference = as_("rosa").post("tickets/", **{**others, **a_matter()}).json()["reference"]

    ticket = Ticket.objects.get(reference=reference)
    assert (ticket.state, ticket.version, ticket.round, ticket.chased, ticket.handler) == ("accepted", 1, 1, 0, None)
    assert ticket.owner == person("rosa")


def test_a_refused_write_leaves_no_line_in_the_history(as_):
    ticket = a_ticket()
    before = Entry.objects.count()

    as_("rosa").post(f"tickets/{ticket.reference}/dispatch/", to="network")
    as_("rosa").post(f"tickets/{ticket.reference}/comment/", text="\x00")

    assert Entry.objects.count() == before
    assert fresh(ticket).version == ticket.version
