"""VIP tells the customer manager (R16)."""

from datetime import timedelta

import pytest

from accounts.models import Delegation, Person, Role
from complaints.models import Ticket
from customers.models import Tier
from notifications.kinds import Channel, Kind
from notifications.models import Message
from tests.people import MONDAY_NINE, a_customer, a_ticket, person, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def chenan(db) -> Person:
    """A customer manager."""
    return person("chenan")


def told() -> set[tuple[str, str]]:
    messages = Message.objects.filter(kind=Kind.VIP_ACCEPTED).select_related("recipient")
    return {(message.recipient.username, message.channel) for message in messages}


def test_the_manager_of_a_vip_is_told_of_a_new_ticket_and_may_open_it(chenan):
    ticket = a_ticket(customer=a_customer("12055550188", tier=Tier.VIP, manager=chenan))

    assert told() == {("chenan", Channel.IN_APP), ("chenan", Channel.EMAIL)}
    assert {message.ticket for message in Message.objects.filter(kind=Kind.VIP_ACCEPTED)} == {ticket.reference}
    assert ticket in Ticket.objects.visible_to(chenan, MONDAY_NINE)


@pytest.mark.parametrize("tier", [Tier.ORDINARY, Tier.SILVER, Tier.GOLD])
def test_other_tiers_tell_nobody(chenan, tier):
    a_ticket(customer=a_customer("12055550188", tier=tier, manager=chenan))

    assert told() == set()


def test_a_vip_without_a_manager_is_accepted_all_the_same():
    assert a_ticket(customer=a_customer("12055550188", tier=Tier.VIP)).pk

    assert told() == set()


def test_who_stands_in_for_the_manager_is_told_too_and_may_open_it(chenan):
    stand_in = somebody(Role.CUSTOMER_MANAGER, over="west-city")
    Delegation.objects.create(
        assignment=chenan.assignments.get(),
        delegate=stand_in,
        starts_at=MONDAY_NINE,
        ends_at=MONDAY_NINE + timedelta(days=1),
    )

    ticket = a_ticket(customer=a_customer("12055550188", tier=Tier.VIP, manager=chenan))

    assert {name for name, _channel in told()} == {"chenan", stand_in.username}
    assert ticket in Ticket.objects.visible_to(stand_in, MONDAY_NINE)


def test_a_manager_who_has_left_is_not_told(chenan):
    Person.objects.filter(pk=chenan.pk).update(is_active=False)

    a_ticket(customer=a_customer("12055550188", tier=Tier.VIP, manager=chenan))

    assert told() == set()
