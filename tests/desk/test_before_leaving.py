"""At the end of a shift everybody sees what they own and hold (R13)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.people import a_ticket, a_ticket_in_hand

pytestmark = pytest.mark.django_db


def page(browser) -> str:
    return browser.get(reverse("desk:settings")).content.decode()


def test_an_agent_sees_what_they_own(as_):
    tickets = [a_ticket(), a_ticket()]

    shown = page(as_("rosa"))

    assert all(ticket.reference in shown for ticket in tickets)
    assert ": 2 (" in shown


def test_a_handler_sees_what_they_have_in_hand(as_):
    ticket = a_ticket_in_hand()

    assert ticket.reference in page(as_("wei"))


def test_who_has_nothing_may_leave(as_):
    a_ticket_in_hand()

    assert "Nothing is open in your name" in page(as_("noor"))


def test_the_list_costs_the_same_however_long_it_is(as_):
    browser = as_("rosa")
    a_ticket()
    page(browser)
    with CaptureQueriesContext(connection) as one:
        page(browser)
    for _ticket in range(4):
        a_ticket()

    with CaptureQueriesContext(connection) as many:
        page(browser)

    assert len(many) == len(one)
