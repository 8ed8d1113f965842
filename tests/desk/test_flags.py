"""Flags at each touch (R80): the rule is shown, a flag is raised at any contact, acting against it is recorded."""

import pytest
from django.urls import reverse

from complaints.actions import classifying
from complaints.actions.concluding import Outcome
from complaints.models import Entry
from complaints.states import Liability, Verdict
from customers.actions import look_up
from customers.models import Flag, FlagKind, RuleOverride
from customers.watching import mark
from notifications.models import Message
from notifications.rendering import render
from tests.callbacks.stories import a_callback, a_concluded_ticket
from tests.letters.writing import a_draft
from tests.people import MONDAY_NINE, MONDAY_TEN, a_customer, a_ticket, a_ticket_to_reply, fresh, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def watched(ticket) -> Flag:
    return mark(ticket.customer, kind=FlagKind.B1, reason="shouts", by=person("lin"), at=MONDAY_NINE)


def page(browser, ticket) -> str:
    return browser.get(reverse("desk:ticket", args=[ticket.reference])).content.decode()


def test_the_rule_of_the_kind_is_shown_on_the_ticket_and_at_the_call(as_, ticket, watched):
    rosa = as_("rosa")
    look_up(ticket.customer.number, by=person("rosa"), at=MONDAY_TEN)

    assert "Experienced staff only" in page(rosa, ticket)
    assert "Experienced staff only" in rosa.get(reverse("desk:customer", args=[ticket.customer_id])).content.decode()


def test_a_flag_is_raised_at_any_contact_and_told_in_the_history(as_, ticket):
    answer = as_("rosa").post(
        reverse("desk:raise_flag", args=[ticket.reference]), {"kind": "D", "reason": "will go to court"}, follow=True
    )

    assert "The customer carries flag D now." in answer.content.decode()
    assert Flag.objects.get(kind="D").raised_by == person("rosa")
    assert Entry.objects.get(ticket=ticket, kind="flag_raised").note.text == "will go to court"
    assert ticket.escalations.filter(reason="flag_d").exists()


@pytest.mark.parametrize(
    "given", [{"kind": "A", "reason": "x"}, {"kind": "Z", "reason": "x"}, {"kind": "B1", "reason": " "}]
)
def test_what_is_no_flag_by_hand_is_refused(as_, ticket, given):
    as_("rosa").post(reverse("desk:raise_flag", args=[ticket.reference]), given)

    assert not Flag.objects.exists()


def test_acting_against_the_rule_is_recorded_with_its_reason(as_, ticket, watched):
    address = reverse("desk:override_rule", args=[ticket.reference, "B1"])

    as_("rosa").post(address, {"reason": ""})
    as_("rosa").post(address, {"reason": "nobody else is in"})

    assert [(one.flag, one.by, one.reason) for one in RuleOverride.objects.all()] == [
        (watched, person("rosa"), "nobody else is in")
    ]
    assert Entry.objects.get(ticket=ticket, kind="rule_overridden").data["flag"] == "B1"


def test_a_supervisor_lifts_a_flag_and_an_agent_does_not(as_, ticket, watched):
    address = reverse("desk:lift_flag", args=[ticket.reference, "B1"])

    as_("rosa").post(address)
    assert Flag.objects.in_force(MONDAY_TEN).exists()
    as_("lin").post(address)

    assert not Flag.objects.in_force(MONDAY_TEN).exists()


def test_nobody_flags_a_customer_through_a_ticket_that_they_do_not_see(as_, ticket, watched):
    for name, given in (("raise_flag", []), ("lift_flag", ["B1"]), ("override_rule", ["B1"])):
        answer = as_("noor").post(
            reverse(f"desk:{name}", args=[ticket.reference, *given]), {"kind": "D", "reason": "x"}
        )

        assert answer.status_code == 404
    assert Flag.objects.count() == 1


def test_b3_is_proposed_after_an_escalated_complaint(as_, ticket):
    classifying.readdress(fresh(ticket), addressee="regulator", by=person("lin"), at=MONDAY_TEN)

    assert "proposed:" in page(as_("lin"), ticket)


def test_the_manager_of_a_vip_gets_a_link():
    manager = person("lin")
    vip = a_customer("12055550103", tier="vip", manager=manager)

    ticket = a_ticket(customer=vip)

    told = render(Message.objects.filter(kind="vip_accepted").first(), language="en")
    assert f"/tickets/{ticket.reference}/" in told.body


def test_r80_the_rule_is_shown_where_somebody_is_about_to_speak_with_the_customer(as_):
    """In the lists of replies, callbacks and follow-ups, beside the callback, and on the letter to the customer."""
    rule = "A supervisor speaks first."
    uncontent = Outcome(verdict=Verdict.DOES_NOT_ACCEPT, liability=Liability.COMPANY, remedy="Explained the bill.")
    letter = a_draft(a_ticket_to_reply())
    a_ticket_to_reply()
    a_callback()
    a_concluded_ticket(outcome=uncontent)
    mark(a_customer(), kind=FlagKind.D, reason="will sue", handling_rule=rule, by=person("rosa"), at=MONDAY_NINE)

    for username, page in (
        ("rosa", reverse("desk:replies")),
        ("rosa", reverse("desk:letter", args=[letter.pk])),
        ("yinmei", reverse("desk:callbacks")),
        ("lin", reverse("desk:follow_ups")),
    ):
        answer = as_(username).get(page)
        assert answer.status_code == 200
        assert rule in answer.content.decode(), page
