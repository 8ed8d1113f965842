"""Who is on duty, and how fast escalations are acknowledged, on their pages."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from desk.acknowledging import acknowledgements
from desk.roster import roster_of
from escalation.actions import answering
from escalation.actions.raising import escalate
from escalation.models import Roster, RosterException
from tests.people import MONDAY_NINE, MONDAY_TEN, a_customer, a_ticket, local, person, unit

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
MINUTE = timedelta(minutes=1)


def duty(**facts):
    given = {"person": person("lin"), "role": "supervisor", "unit": unit("service-centre"), "from_on": MONDAY}
    return Roster.objects.create(**given | facts)


def the_duty(now):
    [found] = [each for each in roster_of([unit("service-centre")], monday=MONDAY, now=now) if each.is_rostered]
    return found


def test_a_day_shows_its_turns_and_where_nobody_is():
    duty(starts=time(8), ends=time(12))
    duty(starts=time(20), ends=time(2))

    monday, tuesday = the_duty(MONDAY_NINE).days[:2]

    assert [(f"{each.begins_at:%H:%M}", f"{each.ends_at:%H:%M}") for each in monday.gaps] == [
        ("00:00", "08:00"),
        ("12:00", "20:00"),
    ]
    assert [f"{each.begins_at:%H:%M}" for each in tuesday.turns] == ["00:00", "08:00", "20:00"]
    assert [f"{each.begins_at:%H:%M}" for each in tuesday.gaps] == ["02:00", "12:00"]


def test_who_is_there_now_follows_the_exception():
    nights = duty(starts=time(20), ends=time(8))
    RosterException.objects.create(roster=nights, on=MONDAY)

    assert the_duty(local("2026-03-02 22:00")).now == []
    assert the_duty(local("2026-03-03 22:00")).now == [person("lin").name]


def test_a_duty_round_the_clock_has_no_gap():
    duty(from_on=date(2026, 2, 1))

    assert all(day.gaps == [] for day in the_duty(MONDAY_NINE).days)


def test_the_page_says_where_nobody_is_on_duty(as_):
    duty(starts=time(20), ends=time(8))

    page = as_("lin").get(reverse("desk:roster")).content.decode()

    assert "nobody on duty now" in page
    assert as_("lin").get(reverse("desk:roster"), {"week": "rubbish"}).status_code == 200
    assert as_("rosa").get(reverse("desk:roster")).status_code == 403


def test_more_duties_cost_no_more_queries():
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            roster_of([unit("service-centre")], monday=MONDAY, now=MONDAY_NINE)
        return len(queries)

    RosterException.objects.create(roster=duty(starts=time(8), ends=time(9)), on=MONDAY)
    few = count()
    for hour in range(9, 20):
        RosterException.objects.create(roster=duty(starts=time(hour), ends=time(hour + 1)), on=MONDAY)

    assert count() == few


def escalated(number: int):
    ticket = a_ticket(at=MONDAY_NINE, customer=a_customer(f"1205555{number:04d}"))
    return escalate(ticket, reason="again", by=person("rosa"), at=MONDAY_NINE)[0]


def test_what_a_person_acknowledged_and_how_fast_is_counted(lin):
    for number, minutes in enumerate((5, 10, 45)):
        answering.acknowledge(escalated(number), by=lin, at=MONDAY_NINE + minutes * MINUTE)
    escalated(9)

    [line] = acknowledgements(lin, since=MONDAY_NINE, now=MONDAY_TEN)

    assert (line.person, line.number, line.late) == (lin, 3, 1)
    assert line.median == 10 * MINUTE
    assert line.ninety_percent == 38 * MINUTE


def test_the_number_opens_what_stands_behind_it_the_slowest_first(as_, lin):
    first, second = escalated(1), escalated(2)
    answering.acknowledge(first, by=lin, at=MONDAY_NINE + 5 * MINUTE)
    answering.acknowledge(second, by=lin, at=MONDAY_NINE + 20 * MINUTE)

    page = as_("lin").get(reverse("desk:acknowledged"), {"person": lin.pk}).content.decode()

    assert page.index(second.ticket.reference) < page.index(first.ticket.reference)
    assert "20:00" in page


def test_numbers_of_other_houses_are_not_shown(lin):
    answering.acknowledge(escalated(1), by=lin, at=MONDAY_TEN)

    assert acknowledgements(person("noor"), since=MONDAY_NINE, now=MONDAY_TEN) == []
