"""What will be missed at the present pace, and how many came in by the hour."""

from datetime import timedelta

import pytest
from django.urls import reverse

from complaints.actions import dispatching
from complaints.models import Ticket
from figures.arrivals import by_hour
from figures.forecast import will_be_missed
from tests import people
from tests.people import MONDAY_NINE, MONDAY_TEN, local

pytestmark = pytest.mark.django_db

NEARLY = MONDAY_TEN - timedelta(minutes=10)
"""Ordinary tickets of nine o'clock are to be dispatched within these ten minutes."""


def _foreseen(now=NEARLY) -> list[str]:
    return [one.clock.ticket.reference for one in will_be_missed(Ticket.objects.all(), now)]


def test_who_ended_nothing_lately_is_expected_to_miss_what_falls_due(ticket):
    (one,) = will_be_missed(Ticket.objects.all(), NEARLY)

    assert one.clock.ticket == ticket
    assert (one.before, one.ended_lately, one.expected_at) == (0, 0, None)


def test_who_keeps_pace_is_expected_to_meet_the_first_and_to_miss_those_behind(sam):
    for minute in range(24):  # one every five minutes
        done = people.a_ticket(at=NEARLY - timedelta(minutes=5 * minute + 1))
        dispatching.dispatch(done, to=people.unit("network"), by=sam, at=NEARLY - timedelta(minutes=5 * minute))
    waiting = [people.a_ticket(at=MONDAY_NINE + timedelta(seconds=second)) for second in range(4)]

    foreseen = will_be_missed(Ticket.objects.all(), NEARLY)

    assert [one.clock.ticket for one in foreseen] == waiting[2:]
    assert [one.before for one in foreseen] == [2, 3]
    assert foreseen[0].expected_at == NEARLY + timedelta(minutes=15)


def test_what_is_due_later_or_overdue_is_not_foreseen(ticket):
    assert _foreseen(MONDAY_NINE) == []
    assert _foreseen(MONDAY_TEN) == []


def test_the_forecast_costs_the_same_however_many_tickets(django_assert_num_queries):
    for _ in range(3):
        people.a_ticket()

    with django_assert_num_queries(3):
        assert len(will_be_missed(Ticket.objects.all(), NEARLY)) == 3


def test_the_boards_number_opens_exactly_the_foreseen_tickets(client, lin, ticket, time_machine):
    people.a_ticket(at=NEARLY)
    time_machine.move_to(NEARLY, tick=False)
    client.force_login(lin)

    assert f'href="{reverse("desk:tickets")}?foreseen=on">1<' in client.get(reverse("desk:board")).content.decode()
    listed = client.get(reverse("desk:tickets"), {"foreseen": "on"}).content.decode()

    assert listed.count('<a class="row"') == 1
    assert ticket.reference in listed


def test_arrivals_of_today_stand_beside_the_median_of_the_same_weekday(lin):
    for week, number in enumerate((3, 1, 0, 2), start=1):
        for _ in range(number):
            people.a_ticket(at=MONDAY_NINE - timedelta(weeks=week))
    people.a_ticket(at=MONDAY_NINE - timedelta(days=1))
    people.a_ticket(at=MONDAY_NINE)

    hours = by_hour(Ticket.objects.visible_to(lin, MONDAY_TEN), MONDAY_TEN)

    assert (hours[9].today, hours[9].usual) == (1, 1.5)
    assert (hours[8].today, hours[10].today, hours[11].today) == (0, 0, None)


def test_midnight_of_the_business_clock_parts_the_days(lin):
    people.a_ticket(at=local("2026-03-01 23:59"))
    people.a_ticket(at=local("2026-03-02 00:00"))

    hours = by_hour(Ticket.objects.visible_to(lin, MONDAY_TEN), MONDAY_TEN)

    assert [hour.today for hour in hours[:2]] == [1, 0]
