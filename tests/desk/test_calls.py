"""Agent on a call: look-up, the customer at a glance, required fields, duplicates, the night, drafts (R10–R15, R23)."""

import pytest
from django.urls import reverse

from complaints.models import Ticket
from complaints.states import State
from customers.models import Customer, Flag, Lookup
from tests.people import MONDAY_TEN, ORDINARY, a_record, category, local, unit

TOO_LONG = "1" * 41
WORDS = "The bill shows a fee that nobody ordered."


def what_was_said(**changes):
    leaf = category(ORDINARY)
    return {
        "step": "submit",
        "category": leaf.pk,
        "nature": "complaint",
        "medium": "phone",
        "addressee": "centre",
        "happened": WORDS,
        "wanted": "The money back.",
        **{f"record.{code}": value for code, value in a_record(leaf).items()},
        **changes,
    }


@pytest.fixture
def call(as_, rosa, ines):
    """Rosa's browser with Ines opened, and the address of her page."""
    browser = as_("rosa")
    page = browser.post(reverse("desk:call"), {"number": ines.number}).url
    return browser, page


def test_looking_a_number_up_is_logged_and_keeps_it_out_of_the_address(call, rosa, ines):
    _browser, page = call

    assert ines.number not in page
    assert Lookup.objects.filter(customer=ines, by=rosa).count() == 1


def test_a_number_handed_over_in_the_address_fills_the_field_and_opens_nothing(as_, ines):
    shown = as_("rosa").get(reverse("desk:call"), {"number": f" {ines.number} "})

    assert f'value="{ines.number}"' in shown.content.decode()
    assert "data-handed-over" in shown.content.decode()
    assert not Lookup.objects.exists()


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("tel:+86-138-0000-0001;phone-context=x", "+86-138-0000-0001"),
        ("sip:13800000001@pbx.example;transport=tcp", "13800000001"),
        ("callto://13800000001", "13800000001"),
        ("SIPS:%2B8613800000001@pbx.example", "+8613800000001"),
        (" 8613800000001", "+8613800000001"),
    ],
)
def test_a_softphone_may_hand_over_a_whole_address_of_the_caller(as_, db, address, meant):
    shown = as_("rosa").get(reverse("desk:call"), {"number": address})

    assert f'value="{meant}"' in shown.content.decode()


def test_what_was_handed_over_is_submitted_once_and_not_again_after_a_refusal(as_, db):
    refused = as_("rosa").post(f"{reverse('desk:call')}?number={TOO_LONG}", {"number": TOO_LONG})

    assert refused.status_code == 400
    assert "data-handed-over" not in refused.content.decode()


def test_a_reference_finds_its_customer_too(as_, rosa, ticket):
    answer = as_("rosa").post(reverse("desk:call"), {"number": ticket.reference.lower()})

    assert answer.url == reverse("desk:customer", args=[ticket.customer_id])


def test_a_customer_opens_only_to_who_has_looked_them_up(as_, ines):
    answer = as_("rosa").get(reverse("desk:customer", args=[ines.pk]))

    assert answer.status_code == 404


def test_the_agent_sees_at_once_what_there_is_to_know(call, ines, ticket):
    browser, page = call
    Flag.objects.create(customer=ines, kind="A", raised_at=MONDAY_TEN, handling_rule="Tell the expert seat first.")

    seen = browser.get(page).content.decode()

    assert ticket.reference in seen
    assert "Tell the expert seat first." in seen
    assert ines.masked_number in seen
    assert ines.number not in seen


def test_choosing_a_category_shows_its_fields_and_its_limits(call):
    browser, page = call

    seen = browser.post(page, {"step": "category", "category": category(ORDINARY).pk, "happened": WORDS})

    text = seen.content.decode()
    assert 'name="record.month"' in text
    assert WORDS in text
    assert "reply due" in text


def test_a_category_is_found_by_initials_and_by_letters(as_, rosa):
    browser = as_("rosa")

    by_initials = browser.post(reverse("desk:categories"), {"find": "yzf"}).content.decode()
    by_letters = browser.post(reverse("desk:categories"), {"find": "monthly fee"}).content.decode()

    assert "Monthly fee disputed" in by_initials
    assert "Monthly fee disputed" in by_letters
    assert "No mobile data" not in by_letters


def test_submitting_accepts_and_tells_reference_and_due_time(call, rosa):
    browser, page = call

    answer = browser.post(page, what_was_said(), follow=True)

    ticket = Ticket.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("desk:ticket", args=[ticket.reference])
    assert (ticket.state, ticket.owner, ticket.happened) == (State.ACCEPTED, rosa, WORDS)
    assert f"reference {ticket.reference}, an answer by" in answer.content.decode()
    assert ticket.entries.get(kind="accepted").origin == "page"


def test_everything_that_is_missing_is_said_at_once_and_the_text_stays(call):
    browser, page = call

    answer = browser.post(page, what_was_said(**{"record.month": "", "record.item": ""}))

    assert answer.status_code == 400
    text = answer.content.decode()
    assert text.count("is required.") == 2
    assert WORDS in text
    assert not Ticket.objects.exists()


def test_solved_on_the_spot_needs_an_outcome_and_is_never_sent_out(call):
    browser, page = call

    refused = browser.post(page, what_was_said(step="resolve"))
    browser.post(page, what_was_said(step="resolve", verdict="accepts", liability="company", remedy="Refunded."))

    ticket = Ticket.objects.get()
    assert refused.status_code == 400
    assert ticket.resolved_on_site_at == MONDAY_TEN
    assert ticket.dispatches == 0


def test_a_second_ticket_in_the_category_is_a_chase_up_or_has_a_reason(call):
    browser, page = call
    browser.post(page, what_was_said())
    first = Ticket.objects.get()

    refused = browser.post(page, what_was_said())
    browser.post(page, {"deed": "chase_up", "ticket": first.reference, "text": "When?", "medium": "phone"})
    browser.post(page, what_was_said(duplicate_reason="Another contract."))

    assert refused.status_code == 409
    assert first.reference in refused.content.decode()
    assert first.chase_ups.count() == 1
    assert Ticket.objects.count() == 2


def test_the_night_is_asked_about_when_the_limit_reaches_into_it(as_, rosa, ines, monday_at_ten):
    monday_at_ten.move_to(local("2026-03-02 19:30"))
    browser = as_("rosa")
    page = browser.post(reverse("desk:call"), {"number": ines.number}).url

    refused = browser.post(page, what_was_said())
    browser.post(page, what_was_said(night="no"))

    ticket = Ticket.objects.get()
    assert refused.status_code == 400
    assert "ask the customer" in refused.content.decode()
    assert ticket.matter.promises.get().agreed_for == local("2026-03-03 09:00")


def test_what_cannot_be_left_out_is_not_called_optional(as_, rosa, monday_at_ten):
    monday_at_ten.move_to(local("2026-03-02 19:30"))
    leaf = category(ORDINARY)

    page = as_("rosa").post(reverse("desk:stranger"), {"step": "category", "category": leaf.pk}).content.decode()

    for label in (
        "subscriber&#x27;s number",
        "may be called in quiet hours",
        "what happened",
        "the customer",
        "liability",
    ):
        assert f"{label}<" in page
        assert f"{label} <span" not in page
    assert "what the customer wants <span" in page


def test_by_day_nobody_is_asked_about_the_night(call):
    browser, page = call

    browser.post(page, what_was_said())

    assert Ticket.objects.count() == 1


def test_an_unfinished_call_survives_a_reload_and_ends_with_its_ticket(call):
    browser, page = call

    browser.post(page, what_was_said(step="draft"))
    reloaded = browser.get(page).content.decode()
    listed = browser.get(reverse("desk:call")).content.decode()
    browser.post(page, what_was_said())

    assert WORDS in reloaded
    assert WORDS in listed
    assert WORDS not in browser.get(reverse("desk:call")).content.decode()


def test_a_number_nobody_knows_is_no_hindrance(as_, rosa):
    browser = as_("rosa")

    page = browser.post(reverse("desk:call"), {"number": "12055550177"}).url
    browser.post(page, what_was_said(number="12055550177", name="Bo"))

    assert page == reverse("desk:stranger")
    assert Ticket.objects.get().customer == Customer.objects.get(number="12055550177")


def test_a_supervisor_looks_up_and_chases_but_accepts_nothing(as_, lin, ines, ticket):
    browser = as_("lin")
    page = browser.post(reverse("desk:call"), {"number": ines.number}).url

    seen = browser.get(page).content.decode()

    assert ticket.reference in seen
    assert 'value="submit"' not in seen


def test_what_somebody_types_is_never_markup(call):
    browser, page = call

    browser.post(page, what_was_said(happened="<script>alert(1)</script><img src=x onerror=alert(1)>"))
    seen = browser.get(reverse("desk:ticket", args=[Ticket.objects.get().reference])).content.decode()

    assert "<script>alert" not in seen
    assert "<img src=x" not in seen
    assert "&lt;script&gt;alert" in seen


@pytest.mark.parametrize(
    "bad",
    [
        {"category": "999999"},
        {"category": "x"},
        {"happened": "\x00"},
        {"happened": "x" * 10_001},
        {"medium": "pigeon"},
        {"raised_at": "2999-01-01T00:00"},
        {"raised_at": "0001-01-01T00:00"},
        {"raised_at": "yesterday"},
        {"record.amount": "much"},
        {"promised_for": "2020-01-01T00:00", "promise_evidence": "said so"},
    ],
)
def test_bad_input_is_refused_and_nothing_is_written(call, bad):
    browser, page = call

    answer = browser.post(page, what_was_said(**bad))

    assert answer.status_code == 400
    assert not Ticket.objects.exists()


def test_the_accepting_unit_is_where_the_agent_works(call):
    browser, page = call

    browser.post(page, what_was_said())

    assert Ticket.objects.get().accepting_unit == unit("acceptance")


# --- By script the caller's page comes with the answer ----------------------------------------------------------------

BY_SCRIPT = {"HX-Request": "true"}


def test_by_script_a_number_is_answered_with_the_callers_page_and_its_address(as_, rosa, ines, ticket):
    browser = as_("rosa")

    answer = browser.post(reverse("desk:call"), {"number": ines.number}, headers=BY_SCRIPT)
    reloaded = browser.get(answer.headers["HX-Push-Url"])

    assert answer.status_code == 200
    assert answer.headers["HX-Push-Url"] == reverse("desk:customer", args=[ines.pk])
    for page in (answer, reloaded):
        assert ines.masked_number in page.content.decode()
        assert ticket.reference in page.content.decode()
    assert Lookup.objects.filter(customer=ines, by=rosa).count() == 1


def test_by_script_a_number_that_nobody_knows_opens_a_new_customer_with_it(as_, db):
    answer = as_("rosa").post(reverse("desk:call"), {"number": "12055550177"}, headers=BY_SCRIPT)

    assert answer.headers["HX-Push-Url"] == reverse("desk:stranger")
    assert 'value="12055550177"' in answer.content.decode()


def test_by_script_a_call_that_was_interrupted_goes_on_where_it_was(call, ines):
    browser, page = call
    browser.post(page, {"step": "draft", "happened": WORDS})

    answer = browser.post(reverse("desk:call"), {"number": ines.number}, headers=BY_SCRIPT)

    assert WORDS in answer.content.decode()


def test_by_script_a_refused_number_stays_in_its_field_with_the_reason(as_, db):
    answer = as_("rosa").post(reverse("desk:call"), {"number": TOO_LONG}, headers=BY_SCRIPT)

    assert answer.status_code == 400
    assert "HX-Push-Url" not in answer.headers
    assert "problem" in answer.content.decode()
