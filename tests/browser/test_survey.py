"""The survey on a phone, in both languages and both lights, with scripts switched off."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from callbacks.answers import Standing
from tests.callbacks.stories import a_survey, the_callback, token_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def phone(live_server: Any, chromium: Browser, monday_at_ten: object) -> Iterator[Any]:
    """A browser on a phone without scripts; what its console says against our policy is a failure."""
    contexts, complaints = [], []

    def opened(*, locale: str, light: str) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            locale=locale,
            viewport=PHONE,
            device_scale_factor=2,
            color_scheme=light,
            java_script_enabled=False,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [said for said in complaints if "status of 40" not in said] == []


def picture(page: Page, name: str) -> None:
    """Keep what is seen, where somebody wants to look at it (PICTURES=folder)."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("locale", "light", "satisfied", "dissatisfied", "send", "thanks"),
    [
        ("en-GB", "light", "Satisfied", "Dissatisfied", "Send my answers", "Thank you"),
        ("zh-CN", "dark", "满意", "不满意", "提交", "谢谢"),
    ],
)
def test_a_dissatisfied_customer_answers_on_a_phone(phone, locale, light, satisfied, dissatisfied, send, thanks):
    callback = a_survey()
    page = phone(locale=locale, light=light)
    page.goto(f"/s/{token_of(callback)}")
    picture(page, f"survey-{locale}-{light}-1-asked")
    expect(page.get_by_role("textbox")).to_be_hidden()

    page.get_by_role("radio", name=dissatisfied, exact=True).first.check()
    page.get_by_role("radio", name=satisfied, exact=True).last.check()
    page.get_by_role("button").click()

    picture(page, f"survey-{locale}-{light}-2-why")
    expect(page.get_by_role("radio", name=dissatisfied, exact=True).first).to_be_checked()
    page.get_by_role("textbox").fill("The line is still down. 线路仍不通。")
    page.get_by_role("checkbox").check()
    picture(page, f"survey-{locale}-{light}-3-filled")
    page.get_by_role("button", name=send).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(thanks)
    picture(page, f"survey-{locale}-{light}-4-thanks")
    assert the_callback(callback.ticket).state == Standing.ANSWERED


@pytest.mark.parametrize(("locale", "light"), [("en-GB", "dark"), ("zh-CN", "light")])
def test_it_switches_the_language_and_fits_the_phone(phone, locale, light):
    page = phone(locale=locale, light=light)
    page.goto(f"/s/{token_of(a_survey())}")
    picture(page, f"survey-{locale}-{light}-1-asked")
    before = page.get_by_role("heading", level=1).inner_text()

    page.get_by_role("link").click()
    page.wait_for_load_state()

    assert page.get_by_role("heading", level=1).inner_text() != before
    choices = [box.bounding_box() for box in page.locator(".choice").all()]
    assert all(box["height"] >= 48 and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"] for box in choices)


def test_a_dead_link_is_told_kindly(phone):
    page = phone(locale="zh-CN", light="light")

    answer = page.goto("/s/guessed")

    assert answer.status == 404
    picture(page, "survey-zh-CN-light-nothing")
