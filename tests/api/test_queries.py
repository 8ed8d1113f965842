"""Lists and single tickets ask a fixed number of questions, with one row and with many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.actions import chasing
from tests.people import MONDAY_NINE, a_customer, a_dispatched_ticket, a_ticket, a_ticket_to_reply, person

pytestmark = pytest.mark.django_db


def queries(caller, path, **query):
    """How many queries a GET takes."""
    caller.get(path, **query)
    with CaptureQueriesContext(connection) as caught:
        answer = caller.get(path, **query)
    assert answer.status_code == 200
    return len(caught), len(answer.json().get("results", [0]))


@pytest.mark.parametrize("username", ["rosa", "kangming", "sam", "selfservice"])
def test_the_list_of_tickets_asks_the_same_with_one_and_with_many(as_, username):
    a_ticket(by=person("selfservice")) if username == "selfservice" else a_dispatched_ticket()
    one, rows = queries(as_(username), "tickets/")
    for number in range(6):
        customer = a_customer(f"1205555020{number}", manager=person("chenan"))
        by = person("selfservice") if username == "selfservice" else None
        (a_ticket if by else a_ticket_to_reply)(customer=customer, by=by)

    many, more_rows = queries(as_(username), "tickets/")

    assert (rows, more_rows) == (1, 7)
    assert many == one <= 12


def test_one_ticket_asks_the_same_however_much_has_happened(as_):
    ticket = a_ticket_to_reply()
    few, _ = queries(as_("rosa"), f"tickets/{ticket.reference}/")
    for _number in range(4):
        chasing.chase_up(ticket, text="Well?", by=person("rosa"), at=MONDAY_NINE)

    many, _ = queries(as_("rosa"), f"tickets/{ticket.reference}/")

    assert many == few <= 24


@pytest.mark.parametrize("path", ["categories/", "units/", "people/"])
def test_directories_ask_the_same_with_one_and_with_many(as_, path):
    one, _ = queries(as_("rosa"), path, page_size=1)
    many, rows = queries(as_("rosa"), path, page_size=20)

    assert rows == 20
    assert many == one <= 6


def test_the_history_asks_the_same_with_one_and_with_many(as_):
    ticket = a_ticket_to_reply()

    one, _ = queries(as_("rosa"), f"tickets/{ticket.reference}/history/", page_size=1)
    many, rows = queries(as_("rosa"), f"tickets/{ticket.reference}/history/")

    assert rows == 4
    assert many == one <= 12
