"""The reply desk: whom to call, the one who does not answer, the one who does, and what they say of it."""

import re

import pytest
from playwright.sync_api import expect

from complaints.states import State
from tests.people import a_customer, a_ticket_to_reply, fresh, local

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_the_reply_desk_calls_in_order_plans_the_next_attempt_and_concludes(open_as):
    quick = a_ticket_to_reply(urgency="urgent", customer=a_customer("12055550111"))
    slow = a_ticket_to_reply(customer=a_customer("12055550112"))
    rosa = open_as("rosa")
    rosa.goto("/replies/")
    to_call = rosa.locator("#lists section", has=rosa.get_by_role("heading", name="To call"))
    expect(to_call.locator("a.row")).to_have_text([quick.reference, slow.reference])
    expect(to_call.locator("tbody tr").first).to_contain_text("permitted now")

    to_call.get_by_role("button", name="Begin the reply").first.click()
    expect(rosa.locator("h1")).to_have_text(quick.reference)
    rosa.locator("#deeds summary", has_text="The customer was not reached").click()
    attempt = rosa.locator("#deeds form", has=rosa.get_by_role("button", name="Record the attempt"))
    attempt.get_by_label("no answer").check()
    attempt.get_by_role("button", name="Record the attempt").click()
    expect(rosa.locator("#messages .done")).to_be_visible()
    rosa.goto("/replies/")
    expect(to_call.locator("a.row")).to_have_text([slow.reference, quick.reference])
    expect(to_call.locator("tbody tr").last).to_contain_text("planned")

    to_call.get_by_role("button", name="Begin the reply").first.click()
    rosa.get_by_role("textbox", name="what the customer was told").fill("The splitter was replaced.")
    rosa.get_by_role("button", name="Record the reply").click()
    expect(rosa.locator("#messages")).to_contain_text("is replied to; conclude it")
    rosa.goto("/replies/")
    to_conclude = rosa.locator("#lists section", has=rosa.get_by_role("heading", name="Replied, to be concluded"))
    expect(to_conclude.locator("a.row")).to_have_text([slow.reference])
    to_conclude.locator("a.row").focus()
    rosa.keyboard.press("Enter")
    rosa.get_by_label("accepts", exact=True).check()
    rosa.get_by_label("the company's").check()
    rosa.get_by_role("button", name="Conclude", exact=True).click()

    expect(rosa.locator("#messages")).to_contain_text("is concluded")
    assert (fresh(quick).state, fresh(slow).state) == (State.REPLYING, State.CALLBACK)
    assert fresh(quick).reply_attempts.get().result == "no_answer"


def test_at_night_the_reply_desk_says_from_when_one_may_call(open_as, monday_at_ten):
    ticket = a_ticket_to_reply()
    monday_at_ten.move_to(local("2026-03-02 21:30"))
    rosa = open_as("rosa")
    rosa.goto("/replies/")

    line = rosa.locator("#lists tr", has_text=ticket.reference)
    expect(line.locator(".chip.moon, .chip").filter(has_text=re.compile("contact from Tue 08:00"))).to_be_visible()
