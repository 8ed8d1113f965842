"""Calls that do not reach the customer, and whose turn it is to call (R71, R73)."""

import pytest

from callbacks.actions import calling
from callbacks.answers import Satisfaction, Standing
from callbacks.models import Attempt, Callback, CallbackRules
from common.refusals import Malformed, NotPossible
from complaints.models import Entry
from complaints.states import State
from contact.models import Contact, Purpose
from tests.callbacks.stories import CONTENT, a_callback, a_survey, conclude, the_callback
from tests.people import MONDAY_NIGHT, MONDAY_NINE, TUESDAY_NINE, a_customer, a_ticket_to_reply, fresh, local, person

pytestmark = pytest.mark.django_db

TUESDAY_TEN = local("2026-03-03 10:00")
TUESDAY_ELEVEN = local("2026-03-03 11:00")
WEDNESDAY_NINE = local("2026-03-04 09:00")


@pytest.fixture
def yinmei(db):
    """She calls back."""
    return person("yinmei")


@pytest.fixture
def luobin(db):
    """He calls back too."""
    return person("luobin")


def test_an_attempt_plans_the_next_and_passes_the_gate(yinmei):
    callback = a_callback()

    callback = calling.attempt(callback, result="no_answer", next_at=TUESDAY_TEN, by=yinmei, at=TUESDAY_NINE)

    assert (callback.state, callback.planned_for) == (Standing.OPEN, TUESDAY_TEN)
    assert Contact.objects.get(purpose=Purpose.CALLBACK).at == TUESDAY_NINE
    entry = Entry.objects.get(ticket=callback.ticket, kind="callback_attempted")
    assert entry.data == {
        "result": "no_answer",
        "attempt": Attempt.objects.get().pk,
        "next_at": TUESDAY_TEN.isoformat(),
    }


def test_after_three_attempts_on_two_days_the_ticket_closes_as_unreachable_and_never_as_satisfied(yinmei):
    callback = a_callback()
    calling.attempt(callback, result="no_answer", next_at=TUESDAY_TEN, by=yinmei, at=TUESDAY_NINE)
    calling.attempt(callback, result="no_answer", next_at=WEDNESDAY_NINE, by=yinmei, at=TUESDAY_TEN)

    callback = calling.attempt(callback, result="wrong_number", by=yinmei, at=WEDNESDAY_NINE)

    assert callback.state == Standing.UNREACHABLE
    assert callback.with_result == callback.with_handling == Satisfaction.UNREACHABLE
    ticket = fresh(callback.ticket)
    assert (ticket.state, ticket.closed_at) == (State.CLOSED, WEDNESDAY_NINE)
    assert Entry.objects.get(ticket=ticket, kind="callback_finished").data["how"] == "unreachable"


def test_three_attempts_on_one_day_are_not_enough(yinmei):
    callback = a_callback()
    for at, next_at in (
        (TUESDAY_NINE, TUESDAY_TEN),
        (TUESDAY_TEN, TUESDAY_ELEVEN),
        (TUESDAY_ELEVEN, WEDNESDAY_NINE),
    ):
        callback = calling.attempt(callback, result="no_answer", next_at=next_at, by=yinmei, at=at)

    assert callback.is_open

    callback = calling.attempt(callback, result="no_answer", by=yinmei, at=WEDNESDAY_NINE)

    assert callback.state == Standing.UNREACHABLE


def test_days_are_those_of_the_business_clock(yinmei):
    CallbackRules.objects.update_or_create(pk=1, defaults={"attempts": 2})
    callback = a_callback()
    late, early = local("2026-03-03 19:30"), local("2026-03-04 08:30")
    assert late.date() == early.replace(day=3).date()

    calling.attempt(callback, result="no_answer", next_at=early, by=yinmei, at=late)
    callback = calling.attempt(callback, result="no_answer", by=yinmei, at=early)

    assert callback.state == Standing.UNREACHABLE


def test_the_number_of_attempts_is_a_matter_of_configuration(yinmei):
    CallbackRules.objects.update_or_create(pk=1, defaults={"attempts": 1, "days": 1})

    callback = calling.attempt(a_callback(), result="refused", by=yinmei, at=TUESDAY_NINE)

    assert callback.state == Standing.UNREACHABLE


@pytest.mark.parametrize(
    ("next_at", "code"),
    [
        (None, "malformed"),
        (TUESDAY_NINE, "malformed"),
        (local("2026-03-03 20:00"), "quiet_hours"),
        (local("2026-03-04 07:59:59"), "quiet_hours"),
    ],
)
def test_the_next_attempt_lies_ahead_and_in_permitted_hours(yinmei, next_at, code):
    callback = a_callback()

    with pytest.raises(Malformed) as refusal:
        calling.attempt(callback, result="no_answer", next_at=next_at, by=yinmei, at=TUESDAY_NINE)

    assert (refusal.value.code, set(refusal.value.errors)) == (code, {"next_at"})
    assert not Attempt.objects.exists()
    assert not Contact.objects.filter(purpose=Purpose.CALLBACK).exists()


@pytest.mark.parametrize("result", ["reached", "whatever", ""])
def test_an_attempt_says_how_it_ended(yinmei, result):
    with pytest.raises(Malformed):
        calling.attempt(a_callback(), result=result, next_at=TUESDAY_TEN, by=yinmei, at=TUESDAY_NINE)


def test_a_time_for_the_next_attempt_is_proposed_in_permitted_hours():
    callback = a_callback()

    assert calling.propose_next_attempt(callback, at=TUESDAY_NINE) == WEDNESDAY_NINE
    assert calling.propose_next_attempt(callback, at=local("2026-03-03 20:30")) == local("2026-03-05 08:00")


def test_a_taken_callback_is_nobody_elses(yinmei, luobin):
    callback = calling.take(a_callback(), by=yinmei, at=TUESDAY_NINE)

    with pytest.raises(NotPossible) as refusal:
        calling.answer(callback, **CONTENT, by=luobin, at=TUESDAY_NINE)

    assert (refusal.value.code, refusal.value.facts["taken_by"]) == ("taken_by_another", yinmei.name)
    assert not Callback.objects.due_for(luobin, TUESDAY_NINE).exists()
    assert list(Callback.objects.due_for(yinmei, TUESDAY_NINE)) == [callback]


def test_a_taken_callback_is_given_back_after_half_an_hour(yinmei, luobin):
    callback = calling.take(a_callback(), by=yinmei, at=TUESDAY_NINE)
    at = local("2026-03-03 09:30")

    assert list(Callback.objects.due_for(luobin, at)) == [callback]
    assert calling.take(callback, by=luobin, at=at).taken_by == luobin


def test_an_attempt_gives_the_callback_back(yinmei, luobin):
    callback = calling.take(a_callback(), by=yinmei, at=TUESDAY_NINE)

    calling.attempt(callback, result="no_answer", next_at=TUESDAY_TEN, by=yinmei, at=TUESDAY_NINE)

    assert not Callback.objects.due_for(luobin, TUESDAY_NINE).exists()
    assert list(Callback.objects.due_for(luobin, TUESDAY_TEN)) == [callback]


def test_the_queue_shows_what_is_due_first_first(yinmei):
    long_limit = a_callback(of="billing.charges.monthly-fee")
    short_limit = a_callback(of="broadband.installation.not-covered", routes=False)
    a_survey()

    assert [each.ticket for each in Callback.objects.due_for(yinmei, TUESDAY_NINE)] == [
        short_limit.ticket,
        long_limit.ticket,
    ]


def test_the_queue_is_for_those_who_call_back(yinmei, lin, noor):
    a_callback()

    assert not Callback.objects.due_for(lin, TUESDAY_NINE).exists()
    assert not Callback.objects.due_for(noor, TUESDAY_NINE).exists()


def test_r71_the_callbacks_of_one_customer_that_are_due_are_offered_together(yinmei):
    first, second, later, own_work = a_callback(), a_callback(), a_callback(), a_callback()
    calling.attempt(later, result="no_answer", next_at=TUESDAY_TEN, by=yinmei, at=TUESDAY_NINE)
    own_work.not_by.add(yinmei)
    a_callback(customer=a_customer("12055550199"))

    assert list(Callback.objects.together(first, yinmei, TUESDAY_NINE)) == [second]
    assert list(Callback.objects.together(second, yinmei, TUESDAY_NINE)) == [first]
    assert list(Callback.objects.together(first, yinmei, TUESDAY_TEN)) == [second, later]


def test_r71_nobody_calls_a_customer_whom_a_colleague_is_calling_about_another_ticket(yinmei, luobin):
    first, second = a_callback(), a_callback()
    elsewhere = a_callback(customer=a_customer("12055550199"))
    calling.take(first, by=yinmei, at=TUESDAY_NINE)

    with pytest.raises(NotPossible) as taking:
        calling.take(second, by=luobin, at=TUESDAY_NINE)
    with pytest.raises(NotPossible) as answering:
        calling.answer(second, **CONTENT, by=luobin, at=TUESDAY_NINE)

    assert (taking.value.code, answering.value.facts["taken_by"]) == ("taken_by_another", yinmei.name)
    assert list(Callback.objects.due_for(luobin, TUESDAY_NINE)) == [elsewhere]
    assert set(Callback.objects.due_for(yinmei, TUESDAY_NINE)) == {first, second, elsewhere}
    calling.answer(second, **CONTENT, by=yinmei, at=TUESDAY_NINE)
    calling.answer(first, **CONTENT, by=yinmei, at=TUESDAY_NINE)


def test_the_queue_costs_the_same_with_one_row_and_with_many(yinmei, django_assert_num_queries):
    def read():
        yinmei.authority(TUESDAY_NINE)
        for callback in Callback.objects.due_for(yinmei, TUESDAY_NINE):
            str(callback.ticket), str(callback.ticket.customer), str(callback.desk), str(callback.taken_by)
            str(callback.ticket.category), callback.ticket.accepting_unit.name

    a_callback()
    yinmei.authority(TUESDAY_NINE)
    with django_assert_num_queries(2):  # one asks whether what is kept of the organisation still stands
        read()
    for _more in range(3):
        a_callback()

    with django_assert_num_queries(2):
        read()


def test_a_callback_concluded_at_night_is_planned_for_the_morning():
    ticket = conclude(a_ticket_to_reply(), replied_at=MONDAY_NINE, at=MONDAY_NIGHT)

    assert the_callback(ticket).planned_for == local("2026-03-03 08:00")
