"""The page of a ticket names the seldom deeds and fetches the form of one when somebody opens it."""

import pytest
from django.urls import reverse

from complaints.actions import handling
from desk.forms.handling import Transfer
from tests.people import MONDAY_TEN, a_ticket_in_hand, fresh, person

BY_SCRIPT = {"HX-Request": "true"}
FIELD = 'name="unit"'


@pytest.fixture
def ticket(db):
    return a_ticket_in_hand()


def page(ticket) -> str:
    return reverse("desk:ticket", args=[ticket.reference])


def form(ticket, name: str = Transfer.name) -> str:
    return reverse("desk:deed", args=[ticket.reference, name])


def test_a_seldom_deed_is_named_and_not_built_until_it_is_opened(as_, ticket):
    wei = as_("wei")

    seen = wei.get(page(ticket)).content.decode()
    opened = wei.get(form(ticket), headers=BY_SCRIPT).content.decode()

    assert f'hx-get="{form(ticket)}"' in seen
    assert 'name="deed" value="transfer"' not in seen
    assert 'name="deed" value="transfer"' in opened
    assert f'name="version" value="{fresh(ticket).version}"' in opened
    assert "<html" not in opened


def test_without_script_the_page_itself_shows_the_form(as_, ticket):
    wei = as_("wei")

    led = wei.get(form(ticket))
    seen = wei.get(led.headers["Location"]).content.decode()

    assert led.headers["Location"] == f"{page(ticket)}?deed=transfer#deeds"
    assert 'name="deed" value="transfer"' in seen


def test_what_was_begun_is_built_at_once_with_its_words(as_, ticket):
    wei = as_("wei")
    begun = {"deed": "transfer", "reason": "The ring belongs to the other unit."}
    wei.post(reverse("desk:draft", args=[ticket.reference]), begun)

    seen = wei.get(page(ticket)).content.decode()

    assert 'name="deed" value="transfer"' in seen
    assert begun["reason"] in seen


def test_a_deed_that_is_not_possible_any_more_has_the_page_fetched_anew(as_, ticket):
    handling.release(ticket, by=person("wei"), at=MONDAY_TEN)

    answer = as_("wei").get(form(ticket, "release"), headers=BY_SCRIPT)

    assert answer.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("name", ["no_such_deed", "resubmit"])
def test_what_is_no_deed_here_has_the_page_fetched_anew(as_, ticket, name):
    answer = as_("wei").get(form(ticket, name), headers=BY_SCRIPT)

    assert answer.headers["HX-Refresh"] == "true"


def test_who_may_not_see_the_ticket_opens_nothing_of_it(as_, ticket):
    assert as_("noor").get(form(ticket), headers=BY_SCRIPT).status_code == 404


def test_seldom_deeds_cost_a_page_no_question_until_one_is_opened(as_, ticket, django_assert_max_num_queries):
    lin = as_("lin")
    lin.get(page(ticket))

    with django_assert_max_num_queries(14):
        lin.get(page(ticket))
