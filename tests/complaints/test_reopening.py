"""The same matter opens again, within its window (R74, R81)."""

from datetime import timedelta

import pytest

from common.refusals import Malformed, NotPossible
from complaints.actions import acceptance, concluding, reopening, replying
from complaints.actions.concluding import Outcome
from complaints.models import DeskRules
from complaints.states import Liability, Medium, State, Verdict
from tests.people import MONDAY_NINE, MONDAY_TEN, a_ticket, a_ticket_to_reply, fresh

pytestmark = pytest.mark.django_db

OUTCOME = Outcome(verdict=Verdict.ACCEPTS, liability=Liability.COMPANY)
MONTH = timedelta(days=30)


@pytest.fixture
def closed(rosa):
    """A ticket that Wei handled, Rosa answered, and that was closed on Monday at nine."""
    ticket = a_ticket_to_reply()
    replying.reply(ticket, medium=Medium.PHONE, text="The line works again.", by=rosa, at=MONDAY_NINE)
    concluding.conclude(ticket, outcome=OUTCOME, by=rosa, at=MONDAY_NINE)
    reopening.finish_callback(ticket, how="answered", by=None, at=MONDAY_NINE)
    return ticket


def test_it_goes_to_the_last_handling_unit_and_proposes_the_last_handler(closed, rosa, wei):
    reopening.reopen(closed, reason="It is down again.", by=rosa, at=MONDAY_TEN)

    now = fresh(closed)
    assert (now.state, now.round, now.lead_unit.code, now.handler) == (State.DISPATCHED, 2, "network", None)
    assert (now.reopened_at, now.submitted_at, now.closed_at) == (MONDAY_TEN, MONDAY_TEN, None)
    assert now.entries.get(kind="reopened").data["proposed_handler"] == wei.pk


def test_what_was_never_dispatched_goes_back_to_the_desk(rosa):
    ticket = a_ticket()
    acceptance.resolve_on_site(ticket, outcome=OUTCOME, by=rosa, at=MONDAY_NINE)

    reopening.reopen(fresh(ticket), reason="It was not solved.", by=rosa, at=MONDAY_TEN)

    assert (fresh(ticket).state, fresh(ticket).lead_unit) == (State.ACCEPTED, None)


@pytest.mark.parametrize(("after", "opens"), [(MONTH, True), (MONTH + timedelta(seconds=1), False)])
def test_reopening_is_over_thirty_days_after_closing(after, opens, closed, rosa):
    if opens:
        reopening.reopen(closed, reason="It is down again.", by=rosa, at=MONDAY_NINE + after)
        assert fresh(closed).round == 2
    else:
        with pytest.raises(NotPossible) as refused:
            reopening.reopen(closed, reason="It is down again.", by=rosa, at=MONDAY_NINE + after)
        assert refused.value.code == "reopening_is_over"
        assert fresh(closed).state == State.CLOSED


def test_the_window_is_data(closed, rosa):
    DeskRules.objects.filter(pk=1).update(reopen_within_days=1)

    with pytest.raises(NotPossible):
        reopening.reopen(closed, reason="It is down again.", by=rosa, at=MONDAY_NINE + timedelta(days=2))


def test_a_reopening_says_why(closed, rosa):
    with pytest.raises(Malformed) as refused:
        reopening.reopen(closed, reason=" ", by=rosa, at=MONDAY_TEN)

    assert list(refused.value.errors) == ["reason"]


def test_the_survey_reopens_as_the_system(closed):
    reopening.reopen(closed, reason="dissatisfied with the result", by=None, at=MONDAY_TEN)

    assert fresh(closed).entries.get(kind="reopened").by is None


def test_first_contact_does_not_come_back_with_a_new_round(closed, rosa, sam):
    reopening.reopen(closed, reason="It is down again.", by=rosa, at=MONDAY_TEN)

    assert "resolve_on_site" not in fresh(closed).possible_moves(rosa.authority(MONDAY_TEN))
