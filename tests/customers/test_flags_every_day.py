"""Automatic flags are counted once a day as well, and a bad row stops nobody (section 9)."""

import pytest

from complaints.watching import recount
from customers.models import Flag, FlagKind, WatchRules
from tests.people import MONDAY_NINE, a_customer, a_ticket, local

pytestmark = pytest.mark.django_db

APRIL_FIRST = local("2026-04-01 00:10")


def three(customer) -> None:
    for _each in range(3):
        a_ticket(customer=customer)


def test_a_changed_threshold_is_noticed_within_a_day(ines):
    three(ines)
    WatchRules.objects.update_or_create(pk=1, defaults={"a_from": 4})

    assert recount(MONDAY_NINE) == 1

    assert not Flag.objects.in_force(MONDAY_NINE).filter(kind=FlagKind.A).exists()


def test_a_lower_threshold_raises_what_was_not_counted_before(ines):
    a_ticket(customer=ines)
    a_ticket(customer=ines)
    WatchRules.objects.update_or_create(pk=1, defaults={"a_from": 2})

    recount(MONDAY_NINE)

    assert Flag.objects.in_force(MONDAY_NINE).get(kind=FlagKind.A).raised_by is None


def test_the_month_is_over_and_the_flag_with_it(ines):
    three(ines)

    recount(APRIL_FIRST)

    assert not Flag.objects.in_force(APRIL_FIRST).filter(kind=FlagKind.A).exists()


def test_only_whom_it_can_concern_are_counted(ines):
    three(ines)
    a_ticket(customer=a_customer("12055550102"))

    assert recount(MONDAY_NINE) == 1


def test_counting_again_changes_nothing(ines):
    three(ines)
    before = list(Flag.objects.values_list("pk", "raised_at", "expires_at"))

    recount(MONDAY_NINE)

    assert list(Flag.objects.values_list("pk", "raised_at", "expires_at")) == before
