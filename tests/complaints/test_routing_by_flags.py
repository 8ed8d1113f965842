"""Flags route: A to an expert seat, B straight to the branch contact's unit (R16)."""

import pytest

from accounts.models import Assignment, Person, Role, Unit
from complaints.actions import dispatching, handling
from complaints.models import Category, Entry, Ticket
from complaints.routing import proposed_unit
from complaints.states import State
from customers.models import FlagKind, WatchRules
from customers.models.flags import AUTOMATIC
from customers.watching import mark
from tests.people import MONDAY_NINE, MONDAY_TEN, ORDINARY, TUESDAY_NINE, a_customer, a_ticket, fresh, person, unit

pytestmark = pytest.mark.django_db


def flagged(*kinds: str, branch: str = "east-city"):
    """A customer of a branch who carries these flags; those that are counted come with the first ticket."""
    WatchRules.objects.update(a_from=1 if "A" in kinds else 3, b2_from=1 if "B2" in kinds else 10)
    customer = a_customer("12055550191", branch=unit(branch) if branch else None)
    for kind in set(kinds) - AUTOMATIC:
        mark(customer, kind=FlagKind(kind), reason="as told", by=None, at=MONDAY_NINE, expires_at=TUESDAY_NINE)
    return customer


def proposed(ticket: Ticket, at=MONDAY_NINE) -> str:
    return proposed_unit(fresh(ticket), at=at).code


@pytest.mark.parametrize("kind", ["B1", "B2", "B3"])
def test_flag_b_sends_a_ticket_straight_to_the_branch_contacts_unit(kind):
    ticket = a_ticket(customer=flagged(kind))

    assert (ticket.state, ticket.lead_unit) == (State.DISPATCHED, unit("east-city"))
    assert Entry.objects.get(ticket=ticket, kind="dispatched").by is None


def test_the_branch_contact_may_claim_it():
    ticket = a_ticket(customer=flagged("B2"))

    handling.claim(ticket, by=person("huafang"), at=MONDAY_NINE)

    assert fresh(ticket).handler.username == "huafang"


def test_flag_a_proposes_the_expert_seats_to_the_dispatcher():
    ticket = a_ticket(customer=flagged("A"))

    assert ticket.state == State.ACCEPTED
    assert proposed(ticket) == "expert"


def test_flag_a_leads_what_is_routed_without_review_to_the_expert_seats():
    Category.objects.filter(code=ORDINARY).update(direct_routing=True)

    ticket = a_ticket(customer=flagged("A"))

    assert (ticket.state, ticket.lead_unit.code) == (State.DISPATCHED, "expert")


def test_an_expert_seat_may_claim_it(sam):
    ticket = a_ticket(customer=flagged("A"))
    dispatching.dispatch(ticket, to=proposed_unit(ticket, at=MONDAY_NINE), by=sam, at=MONDAY_NINE)

    handling.claim(ticket, by=person("yanghui"), at=MONDAY_NINE)

    assert fresh(ticket).handler.username == "yanghui"


def test_flag_b_comes_before_flag_a():
    assert a_ticket(customer=flagged("A", "B2")).lead_unit == unit("east-city")


@pytest.mark.parametrize("kinds", [(), ("C1",), ("D",)])
def test_other_flags_leave_it_to_the_category(kinds):
    ticket = a_ticket(customer=flagged(*kinds))

    assert ticket.state == State.ACCEPTED
    assert proposed(ticket) == "support"


def test_a_flag_that_has_expired_routes_nothing():
    ticket = a_ticket(customer=flagged("B1"), at=TUESDAY_NINE)

    assert ticket.state == State.ACCEPTED
    assert proposed(ticket, at=TUESDAY_NINE) == "support"


def test_without_a_known_branch_flag_b_leads_nowhere():
    assert a_ticket(customer=flagged("B1", branch="")).state == State.ACCEPTED


def test_where_nobody_is_the_branch_contact_the_next_rule_counts():
    Person.objects.filter(username="huafang").update(is_active=False)

    ticket = a_ticket(customer=flagged("A", "B1"))

    assert (ticket.state, proposed(ticket)) == (State.ACCEPTED, "expert")


def test_a_branch_without_a_contact_of_its_own_uses_the_nearest_above():
    Assignment.objects.filter(role=Role.BRANCH_CONTACT).update(unit=unit("province"))

    assert a_ticket(customer=flagged("B1")).lead_unit == unit("province")


def test_the_expert_seats_nearest_to_the_accepting_desk_are_proposed():
    facts = {"code": "east-experts", "kind": "desk", "name_zh": "东城专家席", "name_en": "East experts"}
    far = Unit.objects.add_child(unit("east-city"), facts)
    Assignment.objects.create(person=person("noor"), role=Role.EXPERT, unit=Unit.objects.get(pk=far.pk))

    here = a_ticket(customer=flagged("A"))
    at_the_counter = a_ticket(customer=flagged("A"), by=person("shenqi"), at=MONDAY_TEN)

    assert (proposed(here), proposed(at_the_counter, at=MONDAY_TEN)) == ("expert", "east-experts")


def test_what_may_be_solved_in_the_same_contact_is_not_sent_away():
    assert a_ticket(customer=flagged("B1"), routes=False).state == State.ACCEPTED
