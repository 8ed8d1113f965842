"""R82: which tickets come within reach of an appeal and when, and that the supervisor hears of it once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from authorities.actions import cases
from authorities.actions.warning import warn
from authorities.appeals import days_until, within_reach
from authorities.models import AppealWarning, AuthorityRules
from callbacks.actions import calling
from complaints.actions import concluding, replying
from complaints.actions.concluding import Outcome
from complaints.models import Ticket
from complaints.states import Liability, Medium, Verdict
from notifications.models import Message
from tests.authorities.test_cases import a_case
from tests.callbacks.stories import CONTENT, UNHAPPY, a_concluded_ticket, the_callback
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    TUESDAY_NINE,
    a_customer,
    a_ticket,
    a_ticket_to_reply,
    fresh,
    person,
)
from tests.together import together

REFUSED = Outcome(verdict=Verdict.DOES_NOT_ACCEPT, liability=Liability.COMPANY, remedy="Offered 30 yuan.")
A_DAY = timedelta(days=1)
SOON = MONDAY_NINE + 13 * A_DAY


def reach(now=MONDAY_TEN, tickets=None):
    """Tickets within reach, with when."""
    found = within_reach(Ticket.objects.all() if tickets is None else tickets, rules=AuthorityRules.current(), now=now)
    return [(ticket, ticket.may_appeal_at) for ticket in found]


def caller() -> Person:
    """Somebody who calls back over where Rosa accepts."""
    return Person.objects.filter(assignments__role="callback_agent").order_by("pk")[0]


def told() -> list[tuple[str, str]]:
    messages = Message.objects.filter(kind__in=["appeal_near", "authority_answer_due"], channel="in_app").order_by("pk")
    return [(each.recipient.username, each.ticket) for each in messages.select_related("recipient")]


@pytest.mark.django_db
def test_r82_unanswered_for_fifteen_days_a_customer_may_appeal_soonest_first():
    later = a_ticket(at=MONDAY_TEN)
    sooner = a_ticket(at=MONDAY_TEN, raised_at=MONDAY_NINE, customer=a_customer("12055550199"))

    assert reach() == [(sooner, MONDAY_NINE + 15 * A_DAY), (later, MONDAY_TEN + 15 * A_DAY)]
    assert days_until(MONDAY_NINE + 15 * A_DAY, MONDAY_TEN) == 15
    assert days_until(MONDAY_NINE, MONDAY_TEN) == 0


@pytest.mark.django_db
def test_r82_who_was_answered_and_accepted_is_out_of_reach():
    replied = a_ticket_to_reply()
    replying.reply(fresh(replied), medium=Medium.PHONE, text="It works.", by=person("rosa"), at=MONDAY_TEN)
    a_concluded_ticket(customer=a_customer("12055550199"))

    assert reach() == []


@pytest.mark.django_db
def test_r82_dissatisfied_with_the_answer_a_customer_may_appeal_at_once():
    ticket = a_concluded_ticket(outcome=REFUSED, at=MONDAY_TEN)

    assert reach(MONDAY_TEN + A_DAY) == [(ticket, MONDAY_TEN)]
    assert reach(MONDAY_TEN + 31 * A_DAY) == []


@pytest.mark.django_db
def test_r82_dissatisfied_at_the_callback_counts_until_the_customer_is_content():
    ticket = a_concluded_ticket(at=MONDAY_NINE)
    calling.answer(the_callback(ticket), by=caller(), at=MONDAY_TEN, **UNHAPPY)

    assert fresh(ticket).round == 2
    assert reach(TUESDAY_NINE) == [(ticket, MONDAY_TEN)]


@pytest.mark.django_db
def test_r82_who_was_dissatisfied_and_is_content_now_is_out_of_reach():
    ticket = a_concluded_ticket(outcome=REFUSED, at=MONDAY_NINE)
    concluding.confirm(fresh(ticket), by=person("lin"), at=MONDAY_NINE)
    calling.answer(the_callback(ticket), by=caller(), at=MONDAY_TEN, **CONTENT)

    assert reach(TUESDAY_NINE) == []


@pytest.mark.django_db
def test_enquiries_and_what_an_authority_has_already_are_left_out_unless_it_declined(ticket):
    a_ticket(nature="enquiry", customer=a_customer("12055550199"))
    case = a_case(ticket)

    assert reach() == []
    cases.note_acceptance(case, accepts=False, decided_at=MONDAY_TEN, by=person("lin"), at=MONDAY_TEN)
    assert [each for each, _when in reach()] == [ticket]


@pytest.mark.django_db
def test_only_tickets_in_scope_are_listed(ticket):
    assert reach(tickets=Ticket.objects.visible_to(person("noor"), MONDAY_TEN)) == []
    assert len(reach(tickets=Ticket.objects.visible_to(person("lin"), MONDAY_TEN))) == 1


@pytest.mark.django_db
def test_r82_the_supervisor_hears_three_days_before_and_once_in_a_round(ticket):
    assert warn(MONDAY_NINE + 12 * A_DAY - timedelta(seconds=1)) == 0
    assert warn(MONDAY_NINE + 12 * A_DAY) == 1
    assert warn(MONDAY_NINE + 20 * A_DAY) == 0

    assert told() == [("lin", ticket.reference)]
    entry = ticket.entries.get(kind="appeal_near")
    assert entry.data == {"may_appeal_at": (MONDAY_NINE + 15 * A_DAY).isoformat()}


@pytest.mark.django_db
def test_r82_a_new_round_is_told_again():
    ticket = a_concluded_ticket(outcome=REFUSED, at=MONDAY_NINE)
    warn(MONDAY_TEN)
    calling.answer(the_callback(ticket), by=caller(), at=MONDAY_TEN, **UNHAPPY)
    warn(TUESDAY_NINE)

    assert list(AppealWarning.objects.order_by("round").values_list("round", flat=True)) == [1, 2]
    assert len(told()) == 2


@pytest.mark.django_db
def test_how_long_before_is_data(ticket):
    AuthorityRules.objects.update_or_create(pk=1, defaults={"appeal_after_days": 7, "warn_days_before": 1})

    assert warn(MONDAY_NINE + 5 * A_DAY) == 0
    assert warn(MONDAY_NINE + 6 * A_DAY) == 1


@pytest.mark.django_db
def test_r82_our_answer_to_an_authority_is_called_for_before_it_is_due_once(ticket):
    case = a_case(ticket, by="luyi")

    assert warn(case.answer_due_at - 3 * A_DAY - timedelta(seconds=1)) == 0
    assert warn(case.answer_due_at - 3 * A_DAY) == 1
    assert warn(case.answer_due_at) == 0

    assert sorted(told()) == [("lin", ticket.reference), ("luyi", ticket.reference)]


@pytest.mark.django_db
def test_nobody_is_called_for_an_answer_that_was_given(ticket):
    case = a_case(ticket)
    cases.answer(case, text="Paid back.", by=person("lin"), at=TUESDAY_NINE)

    assert warn(case.answer_due_at) == 0


@pytest.mark.django_db
def test_looking_for_appeals_costs_the_same_with_one_ticket_and_with_many():
    a_ticket()

    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            reach()
        return len(counted)

    with_one = cost()
    for number in range(5):
        a_ticket(customer=a_customer(f"1205555020{number}"))

    assert cost() == with_one == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_message():
    ticket = a_ticket()
    a_case(a_ticket(customer=a_customer("12055550199")))

    counts = together([lambda: warn(SOON), lambda: warn(SOON)])

    assert sum(counts) == 2
    assert len(told()) == 2
    assert ticket.entries.filter(kind="appeal_near").count() == 1
