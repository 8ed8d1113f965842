"""What the system does when a time has come: holds end, claims go back, begun replies are let go (section 15)."""

import pytest
from django.db import connection

from common.models import SetAside
from complaints.actions import holding, replying
from complaints.actions.upkeep import next_due_instant, tidy_up
from complaints.models import Ticket
from complaints.states import State
from tests.people import MONDAY_NINE, MONDAY_TEN, a_customer, a_ticket_in_hand, a_ticket_to_reply, fresh, local, person
from tests.sla.cast import clock_of, later

pytestmark = pytest.mark.django_db


def a_held_ticket(number: str = "12055550101") -> Ticket:
    ticket = a_ticket_in_hand(customer=a_customer(number))
    holding.hold(
        ticket, reason="parts", text="A splitter.", until=MONDAY_TEN, by=person("wei"), at=later(MONDAY_NINE, minutes=5)
    )
    return ticket


def test_r6_a_hold_comes_back_by_itself_at_its_end_even_when_that_is_noticed_late():
    ticket = a_held_ticket()

    tidy_up(later(MONDAY_TEN, minutes=20))

    assert not fresh(ticket).is_held
    assert clock_of(ticket, "handle").due_at == later(MONDAY_NINE, minutes=180 + 55)


def test_an_untouched_claim_is_given_back_after_half_an_hour():
    ticket = a_ticket_in_hand()

    early = tidy_up(later(MONDAY_NINE, minutes=29))
    done = tidy_up(later(MONDAY_NINE, minutes=30))

    assert (early, done) == (0, 1)
    assert fresh(ticket).state == State.DISPATCHED
    assert fresh(ticket).handler is None


def test_r42_a_begun_reply_that_has_expired_is_let_go():
    ticket = a_ticket_to_reply()
    replying.begin_reply(ticket, by=person("rosa"), at=MONDAY_NINE)

    tidy_up(later(MONDAY_NINE, minutes=30))

    assert fresh(ticket).replying_by is None


def test_the_next_due_instant_is_the_first_of_all_chores():
    a_ticket_in_hand(at=local("2026-03-02 09:40"))
    a_held_ticket("12055550102")

    first = next_due_instant()
    tidy_up(MONDAY_TEN)

    assert first == MONDAY_TEN
    assert next_due_instant() == local("2026-03-02 10:10")


def test_a_ticket_that_fails_is_set_aside_and_the_others_are_done():
    first, broken, last = (a_held_ticket(f"1205555010{number}") for number in range(3))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF NEW.id = {broken.pk} THEN RAISE EXCEPTION 'rotten'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER poisoned BEFORE UPDATE ON complaints_ticket FOR EACH ROW EXECUTE FUNCTION poisoned();
            """
        )

    done = tidy_up(MONDAY_TEN)

    assert done == 2
    assert not fresh(first).is_held and not fresh(last).is_held and fresh(broken).is_held
    assert SetAside.objects.open().get().object_id == broken.pk
