"""A real Chromium against a real server, on Monday at ten; what its console says against our policy is a failure."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from devtools import browsers
from tests.people import MONDAY_TEN, person

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

BACKEND = "django.contrib.auth.backends.ModelBackend"
REFUSED = re.compile(r"status of 4(00|09)|^htmx:(sendAbort|afterRequest),")
"""What is not in order, or was decided on an old view, is answered so, and the console notes it; it also notes what was
on its way when its page was left, which sends its last words apart."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser that the machine has.

    Playwright runs a loop in this thread from here to the end, beside which Django would refuse its database.
    """
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=browsers.find(), args=ARGUMENTS)
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
    """Open the desk as one of the staff, in English unless a locale is given.

    They have signed in already; how one does is shown once, in `test_small_things`.
    """
    cache.clear()  # who had the tickets of other tests open
    complaints: list[str] = []
    contexts = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.text} {message.location['url']} on {message.page and message.page.url}")

    def sign_in(username: str, *, locale: str = "en-US", **options: Any) -> Page:
        context = chromium.new_context(locale=locale, **({"base_url": live_server.url} | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        client = Client()
        client.force_login(person(username), backend=BACKEND)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        address = str(options.get("base_url", live_server.url))
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
        page.goto("/")
        page.wait_for_selector("nav.rail")
        page.wait_for_load_state()
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert [said for said in complaints if not REFUSED.search(said)] == []
