"""A screen on the wall shows numbers and nothing personal, as long as who set it up may see them."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Assignment, Role
from desk.snapshots import board_of, count_anew
from tests import people
from tests.people import MONDAY_TEN

pytestmark = pytest.mark.django_db


def _address(client: Client) -> str:
    page = client.get(reverse("desk:wall_address")).content.decode()
    return re.search(r'value="http://testserver(/wall/[^"]+)"', page)[1]


@pytest.fixture
def at_ten(time_machine):
    time_machine.move_to(MONDAY_TEN + timedelta(minutes=1), tick=False)


def test_the_wall_opens_without_signing_in_and_shows_no_customer(client, lin, ticket, at_ten):
    client.force_login(lin)
    address = _address(client)

    screen = Client().get(address)

    shown = screen.content.decode()
    assert screen.status_code == 200
    assert ticket.reference in shown
    assert '<div class="value">1</div>' in shown
    assert "The line has been down" not in shown
    assert ticket.customer.masked_number not in shown
    assert "<form" not in shown


def test_the_wall_never_leaves_its_page_for_a_server_that_is_away(client, lin, at_ten):
    client.force_login(lin)

    screen = Client().get(_address(client))

    assert "Refresh" not in screen.headers  # only who has no script to ask by starts the page over
    assert screen.content.decode().count('http-equiv="refresh"') == 1
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in screen.content.decode()


def test_an_altered_an_old_and_an_invented_address_open_nothing(client, lin, at_ten, time_machine):
    client.force_login(lin)
    address = _address(client)

    assert Client().get(address[:-2] + "x/").status_code == 404
    assert Client().get("/wall/anything/").status_code == 404
    time_machine.move_to(MONDAY_TEN + timedelta(days=31), tick=False)
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("change", ["password", "roles", "left"])
def test_the_address_ends_with_the_password_the_roles_and_the_person(client, lin, at_ten, change):
    client.force_login(lin)
    address = _address(client)
    if change == "password":
        lin.set_password("another")
        lin.save()
    elif change == "roles":
        Assignment.objects.create(person=lin, role=Role.AGENT, unit=people.unit("acceptance"))
    else:
        lin.is_active = False
        lin.save()

    assert Client().get(address).status_code == 404


def test_who_watches_nothing_gets_no_address(client, wei):
    client.force_login(wei)

    assert client.get(reverse("desk:wall_address")).status_code == 403


def test_a_board_is_counted_once_for_all_with_the_same_scope_and_again_when_it_is_old(
    lin, settings, django_assert_num_queries
):
    settings.BOARD_KEPT_SECONDS = 5
    cache.clear()
    people.a_ticket()
    first = board_of(lin, MONDAY_TEN)
    people.a_ticket()

    with django_assert_num_queries(0):
        kept = board_of(lin, MONDAY_TEN + timedelta(seconds=4))
    later = board_of(lin, MONDAY_TEN + timedelta(seconds=6))

    assert kept.as_of == first.as_of == MONDAY_TEN
    assert later.rows[0].total.value == first.rows[0].total.value + 1


def test_a_board_that_is_looked_at_is_counted_anew_before_it_is_too_old(lin, settings):
    settings.BOARD_KEPT_SECONDS = 5
    cache.clear()
    board_of(lin, MONDAY_TEN)
    before_it_is_old = MONDAY_TEN + timedelta(seconds=3)

    counted = count_anew(before_it_is_old)
    shown = board_of(lin, MONDAY_TEN + timedelta(seconds=7))

    assert counted == 1
    assert shown.as_of == before_it_is_old
    assert count_anew(MONDAY_TEN + timedelta(seconds=4)) == 0


def test_a_board_that_nobody_looks_at_is_left_alone(lin, settings):
    settings.BOARD_KEPT_SECONDS = 5
    cache.clear()
    board_of(lin, MONDAY_TEN)

    assert count_anew(MONDAY_TEN + timedelta(minutes=2)) == 0


def test_a_board_is_not_counted_for_somebody_who_lost_the_role(lin, settings):
    settings.BOARD_KEPT_SECONDS = 5
    cache.clear()
    board_of(lin, MONDAY_TEN)
    lin.assignments.all().delete()

    assert count_anew(MONDAY_TEN + timedelta(seconds=3)) == 0
