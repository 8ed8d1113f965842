"""A real Chromium against a real server, on Monday at ten; what its console says against our policy is a failure."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, Page, sync_playwright

from tests.databases import PASSWORD
from tests.people import MONDAY_TEN

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

REFUSED = "status of 400"  # a form that is not in order is answered so, and the console notes it


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser that the machine has.

    Playwright runs a loop in this thread from here to the end, beside which Django would refuse its database.
    """
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def monday_at_ten() -> Iterator[time_machine.Traveller]:
    """The server's clock; it runs on."""
    with time_machine.travel(MONDAY_TEN) as traveller:
        yield traveller


@pytest.fixture
def open_as(
    transactional_db: None, live_server: Any, chromium: Browser, monday_at_ten: object
) -> Iterator[Callable[..., Page]]:
    """Open the desk as one of the staff, in English unless a locale is given."""
    complaints: list[str] = []
    contexts = []

    def sign_in(username: str, *, locale: str = "en-US", **options: Any) -> Page:
        context = chromium.new_context(locale=locale, **({"base_url": live_server.url} | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/sign-in/")
        page.get_by_label("Login name" if locale.startswith("en") else "登录名").fill(username)
        page.get_by_label("Password" if locale.startswith("en") else "密码").fill(PASSWORD)
        page.get_by_role("button", name="Sign in" if locale.startswith("en") else "登录").click()
        page.wait_for_selector("nav.rail")
        page.wait_for_load_state()
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert [said for said in complaints if REFUSED not in said] == []
