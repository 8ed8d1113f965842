"""Who else has a ticket open is seen on its page and in the queue, and forgotten soon after (R42)."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from desk.presence import FORGOTTEN_AFTER
from tests.people import MONDAY_TEN, a_dispatched_ticket, a_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_anything_open():
    cache.clear()


def say(browser, ticket):
    return browser.get(reverse("desk:here", args=[ticket.reference]))


def test_each_of_two_sees_the_other_and_nobody_themselves(as_):
    ticket = a_dispatched_ticket()
    wei, lin = as_("wei"), as_("lin")

    first, second, third = say(wei, ticket), say(lin, ticket), say(wei, ticket)

    assert "Also open" not in first.content.decode()
    assert "Wei Qiang" in second.content.decode()
    assert "Lin Jing" in third.content.decode()
    assert "Wei Qiang" not in third.content.decode()


def test_who_has_closed_it_is_forgotten(as_, monday_at_ten):
    ticket = a_dispatched_ticket()
    say(as_("wei"), ticket)

    monday_at_ten.move_to(MONDAY_TEN + FORGOTTEN_AFTER + timedelta(seconds=1))

    assert "Wei Qiang" not in say(as_("lin"), ticket).content.decode()


def test_who_leaves_is_forgotten_at_once_and_nobody_else(as_):
    ticket = a_dispatched_ticket()
    wei, lin, douhai = as_("wei"), as_("lin"), as_("douhai")
    say(wei, ticket)
    say(douhai, ticket)

    left = wei.post(reverse("desk:here", args=[ticket.reference]))
    seen = say(lin, ticket).content.decode()

    assert left.status_code == 204
    assert "Wei Qiang" not in seen
    assert "Dou Hai" in seen


def test_the_queue_tells_who_has_a_ticket_open(as_):
    ticket, other = a_dispatched_ticket(), a_dispatched_ticket()
    say(as_("douhai"), ticket)

    shown = as_("wei").get(reverse("desk:queue"), {"tab": "unclaimed"}).content.decode()

    assert shown.count("Dou Hai") == 1
    assert other.reference in shown


def test_nobody_learns_of_a_ticket_that_they_may_not_see(as_):
    ticket = a_dispatched_ticket()

    assert say(as_("noor"), ticket).status_code == 404


def test_the_page_says_that_it_is_open(as_):
    ticket = a_ticket()

    shown = as_("rosa").get(reverse("desk:ticket", args=[ticket.reference])).content.decode()

    assert reverse("desk:here", args=[ticket.reference]) in shown


def test_without_a_memory_pages_and_the_board_work(as_, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    settings.BOARD_KEPT_SECONDS = 5
    ticket = a_dispatched_ticket()

    answers = [say(as_("wei"), ticket), as_("wei").get(reverse("desk:queue")), as_("lin").get(reverse("desk:board"))]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
