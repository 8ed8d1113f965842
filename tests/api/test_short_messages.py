"""The gateway hands us what customers write: signed, lately, well formed, and answered alike (R32)."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from inbound.models import Outcome, ShortMessage
from notifications.gateways.signing import FRESH_FOR, signed_headers
from tests.people import MONDAY_NIGHT, a_ticket, fresh

pytestmark = pytest.mark.django_db

ADDRESS = "/gateways/sms/"
SECRET = "shared with the gateway"
NOTE = {"id": "m-1", "from": "12055550101", "text": "When will it work again?"}


@pytest.fixture(autouse=True)
def night(settings, time_machine):
    """A shared secret, and a moment in quiet hours."""
    settings.SMS_INBOUND_SECRET = SECRET
    time_machine.move_to(MONDAY_NIGHT, tick=False)


def deliver(note=NOTE, *, secret=SECRET, at=MONDAY_NIGHT, content_type="application/json", **headers):
    body = note if isinstance(note, bytes) else json.dumps(note, ensure_ascii=False).encode()
    signed = signed_headers(body, secret=secret, key="m-1", at=at)
    client = Client(enforce_csrf_checks=True)
    return client.post(ADDRESS, body, content_type=content_type, headers=signed | headers)


def test_a_signed_message_is_taken_once_even_at_night():
    ticket = a_ticket()

    answers = [deliver(), deliver(at=MONDAY_NIGHT - timedelta(minutes=1))]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert fresh(ticket).chased == 1
    assert ticket.entries.get(kind="chased_up").origin == "sms"


def test_a_known_and_an_unknown_number_are_answered_alike():
    a_ticket()

    known, unknown = deliver(), deliver(NOTE | {"id": "m-2", "from": "12055550999"})

    told = [(answer.status_code, answer.content, answer.headers.items()) for answer in (known, unknown)]
    assert [(code, content) for code, content, _headers in told] == [(202, b""), (202, b"")]
    assert set(known.headers) == set(unknown.headers)
    assert list(ShortMessage.objects.order_by("gateway_id").values_list("outcome", flat=True)) == [
        Outcome.CHASED_UP,
        Outcome.UNMATCHED,
    ]


@pytest.mark.parametrize(
    "spoilt",
    [
        {"secret": "guessed"},
        {"at": MONDAY_NIGHT - FRESH_FOR - timedelta(seconds=1)},
        {"at": MONDAY_NIGHT + FRESH_FOR + timedelta(seconds=1)},
        {"X-Desk-Signature": ""},
        {"X-Desk-Signature": "v1=ü"},
        {"X-Desk-Timestamp": "soon"},
        {"X-Desk-Timestamp": ""},
        {"X-Desk-Timestamp": str(int(MONDAY_NIGHT.timestamp()) + 1)},
    ],
)
def test_what_is_not_signed_lately_by_the_gateway_is_refused(spoilt):
    answer = deliver(**spoilt)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_signed")
    assert not ShortMessage.objects.exists()


def test_a_changed_body_is_refused():
    signed = signed_headers(json.dumps(NOTE).encode(), secret=SECRET, key="m-1", at=MONDAY_NIGHT)
    changed = json.dumps(NOTE | {"text": "Cancel it."})

    answer = Client().post(ADDRESS, changed, content_type="application/json", headers=signed)

    assert answer.status_code == 403


def test_without_a_secret_nothing_is_taken(settings):
    settings.SMS_INBOUND_SECRET = ""

    assert deliver(secret="").status_code == 403


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"{}",
        {"id": "m-1"},
        NOTE | {"id": ""},
        NOTE | {"id": "m" * 101},
        NOTE | {"id": 7},
        NOTE | {"from": "<b>"},
        NOTE | {"from": "1" * 33},
        NOTE | {"from": None},
        NOTE | {"text": ""},
        NOTE | {"text": "\x00"},
        NOTE | {"text": "\ud800"},
        NOTE | {"text": "x" * 2001},
        NOTE | {"text": ["Well?"]},
    ],
)
def test_rubbish_is_refused(note):
    body = note if isinstance(note, bytes) else json.dumps(note).encode()

    answer = deliver(body)

    assert answer.status_code == 400, answer.content
    assert not ShortMessage.objects.exists()


@pytest.mark.parametrize("verb", ["get", "put", "patch", "delete"])
def test_a_stranger_gets_nothing_by_another_verb(verb):
    assert getattr(Client(), verb)(ADDRESS).status_code == 403
