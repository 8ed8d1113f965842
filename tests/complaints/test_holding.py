"""Hold: who, why, until when; bounded, and it comes back by itself (R6)."""

from datetime import timedelta

import pytest

from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions import cancelling, concluding, handling, holding, replying
from complaints.models import DeskRules, Hold, Ticket
from complaints.models.hold import HoldReason
from complaints.states import AttemptResult, Liability, Medium, State
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    TUESDAY_NINE,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    findings,
    fresh,
    local,
    person,
    unit,
)

pytestmark = pytest.mark.django_db

LATEST = local("2026-03-05 18:00")  # the close of the third working day from a Monday


def rest(ticket: Ticket, *, by="wei", at=MONDAY_NINE, until=TUESDAY_NINE, reason=HoldReason.PARTS, **given) -> Hold:
    return holding.hold(
        ticket, reason=reason, text=given.pop("text", "A splitter."), until=until, by=person(by), at=at, **given
    )


def test_a_hold_says_who_why_and_until_when():
    ticket = a_ticket_in_hand()

    held = rest(ticket)

    now = fresh(ticket)
    assert (now.state, now.is_held, now.held_since, now.held_until) == (
        State.HANDLING,
        True,
        MONDAY_NINE,
        TUESDAY_NINE,
    )
    assert (held.reason, held.text, held.by) == (HoldReason.PARTS, "A splitter.", person("wei"))
    assert list(Ticket.objects.held()) == [ticket]


@pytest.mark.parametrize(
    ("reason", "consents", "stops"),
    [
        (HoldReason.PARTS, False, False),
        (HoldReason.PARTNER, False, False),
        (HoldReason.PARTS, True, True),
        (HoldReason.CUSTOMER, False, True),
    ],
)
def test_the_reply_clock_rests_only_with_the_customers_consent_or_when_they_are_awaited(reason, consents, stops):
    held = rest(a_ticket_in_hand(), reason=reason, customer_consents=consents)

    assert held.stops_the_reply_clock == stops


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"until": MONDAY_NINE}, "until"),
        ({"until": MONDAY_NINE - timedelta(hours=1)}, "until"),
        ({"until": LATEST + timedelta(seconds=1)}, "until"),
        ({"until": local("9999-12-31 00:00")}, "until"),
        ({"text": " "}, "text"),
        ({"text": "\x00"}, "text"),
        ({"reason": "tired"}, "reason"),
    ],
)
def test_a_hold_that_is_not_well_formed_is_refused(given, field):
    ticket = a_ticket_in_hand()

    with pytest.raises(Malformed) as refused:
        rest(ticket, **given)

    assert list(refused.value.errors) == [field]
    assert not fresh(ticket).is_held


def test_a_hold_lasts_at_most_three_working_days():
    assert rest(a_ticket_in_hand(), until=LATEST).ends_at == LATEST


def test_a_ticket_is_held_twice_in_a_round_and_not_a_third_time():
    ticket = a_ticket_in_hand()
    for at in (MONDAY_NINE, MONDAY_TEN):
        rest(ticket, at=at)
        holding.resume(ticket, by=person("wei"), at=at + timedelta(minutes=30))

    with pytest.raises(NotPossible) as refused:
        rest(ticket, at=MONDAY_TEN + timedelta(hours=1))

    assert refused.value.code == "held_too_often"


def test_bounds_of_holds_are_data():
    DeskRules.objects.filter(pk=1).update(holds_at_most=0)

    with pytest.raises(NotPossible):
        rest(a_ticket_in_hand())


def test_what_is_held_is_not_held_again():
    ticket = a_ticket_in_hand()
    rest(ticket)

    with pytest.raises(NotPossible) as refused:
        rest(ticket, at=MONDAY_TEN)

    assert refused.value.code == "held_already"


@pytest.mark.parametrize("state", [State.ACCEPTED, State.CANCELLED])
def test_only_what_a_unit_or_a_replier_has_is_held(state, lin):
    ticket = a_ticket()
    if state == State.CANCELLED:
        cancelling.cancel(ticket, reason="withdrawn", by=lin, at=MONDAY_NINE)

    with pytest.raises(NotPossible) as refused:
        rest(ticket, by="lin")

    assert refused.value.facts["state"] == state


# It comes back by itself


def test_a_hold_ends_by_itself_at_its_end_and_not_before():
    ticket = a_ticket_in_hand()
    rest(ticket)

    assert holding.holds_to_end(TUESDAY_NINE - timedelta(seconds=1)) == []
    assert holding.holds_to_end(TUESDAY_NINE) == [ticket.pk]
    holding.resume(fresh(ticket), by=None, at=TUESDAY_NINE + timedelta(seconds=3))

    held = ticket.holds.get()
    assert (fresh(ticket).is_held, held.ended_by) == (False, None)
    # Noticed three seconds late, yet it rested no longer than agreed.
    assert held.ended_at == TUESDAY_NINE
    assert holding.holds_to_end(TUESDAY_NINE) == []


def test_what_is_not_held_cannot_be_resumed():
    with pytest.raises(NotPossible) as refused:
        holding.resume(a_ticket_in_hand(), by=None, at=MONDAY_TEN)

    assert refused.value.code == "not_held"


def test_a_held_claim_is_not_given_back_as_untouched():
    ticket = a_ticket_in_hand()
    rest(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(touched_at=None)

    assert handling.untouched_claims(TUESDAY_NINE) == []


# A hold is booked before whatever ends it


def test_a_move_on_books_the_end_of_the_hold_first(wei):
    ticket = a_ticket_in_hand()
    rest(ticket)

    handling.feed_back(fresh(ticket), findings=findings(MONDAY_TEN), by=wei, at=MONDAY_TEN)

    held = ticket.holds.get()
    kinds = [entry.kind for entry in ticket.entries.all()]
    assert (held.ended_at, held.ended_by) == (MONDAY_TEN, wei)
    assert kinds.index("resumed") < kinds.index("fed_back")


def test_a_ticket_closed_straight_from_a_hold_is_not_left_held(rosa):
    ticket = a_ticket_to_reply()
    for at in (MONDAY_NINE, MONDAY_NINE + timedelta(hours=1), TUESDAY_NINE):
        replying.attempt_reply(
            ticket,
            medium=Medium.PHONE,
            result=AttemptResult.NO_ANSWER,
            next_at=at + timedelta(hours=1),
            by=rosa,
            at=at,
        )
    rest(ticket, by="rosa", at=TUESDAY_NINE, until=TUESDAY_NINE + timedelta(hours=8), reason=HoldReason.CUSTOMER)
    at = TUESDAY_NINE + timedelta(hours=2)

    concluding.conclude_unreachable(fresh(ticket), liability=Liability.UNFOUNDED, by=rosa, at=at)

    assert (fresh(ticket).state, fresh(ticket).held_until) == (State.CLOSED, None)
    assert ticket.holds.get().ended_at == at


def test_a_refused_move_leaves_the_hold_as_it_was(noor):
    ticket = a_ticket_in_hand()
    rest(ticket)

    with pytest.raises(NotYours):
        handling.transfer(fresh(ticket), to=unit("data"), reason="not ours", by=noor, at=MONDAY_TEN)

    assert fresh(ticket).is_held
    assert ticket.holds.get().ended_at is None


@pytest.mark.parametrize("move", ["release", "assign"])
def test_within_the_unit_a_ticket_changes_hands_without_ending_its_hold(move, wei):
    ticket = a_ticket_in_hand()
    rest(ticket)

    if move == "release":
        handling.release(fresh(ticket), by=wei, at=MONDAY_TEN)
    else:
        handling.assign(fresh(ticket), to=person("zhangbo"), by=person("douhai"), at=MONDAY_TEN)

    assert fresh(ticket).is_held
