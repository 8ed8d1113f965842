"""A supervisor's inbox in a real browser: at what instant the row of each breach stands on the screen."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection
from playwright.sync_api import Page, sync_playwright

from accounts.models import Person
from benchmarks._running import cookie_of
from benchmarks._usable import ARGUMENTS
from common.moment import database_now
from escalation.models import Escalation

# The browser runs on the machine of the database, so both go by one clock.
WATCH = """
() => {
  window.shownAt = {};
  const look = () => {
    document.querySelector("#newer:not([hidden])")?.click();  // who sits there asks for what is new at once
    for (const row of document.querySelectorAll("#lists a.row")) window.shownAt[row.textContent.trim()] ??= Date.now();
  };
  const watched = { childList: true, subtree: true, attributeFilter: ["hidden"] };
  new MutationObserver(look).observe(document.body, watched);
  look();
}
"""


class Screen:
    """The inbox of somebody, open; whoever sits before it deals with what they see, so that it does not fill up."""

    def __init__(self, page: Page, person: Person) -> None:
        self.page, self.person = page, person
        self.shown: dict[str, float] = {}

    def look(self) -> None:
        """Note what stands there by now, and since when; what does is dealt with."""
        shown: dict[str, float] = self.page.evaluate("() => window.shownAt")
        fresh = [reference for reference in shown if reference not in self.shown]
        self.shown |= {reference: shown[reference] / 1000 for reference in fresh}
        _deal_with("ticket_id IN (SELECT id FROM complaints_ticket WHERE reference = ANY(%s))", fresh)

    def owed(self, clocks: Sequence[int]) -> set[str]:
        """The references that had to appear: escalations of these clocks that wait, or waited, in this inbox."""
        told = Escalation.objects.filter(clock__in=clocks, recipients=self.person, ack_due_at__isnull=False)
        return set(told.values_list("ticket__reference", flat=True))


@contextmanager
def inbox_of(username: str, port: int) -> Iterator[Screen | None]:
    """Somebody's inbox in Chromium, empty at first; None where no browser is there."""
    if not shutil.which("chromium"):
        yield None
        return
    person = Person.objects.get(username=username)
    _deal_with("id IN (SELECT escalation_id FROM escalation_escalation_recipients WHERE person_id = %s)", person.pk)
    for pk in Escalation.objects.inbox(person, database_now()).values_list("pk", flat=True):
        _deal_with("id = %s", pk)
    name, _equals, value = cookie_of(username).partition("=")
    address = f"http://127.0.0.1:{port}"
    # Playwright turns a loop of its own in this thread, where Django would take each query for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        try:
            context = browser.new_context(viewport={"width": 1280, "height": 720})
            context.add_cookies([{"name": name, "value": value, "url": address}])
            page = context.new_page()
            answer = page.goto(f"{address}/inbox/", wait_until="domcontentloaded")
            if answer is None or answer.status != 200:
                raise RuntimeError(f"the inbox answered {answer and answer.status}")
            page.evaluate(WATCH)
            yield Screen(page, person)
        finally:
            browser.close()
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _deal_with(which: str, value: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE escalation_escalation SET state = 'closed', closed_at = clock_timestamp(), "
            "closed_because = 'ticket_ended', next_at = NULL, held_since = NULL "
            f"WHERE state IN ('open', 'acknowledged') AND {which}",
            [value],
        )


def seconds_on_screen(screen: Screen, dues: dict[str, datetime], clocks: Sequence[int]) -> tuple[list[float], int]:
    """Seconds from each breach until its row stood there, and how many never did."""
    owed = screen.owed(clocks) & dues.keys()
    seen = {reference: screen.shown[reference] for reference in owed if reference in screen.shown}
    return [at - dues[reference].timestamp() for reference, at in seen.items()], len(owed) - len(seen)
