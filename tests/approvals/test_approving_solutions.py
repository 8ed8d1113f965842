"""R33: a solution above somebody's authority is decided before the customer hears of it."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from approvals import actions
from approvals.models import Approval, Decision, SolutionKind
from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions import cancelling, replying
from complaints.states import Medium
from tests import people
from tests.people import MONDAY_NINE, MONDAY_TEN, fresh

pytestmark = pytest.mark.django_db


def ask(ticket, *, amount="120", by=None):
    return actions.request(
        ticket,
        kind=SolutionKind.COMPENSATION,
        amount=Decimal(amount),
        solution="Two months free of charge.",
        by=by or people.person("rosa"),
        at=MONDAY_NINE,
    )


@pytest.fixture
def to_reply(db):
    return people.a_ticket_to_reply()


def test_a_reply_waits_for_the_decision(to_reply, rosa):
    approval = ask(to_reply)

    with pytest.raises(NotPossible):
        replying.reply(fresh(to_reply), medium=Medium.PHONE, text="Two months free.", by=rosa, at=MONDAY_TEN)

    actions.decide(approval, approves=True, note="", by=people.person("mengyao"), at=MONDAY_TEN)
    replying.reply(fresh(to_reply), medium=Medium.PHONE, text="Two months free.", by=rosa, at=MONDAY_TEN)
    assert Approval.objects.get().decision == Decision.APPROVED


def test_what_is_within_ones_authority_is_not_put_up(to_reply):
    with pytest.raises(Malformed) as refusal:
        ask(to_reply, amount="50")

    assert refusal.value.code == "within_authority"


def test_the_amount_decides_how_far_up_it_goes(to_reply):
    approval = ask(to_reply, amount="500.01")

    with pytest.raises(NotYours):
        actions.decide(approval, approves=True, note="", by=people.person("mengyao"), at=MONDAY_TEN)


def test_nobody_approves_their_own_proposal(to_reply):
    lead = people.person("mengyao")
    approval = ask(to_reply)
    Approval.objects.filter(pk=approval.pk).update(requested_by=lead)

    with pytest.raises(NotYours):
        actions.decide(approval, approves=True, note="", by=lead, at=MONDAY_TEN)


def test_the_database_refuses_a_self_made_approval(to_reply, rosa):
    approval = ask(to_reply)

    with pytest.raises(IntegrityError, match="nobody_approves_their_own_solution"), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(decision="approved", decided_by=rosa, decided_at=MONDAY_TEN)


def test_a_refusal_says_why(to_reply):
    approval = ask(to_reply)

    with pytest.raises(Malformed):
        actions.decide(approval, approves=False, note=" ", by=people.person("mengyao"), at=MONDAY_TEN)


def test_it_is_decided_once(to_reply):
    approval = ask(to_reply)
    lead = people.person("mengyao")
    actions.decide(approval, approves=False, note="too much", by=lead, at=MONDAY_TEN)

    with pytest.raises(NotPossible):
        actions.decide(approval, approves=True, note="", by=lead, at=MONDAY_TEN)


def test_it_is_withdrawn_when_its_ticket_is_cancelled(to_reply, rosa):
    ask(to_reply)

    cancelling.cancel(fresh(to_reply), reason="withdrawn by the customer", by=rosa, at=MONDAY_TEN)

    assert Approval.objects.get().decision == Decision.WITHDRAWN
    assert fresh(to_reply).open_approvals == 0


def test_the_list_of_a_lead_holds_what_they_may_decide(to_reply):
    ask(to_reply)

    assert Approval.objects.for_person(people.person("mengyao"), MONDAY_TEN).count() == 1
    assert Approval.objects.for_person(people.person("noor"), MONDAY_TEN).count() == 0
    assert Approval.objects.for_person(people.person("rosa"), MONDAY_TEN).count() == 0


def test_r33_what_is_within_ones_authority_is_granted_on_the_spot_and_on_record(to_reply, rosa):
    granted = actions.grant(
        to_reply, kind=SolutionKind.WAIVER, amount=Decimal(50), solution="Waived.", by=rosa, at=MONDAY_TEN
    )

    assert (granted.decision, granted.decided_by) == (Decision.GRANTED, rosa)
    assert fresh(to_reply).open_approvals == 0
    assert list(Approval.objects.decided_under(people.person("mengyao"), MONDAY_TEN)) == [granted]
    assert not Approval.objects.decided_under(people.person("douhai"), MONDAY_TEN).exists()


def test_r33_what_is_above_ones_authority_is_not(to_reply, rosa):
    with pytest.raises(NotPossible) as refused:
        actions.grant(
            to_reply, kind=SolutionKind.WAIVER, amount=Decimal("50.01"), solution="Waived.", by=rosa, at=MONDAY_TEN
        )

    assert refused.value.code == "above_authority"
    assert not Approval.objects.exists()
