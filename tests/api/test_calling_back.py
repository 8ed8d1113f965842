"""Callbacks over REST (R70–R74)."""

import pytest

from callbacks.models import Callback
from complaints.actions import concluding, replying
from complaints.actions.concluding import Outcome
from complaints.states import Liability, Medium, State, Verdict
from tests.people import MONDAY_TEN, a_ticket_to_reply, fresh, local, person

pytestmark = pytest.mark.django_db
TUESDAY_TEN = local("2026-03-03 10:00")


@pytest.fixture
def callback(db, time_machine):
    """The callback of a ticket that Wei handled and Rosa concluded; it is Tuesday, ten o'clock."""
    ticket = a_ticket_to_reply()
    replying.reply(ticket, medium=Medium.PHONE, text="It works again.", by=person("rosa"), at=MONDAY_TEN)
    outcome = Outcome(verdict=Verdict.ACCEPTS, liability=Liability.COMPANY)
    concluding.conclude(ticket, outcome=outcome, by=person("rosa"), at=MONDAY_TEN)
    time_machine.move_to(TUESDAY_TEN, tick=False)
    return Callback.objects.select_related("ticket").get(ticket=ticket)


def test_what_is_due_is_listed_for_who_calls_back_and_for_nobody_else(as_, callback):
    due = as_("yinmei").get("callbacks/").json()["results"]

    assert [row["id"] for row in due] == [callback.pk]
    assert due[0]["customer"]["number"] == "120••••0101"
    assert as_("rosa").get("callbacks/").json()["results"] == []
    assert as_("noor").get(f"callbacks/{callback.pk}/").status_code == 404


def test_a_satisfied_customer_closes_the_ticket(as_, callback):
    yinmei = as_("yinmei")

    taken = yinmei.post(f"callbacks/{callback.pk}/take/")
    answered = yinmei.post(f"callbacks/{callback.pk}/answer/", with_result="satisfied", with_handling="neutral")

    assert taken.json()["taken_by"]["name"] == person("yinmei").name_en
    assert (answered.json()["state"], answered.json()["ticket_state"]) == ("answered", "closed")
    assert fresh(callback.ticket).state == State.CLOSED


def test_a_dissatisfied_customer_opens_the_ticket_again_at_its_last_unit(as_, callback):
    body = {"with_result": "dissatisfied", "with_handling": "satisfied", "reason": "It is down again."}

    answered = as_("yinmei").post(f"callbacks/{callback.pk}/answer/", **body)

    ticket = fresh(callback.ticket)
    assert answered.json()["ticket_state"] == "dispatched"
    assert (ticket.state, ticket.round, ticket.lead_unit.code) == (State.DISPATCHED, 2, "network")


def test_a_call_that_nobody_took_is_planned_again(as_, callback):
    tried = as_("yinmei").post(
        f"callbacks/{callback.pk}/attempt/", result="no_answer", next_at="2026-03-04T10:00:00+08:00"
    )

    assert tried.json()["planned_for"] == "2026-03-04T10:00:00+08:00"
    assert tried.json()["attempts"][0]["result"] == "no_answer"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"with_result": "satisfied"},
        {"with_result": "unreachable", "with_handling": "satisfied"},
        {"with_result": "dissatisfied", "with_handling": "satisfied"},
        {"with_result": "satisfied", "with_handling": "satisfied", "wants_nothing_more": "maybe"},
    ],
)
def test_an_answer_has_both_parts_and_a_reason_where_one_is_needed(as_, callback, body):
    answer = as_("yinmei").post(f"callbacks/{callback.pk}/answer/", **body)

    assert (answer.status_code, bool(answer.json()["errors"])) == (400, True)
    assert Callback.objects.get(pk=callback.pk).is_open


def test_nobody_is_called_back_at_night(as_, callback, time_machine):
    time_machine.move_to(local("2026-03-03 21:00"), tick=False)

    answer = as_("yinmei").post(f"callbacks/{callback.pk}/answer/", with_result="satisfied", with_handling="satisfied")

    assert (answer.status_code, answer.json()["code"]) == (409, "quiet_hours")


def test_who_replied_does_not_call_back(as_, callback):
    answer = as_("rosa").post(f"callbacks/{callback.pk}/take/")

    assert answer.status_code == 403


def test_what_another_has_taken_is_refused_with_who(as_, callback):
    as_("yinmei").post(f"callbacks/{callback.pk}/take/")

    answer = as_("luobin").post(f"callbacks/{callback.pk}/take/")

    assert (answer.status_code, answer.json()["code"]) == (409, "taken_by_another")
    assert answer.json()["taken_by"] == person("yinmei").name_en
