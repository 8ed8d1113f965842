"""The supervisor after the last round, and quality where the handling displeased (R74)."""

from datetime import timedelta

import pytest

from accounts.models import Delegation, Person, Role
from callbacks.actions import calling, deciding
from complaints.actions import reopening
from complaints.models import Entry, Ticket
from complaints.states import State
from escalation.actions import answering
from escalation.kinds import Closing, Reason, Standing
from escalation.models import Escalation, Ladder
from notifications.kinds import Kind
from notifications.models import Message
from notifications.rendering import render
from tests.callbacks.stories import CONTENT, UNHAPPY, a_callback, the_callback, work_through_again
from tests.escalation.playing import play, raised, whom
from tests.people import TUESDAY_NINE, fresh, person, somebody

pytestmark = pytest.mark.django_db

LATER = TUESDAY_NINE + timedelta(hours=1)
MISPLEASED = {"with_result": "satisfied", "with_handling": "dissatisfied", "reason": "Nobody rang me."}


@pytest.fixture
def used_up(db) -> Ticket:
    """A ticket whose customer is dissatisfied after the second round, at Tuesday ten."""
    yinmei = person("yinmei")
    first = calling.answer(a_callback(), **UNHAPPY, by=yinmei, at=TUESDAY_NINE)
    ticket = work_through_again(fresh(first.ticket), at=TUESDAY_NINE)
    calling.answer(the_callback(ticket), **UNHAPPY, by=yinmei, at=LATER)
    return fresh(ticket)


def inspectors_told() -> set[str]:
    told = Message.objects.filter(kind=Kind.DISSATISFIED_WITH_HANDLING)
    return {message.recipient.username for message in told.select_related("recipient")}


def answers(**said: str) -> Ticket:
    return calling.answer(a_callback(), **said, by=person("yinmei"), at=TUESDAY_NINE).ticket


# --- After the last round ---------------------------------------------------------------------------------------------


def test_a_customer_dissatisfied_after_the_last_round_comes_before_the_supervisor_at_once(used_up, lin):
    play(LATER)

    [escalation] = raised(used_up, reason=Reason.ROUNDS_USED_UP)
    assert used_up.state == State.CLOSED
    assert whom(escalation) == {"lin"}
    assert escalation.noticed_at == LATER
    assert escalation in Escalation.objects.inbox(lin, LATER)


def test_it_climbs_while_nobody_acknowledges_though_the_ticket_is_closed(used_up):
    play(LATER + timedelta(minutes=30))

    assert [whom(each) for each in raised(used_up, reason=Reason.ROUNDS_USED_UP)] == [{"lin"}, {"yuejin"}]


@pytest.mark.parametrize("opens_again", [True, False])
def test_the_decision_closes_what_was_escalated_and_cancels_the_rest(used_up, lin, opens_again):
    play(LATER)

    deciding.decide(the_callback(used_up), opens_again=opens_again, reason="Checked.", by=lin, at=LATER)
    play(LATER + timedelta(hours=3))

    steps = Escalation.objects.filter(ticket=used_up, reason=Reason.ROUNDS_USED_UP).order_by("pk")
    assert [step.state for step in steps] == [Standing.CLOSED, Standing.CANCELLED]
    assert {step.closed_because for step in steps} == {Closing.ROUNDS_DECIDED}
    assert not Escalation.objects.inbox(lin, LATER).filter(reason=Reason.ROUNDS_USED_UP).exists()


def test_whoever_reopens_in_another_way_has_decided_too(used_up, rosa):
    play(LATER)

    reopening.reopen(used_up, reason="The customer called again.", by=rosa, at=LATER)

    assert {step.state for step in Escalation.objects.filter(reason=Reason.ROUNDS_USED_UP)} == {
        Standing.CLOSED,
        Standing.CANCELLED,
    }


def test_a_decision_before_anybody_was_told_tells_nobody(used_up, lin):
    deciding.decide(the_callback(used_up), opens_again=False, reason="Checked.", by=lin, at=LATER)

    play(LATER + timedelta(hours=3))

    assert raised(used_up, reason=Reason.ROUNDS_USED_UP) == []


def test_acknowledging_and_resolving_leave_the_decision_open(used_up, lin):
    play(LATER)
    [escalation] = raised(used_up, reason=Reason.ROUNDS_USED_UP)

    answering.acknowledge(escalation, by=lin, at=LATER)
    answering.resolve(escalation, note="I shall ring them.", by=lin, at=LATER)

    assert the_callback(used_up).awaits_decision


def test_a_further_round_that_displeases_is_escalated_anew(used_up, lin):
    play(LATER)
    deciding.decide(the_callback(used_up), opens_again=True, reason="Once more.", by=lin, at=LATER)
    ticket = work_through_again(fresh(used_up), at=LATER)

    calling.answer(the_callback(ticket), **UNHAPPY, by=person("yinmei"), at=LATER)
    play(LATER)

    assert len(raised(ticket, reason=Reason.ROUNDS_USED_UP)) == 2


def test_a_ladder_that_is_switched_off_leaves_the_decision_in_the_list(db, lin):
    Ladder.objects.filter(code="rounds-used-up").update(is_active=False)
    yinmei = person("yinmei")
    first = calling.answer(a_callback(), **UNHAPPY, by=yinmei, at=TUESDAY_NINE)
    ticket = work_through_again(fresh(first.ticket), at=TUESDAY_NINE)

    calling.answer(the_callback(ticket), **UNHAPPY, by=yinmei, at=LATER)

    assert the_callback(ticket).awaits_decision
    assert not Escalation.objects.filter(reason=Reason.ROUNDS_USED_UP).exists()


# --- Quality ----------------------------------------------------------------------------------------------------------


def test_dissatisfied_with_the_handling_is_told_to_the_inspectors_over_the_accepting_unit():
    elsewhere = somebody(Role.QUALITY_INSPECTOR, over="east-city")

    ticket = answers(**MISPLEASED)

    over_the_province = Person.objects.filter(assignments__role=Role.QUALITY_INSPECTOR).exclude(pk=elsewhere.pk)
    assert inspectors_told() == {inspector.username for inspector in over_the_province}
    message = Message.objects.filter(kind=Kind.DISSATISFIED_WITH_HANDLING).first()
    assert message.ticket == ticket.reference
    assert ticket.reference in render(message, language="en").subject


def test_who_stands_in_for_an_inspector_is_told_too_and_who_has_left_is_not(noor, wei):
    here, gone = somebody(Role.QUALITY_INSPECTOR), somebody(Role.QUALITY_INSPECTOR)
    Delegation.objects.create(
        assignment=here.assignments.get(), delegate=noor, starts_at=TUESDAY_NINE, ends_at=TUESDAY_NINE + timedelta(1)
    )
    Delegation.objects.create(
        assignment=here.assignments.get(), delegate=wei, starts_at=TUESDAY_NINE - timedelta(1), ends_at=TUESDAY_NINE
    )
    Person.objects.filter(pk=gone.pk).update(is_active=False)

    answers(**MISPLEASED)

    assert {here.username, "noor"} <= inspectors_told()
    assert not {gone.username, "wei"} & inspectors_told()


@pytest.mark.parametrize("said", [CONTENT, UNHAPPY])
def test_other_answers_do_not_go_to_quality(said):
    answers(**said)

    assert inspectors_told() == set()


def test_an_inspector_may_open_the_ticket_that_they_are_told_of():
    inspector = somebody(Role.QUALITY_INSPECTOR)

    ticket = answers(**MISPLEASED)

    assert ticket in Ticket.objects.visible_to(inspector, TUESDAY_NINE)
    assert Entry.objects.filter(ticket=ticket, kind="callback_finished").exists()
