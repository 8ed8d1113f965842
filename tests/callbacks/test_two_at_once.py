"""Two people, or a person and the customer, at one callback in the same instant, on a real database (R4, R71)."""

import pytest

from callbacks.actions import calling, surveys
from callbacks.answers import Mode, Standing
from callbacks.models import Callback, Survey
from common.refusals import NotPossible
from complaints.actions import concluding, replying
from complaints.models import Entry
from complaints.states import Medium, State
from contact.models import Contact, Purpose
from notifications.models import Message
from tests.callbacks.stories import CONTENT, OPINION, UNHAPPY, a_callback, a_survey, the_callback, token_of
from tests.people import MONDAY_NINE, TUESDAY_NINE, a_ticket_to_reply, fresh, person
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def refusals(came):
    return [each for each in came if isinstance(each, Exception)]


def test_of_two_who_answer_at_once_one_wins_and_the_other_is_told():
    callback = a_callback()
    people = [person("yinmei"), person("luobin")]

    came = together(
        [lambda by=by: calling.answer(callback, **CONTENT, by=by, at=TUESDAY_NINE) for by in people],
    )

    (refusal,) = refusals(came)
    assert isinstance(refusal, NotPossible)
    assert refusal.code == "callback_over"
    assert refusal.facts["ended_by"] == the_callback(callback.ticket).answered_by.name
    assert Entry.objects.filter(kind="callback_finished").count() == 1
    assert Contact.objects.filter(purpose=Purpose.CALLBACK).count() == 1


def test_of_two_who_take_it_at_once_one_gets_it():
    callback = a_callback()
    people = [person("yinmei"), person("luobin")]

    came = together([lambda by=by: calling.take(callback, by=by, at=TUESDAY_NINE) for by in people])

    (refusal,) = refusals(came)
    assert refusal.code == "taken_by_another"


def test_r71_of_two_who_take_two_callbacks_of_one_customer_at_once_one_calls():
    callbacks = [a_callback(), a_callback()]
    people = [person("yinmei"), person("luobin")]

    came = together(
        [
            lambda by=by, each=each: calling.take(each, by=by, at=TUESDAY_NINE)
            for by, each in zip(people, callbacks, strict=True)
        ]
    )

    (refusal,) = refusals(came)
    assert refusal.code == "taken_by_another"
    assert Callback.objects.filter(taken_by__isnull=False).count() == 1


def test_a_link_that_is_used_twice_at_once_counts_once():
    callback = a_survey()
    token = token_of(callback)

    came = together(
        [
            lambda: surveys.answer_survey(token, **CONTENT, at=TUESDAY_NINE),
            lambda: surveys.answer_survey(token, **UNHAPPY, at=TUESDAY_NINE),
        ]
    )

    (refusal,) = refusals(came)
    assert isinstance(refusal, surveys.NothingHere)
    ticket = fresh(callback.ticket)
    content = the_callback(ticket).with_result == "satisfied"
    assert (ticket.state, ticket.round) == ((State.CLOSED, 1) if content else (State.DISPATCHED, 2))


def test_an_answer_and_the_sweep_at_the_moment_of_expiry_do_not_both_happen():
    callback = a_survey()
    token, expiry = token_of(callback), callback.survey.expires_at

    together(
        [
            lambda: surveys.answer_survey(token, **CONTENT, at=TUESDAY_NINE),
            lambda: surveys.expire_due(expiry),
        ]
    )

    survey, callback = Survey.objects.get(), the_callback(callback.ticket)
    answered = survey.answered_at is not None
    assert answered != (survey.ended_at is not None)
    assert callback.state == (Standing.ANSWERED if answered else Standing.OPEN)
    assert callback.mode == (Mode.SURVEY if answered else Mode.PHONE)


def test_two_sweeps_at_once_expire_a_survey_once():
    callback = a_survey()
    expiry = callback.survey.expires_at

    together([lambda: surveys.expire_due(expiry), lambda: surveys.expire_due(expiry)])

    assert Entry.objects.filter(kind="survey_expired").count() == 1


def test_two_opinions_concluded_at_once_send_one_survey():
    rosa = person("rosa")
    tickets = [a_ticket_to_reply(), a_ticket_to_reply()]
    for ticket in tickets:
        replying.reply(ticket, medium=Medium.PHONE, text="Explained.", by=rosa, at=MONDAY_NINE)
    views = [fresh(ticket) for ticket in tickets]

    came = together(
        [
            lambda view=view: concluding.conclude(view, outcome=OPINION, by=person("rosa"), at=MONDAY_NINE)
            for view in views
        ]
    )

    assert refusals(came) == []
    assert sorted(Callback.objects.values_list("mode", flat=True)) == [Mode.PHONE, Mode.SURVEY]
    assert Message.objects.filter(kind="survey").count() == 1
