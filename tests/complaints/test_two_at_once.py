"""Several people at one ticket in the same instant, on a real database with real threads (R4, R15)."""

import pytest

from common.refusals import NotPossible, Stale
from complaints.actions import acceptance, assisting, cancelling, chasing, dispatching, handling, replying
from complaints.actions.acceptance import Matters
from complaints.models import Assistance, Entry, Ticket
from complaints.states import Medium, State
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    a_customer,
    a_dispatched_ticket,
    a_record,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    category,
    fresh,
    person,
    unit,
)
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told_what_changed():
    ticket = a_dispatched_ticket()
    views = {name: fresh(ticket) for name in ("wei", "zhangbo")}
    people = {name: person(name) for name in views}

    came = together([lambda name=name: handling.claim(views[name], by=people[name], at=MONDAY_NINE) for name in views])

    (refusal,) = [each for each in came if each is not None]
    now = fresh(ticket)
    assert isinstance(refusal, Stale)
    assert (refusal.status, refusal.code) == (409, "changed_meanwhile")
    assert (refusal.facts["state"], refusal.facts["version"]) == (State.HANDLING, now.version)
    assert refusal.facts["changes"] == [{"kind": "claimed", "by": str(now.handler), "at": MONDAY_NINE}]
    assert now.version == ticket.version + 1
    assert Entry.objects.filter(ticket=ticket, kind="claimed").count() == 1


def test_of_a_dispatch_and_a_return_at_once_only_one_happens():
    ticket = a_ticket()
    first, second = fresh(ticket), fresh(ticket)
    sam, colleague = person("sam"), person("xuliang")

    came = together(
        [
            lambda: dispatching.dispatch(
                first, to=unit("network"), assisting_units=[unit("data")], by=sam, at=MONDAY_NINE
            ),
            lambda: dispatching.return_for_completion(second, faults=["record_wrong"], by=colleague, at=MONDAY_NINE),
        ]
    )

    assert sorted(type(each).__name__ for each in came) == ["NoneType", "Stale"]
    dispatched = came[0] is None
    assert fresh(ticket).state == (State.DISPATCHED if dispatched else State.RETURNED)
    assert Assistance.objects.filter(ticket=ticket).exists() == dispatched


def test_of_two_replies_at_once_one_reaches_the_record():
    ticket = a_ticket_to_reply()
    views = [fresh(ticket), fresh(ticket)]
    rosa = person("rosa")

    came = together(
        [
            lambda view=view: replying.reply(view, medium=Medium.PHONE, text="It works.", by=rosa, at=MONDAY_NINE)
            for view in views
        ]
    )

    assert [type(each) for each in came].count(Stale) == 1
    assert ticket.reply_attempts.count() == ticket.matter.contacts.count() == 1


def test_two_agents_who_take_the_same_complaint_at_once_make_one_ticket():
    customer = a_customer()
    filed_under = category()
    agents = [person("rosa"), person("zhaomin")]

    came = together(
        [
            lambda agent=agent: acceptance.accept(
                customer,
                matter=Matters(category=filed_under, happened="The bill is wrong.", record=a_record(filed_under)),
                unit=agent.unit,
                by=agent,
                at=MONDAY_NINE,
            )
            for agent in agents
        ]
    )

    (refusal,) = [each for each in came if isinstance(each, NotPossible)]
    (ticket,) = Ticket.objects.all()
    assert (refusal.code, refusal.facts["reference"]) == ("duplicate", ticket.reference)


def test_the_same_external_id_handed_in_twice_at_once_makes_one_ticket():
    filed_under = category()
    desk = unit("acceptance")
    customers = [a_customer("12055550101"), a_customer("12055550102")]

    came = together(
        [
            lambda customer=customer: acceptance.accept(
                customer,
                matter=Matters(category=filed_under, happened="The bill is wrong.", record=a_record(filed_under)),
                unit=desk,
                by=None,
                at=MONDAY_NINE,
                external_id="web-1",
            )
            for customer in customers
        ]
    )

    (refusal,) = [each for each in came if isinstance(each, NotPossible)]
    assert refusal.code == "external_id_taken"
    assert Ticket.objects.count() == 1


def test_references_are_given_once_however_many_accept():
    customers = [a_customer(f"120555501{n:02}") for n in range(6)]
    rosa = person("rosa")

    came = together(
        [
            lambda customer=customer: [a_ticket(customer=customer, by=rosa).reference for _ in range(4)]
            for customer in customers
        ]
    )

    references = [reference for each in came for reference in each]
    assert len(set(references)) == len(references) == Ticket.objects.count() == 24


@pytest.mark.parametrize("turn", range(3))
def test_an_answer_of_an_assisting_unit_and_a_transfer_do_not_lock_each_other_out(turn):
    ticket = a_ticket_in_hand()
    wei, helper = person("wei"), person("noor")
    asked = assisting.ask(ticket, unit=unit("group-customers"), question="Is it a partner's?", by=wei, at=MONDAY_NINE)
    chase = chasing.chase_up(ticket, text="When?", by=person("rosa"), at=MONDAY_NINE)
    view, elsewhere = fresh(ticket), unit("data")

    came = together(
        [
            lambda: assisting.answer(asked, text="No, it is ours.", by=helper, at=MONDAY_TEN),
            lambda: handling.transfer(view, to=elsewhere, reason="not ours", by=wei, at=MONDAY_TEN),
            lambda: chasing.answer_chase_up(chase, text="Today.", by=wei, at=MONDAY_TEN),
        ]
    )

    # A database that gave up on one of them would have raised through `together`.
    happened = Entry.objects.filter(ticket=ticket, at=MONDAY_TEN).count()
    assert happened == len([each for each in came if each is None]) >= 1


def test_merges_that_cross_do_not_lock_each_other_out(rosa):
    one, other = a_ticket(), a_ticket()
    views = [(fresh(one), fresh(other)), (fresh(other), fresh(one))]

    came = together(
        [
            lambda pair=pair: cancelling.merge(pair[0], into=pair[1], reason="one matter", by=rosa, at=MONDAY_TEN)
            for pair in views
        ]
    )

    assert [type(each) for each in came].count(Stale) == 1
    assert Ticket.objects.filter(state=State.CANCELLED).count() == 1
