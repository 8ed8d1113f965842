"""A session that ends while somebody writes takes nothing with it: neither the page nor what is sent from it."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests.databases import PASSWORD
from tests.people import a_ticket_in_hand, fresh

pytestmark = [pytest.mark.browser, pytest.mark.long]

WORDS = "Measured the line from the cabinet."
ASK = "window.htmx.trigger(document.body, 'live:waiting')"


def test_who_writes_stays_on_the_page_and_what_is_sent_goes_on_after_signing_in(open_as):
    ticket = a_ticket_in_hand()
    page = open_as("wei").context.new_page()  # that it was refused without a session stands in its console
    page.goto(f"/tickets/{ticket.reference}/")
    for part in ("process", "cause", "result", "advice for reply and callback"):
        page.get_by_label(part).fill(f"{WORDS} That is the {part}.")
    Session.objects.all().delete()

    page.evaluate(ASK)
    expect(page.locator("#signed-out")).to_be_visible()
    expect(page.get_by_label("process")).to_have_value(f"{WORDS} That is the process.")
    page.get_by_role("button", name="Hand over for the reply").click()
    expect(page.get_by_role("alert")).to_contain_text("What you wrote is still here")
    page.get_by_label("Login name").fill("wei")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("main")).to_contain_text("That is the cause.")
    page.get_by_role("button", name="Send it now").click()

    expect(page.locator("#messages")).to_contain_text("was handed over for the reply")
    assert fresh(ticket).feedbacks.get().cause == f"{WORDS} That is the cause."


def test_who_writes_nothing_signs_in_at_once_and_comes_back(open_as):
    page = open_as("wei")
    page.goto("/queue/?tab=mine")
    Session.objects.all().delete()

    page.evaluate(ASK)

    expect(page.get_by_label("Login name")).to_be_visible()
    assert page.url.endswith("/sign-in/?next=/queue/%3Ftab%3Dmine")
