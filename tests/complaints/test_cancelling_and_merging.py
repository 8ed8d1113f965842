"""A ticket ends before its time: withdrawn, or one matter with another (section 3)."""

import pytest

from common.refusals import Malformed, NotPossible, NotYours, Stale
from complaints.actions import assisting, cancelling, commenting, holding
from complaints.models.hold import HoldReason
from complaints.states import State
from tests.people import MONDAY_NINE, MONDAY_TEN, TUESDAY_NINE, a_customer, a_ticket, a_ticket_in_hand, fresh, unit

pytestmark = pytest.mark.django_db


def test_a_withdrawn_ticket_says_why_and_everything_on_it_ends(rosa, wei):
    ticket = a_ticket_in_hand()
    assisting.ask(ticket, unit=unit("data"), question="How much?", by=wei, at=MONDAY_NINE)
    holding.hold(ticket, reason=HoldReason.PARTS, text="Parts.", until=TUESDAY_NINE, by=wei, at=MONDAY_NINE)

    cancelling.cancel(ticket, reason="The line came back.", by=rosa, at=MONDAY_TEN)

    now = fresh(ticket)
    assert (now.state, now.cancelled_at, now.held_until) == (State.CANCELLED, MONDAY_TEN, None)
    assert (now.assistances.get().ended_at, now.holds.get().ended_at) == (MONDAY_TEN, MONDAY_TEN)
    assert now.entries.get(kind="cancelled").note.text == "The line came back."


def test_a_cancellation_needs_a_reason(ticket, rosa):
    with pytest.raises(Malformed):
        cancelling.cancel(ticket, reason="  ", by=rosa, at=MONDAY_TEN)


def test_the_surviving_ticket_takes_the_earlier_raised_at(rosa):
    early = a_ticket(at=MONDAY_NINE)
    late = a_ticket(at=MONDAY_TEN)

    cancelling.merge(early, into=late, reason="one matter", by=rosa, at=MONDAY_TEN)

    merged, survivor = fresh(early), fresh(late)
    assert (merged.state, merged.merged_into) == (State.CANCELLED, late)
    assert (survivor.state, survivor.raised_at) == (State.ACCEPTED, MONDAY_NINE)
    assert survivor.entries.get(kind="absorbed").data == {"absorbed": early.reference}
    assert merged.entries.get(kind="merged").data == {"into": late.reference}


def test_the_surviving_ticket_keeps_its_own_raised_at_where_that_is_earlier(rosa):
    early = a_ticket(at=MONDAY_NINE)
    late = a_ticket(at=MONDAY_TEN)

    cancelling.merge(late, into=early, reason="one matter", by=rosa, at=MONDAY_TEN)

    assert fresh(early).raised_at == MONDAY_NINE


def test_only_open_tickets_of_the_same_customer_are_one_matter(rosa):
    ticket, ended = a_ticket(), a_ticket()
    others = a_ticket(customer=a_customer("12055550199"))
    cancelling.cancel(ended, reason="withdrawn", by=rosa, at=MONDAY_NINE)

    for into in (ticket, ended, others):
        with pytest.raises(Malformed) as refused:
            cancelling.merge(fresh(ticket), into=fresh(into), reason="one matter", by=rosa, at=MONDAY_TEN)
        assert list(refused.value.errors) == ["into"]

    assert fresh(ticket).state == State.ACCEPTED


def test_who_may_not_cancel_may_not_merge_and_the_survivor_stays_as_it_was(wei):
    early, late = a_ticket(at=MONDAY_NINE), a_ticket(at=MONDAY_TEN)
    version = late.version

    with pytest.raises(NotYours):
        cancelling.merge(early, into=late, reason="one matter", by=wei, at=MONDAY_TEN)

    assert (fresh(late).raised_at, fresh(late).version) == (MONDAY_TEN, version)


def test_a_merge_on_an_old_view_of_the_survivor_is_refused(rosa):
    ticket, into = a_ticket(), a_ticket()
    old_view = fresh(into)
    commenting.comment(into, text="The customer called.", by=rosa, at=MONDAY_NINE)

    with pytest.raises(Stale):
        cancelling.merge(ticket, into=old_view, reason="one matter", by=rosa, at=MONDAY_TEN)

    assert fresh(ticket).state == State.ACCEPTED


def test_what_has_ended_is_not_cancelled_again(ticket, rosa):
    cancelling.cancel(ticket, reason="withdrawn", by=rosa, at=MONDAY_NINE)

    with pytest.raises(NotPossible) as refused:
        cancelling.cancel(fresh(ticket), reason="withdrawn", by=rosa, at=MONDAY_TEN)

    assert refused.value.facts["possible"] == []
