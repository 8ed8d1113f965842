"""The unit's work: claims, hand-ons and complete feedback (R30, section 15)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from common.refusals import Malformed
from complaints.actions import commenting, handling
from complaints.models import DeskRules, FillerPhrase
from complaints.states import Fault, State
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    a_dispatched_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    findings,
    fresh,
    person,
    unit,
)

pytestmark = pytest.mark.django_db

PARTS = ("process", "cause", "result", "person", "advice")
HALF_AN_HOUR = timedelta(minutes=30)


# Feedback (R30)


def test_feedback_keeps_all_six_parts_and_who_gave_it(wei):
    ticket = a_ticket_to_reply()

    (kept,) = ticket.feedbacks.all()
    given = findings()
    assert all(getattr(kept, part) == getattr(given, part) for part in (*PARTS, "handled_at"))
    assert (kept.by, kept.unit.code, kept.round) == (wei, "network", 1)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("text", ["", "  \n", "\x00", "x" * 10_001])
def test_a_part_that_is_missing_or_cannot_be_kept_is_refused_by_its_name(part, text, wei):
    ticket = a_ticket_in_hand()

    with pytest.raises(Malformed) as refused:
        handling.feed_back(ticket, findings=replace(findings(), **{part: text}), by=wei, at=MONDAY_NINE)

    assert list(refused.value.errors) == [part]
    assert fresh(ticket).state == State.HANDLING


def test_all_missing_parts_are_named_at_once(wei):
    nothing = replace(findings(), **dict.fromkeys(PARTS, ""))

    with pytest.raises(Malformed) as refused:
        handling.feed_back(a_ticket_in_hand(), findings=nothing, by=wei, at=MONDAY_NINE)

    assert tuple(refused.value.errors) == PARTS


@pytest.mark.parametrize(
    "filler", ["处理中", "处理中。", "  已告知！", "跟进中...", "In Progress", "already informed.", "IN PROGRESS…"]
)
@pytest.mark.parametrize("part", ["process", "cause", "result", "advice"])
def test_fillers_are_no_feedback_however_they_are_dressed(filler, part, wei):
    with pytest.raises(Malformed) as refused:
        handling.feed_back(a_ticket_in_hand(), findings=replace(findings(), **{part: filler}), by=wei, at=MONDAY_NINE)

    assert list(refused.value.errors) == [part]


def test_a_sentence_that_contains_a_filler_is_feedback(wei):
    ticket = a_ticket_in_hand()

    handling.feed_back(
        ticket,
        findings=replace(findings(), process="While the repair was in progress the splitter was replaced."),
        by=wei,
        at=MONDAY_NINE,
    )

    assert fresh(ticket).state == State.REPLYING


def test_fillers_and_the_shortest_text_are_data(wei):
    FillerPhrase.objects.create(phrase="Looked at it")
    DeskRules.objects.filter(pk=1).update(feedback_minimum_length=12)
    given = replace(findings(), process="looked at it.", cause="The cable.")

    with pytest.raises(Malformed) as refused:
        handling.feed_back(a_ticket_in_hand(), findings=given, by=wei, at=MONDAY_NINE)

    assert set(refused.value.errors) == {"process", "cause"}


def test_nothing_was_handled_in_the_future(wei):
    with pytest.raises(Malformed) as refused:
        handling.feed_back(a_ticket_in_hand(), findings=findings(MONDAY_TEN), by=wei, at=MONDAY_NINE)

    assert list(refused.value.errors) == ["handled_at"]


# Claims (section 15)


def test_an_untouched_claim_is_given_back_by_the_system():
    ticket = a_ticket_in_hand()

    assert handling.untouched_claims(MONDAY_NINE + HALF_AN_HOUR - timedelta(seconds=1)) == []
    assert handling.untouched_claims(MONDAY_NINE + HALF_AN_HOUR) == [ticket.pk]
    assert handling.give_back_untouched(fresh(ticket), at=MONDAY_NINE + HALF_AN_HOUR)

    now = fresh(ticket)
    assert (now.state, now.handler) == (State.DISPATCHED, None)
    assert now.entries.get(kind="released").by is None


def test_a_claim_that_was_worked_on_stays(wei):
    ticket = a_ticket_in_hand()
    commenting.comment(ticket, text="Measuring now.", by=wei, at=MONDAY_NINE)

    assert handling.untouched_claims(MONDAY_TEN) == []


def test_a_claim_touched_after_it_was_listed_is_not_given_back(wei):
    ticket = a_ticket_in_hand()
    (listed,) = handling.untouched_claims(MONDAY_TEN)
    commenting.comment(ticket, text="Measuring now.", by=wei, at=MONDAY_TEN)

    assert listed == ticket.pk
    assert not handling.give_back_untouched(fresh(ticket), at=MONDAY_TEN)
    assert fresh(ticket).handler == wei


# Passing on


def test_a_transfer_is_counted_and_goes_to_the_other_units_queue(wei):
    ticket = a_ticket_in_hand()

    handling.transfer(ticket, to=unit("group-customers"), reason="a company's line", by=wei, at=MONDAY_TEN)

    now = fresh(ticket)
    assert (now.state, now.lead_unit.code, now.handler, now.transfers) == (
        State.DISPATCHED,
        "group-customers",
        None,
        1,
    )


def test_a_transfer_needs_a_reason_and_another_unit(wei):
    ticket = a_ticket_in_hand()

    with pytest.raises(Malformed) as without_reason:
        handling.transfer(ticket, to=unit("data"), reason=" ", by=wei, at=MONDAY_TEN)
    with pytest.raises(Malformed) as to_itself:
        handling.transfer(ticket, to=unit("network"), reason="not ours", by=wei, at=MONDAY_TEN)

    assert (list(without_reason.value.errors), list(to_itself.value.errors)) == (["reason"], ["to"])


def test_only_who_works_for_the_unit_is_assigned(noor):
    ticket = a_dispatched_ticket()

    with pytest.raises(Malformed) as refused:
        handling.assign(ticket, to=noor, by=person("douhai"), at=MONDAY_TEN)

    assert list(refused.value.errors) == ["to"]


def test_a_supervisor_takes_over_by_assigning_to_themselves(lin):
    ticket = a_ticket_in_hand()

    handling.assign(ticket, to=lin, by=lin, at=MONDAY_TEN)

    assert fresh(ticket).handler == lin
    assert "feed_back" in fresh(ticket).possible_moves(lin.authority(MONDAY_TEN))


def test_what_is_sent_back_belongs_to_no_unit_and_says_why(wei):
    ticket = a_ticket_in_hand()

    handling.send_back(ticket, faults=[Fault.UNIT_WRONG, Fault.CATEGORY_WRONG, Fault.UNIT_WRONG], by=wei, at=MONDAY_TEN)

    now = fresh(ticket)
    assert (now.state, now.lead_unit, now.handler, now.send_backs) == (State.ACCEPTED, None, None, 1)
    assert now.entries.get(kind="sent_back").data["faults"] == ["category_wrong", "unit_wrong"]
