"""Customer facts by adapter: asked when ours are missing or stale, never in a caller's way (R14)."""

from datetime import timedelta

import pytest

from customers.actions import Unknown, look_up
from customers.facts import Facts, refresh
from customers.models import Customer, Tier
from tests.people import MONDAY_NINE, TUESDAY_NINE, a_customer

pytestmark = pytest.mark.django_db


class Crm:
    """The operator's customer system, as far as this desk sees it."""

    asked: list[str] = []

    def find(self, number):
        """Knows one customer."""
        self.asked.append(number)
        return Facts(number=number, name="Ines Ortega", tier=Tier.GOLD) if number == "12055550101" else None


class BrokenCrm:
    """A system that is down."""

    def find(self, number):
        """Does not answer."""
        raise TimeoutError("no answer within 2 s")


@pytest.fixture
def crm(settings):
    """The desk has an adapter."""
    settings.CUSTOMER_FACTS = f"{__name__}.Crm"
    Crm.asked = []
    return Crm


def test_missing_facts_are_asked_for_and_kept(crm, ines):
    told = refresh(ines, at=MONDAY_NINE)

    assert (told.name, told.tier, told.facts_as_of) == ("Ines Ortega", Tier.GOLD, MONDAY_NINE)
    assert Customer.objects.get(pk=ines.pk).name == "Ines Ortega"


def test_fresh_facts_are_not_asked_for_again(crm, ines):
    told = refresh(ines, at=MONDAY_NINE)

    refresh(told, at=TUESDAY_NINE - timedelta(microseconds=1))
    assert len(crm.asked) == 1

    refresh(told, at=TUESDAY_NINE)
    assert len(crm.asked) == 2


def test_a_customer_whom_the_source_does_not_know_stays_as_they_are(crm):
    customer = a_customer("12055550102")

    assert refresh(customer, at=MONDAY_NINE) == customer
    assert Customer.objects.get(pk=customer.pk).facts_as_of is None


def test_a_source_that_fails_is_logged_and_never_blocks(settings, ines, caplog):
    settings.CUSTOMER_FACTS = f"{__name__}.BrokenCrm"

    assert refresh(ines, at=MONDAY_NINE) == ines
    assert "the source of customer facts failed" in caplog.text


def test_a_look_up_shows_fresh_facts(crm, ines, rosa):
    lookup = look_up("12055550101", by=rosa, at=MONDAY_NINE)

    assert (lookup.customer.name, lookup.customer.tier) == ("Ines Ortega", Tier.GOLD)


def test_a_look_up_finds_whom_only_the_source_knows(crm, rosa):
    lookup = look_up("1205 555 0101", by=rosa, at=MONDAY_NINE)

    assert lookup.customer == Customer.objects.get(number="12055550101")


def test_a_look_up_goes_on_where_the_source_fails(settings, ines, rosa):
    settings.CUSTOMER_FACTS = f"{__name__}.BrokenCrm"

    assert look_up("12055550101", by=rosa, at=MONDAY_NINE).customer == ines
    with pytest.raises(Unknown):
        look_up("12055550102", by=rosa, at=MONDAY_NINE)


def test_a_desk_without_an_adapter_asks_nobody(ines):
    assert refresh(ines, at=MONDAY_NINE) == ines
