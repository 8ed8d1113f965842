"""The customer asks again; whoever holds the ticket owes an answer (R32)."""

import pytest

from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions import chasing, concluding, replying
from complaints.actions.concluding import Outcome
from complaints.states import Liability, Medium, Verdict
from tests.people import MONDAY_NINE, MONDAY_TEN, a_ticket, a_ticket_in_hand, a_ticket_to_reply, fresh, person

pytestmark = pytest.mark.django_db


def test_chase_ups_are_counted_and_numbered():
    ticket = a_ticket_in_hand()

    made = [chasing.chase_up(ticket, text="When?", by=person("zhaomin"), at=MONDAY_TEN) for _ in range(3)]

    assert [chase.number for chase in made] == [1, 2, 3]
    assert fresh(ticket).chased == 3


@pytest.mark.parametrize("username", ["zhaomin", "shenqi", "yinmei", "chenan", "huafang", "selfservice"])
def test_anyone_whom_a_customer_may_reach_takes_a_chase_up(username):
    chase = chasing.chase_up(a_ticket(), text="When?", by=person(username), at=MONDAY_TEN)

    assert chase.by == person(username)


@pytest.mark.parametrize("username", ["noor", "kangming", "admin"])
def test_who_takes_no_calls_takes_no_chase_ups(username):
    with pytest.raises(NotYours):
        chasing.chase_up(a_ticket(), text="When?", by=person(username), at=MONDAY_TEN)


def test_a_customer_asks_again_by_the_app_without_anybody():
    chase = chasing.chase_up(a_ticket(), text="When?", medium=Medium.APP, by=None, at=MONDAY_TEN)

    assert (chase.by, chase.medium) == (None, Medium.APP)


def test_whoever_holds_the_ticket_answers_and_only_once(wei, noor):
    ticket = a_ticket_in_hand()
    chase = chasing.chase_up(ticket, text="When?", by=person("rosa"), at=MONDAY_NINE)

    with pytest.raises(NotYours):
        chasing.answer_chase_up(chase, text="Today.", by=noor, at=MONDAY_TEN)
    chasing.answer_chase_up(chase, text="Today.", by=wei, at=MONDAY_TEN)
    with pytest.raises(NotPossible) as again:
        chasing.answer_chase_up(chase, text="Tomorrow.", by=wei, at=MONDAY_TEN)

    answered = ticket.chase_ups.get()
    assert (answered.answer, answered.answered_by, answered.answered_at) == ("Today.", wei, MONDAY_TEN)
    assert again.value.code == "answered_already"
    assert fresh(ticket).touched_at == MONDAY_TEN


@pytest.mark.parametrize("text", ["", "\x00", "x" * 10_001])
def test_a_chase_up_and_its_answer_say_something(text, wei):
    ticket = a_ticket_in_hand()
    chase = chasing.chase_up(ticket, text="When?", by=person("rosa"), at=MONDAY_NINE)

    with pytest.raises(Malformed):
        chasing.chase_up(fresh(ticket), text=text, by=person("rosa"), at=MONDAY_TEN)
    with pytest.raises(Malformed):
        chasing.answer_chase_up(chase, text=text, by=wei, at=MONDAY_TEN)


def test_what_has_its_answer_is_not_chased_up(rosa):
    ticket = a_ticket_to_reply()
    replying.reply(ticket, medium=Medium.PHONE, text="It works.", by=rosa, at=MONDAY_NINE)
    outcome = Outcome(verdict=Verdict.ACCEPTS, liability=Liability.COMPANY)
    concluding.conclude(ticket, outcome=outcome, by=rosa, at=MONDAY_NINE)

    with pytest.raises(NotPossible):
        chasing.chase_up(fresh(ticket), text="When?", by=rosa, at=MONDAY_TEN)
