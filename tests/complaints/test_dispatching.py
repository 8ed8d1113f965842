"""The dispatch desk: review, routes, returns and recalls (section 3, R24)."""

import pytest

from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions import acceptance, assisting, dispatching, handling
from complaints.actions.concluding import Outcome
from complaints.models import Assistance
from complaints.routing import proposed_unit
from complaints.states import AssistKind, Fault, Liability, State, Verdict
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    a_customer,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    findings,
    fresh,
    unit,
)

pytestmark = pytest.mark.django_db

DIRECT = "suspension.wrongful.paid-up"
OUTCOME = Outcome(verdict=Verdict.ACCEPTS, liability=Liability.UNFOUNDED)


def test_a_dispatch_names_one_lead_and_any_assisting_units(ticket, sam):
    dispatching.dispatch(
        ticket, to=unit("network"), assisting_units=[unit("data"), unit("network")], by=sam, at=MONDAY_NINE
    )

    now = fresh(ticket)
    assert (now.state, now.lead_unit.code, now.dispatches) == (State.DISPATCHED, "network", 1)
    assert [(each.unit.code, each.kind) for each in now.assistances.all()] == [("data", AssistKind.DIRECT)]


def test_a_unit_that_is_not_active_receives_nothing(ticket, sam):
    closed = unit("data")
    closed.is_active = False

    with pytest.raises(Malformed) as refused:
        dispatching.dispatch(ticket, to=closed, by=sam, at=MONDAY_NINE)

    assert list(refused.value.errors) == ["to"]


@pytest.mark.parametrize("faults", [[], ["no such fault"], [Fault.RECORD_WRONG, "no such fault"]])
def test_a_return_and_a_send_back_choose_from_the_list_of_faults(faults, sam, wei):
    with pytest.raises(Malformed):
        dispatching.return_for_completion(a_ticket(), faults=faults, by=sam, at=MONDAY_NINE)
    with pytest.raises(Malformed):
        handling.send_back(a_ticket_in_hand(), faults=faults, by=wei, at=MONDAY_NINE)


def test_a_returned_ticket_is_completed_and_submitted_again(ticket, rosa, sam):
    dispatching.return_for_completion(ticket, faults=[Fault.RECORD_INCOMPLETE], by=sam, at=MONDAY_NINE)

    with pytest.raises(Malformed):
        acceptance.resubmit(ticket, record_of={}, happened="The bill is wrong.", by=rosa, at=MONDAY_TEN)
    acceptance.resubmit(
        fresh(ticket), record_of=ticket.record, happened="The bill of May is wrong.", by=rosa, at=MONDAY_TEN
    )

    now = fresh(ticket)
    assert (now.state, now.happened, now.submitted_at) == (
        State.ACCEPTED,
        "The bill of May is wrong.",
        MONDAY_TEN,
    )
    assert now.accepted_at == MONDAY_NINE


def test_what_somebody_has_claimed_is_not_recalled(sam):
    ticket = a_ticket_in_hand()

    with pytest.raises(NotPossible) as refused:
        dispatching.recall(ticket, reason="wrong place", by=sam, at=MONDAY_TEN)

    assert refused.value.facts["state"] == State.HANDLING
    assert "recall" not in refused.value.facts["possible"]


def test_a_recall_ends_what_assisting_units_were_asked(sam, ticket):
    dispatching.dispatch(ticket, to=unit("network"), assisting_units=[unit("data")], by=sam, at=MONDAY_NINE)

    dispatching.recall(ticket, reason="wrong place", by=sam, at=MONDAY_TEN)

    assert fresh(ticket).lead_unit is None
    assert Assistance.objects.get(ticket=ticket).ended_at == MONDAY_TEN


def test_nothing_is_solved_on_the_spot_once_it_was_dispatched(rosa, sam):
    ticket = a_dispatched_ticket()
    dispatching.recall(ticket, reason="wrong place", by=sam, at=MONDAY_NINE)

    with pytest.raises(NotPossible) as refused:
        acceptance.resolve_on_site(ticket, outcome=OUTCOME, by=rosa, at=MONDAY_TEN)

    assert "dispatched already" in refused.value.message
    assert "resolve_on_site" not in refused.value.facts["possible"]


def test_what_the_desk_handles_itself_it_leads_itself(ticket, sam):
    dispatching.handle_at_desk(ticket, by=sam, at=MONDAY_NINE)

    now = fresh(ticket)
    assert (now.state, now.lead_unit, now.handler) == (State.HANDLING, now.desk, sam)
    assert "feed_back" in now.possible_moves(sam.authority(MONDAY_NINE))


def test_a_directly_routed_category_goes_to_its_unit_without_review():
    ticket = a_ticket(of=DIRECT)

    entry = ticket.entries.get(kind="dispatched")
    assert (ticket.state, ticket.lead_unit, entry.by) == (State.DISPATCHED, ticket.category.lead_unit, None)


def test_a_matter_solved_in_the_same_contact_is_not_routed_first(rosa):
    ticket = a_ticket(of=DIRECT, routes=False)

    acceptance.resolve_on_site(ticket, outcome=OUTCOME, by=rosa, at=MONDAY_NINE)

    assert fresh(ticket).state == State.CALLBACK


def test_network_matters_go_to_the_network_team_of_the_customers_branch():
    customer = a_customer("12055550177", branch=unit("east-city"))

    ticket = a_ticket(of="broadband.speed.slow", customer=customer)

    assert ticket.category.leads_at_branch
    assert proposed_unit(ticket, at=MONDAY_NINE).code == "east-city-network"


def test_the_front_line_asks_directly_and_the_lead_unit_by_relation(rosa, wei):
    ticket = a_ticket_in_hand()

    asked_by_owner = assisting.ask(ticket, unit=unit("data"), question="How much?", by=rosa, at=MONDAY_NINE)
    asked_by_lead = assisting.ask(ticket, unit=unit("support"), question="Which plan?", by=wei, at=MONDAY_NINE)

    assert (asked_by_owner.kind, asked_by_lead.kind) == (AssistKind.DIRECT, AssistKind.RELATED)


def test_a_unit_that_has_not_answered_is_not_asked_again(wei):
    ticket = a_ticket_in_hand()
    assisting.ask(ticket, unit=unit("data"), question="How much?", by=wei, at=MONDAY_NINE)

    with pytest.raises(NotPossible) as refused:
        assisting.ask(ticket, unit=unit("data"), question="How much?", by=wei, at=MONDAY_TEN)

    assert refused.value.code == "already_asked"


def test_an_assisting_unit_answers_once_and_nobody_answers_for_it(wei, noor):
    ticket = a_ticket_in_hand()
    asked = assisting.ask(ticket, unit=unit("group-customers"), question="Whose is it?", by=wei, at=MONDAY_NINE)

    with pytest.raises(NotYours) as refused:
        assisting.answer(asked, text="Ours.", by=wei, at=MONDAY_TEN)
    assisting.answer(asked, text="Ours.", by=noor, at=MONDAY_TEN)
    with pytest.raises(NotPossible):
        assisting.answer(asked, text="Not ours.", by=noor, at=MONDAY_TEN)

    assert "Group customers" in refused.value.message
    assert Assistance.objects.get(pk=asked.pk).answer == "Ours."


@pytest.mark.parametrize("move", ["feed_back", "transfer", "send_back"])
def test_the_units_own_move_ends_what_assisting_units_were_asked(move, wei):
    ticket = a_ticket_in_hand()
    assisting.ask(ticket, unit=unit("data"), question="How much?", by=wei, at=MONDAY_NINE)

    match move:
        case "feed_back":
            handling.feed_back(ticket, findings=findings(), by=wei, at=MONDAY_TEN)
        case "transfer":
            handling.transfer(ticket, to=unit("support"), reason="not ours", by=wei, at=MONDAY_TEN)
        case "send_back":
            handling.send_back(ticket, faults=[Fault.UNIT_WRONG], by=wei, at=MONDAY_TEN)

    assert Assistance.objects.get(ticket=ticket).ended_at == MONDAY_TEN
