"""A shift ends with a hand-over list: what is picked goes to somebody else, and nothing else does (R13)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import Entry
from tests.people import a_ticket, a_ticket_in_hand, fresh, person

pytestmark = pytest.mark.django_db


def address(of: str = "") -> str:
    return reverse("desk:hand_over") + (f"?of={of}" if of else "")


def pick(ticket, of: str) -> str:
    return f"{person(of).pk}:{ticket.reference}"


def test_r13_what_an_agent_picks_goes_to_a_colleague_with_a_word(as_):
    given, kept = a_ticket(), a_ticket()
    browser = as_("rosa")

    answer = browser.post(
        address(), {"pick": [pick(given, "rosa")], "to": person("zhaomin").pk, "reason": "calls back at six"}
    )

    assert answer.status_code == 302
    assert fresh(given).owner == person("zhaomin")
    assert fresh(kept).owner == person("rosa")
    entry = Entry.objects.get(ticket=given, kind="handed_over")
    assert (entry.by, entry.note.text) == (person("rosa"), "calls back at six")


def test_r13_a_lead_passes_on_what_their_people_have_in_hand(as_):
    ticket = a_ticket_in_hand()

    as_("douhai").post(address("network"), {"pick": [pick(ticket, "wei")], "to": person("zhangbo").pk})

    assert fresh(ticket).handler == person("zhangbo")


def test_all_of_one_person_are_picked_by_one_sign(as_):
    tickets = [a_ticket() for _ticket in range(3)]

    as_("rosa").post(address(), {"pick": [f"{person('rosa').pk}:all"], "to": person("zhaomin").pk})

    assert {fresh(ticket).owner for ticket in tickets} == {person("zhaomin")}


def test_a_handler_alone_is_told_why_they_may_not(as_):
    ticket = a_ticket_in_hand()
    browser = as_("wei")

    answer = browser.post(address(), {"pick": [pick(ticket, "wei")], "to": person("zhangbo").pk}, follow=True)

    assert fresh(ticket).handler == person("wei")
    assert f"{ticket.reference}: " in answer.content.decode()


def test_nobody_passes_on_what_is_not_on_their_list(as_):
    ticket = a_ticket()

    answer = as_("noor").post(address(), {"pick": [pick(ticket, "rosa")], "to": person("zhaomin").pk})

    assert answer.status_code == 400
    assert fresh(ticket).owner == person("rosa")


def test_a_unit_that_one_does_not_lead_shows_ones_own_list(as_):
    ticket = a_ticket()

    shown = page(as_("noor"), "acceptance")

    assert ticket.reference not in shown
    assert "Nothing to hand over" in shown


@pytest.mark.parametrize(
    "said", [{}, {"pick": ["x"]}, {"pick": ["1:T-1"], "to": "nobody"}, {"pick": ["\x00"], "to": "-1"}]
)
def test_what_is_not_a_pick_or_a_person_is_named_and_nothing_happens(as_, said):
    ticket = a_ticket()

    answer = as_("rosa").post(address(), said)

    assert answer.status_code == 400
    assert fresh(ticket).owner == person("rosa")


def test_the_list_costs_the_same_however_long_it_is(as_):
    browser = as_("lin")
    a_ticket()
    page(browser, "service-centre")
    with CaptureQueriesContext(connection) as one:
        page(browser, "service-centre")
    for _ticket in range(4):
        a_ticket()

    with CaptureQueriesContext(connection) as many:
        page(browser, "service-centre")

    assert len(many) == len(one)


def page(browser, of: str = "") -> str:
    return browser.get(address(of)).content.decode()
