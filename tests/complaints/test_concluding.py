"""The conclusion: verdict, liability and what the matter turns out to be (R60, R21, R44)."""

import itertools

import pytest

from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions import acceptance, concluding, reopening, replying
from complaints.actions.concluding import Outcome
from complaints.models.conclusion import final_nature
from complaints.states import Liability, Medium, Nature, State, Verdict
from tests.people import MONDAY_NINE, MONDAY_TEN, a_ticket, a_ticket_to_reply, fresh, person

pytestmark = pytest.mark.django_db

OPINIONS = {(Verdict.ACCEPTS, Liability.UNFOUNDED), (Verdict.ACCEPTS, Liability.CUSTOMER)}


@pytest.fixture
def replied(rosa):
    """A ticket that Rosa has replied to."""
    ticket = a_ticket_to_reply()
    replying.reply(ticket, medium=Medium.PHONE, text="The line works again.", by=rosa, at=MONDAY_NINE)
    return ticket


@pytest.mark.parametrize(("nature", "verdict", "liability"), list(itertools.product(Nature, Verdict, Liability)))
def test_accepted_and_not_liable_is_an_opinion_every_other_combination_a_complaint(nature, verdict, liability):
    if nature in {Nature.SUGGESTION, Nature.ENQUIRY}:
        expected = nature
    else:
        expected = Nature.OPINION if (verdict, liability) in OPINIONS else Nature.COMPLAINT

    assert final_nature(nature, verdict=verdict, liability=liability) == expected


def test_a_conclusion_is_kept_with_its_round_and_awaits_the_callback(replied, rosa):
    outcome = Outcome(verdict=Verdict.ACCEPTS, liability=Liability.CUSTOMER, remedy=" A new plan. ")

    conclusion = concluding.conclude(replied, outcome=outcome, by=rosa, at=MONDAY_TEN)

    now = fresh(replied)
    assert (now.state, now.nature, now.verdict, now.liability, now.concluded_at) == (
        State.CALLBACK,
        Nature.OPINION,
        Verdict.ACCEPTS,
        Liability.CUSTOMER,
        MONDAY_TEN,
    )
    assert (conclusion.round, conclusion.remedy, conclusion.by, conclusion.is_liable) == (
        1,
        "A new plan.",
        rosa,
        False,
    )


@pytest.mark.parametrize("liability", [Liability.SHARED, Liability.COMPANY])
def test_shared_and_the_companys_own_count_as_liable(liability, replied, rosa):
    outcome = Outcome(verdict=Verdict.ACCEPTS, liability=liability)

    assert concluding.conclude(replied, outcome=outcome, by=rosa, at=MONDAY_TEN).is_liable


def test_unknown_words_are_all_named(replied, rosa):
    with pytest.raises(Malformed) as refused:
        concluding.conclude(replied, outcome=Outcome(verdict="fine", liability=""), by=rosa, at=MONDAY_TEN)

    assert set(refused.value.errors) == {"verdict", "liability"}


def test_not_established_on_the_spot_is_a_conclusion_of_its_own(rosa):
    ticket = a_ticket()
    outcome = Outcome(verdict=Verdict.ACCEPTS, liability=Liability.UNFOUNDED, established=False)

    acceptance.resolve_on_site(ticket, outcome=outcome, by=rosa, at=MONDAY_NINE)

    kept = ticket.conclusions.get()
    assert (kept.on_site, kept.established) == (True, False)
    assert fresh(ticket).resolved_on_site_at == MONDAY_NINE


def test_a_supervisor_confirms_what_the_customer_does_not_accept(replied, rosa, lin):
    outcome = Outcome(verdict=Verdict.DOES_NOT_ACCEPT, liability=Liability.UNFOUNDED)
    concluding.conclude(replied, outcome=outcome, by=rosa, at=MONDAY_NINE)

    with pytest.raises(NotYours):
        concluding.confirm(fresh(replied), by=rosa, at=MONDAY_TEN)
    concluding.confirm(fresh(replied), by=lin, at=MONDAY_TEN)
    with pytest.raises(NotPossible) as again:
        concluding.confirm(fresh(replied), by=lin, at=MONDAY_TEN)

    conclusion = replied.conclusions.get()
    assert (conclusion.confirmed_at, conclusion.confirmed_by) == (MONDAY_TEN, lin)
    assert again.value.code == "nothing_to_confirm"


def test_what_the_customer_accepts_needs_no_confirmation(replied, rosa, lin):
    outcome = Outcome(verdict=Verdict.ACCEPTS, liability=Liability.UNFOUNDED)
    concluding.conclude(replied, outcome=outcome, by=rosa, at=MONDAY_NINE)

    with pytest.raises(NotPossible):
        concluding.confirm(fresh(replied), by=lin, at=MONDAY_TEN)


def test_each_round_has_a_conclusion_of_its_own(replied, rosa, wei):
    outcome = Outcome(verdict=Verdict.ACCEPTS, liability=Liability.COMPANY)
    concluding.conclude(replied, outcome=outcome, by=rosa, at=MONDAY_NINE)
    reopening.reopen(fresh(replied), reason="It is down again.", by=rosa, at=MONDAY_TEN)

    now = fresh(replied)
    assert (now.verdict, now.liability, now.concluded_at, now.replied_at) == ("", "", None, None)
    assert [conclusion.round for conclusion in now.conclusions.all()] == [1]
    assert "conclude" not in now.possible_moves(person("rosa").authority(MONDAY_TEN))
