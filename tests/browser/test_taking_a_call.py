"""A call at the agent's desk: the number comes from the telephone, and the hands have little to do."""

import pytest
from playwright.sync_api import Page, expect

from complaints.models import Ticket
from contact.models import Consent
from customers.models import Lookup
from tests.people import ORDINARY, a_customer, category, local

pytestmark = [pytest.mark.browser, pytest.mark.long]

POPPED = "/calls/?number=12055550101"
AT_MOST = 25

# Every key pressed and every click of a pointer, page after page. A letter in a field is free text, except where it
# searches; a click that a key brings about has no detail and was counted as the key.
COUNTING = """
const more = () => sessionStorage.setItem("deeds", Number(sessionStorage.getItem("deeds")) + 1);
const isText = (field) => field.matches("textarea, input:not([type=checkbox], [type=radio])") && field.id !== "find";
document.addEventListener("keydown", (event) => {
    if (event.isTrusted && !(event.key.length === 1 && !event.ctrlKey && isText(event.target))) more();
}, true);
document.addEventListener("click", (event) => { if (event.isTrusted && event.detail) more(); }, true);
"""


def counted(page: Page) -> int:
    """Keys and clicks so far."""
    return int(page.evaluate("sessionStorage.getItem('deeds')"))


def test_a_softphone_hands_the_number_over_and_going_back_asks_nothing_twice(open_as):
    a_customer()
    rosa = open_as("rosa")

    rosa.goto(POPPED)
    expect(rosa.locator("h1.who")).to_be_visible()
    assert Lookup.objects.count() == 1
    rosa.go_back()

    expect(rosa.locator("main form [name=number]")).to_be_visible()
    assert "number=" not in rosa.url
    assert Lookup.objects.count() == 1


def test_from_number_to_customer_there_is_no_page_load_and_a_reload_shows_the_same(open_as):
    customer = a_customer()
    rosa = open_as("rosa")
    rosa.goto("/calls/")
    rosa.evaluate("window.isTheSamePage = true")

    rosa.keyboard.type(customer.number)
    rosa.keyboard.press("Enter")
    expect(rosa.locator("h1.who")).to_have_text(customer.masked_number)
    expect(rosa.get_by_label("Find a category")).to_be_focused()

    assert rosa.evaluate("window.isTheSamePage")
    assert rosa.url.endswith(f"/calls/{customer.pk}/")
    rosa.keyboard.press("Escape")
    rosa.keyboard.press("?")
    expect(rosa.locator("#keys")).to_contain_text("solved on the spot")
    rosa.reload()
    expect(rosa.locator("h1.who")).to_have_text(customer.masked_number)
    assert Lookup.objects.count() == 1


def test_a_handed_over_number_that_is_none_is_refused_in_its_field(open_as):
    too_long = "1" * 41
    rosa = open_as("rosa")

    rosa.goto(f"/calls/?number={too_long}")

    expect(rosa.locator(".problem")).to_be_visible()
    expect(rosa.locator("main form [name=number]")).to_have_value(too_long)


def test_a_whole_complaint_takes_at_most_25_keys_and_clicks_and_no_mouse(open_as):
    a_customer()
    rosa = open_as("rosa")
    rosa.context.add_init_script(COUNTING)
    rosa.goto(POPPED)
    hands = rosa.keyboard

    expect(rosa.get_by_label("Find a category")).to_be_focused()
    hands.type("yzf")
    expect(rosa.locator("#accept-category")).to_contain_text("1 found: choose")
    hands.press("Tab")
    hands.press("ArrowDown")
    expect(rosa.get_by_label("Bill of which month")).to_be_visible()
    expect(rosa.locator("#accept-category")).to_be_focused()
    hands.press("Tab")
    for words in ["February", "ring tones", "12", "A fee for ring tones that nobody ordered."]:
        hands.press("Tab")
        hands.type(words)
    assert counted(rosa) == 3 + 2 + 1 + 4
    hands.press("Control+s")
    expect(rosa.locator("#messages")).to_contain_text("Tell the customer: reference T-")

    assert Ticket.objects.get().category == category(ORDINARY)
    assert Ticket.objects.get().happened == "A fee for ring tones that nobody ordered."
    assert counted(rosa) <= AT_MOST


def test_in_the_evening_the_customer_is_asked_about_the_night_and_the_answer_is_on_record(open_as, monday_at_ten):
    a_customer()
    monday_at_ten.move_to(local("2026-03-02 19:30"))
    rosa = open_as("rosa")
    rosa.goto(POPPED)
    rosa.locator("#accept-category").select_option(str(category(ORDINARY).pk))
    rosa.get_by_label("Bill of which month").fill("February")
    rosa.get_by_label("Item on the bill").fill("ring tones")
    rosa.get_by_label("Amount in dispute").fill("12")
    rosa.get_by_label("what happened", exact=True).fill("A fee for ring tones that nobody ordered.")
    expect(rosa.locator("main")).to_contain_text("The limit reaches into the night")
    rosa.keyboard.press("Control+s")
    expect(rosa.locator(".problem")).to_contain_text("ask the customer")
    expect(rosa.get_by_label("what happened", exact=True)).to_have_value("A fee for ring tones that nobody ordered.")

    asked = rosa.locator(".card", has_text="The limit reaches into the night").last
    asked.get_by_label("yes", exact=True).check()
    asked.get_by_label("evidence").fill("said so at 19:30")
    rosa.wait_for_load_state()
    rosa.keyboard.press("Control+s")

    expect(rosa.locator("#messages")).to_contain_text("Tell the customer: reference T-")
    given = Consent.objects.get()
    assert (given.what, given.evidence) == ("night", "said so at 19:30")
