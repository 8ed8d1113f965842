"""A stream tells everybody of exactly the tickets that their pages show (R1, A3, A6)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Person
from complaints.actions import assisting, concluding, handling, replying
from complaints.actions.concluding import Outcome
from complaints.models import Ticket
from desk import live
from desk.live import _who_is_concerned, who_hears
from live.hints import Hints
from live.hub import Listener
from tests.people import (
    MONDAY_TEN,
    a_customer,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    fresh,
    person,
    unit,
)

pytestmark = pytest.mark.django_db


def test_strangers_are_sent_to_sign_in(client):
    assert client.get(reverse("desk:live")).status_code == 302


def test_a_server_without_streams_says_so(as_):
    assert as_("sam").get(reverse("desk:live")).status_code == 204


@pytest.fixture
def tickets():
    """One of each kind of whereabouts."""
    assisted = a_ticket_in_hand()
    assisting.ask(
        fresh(assisted), unit=unit("data"), question="What does the log say?", by=person("wei"), at=MONDAY_TEN
    )
    back = a_ticket_in_hand()
    handling.send_back(fresh(back), faults=["unit_wrong"], note="", by=person("wei"), at=MONDAY_TEN)
    concluded = a_ticket_to_reply()
    replying.reply(fresh(concluded), medium="phone", text="It works.", by=person("rosa"), at=MONDAY_TEN)
    outcome = Outcome(verdict="accepts", liability="company")
    concluding.conclude(fresh(concluded), outcome=outcome, by=person("rosa"), at=MONDAY_TEN)
    managed = a_ticket(customer=a_customer("12055550102", manager=Person.objects.exclude(username="rosa").first()))
    return [a_ticket(), a_dispatched_ticket(to="support"), assisted, back, concluded, managed, a_ticket_to_reply()]


def test_everybody_hears_of_what_their_pages_show_and_of_nothing_else(tickets):
    everybody = list(Person.objects.filter(is_active=True))
    concerned = _who_is_concerned(
        {ticket.pk for ticket in tickets}, {each.pk: each.authority(MONDAY_TEN) for each in everybody}
    )

    seen = {
        each.pk: set(Ticket.objects.visible_to(each, MONDAY_TEN).values_list("pk", flat=True)) for each in everybody
    }

    assert sum(bool(keys) for keys in seen.values()) > 10
    assert all(seen[each.pk] <= concerned[each.pk] for each in everybody)


@pytest.mark.parametrize("few", [0, 5])
@pytest.mark.parametrize("username", ["rosa", "sam", "wei", "noor", "lin"])
def test_a_listener_hears_of_exactly_the_tickets_they_see(tickets, username, few, client, monkeypatch):
    monkeypatch.setattr(live, "FEW", few)
    somebody = person(username)
    client.force_login(somebody, backend="django.contrib.auth.backends.ModelBackend")
    listener = Listener(person=somebody.pk, session=client.session.session_key)

    heard = who_hears(Hints(tickets={ticket.pk for ticket in tickets}), {listener})

    assert heard[listener].tickets == set(
        Ticket.objects.visible_to(somebody, MONDAY_TEN).values_list("reference", flat=True)
    )


@pytest.mark.parametrize(("few", "asked"), [(0, 7), (5, 5)])
def test_many_tickets_and_many_tabs_cost_one_question_for_each_person(tickets, client, monkeypatch, few, asked):
    monkeypatch.setattr(live, "FEW", few)
    wei = person("wei")
    client.force_login(wei, backend="django.contrib.auth.backends.ModelBackend")
    tabs = {Listener(person=wei.pk, session=client.session.session_key)}
    tabs |= {Listener(person=wei.pk, session=f"{number:032}") for number in range(20)}

    with CaptureQueriesContext(connection) as queries:
        heard = who_hears(Hints(tickets={ticket.pk for ticket in tickets}), tabs)

    assert len(queries) == asked
    assert len(heard) == 1
