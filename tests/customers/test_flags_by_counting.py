"""Flags A, B2 and C1 come by themselves when a customer's tickets change (section 9, R44)."""

from datetime import timedelta

import pytest

from complaints.actions import acceptance, cancelling, concluding, replying
from complaints.actions.concluding import Outcome
from complaints.states import Addressee, Liability, Medium, Nature, Verdict
from complaints.watching import proposed_flags
from customers import watching
from customers.models import FlagKind, WatchRules
from tests.people import MONDAY_NINE, TUESDAY_NINE, a_customer, a_ticket, a_ticket_to_reply, local

pytestmark = pytest.mark.django_db

APRIL = local("2026-04-01 00:00")
UNACCEPTED = Outcome(verdict=Verdict.DOES_NOT_ACCEPT, liability=Liability.COMPANY)


def kinds(customer, at):
    return [flag.kind for flag in customer.flags.in_force(at).order_by("kind")]


def test_the_third_complaint_of_a_month_raises_flag_a_until_the_month_ends(ines):
    for _two in range(2):
        a_ticket()
    assert kinds(ines, MONDAY_NINE) == []

    a_ticket(at=TUESDAY_NINE)

    flag = ines.flags.get()
    assert (flag.kind, flag.raised_by, flag.raised_at, flag.expires_at) == (FlagKind.A, None, TUESDAY_NINE, APRIL)
    assert kinds(ines, APRIL - timedelta(microseconds=1)) == ["A"]
    assert kinds(ines, APRIL) == []


def test_opinions_count_and_enquiries_and_suggestions_do_not(ines):
    for nature in (Nature.COMPLAINT, Nature.OPINION, Nature.ENQUIRY, Nature.SUGGESTION):
        a_ticket(nature=nature)
    assert kinds(ines, MONDAY_NINE) == []

    a_ticket(nature=Nature.OPINION)

    assert kinds(ines, MONDAY_NINE) == ["A"]


def test_months_are_those_of_the_calendar_on_the_business_clock(ines):
    a_ticket(at=local("2026-02-28 23:59"))
    a_ticket(at=local("2026-03-01 00:00"))
    a_ticket(at=local("2026-03-31 23:59"))

    assert kinds(ines, local("2026-03-31 23:59")) == []


def test_a_fourth_complaint_changes_nothing_on_flag_a(ines):
    for _four in range(4):
        a_ticket()

    assert ines.flags.count() == 1


def test_a_withdrawn_complaint_does_not_count_any_more(ines, rosa):
    tickets = [a_ticket() for _three in range(3)]

    cancelling.cancel(tickets[0], reason="Withdrawn.", by=rosa, at=TUESDAY_NINE)

    flag = ines.flags.get()
    assert (flag.lifted_at, flag.lifted_by) == (TUESDAY_NINE, None)


def test_the_next_month_raises_flag_a_anew(ines):
    for _three in range(3):
        a_ticket()
    for _three in range(3):
        a_ticket(at=local("2026-04-10 09:00"))

    assert kinds(ines, local("2026-04-10 09:00")) == ["A"]
    assert ines.flags.count() == 2


def test_one_customers_complaints_are_not_anothers(ines):
    for number in ("12055550101", "12055550102", "12055550103"):
        a_ticket(customer=a_customer(number))

    assert kinds(ines, MONDAY_NINE) == []


def test_the_thresholds_are_a_matter_of_configuration(ines):
    WatchRules.objects.update_or_create(pk=1, defaults={"a_from": 2, "b2_from": 2, "b2_months": 1})

    a_ticket()
    a_ticket()

    assert kinds(ines, MONDAY_NINE) == ["A", "B2"]


def test_enough_in_six_months_raise_flag_b2_until_the_earliest_is_six_months_old(ines):
    WatchRules.objects.update_or_create(pk=1, defaults={"b2_from": 3})
    a_ticket(at=local("2025-10-15 09:00"))
    a_ticket(at=local("2025-12-15 09:00"))
    assert kinds(ines, local("2025-12-15 09:00")) == []

    a_ticket(at=local("2026-02-15 09:00"))

    flag = ines.flags.get(kind=FlagKind.B2)
    assert flag.expires_at == local("2026-04-15 09:00")

    a_ticket(at=local("2026-03-15 09:00"))

    flag = ines.flags.get(kind=FlagKind.B2)
    assert flag.expires_at == local("2026-06-15 09:00")


def test_what_is_six_months_old_does_not_count_for_b2(ines):
    WatchRules.objects.update_or_create(pk=1, defaults={"b2_from": 2})
    a_ticket(at=local("2025-09-01 09:00"))

    a_ticket(at=local("2026-03-01 09:00"))

    assert kinds(ines, local("2026-03-01 09:00")) == []


def test_the_shipped_threshold_of_b2_is_ten(ines):
    days = [local(f"2025-{10 + number // 4}-{1 + 2 * (number % 4):02d} 09:00") for number in range(10)]
    for day in days[:-1]:
        a_ticket(at=day)
    assert FlagKind.B2 not in kinds(ines, days[-2])

    a_ticket(at=days[-1])

    assert FlagKind.B2 in kinds(ines, days[-1])


def test_a_customer_who_does_not_accept_the_outcome_gets_flag_c1(ines, rosa):
    ticket = a_ticket_to_reply()
    replying.reply(ticket, medium=Medium.PHONE, text="This is how it is.", by=rosa, at=MONDAY_NINE)

    concluding.conclude(ticket, outcome=UNACCEPTED, by=rosa, at=TUESDAY_NINE)

    flag = ines.flags.get()
    assert (flag.kind, flag.raised_by, flag.raised_at) == (FlagKind.C1, rosa, TUESDAY_NINE)
    assert ticket.reference in flag.reason


def test_it_is_the_same_where_the_matter_ends_on_the_spot(ines, rosa):
    acceptance.resolve_on_site(a_ticket(routes=False), outcome=UNACCEPTED, by=rosa, at=MONDAY_NINE)

    assert kinds(ines, MONDAY_NINE) == ["C1"]


def test_a_customer_who_accepts_gets_no_flag(ines, rosa):
    accepted = Outcome(verdict=Verdict.ACCEPTS, liability=Liability.COMPANY)

    acceptance.resolve_on_site(a_ticket(routes=False), outcome=accepted, by=rosa, at=MONDAY_NINE)

    assert kinds(ines, MONDAY_NINE) == []


def test_b3_is_proposed_after_an_escalated_complaint_until_somebody_raises_it(ines, rosa):
    a_ticket()
    assert proposed_flags(ines, at=MONDAY_NINE) == []

    a_ticket(addressee=Addressee.REGULATOR)

    assert proposed_flags(ines, at=MONDAY_NINE) == [FlagKind.B3]
    watching.raise_flag(ines, kind=FlagKind.B3, reason="Complained to the regulator.", by=rosa, at=MONDAY_NINE)
    assert proposed_flags(ines, at=MONDAY_NINE) == []
