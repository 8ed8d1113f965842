"""Every list costs the same number of queries with one row and with many."""

import re
from collections.abc import Callable
from math import ceil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.bounds import MOST
from complaints.actions import commenting, concluding, dispatching, replying
from complaints.actions.concluding import Outcome
from complaints.models import CauseCode, Ticket
from contact.models import Consent
from customers.actions import look_up
from desk import waiting
from desk.pages import LINES, BoundedPages
from escalation.actions.sweeping import fire_due
from sla.actions.sweeping import call_due
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    a_customer,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    fresh,
    local,
    person,
    unit,
)

CUSTOMERS = iter(range(200, 900))


def another_customer():
    return a_customer(f"12055550{next(CUSTOMERS)}")


def overdue() -> None:
    a_ticket(at=MONDAY_NINE, urgency="urgent", customer=another_customer())
    call_due(MONDAY_TEN)
    fire_due(MONDAY_TEN)


def returned() -> None:
    ticket = a_ticket(customer=another_customer())
    given = {"faults": ["record_wrong"], "note": "Look again.", "by": person("sam"), "at": MONDAY_TEN}
    dispatching.return_for_completion(fresh(ticket), **given)


def a_callback() -> None:
    ticket = a_ticket_to_reply(customer=another_customer())
    replying.reply(fresh(ticket), medium="phone", text="It works.", by=person("rosa"), at=MONDAY_TEN)
    outcome = Outcome(verdict="accepts", liability="company")
    concluding.conclude(fresh(ticket), outcome=outcome, by=person("rosa"), at=MONDAY_TEN)


LISTS: dict[str, tuple[str, str, dict[str, str], Callable[[], object]]] = {
    "dispatch": ("sam", "desk:dispatch", {}, lambda: a_ticket(customer=another_customer())),
    "queue": ("wei", "desk:queue", {"tab": "unclaimed"}, lambda: a_dispatched_ticket(customer=another_customer())),
    "in hand": ("wei", "desk:queue", {"tab": "mine"}, lambda: a_ticket_in_hand(customer=another_customer())),
    "mine": ("rosa", "desk:mine", {}, returned),
    "replies": ("rosa", "desk:replies", {}, lambda: a_ticket_to_reply(customer=another_customer())),
    "tickets": ("lin", "desk:tickets", {}, lambda: a_ticket(customer=another_customer())),
    "inbox": ("lin", "desk:inbox", {}, overdue),
    "board": ("lin", "desk:board", {}, overdue),
    "callbacks": ("caller", "desk:callbacks", {}, a_callback),
}


MOST_QUERIES = {"dispatch": 18, "board": 40, "callbacks": 20, "mine": 18, "inbox": 18, "replies": 18}
"""Where a list comes with more than its lines: a ticket beside it, a count of everything."""


def queries_of(browser, address: str, asked: dict[str, str]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as counted:
        answer = browser.get(address, asked)
    assert answer.status_code == 200
    return len(counted)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_costs_the_same_with_one_row_and_with_many(as_, db, name):
    username, route, asked, make = LISTS[name]
    if username == "caller":
        username = unit("callback").people.filter(assignments__role="callback_agent").order_by("pk").first().username
    browser = as_(username)
    address = reverse(route)
    make()
    browser.get(address, asked)

    with_one = queries_of(browser, address, asked)
    for _more in range(4):
        make()
    with_many = queries_of(browser, address, asked)

    assert with_many == with_one
    assert with_one <= MOST_QUERIES.get(name, 15)


def test_at_night_a_list_of_customers_to_call_costs_no_more(as_, monday_at_ten):
    first = a_ticket_to_reply(customer=another_customer())
    Consent.objects.create(matter=first.matter, what="night", evidence="said so", given_at=MONDAY_TEN)
    monday_at_ten.move_to(local("2026-03-02 21:30"))
    browser = as_("rosa")
    browser.get(reverse("desk:replies"))
    with_one = queries_of(browser, reverse("desk:replies"), {})
    for _more in range(4):
        a_ticket_to_reply(customer=another_customer())

    assert queries_of(browser, reverse("desk:replies"), {}) == with_one


def test_the_page_of_a_ticket_costs_the_same_however_long_its_story(as_):
    ticket = a_ticket_to_reply()
    browser = as_("lin")
    address = reverse("desk:ticket", args=[ticket.reference])
    short = queries_of(browser, address, {})
    replying.reject_feedback(fresh(ticket), reason="Why so late?", by=person("rosa"), at=MONDAY_TEN)

    long = queries_of(browser, address, {})

    assert abs(long - short) <= 3
    assert long <= 25


def test_of_a_ticket_only_what_is_there_is_asked_for(as_, db):
    ticket = a_ticket(customer=another_customer())
    browser = as_("sam")
    address = reverse("desk:ticket", args=[ticket.reference])
    browser.get(address)

    with CaptureQueriesContext(connection) as asked:
        browser.get(address)

    empty = ("complaints_feedback", "complaints_conclusion", "letters_letter", "approvals_approval")
    asked_for = [table for table in empty for each in asked if f'"{table}"."id"' in each["sql"]]
    assert asked_for == []
    assert len(asked) <= 18


def test_one_feedback_costs_as_much_as_several(as_):
    ticket = a_ticket_to_reply()
    browser = as_("lin")
    address = reverse("desk:ticket", args=[ticket.reference])
    browser.get(address)
    with_one = queries_of(browser, address, {})
    for number in range(3):
        commenting.comment(fresh(ticket), text=f"Look {number}.", by=person("rosa"), at=MONDAY_TEN)
        another = ticket.feedbacks.get(pk=ticket.feedbacks.earliest("pk").pk)
        another.pk = None
        another.save(force_insert=True)

    assert queries_of(browser, address, {}) == with_one


def test_the_customers_page_costs_the_same_with_one_ticket_and_with_many(as_, rosa, ines):
    a_ticket()
    look_up(ines.number, by=rosa, at=MONDAY_TEN)
    browser = as_("rosa")
    address = reverse("desk:customer", args=[ines.pk])
    browser.get(address)
    with_one = queries_of(browser, address, {})
    for _more in range(4):
        a_ticket()

    assert queries_of(browser, address, {}) == with_one
    assert with_one <= 15


def test_what_the_process_keeps_of_causes_follows_their_change(as_, rosa, ines):
    look_up(ines.number, by=rosa, at=MONDAY_TEN)
    browser = as_("rosa")
    address = reverse("desk:customer", args=[ines.pk])
    before = browser.get(address).content.decode()
    CauseCode.objects.filter(code="network-fault").update(name_en="Mast in a storm", name_zh="风暴中的铁塔")

    after = browser.get(address).content.decode()

    assert "Mast in a storm" not in before
    assert "Mast in a storm" in after


def test_a_list_is_counted_up_to_a_bound_only(as_, db):
    a_ticket(customer=another_customer())

    with CaptureQueriesContext(connection) as asked:
        as_("lin").get(reverse("desk:tickets"), {"state": "any"})

    counts = [each["sql"] for each in asked if "count(*)" in each["sql"].lower()]
    bounds = [{int(bound) for bound in re.findall(r"LIMIT (\d+)", sql)} for sql in counts]
    assert sorted(map(sorted, bounds)) == [[waiting.MOST + 1], [MOST + 1]]


def test_a_page_asks_for_the_configuration_once(as_, db):
    a_dispatched_ticket(customer=another_customer())
    browser = as_("wei")
    browser.get(reverse("desk:queue"))

    with CaptureQueriesContext(connection) as asked:
        browser.get(reverse("desk:queue"), {"tab": "unclaimed"})

    assert sum("common_edition" in each["sql"] for each in asked) == 1


def test_beyond_the_bound_a_list_says_that_there_are_more():
    exactly, beyond = (BoundedPages(Ticket.objects.all(), found) for found in (MOST, MOST + 1))

    assert (exactly.count, exactly.has_more) == (MOST, False)
    assert (beyond.count, beyond.has_more) == (MOST, True)
    assert beyond.num_pages == ceil(MOST / LINES)
