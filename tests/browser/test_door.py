"""The customer's own door on a phone: in both languages and both lights, with scripts switched off (R10, R15)."""

import re

import pytest
from playwright.sync_api import Page, expect

from attachments.models import Attachment
from complaints.models import Ticket
from selfservice.actions import asking
from selfservice.models import StatusRequest
from tests.attachments.samples import PNG
from tests.browser.test_survey import PHONE, phone, picture  # noqa: F401  (phone is a fixture)
from tests.door.cast import figures_sent
from tests.people import MONDAY_TEN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def answer_the_question(page: Page) -> None:
    """As a person does: read the words, add them up."""
    asked = page.locator("label[for=id_sum]").inner_text().partition(":")[2]
    terms = [NUMBERS.index(word) + 1 for word in re.findall("|".join(NUMBERS), asked)]
    page.locator("#id_sum").fill(str(sum(terms)))


def fits(page: Page) -> None:
    """Nothing has to be pushed sideways, and what is tapped is large enough for a thumb."""
    boxes = [each.bounding_box() for each in page.locator("button, .ways a, .question input:visible").all()]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"] for box in boxes)
    assert all(each.bounding_box()["height"] >= 44 for each in page.locator("button, .ways a").all())


def test_a_customer_complains_and_asks_how_it_stands_on_a_phone(phone, monday_at_ten):  # noqa: F811
    page = phone(locale="en-GB", light="light")
    page.goto("/complain/")
    page.get_by_label("In a few words").fill("charged twice, monthly fee disputed")
    picture(page, "door-en-1-about")
    fits(page)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Monthly fee disputed").click()
    fits(page)
    page.get_by_label("The number that it is about").fill("120 5555 0188")
    page.get_by_label("What happened?").fill("The fee stands on the bill twice.")
    page.get_by_label("Photos, sounds or documents").set_input_files(
        {"name": "bill.png", "mimeType": "image/png", "buffer": PNG}
    )
    monday_at_ten.shift(60)
    answer_the_question(page)
    picture(page, "door-en-2-form")

    page.get_by_role("button", name="Send my complaint").click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("What happened?")).to_have_value("The fee stands on the bill twice.")
    expect(page.get_by_label("bill.png")).to_be_checked()
    picture(page, "door-en-3-missing")
    page.get_by_label("Bill of which month").fill("2026-02")
    page.get_by_label("Item on the bill").fill("monthly fee")
    page.get_by_label("Amount in dispute (yuan)").fill("58")
    page.get_by_role("button", name="Send my complaint").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have it")
    picture(page, "door-en-4-received")
    ticket = Ticket.objects.get(customer__number="12055550188")
    assert Attachment.objects.on(ticket).count() == 1

    number = page.locator(".receipt").inner_text()
    page.get_by_role("link", name="See how it stands").click()
    page.get_by_label("Reference or number of your receipt").fill(number)
    monday_at_ten.shift(60)
    answer_the_question(page)
    page.get_by_role("button").click()
    page.wait_for_url("**/status/*/**")
    asking.send_due(MONDAY_TEN)
    page.get_by_label("The six figures from our message").fill(figures_sent(StatusRequest.objects.get()))
    picture(page, "door-en-5-code")
    page.get_by_role("button").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(ticket.reference)
    expect(page.locator("[aria-current=step]")).to_have_text("received")
    picture(page, "door-en-6-status")
    fits(page)


def test_the_form_is_whole_in_the_dark_and_after_switching_the_language(phone):  # noqa: F811
    page = phone(locale="zh-CN", light="dark")
    page.goto("/complain/?q=上不了网")
    picture(page, "door-zh-1-about")
    fits(page)
    page.locator(".ways a").first.click()
    picture(page, "door-zh-2-form")
    fits(page)

    page.locator("header a").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_label("The number that it is about")).to_be_visible()
    expect(page.get_by_label("Leave this field empty")).not_to_be_in_viewport()
