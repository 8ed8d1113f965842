"""What the customer answers on the phone, and what follows from it (R70–R74)."""

from datetime import timedelta

import pytest

from callbacks.actions import calling, deciding
from callbacks.answers import Satisfaction, Standing
from callbacks.events import CalledBack, DissatisfiedWithHandling, RoundsUsedUp
from callbacks.models import Callback
from common import events
from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions import reopening
from complaints.models import DeskRules, Entry
from complaints.states import State
from contact.models import Contact, Purpose
from customers.models import FlagKind
from tests.callbacks.stories import CONTENT, UNHAPPY, a_callback, a_survey, the_callback, work_through_again
from tests.people import MONDAY_NIGHT, TUESDAY_NINE, fresh, local, person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def yinmei(db):
    """She calls back."""
    return person("yinmei")


@pytest.fixture
def told(monkeypatch):
    """The events that were published, each followed by nobody but this list."""
    heard: list[object] = []
    table = {kind: [*follow, heard.append] for kind, follow in events.reactions().items()}
    monkeypatch.setattr(events, "reactions", lambda: table)
    return heard


def kinds(told):
    return [type(event) for event in told if type(event).__module__ == "callbacks.events"]


def test_a_satisfied_customer_closes_the_ticket(yinmei, told):
    callback = a_callback()

    callback = calling.answer(callback, **CONTENT, by=yinmei, at=TUESDAY_NINE)

    ticket = fresh(callback.ticket)
    assert (callback.state, callback.answered_by) == (Standing.ANSWERED, yinmei)
    assert (ticket.state, ticket.closed_at) == (State.CLOSED, TUESDAY_NINE)
    finished = Entry.objects.get(ticket=ticket, kind="callback_finished")
    assert finished.by == yinmei
    assert finished.data == {"how": "answered", "mode": "phone", **CONTENT}
    assert kinds(told) == [CalledBack]
    assert not ticket.customer.flags.exists()


def test_an_answer_is_a_contact_that_passed_the_gate(yinmei):
    callback = a_callback()

    calling.answer(callback, **CONTENT, by=yinmei, at=TUESDAY_NINE)

    contact = Contact.objects.get(purpose=Purpose.CALLBACK)
    assert (contact.matter, contact.by, contact.at) == (callback.ticket.matter, yinmei, TUESDAY_NINE)


@pytest.mark.parametrize("moment", ["20:00:00", "23:59:59", "07:59:59"])
def test_nobody_is_called_back_in_quiet_hours(yinmei, moment):
    callback = a_callback()
    at = local(f"2026-03-04 {moment}")

    with pytest.raises(NotPossible) as answered:
        calling.answer(callback, **CONTENT, by=yinmei, at=at)
    with pytest.raises(NotPossible) as attempted:
        calling.attempt(callback, result="no_answer", next_at=local("2026-03-05 09:00"), by=yinmei, at=at)

    assert answered.value.code == attempted.value.code == "quiet_hours"
    assert the_callback(callback.ticket).is_open
    assert not Contact.objects.filter(purpose=Purpose.CALLBACK).exists()


@pytest.mark.parametrize("moment", ["19:59:59", "08:00:00"])
def test_the_hours_around_the_night_are_permitted(yinmei, moment):
    callback = calling.answer(a_callback(), **CONTENT, by=yinmei, at=local(f"2026-03-04 {moment}"))

    assert callback.state == Standing.ANSWERED


def test_dissatisfied_with_the_result_reopens_to_the_last_handling_unit(yinmei, wei, told):
    callback = a_callback()

    callback = calling.answer(callback, **UNHAPPY, by=yinmei, at=TUESDAY_NINE)

    ticket = fresh(callback.ticket)
    assert callback.state == Standing.ANSWERED
    assert (ticket.state, ticket.round, ticket.lead_unit) == (State.DISPATCHED, 2, unit("network"))
    reopened = Entry.objects.get(ticket=ticket, kind="reopened")
    assert (reopened.by, reopened.note.text) == (yinmei, UNHAPPY["reason"])
    assert reopened.data["proposed_handler"] == wei.pk
    assert kinds(told) == [CalledBack]


def test_dissatisfied_at_callback_sets_flag_c2_for_a_year(yinmei):
    callback = a_callback()

    calling.answer(callback, **UNHAPPY, by=yinmei, at=TUESDAY_NINE)

    flag = callback.ticket.customer.flags.get()
    assert (flag.kind, flag.raised_by, flag.raised_at) == (FlagKind.C2, yinmei, TUESDAY_NINE)
    assert flag.expires_at == TUESDAY_NINE + timedelta(days=365)


def test_who_wants_nothing_more_is_flagged_and_left_in_peace(yinmei):
    callback = a_callback()

    calling.answer(callback, **UNHAPPY, wants_nothing_more=True, by=yinmei, at=TUESDAY_NINE)

    ticket = fresh(callback.ticket)
    assert (ticket.state, ticket.round) == (State.CLOSED, 1)
    assert ticket.customer.flags.get().kind == FlagKind.C2


def test_dissatisfied_with_the_handling_goes_to_quality_and_does_not_reopen(yinmei, told):
    callback = a_callback()

    calling.answer(
        callback,
        with_result="satisfied",
        with_handling="dissatisfied",
        reason="Nobody called when promised.",
        by=yinmei,
        at=TUESDAY_NINE,
    )

    assert fresh(callback.ticket).state == State.CLOSED
    assert callback.ticket.customer.flags.get().kind == FlagKind.C2
    assert kinds(told) == [CalledBack, DissatisfiedWithHandling]


def test_neutral_answers_close_the_ticket_without_a_flag(yinmei):
    callback = calling.answer(a_callback(), with_result="neutral", with_handling="neutral", by=yinmei, at=TUESDAY_NINE)

    assert fresh(callback.ticket).state == State.CLOSED
    assert not callback.ticket.customer.flags.exists()


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({"with_result": "", "with_handling": "satisfied"}, {"with_result"}),
        ({"with_result": "splendid", "with_handling": "unreachable"}, {"with_result", "with_handling"}),
        ({"with_result": "dissatisfied", "with_handling": "satisfied"}, {"reason"}),
        ({"with_result": "satisfied", "with_handling": "dissatisfied", "reason": "  "}, {"reason"}),
        ({"with_result": "satisfied", "with_handling": "satisfied", "reason": "a\x00b"}, {"reason"}),
        ({"with_result": "satisfied", "with_handling": "satisfied", "reason": "x" * 2001}, {"reason"}),
    ],
)
def test_an_answer_has_both_parts_and_a_reason_where_dissatisfied(yinmei, answers, fields):
    callback = a_callback()

    with pytest.raises(Malformed) as refusal:
        calling.answer(callback, **answers, by=yinmei, at=TUESDAY_NINE)

    assert set(refusal.value.errors) == fields
    assert the_callback(callback.ticket).is_open


@pytest.mark.parametrize("name", ["rosa", "wei"])
def test_who_handled_or_replied_never_calls_back(name):
    callback = a_callback()
    himself = person(name)
    himself.assignments.create(role="callback_agent", unit=unit("province"))

    for deed in (
        lambda: calling.take(callback, by=person(name), at=TUESDAY_NINE),
        lambda: calling.answer(callback, **CONTENT, by=person(name), at=TUESDAY_NINE),
        lambda: calling.attempt(callback, result="no_answer", by=person(name), at=TUESDAY_NINE),
    ):
        with pytest.raises(NotYours) as refusal:
            deed()
        assert refusal.value.code == "own_work"

    assert not Callback.objects.due_for(person(name), TUESDAY_NINE).exists()


def test_who_had_a_part_in_an_earlier_round_does_not_call_back_either(yinmei):
    callback = a_callback()
    calling.answer(callback, **UNHAPPY, by=yinmei, at=TUESDAY_NINE)

    second = the_callback(work_through_again(fresh(callback.ticket), at=TUESDAY_NINE))

    assert {each.username for each in second.not_by.all()} == {"rosa", "wei"}
    assert list(Callback.objects.due_for(yinmei, TUESDAY_NINE)) == [second]


def test_only_who_calls_back_answers(lin):
    callback = a_callback()

    with pytest.raises(NotYours) as refusal:
        calling.answer(callback, **CONTENT, by=lin, at=TUESDAY_NINE)

    assert refusal.value.code == "not_yours"


def test_a_callback_is_answered_once(yinmei):
    callback = a_callback()
    calling.answer(callback, **CONTENT, by=yinmei, at=TUESDAY_NINE)

    with pytest.raises(NotPossible) as refusal:
        calling.answer(callback, **UNHAPPY, by=person("luobin"), at=TUESDAY_NINE)

    assert refusal.value.code == "callback_over"
    assert refusal.value.facts["ended_by"] == yinmei.name
    assert the_callback(callback.ticket).with_result == Satisfaction.SATISFIED


def test_a_customer_who_is_asked_by_sms_is_not_called_as_well(yinmei):
    with pytest.raises(NotPossible) as refusal:
        calling.take(a_survey(), by=yinmei, at=TUESDAY_NINE)

    assert refusal.value.code == "survey_is_out"


def test_a_round_that_was_reopened_is_called_back_and_after_two_a_supervisor_decides(yinmei, told):
    callback = a_callback()
    calling.answer(callback, **UNHAPPY, by=yinmei, at=TUESDAY_NINE)
    second = the_callback(work_through_again(fresh(callback.ticket), at=TUESDAY_NINE))
    told.clear()

    second = calling.answer(second, **UNHAPPY, by=yinmei, at=local("2026-03-04 09:00"))

    ticket = fresh(second.ticket)
    assert (ticket.state, ticket.round, second.awaits_decision) == (State.CLOSED, 2, True)
    assert kinds(told) == [CalledBack, RoundsUsedUp]


def test_how_many_rounds_a_callback_opens_is_a_matter_of_configuration(yinmei):
    DeskRules.objects.update_or_create(pk=1, defaults={"rounds_at_most": 1})

    callback = calling.answer(a_callback(), **UNHAPPY, by=yinmei, at=TUESDAY_NINE)

    assert fresh(callback.ticket).state == State.CLOSED
    assert callback.awaits_decision


class TestTheSupervisorsDecision:
    @pytest.fixture
    def callback(self, yinmei):
        DeskRules.objects.update_or_create(pk=1, defaults={"rounds_at_most": 1})
        return calling.answer(a_callback(), **UNHAPPY, by=yinmei, at=TUESDAY_NINE)

    def test_one_more_round(self, callback, lin):
        assert list(Callback.objects.to_decide_for(lin, TUESDAY_NINE)) == [callback]

        deciding.decide(callback, opens_again=True, reason="They are right.", by=lin, at=TUESDAY_NINE)

        ticket = fresh(callback.ticket)
        assert (ticket.state, ticket.round) == (State.DISPATCHED, 2)
        assert not Callback.objects.to_decide_for(lin, TUESDAY_NINE).exists()

    def test_leaving_it_closed(self, callback, lin):
        deciding.decide(callback, opens_again=False, reason="Nothing more can be done.", by=lin, at=TUESDAY_NINE)

        assert fresh(callback.ticket).state == State.CLOSED
        entry = Entry.objects.get(ticket=callback.ticket, kind="rounds_decided")
        assert (entry.by, entry.note.text) == (lin, "Nothing more can be done.")

    def test_is_made_once(self, callback, lin):
        deciding.decide(callback, opens_again=False, reason="Enough.", by=lin, at=TUESDAY_NINE)

        with pytest.raises(NotPossible) as refusal:
            deciding.decide(callback, opens_again=True, reason="After all.", by=lin, at=TUESDAY_NINE)

        assert refusal.value.code == "nothing_to_decide"

    def test_is_not_for_others(self, callback, yinmei):
        with pytest.raises(NotYours):
            deciding.decide(callback, opens_again=True, reason="Please.", by=yinmei, at=TUESDAY_NINE)

    def test_says_why(self, callback, lin):
        with pytest.raises(Malformed):
            deciding.decide(callback, opens_again=True, reason=" ", by=lin, at=TUESDAY_NINE)

    def test_is_made_by_whoever_reopens(self, callback, rosa):
        reopening.reopen(fresh(callback.ticket), reason="The customer rang.", by=rosa, at=TUESDAY_NINE)

        settled = the_callback(callback.ticket)
        assert (settled.awaits_decision, settled.decided_by) == (False, rosa)


def test_the_night_answer_changes_nothing(yinmei):
    callback = a_callback()

    with pytest.raises(NotPossible):
        calling.answer(callback, **UNHAPPY, by=yinmei, at=MONDAY_NIGHT)

    ticket = fresh(callback.ticket)
    assert (ticket.state, ticket.version) == (State.CALLBACK, callback.ticket.version)
    assert not ticket.customer.flags.exists()
