"""What a supervisor finds in the inbox beside escalations: conclusions to confirm (R44)."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.actions import concluding
from complaints.actions.concluding import Outcome
from complaints.states import Liability, Verdict
from tests.callbacks.stories import a_concluded_ticket
from tests.people import TUESDAY_NINE, a_customer, fresh, person

pytestmark = pytest.mark.django_db

TO_CONFIRM = "confirm the conclusion"


def not_accepted(number: str = "12055550101"):
    outcome = Outcome(verdict=Verdict.DOES_NOT_ACCEPT, liability=Liability.COMPANY, remedy="The splitter was replaced.")
    return a_concluded_ticket(outcome=outcome, customer=a_customer(number))


def inbox(username: str = "lin", at=TUESDAY_NINE) -> str:
    with time_machine.travel(at, tick=False):
        client = Client(headers={"accept-language": "en"})
        client.force_login(person(username), backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get(reverse("desk:inbox"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_r44_what_the_customer_does_not_accept_waits_in_the_inbox_until_it_is_confirmed():
    ticket = not_accepted()
    a_concluded_ticket()

    before = inbox()
    concluding.confirm(fresh(ticket), by=person("lin"), at=TUESDAY_NINE)

    assert TO_CONFIRM in before
    assert ticket.reference in before.split(TO_CONFIRM)[1].split("</section>")[0]
    assert TO_CONFIRM not in inbox()


def test_what_was_escalated_stands_above_what_has_time():
    not_accepted()

    page = inbox()

    assert page.index('id="lists"') < page.index(TO_CONFIRM)


def test_r44_it_is_shown_in_scope_and_while_the_ticket_can_be_opened_again():
    not_accepted()

    assert TO_CONFIRM in inbox(at=TUESDAY_NINE + timedelta(days=28))
    assert TO_CONFIRM not in inbox(at=TUESDAY_NINE + timedelta(days=31))


def test_the_inbox_costs_the_same_with_one_conclusion_to_confirm_and_with_many():
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            inbox()
        return len(asked)

    not_accepted()
    cost()
    with_one = cost()
    for number in range(3):
        not_accepted(f"1205555020{number}")

    assert cost() == with_one
