"""Who owns and who replies, and who stands in for them (R13, R40, section 2)."""

from datetime import timedelta

import pytest

from accounts.models import Assignment, Person, Role
from common.refusals import Malformed, NotYours
from complaints.actions import cancelling, handling, owning, replying
from complaints.actions.acceptance import Contacting
from complaints.models import DeskRules, Entry, Ticket
from complaints.states import Medium
from customers.models import Tier
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    TUESDAY_NINE,
    a_customer,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    findings,
    fresh,
    person,
    somebody,
    unit,
)

pytestmark = pytest.mark.django_db


def stand_in(delegate: str, *, for_whom: str, role: str, starts_at=MONDAY_NINE, ends_at=TUESDAY_NINE) -> None:
    """A delegation of one role."""
    held = Assignment.objects.get(person__username=for_whom, role=role)
    held.delegations.create(delegate=person(delegate), starts_at=starts_at, ends_at=ends_at)


# Ownership


@pytest.mark.parametrize("username", ["rosa", "lin"])
def test_the_owner_or_a_supervisor_hands_over(username, ticket):
    owning.hand_over(ticket, to=person("zhaomin"), reason="end of shift", by=person(username), at=MONDAY_TEN)

    now = fresh(ticket)
    assert (now.owner.username, now.accepted_by.username) == ("zhaomin", "rosa")
    assert now.entries.get(kind="handed_over").data == {"old": person("rosa").pk, "new": now.owner_id}


def test_with_the_ownership_goes_what_the_owner_may_do(ticket, rosa):
    owning.hand_over(ticket, to=person("zhaomin"), by=rosa, at=MONDAY_TEN)

    now = fresh(ticket)
    assert "cancel" in now.possible_moves(person("zhaomin").authority(MONDAY_TEN))
    assert now.possible_moves(rosa.authority(MONDAY_TEN)) == []


@pytest.mark.parametrize("username", ["wei", "selfservice", "kangming"])
def test_only_the_front_line_owns(username, ticket, rosa):
    with pytest.raises(Malformed) as refused:
        owning.hand_over(ticket, to=person(username), by=rosa, at=MONDAY_TEN)

    assert list(refused.value.errors) == ["to"]


def test_who_has_left_owns_nothing(ticket, rosa):
    gone = person("zhaomin")
    gone.is_active = False

    with pytest.raises(Malformed):
        owning.hand_over(ticket, to=gone, by=rosa, at=MONDAY_TEN)


def test_a_colleague_does_not_take_a_ticket_away(ticket):
    with pytest.raises(NotYours):
        owning.hand_over(ticket, to=person("zhaomin"), by=person("zhaomin"), at=MONDAY_TEN)


# Who replies


def test_a_visit_goes_to_the_branch_contact_who_then_sees_and_answers_it(rosa):
    ticket = a_ticket_to_reply()
    contact = person("huafang")
    assert ticket not in Ticket.objects.visible_to(contact, MONDAY_TEN)

    owning.name_replier(ticket, to=contact, by=rosa, at=MONDAY_NINE)
    seen = Ticket.objects.visible_to(contact, MONDAY_TEN).with_people().get(pk=ticket.pk)
    replying.reply(seen, medium=Medium.VISIT, text="The box was exchanged.", by=contact, at=MONDAY_TEN)

    assert fresh(ticket).replied_by == contact


@pytest.mark.parametrize("username", ["wei", "kangming", "admin"])
def test_who_does_not_speak_with_customers_is_not_named_for_the_reply(username, ticket, rosa):
    with pytest.raises(Malformed) as refused:
        owning.name_replier(ticket, to=person(username), by=rosa, at=MONDAY_TEN)

    assert list(refused.value.errors) == ["to"]


def test_naming_nobody_gives_the_reply_back_to_the_owner(rosa):
    ticket = a_ticket_to_reply()
    owning.name_replier(ticket, to=person("chenan"), by=rosa, at=MONDAY_NINE)

    owning.name_replier(fresh(ticket), to=None, by=rosa, at=MONDAY_TEN)

    assert fresh(ticket).who_replies == rosa


# Who replies by rule


def a_vip(**facts):
    return a_customer("12055550188", **({"tier": Tier.VIP, "manager": person("chenan")} | facts))


ASKS_FOR_A_VISIT = Contacting(preferred_medium=Medium.VISIT)


def test_r40_a_vip_is_answered_by_their_manager_once_the_findings_are_there():
    in_hand = a_ticket_in_hand(customer=a_vip())
    assert in_hand.who_replies == person("rosa")

    handling.feed_back(in_hand, findings=findings(), by=person("wei"), at=MONDAY_NINE)

    ticket = fresh(in_hand)
    assert (ticket.replier, ticket.owner) == (person("chenan"), person("rosa"))
    entry = Entry.objects.get(ticket=ticket, kind="replier_named")
    assert (entry.by, entry.data["new"]) == (None, person("chenan").pk)
    with pytest.raises(NotYours):
        replying.reply(ticket, medium=Medium.PHONE, text="It works.", by=person("rosa"), at=MONDAY_TEN)
    replying.reply(fresh(ticket), medium=Medium.PHONE, text="It works.", by=person("chenan"), at=MONDAY_TEN)
    assert fresh(ticket).replied_by == person("chenan")


def test_r40_a_visit_goes_to_the_branch_contact_of_the_customer():
    customer = a_customer("12055550188", branch=unit("east-city"))

    assert a_ticket_to_reply(customer=customer, contacting=ASKS_FOR_A_VISIT).replier == person("huafang")
    assert a_ticket_to_reply(customer=customer).replier is None


def test_r40_of_two_branch_contacts_the_one_with_fewer_replies_to_give_gets_the_visit():
    other = somebody(Role.BRANCH_CONTACT, over="east-city")
    customer = a_customer("12055550188", branch=unit("east-city"))

    repliers = {a_ticket_to_reply(customer=customer, contacting=ASKS_FOR_A_VISIT).replier for _each in range(2)}

    assert repliers == {person("huafang"), other}


def test_r40_without_a_manager_who_is_there_or_a_known_branch_the_owner_replies():
    Person.objects.filter(username="chenan").update(is_active=False)

    assert a_ticket_to_reply(customer=a_vip()).who_replies == person("rosa")
    assert a_ticket_to_reply(contacting=ASKS_FOR_A_VISIT).who_replies == person("rosa")


def test_r40_from_which_tier_on_managers_reply_is_data():
    gold = a_vip(tier=Tier.GOLD)
    assert a_ticket_to_reply(customer=gold).replier is None

    DeskRules.objects.update_or_create(pk=1, defaults={"manager_replies_from_tier": Tier.GOLD})

    assert a_ticket_to_reply(customer=gold).replier == person("chenan")


def test_r40_what_a_person_has_decided_about_the_reply_stands():
    ticket = a_ticket_to_reply(customer=a_vip())
    owning.name_replier(ticket, to=None, by=person("rosa"), at=MONDAY_TEN)
    replying.reject_feedback(fresh(ticket), reason="Say which splitter.", by=person("rosa"), at=MONDAY_TEN)

    handling.feed_back(fresh(ticket), findings=findings(MONDAY_TEN), by=person("wei"), at=MONDAY_TEN)

    assert fresh(ticket).who_replies == person("rosa")


def test_r40_who_replies_hands_the_reply_over_themselves():
    ticket = a_ticket_to_reply(customer=a_vip())

    owning.name_replier(ticket, to=person("huafang"), by=person("chenan"), at=MONDAY_TEN)

    assert fresh(ticket).replier == person("huafang")
    with pytest.raises(NotYours):
        owning.name_replier(fresh(ticket), to=None, by=person("chenan"), at=MONDAY_TEN)


# Standing in


@pytest.mark.parametrize(
    ("at", "stands_in"),
    [
        (MONDAY_NINE - timedelta(microseconds=1), False),
        (MONDAY_NINE, True),
        (TUESDAY_NINE - timedelta(microseconds=1), True),
        (TUESDAY_NINE, False),
    ],
)
def test_a_delegate_sees_and_acts_for_the_owner_only_for_their_time(at, stands_in, ticket):
    stand_in("zhaomin", for_whom="rosa", role=Role.AGENT)
    delegate = person("zhaomin")

    assert Ticket.objects.visible_to(delegate, at).filter(pk=ticket.pk).exists() == stands_in
    assert ("cancel" in fresh(ticket).possible_moves(delegate.authority(at))) == stands_in


def test_a_delegates_deed_is_recorded_as_theirs(ticket):
    stand_in("zhaomin", for_whom="rosa", role=Role.AGENT)

    cancelling.cancel(ticket, reason="withdrawn", by=person("zhaomin"), at=MONDAY_TEN)

    assert ticket.entries.get(kind="cancelled").by == person("zhaomin")


def test_a_delegate_of_a_handler_works_their_queue_and_feeds_back_for_them(noor):
    stand_in("noor", for_whom="wei", role=Role.HANDLER)
    claimed, waiting = a_ticket_in_hand(), a_dispatched_ticket()

    assert "feed_back" in claimed.possible_moves(noor.authority(MONDAY_TEN))
    handling.claim(waiting, by=noor, at=MONDAY_TEN)

    assert fresh(waiting).handler == noor


def test_a_delegate_of_one_role_does_not_act_in_another_of_the_same_person(ticket):
    # Rosa also answers for the quality desk; who stands in for that does not get her tickets.
    Assignment.objects.create(person=person("rosa"), role=Role.QUALITY_INSPECTOR, unit=unit("data"))
    stand_in("noor", for_whom="rosa", role=Role.QUALITY_INSPECTOR)

    assert ticket.possible_moves(person("noor").authority(MONDAY_TEN)) == []
    assert not Ticket.objects.visible_to(person("noor"), MONDAY_TEN).exists()


def test_a_delegate_of_somebody_who_has_left_stands_in_for_nobody(ticket):
    stand_in("zhaomin", for_whom="rosa", role=Role.AGENT)
    leaving = person("rosa")
    leaving.is_active = False
    leaving.save()

    assert "cancel" not in fresh(ticket).possible_moves(person("zhaomin").authority(MONDAY_TEN))


def test_an_assignment_counts_only_for_its_time():
    member = somebody(Role.DISPATCHER)
    member.assignments.update(starts_at=MONDAY_NINE, ends_at=TUESDAY_NINE)
    ticket = a_ticket()

    held = {at: "dispatch" in ticket.possible_moves(member.authority(at)) for at in (MONDAY_NINE, TUESDAY_NINE)}

    assert held == {MONDAY_NINE: True, TUESDAY_NINE: False}


def test_who_is_not_active_may_do_and_see_nothing(ticket):
    gone = person("rosa")
    gone.is_active = False

    assert ticket.possible_moves(gone.authority(MONDAY_TEN)) == []
    assert not Ticket.objects.visible_to(gone, MONDAY_TEN).exists()
