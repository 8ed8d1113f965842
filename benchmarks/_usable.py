"""How soon a page can be used in a browser: from asking for it until its scripts have run and its keys work."""

import shutil
import statistics
from collections.abc import Mapping

from playwright.sync_api import Browser, sync_playwright

from benchmarks._visiting import LANGUAGE, Visitor

ROUNDS = 9
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
USABLE = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def time_until_usable(pages: Mapping[str, tuple[Visitor, str]]) -> dict[str, tuple[float, float]] | None:
    """For each page milliseconds of a first and of a repeated visit, medians; None where no browser is there."""
    if not shutil.which("chromium"):
        return None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        try:
            return {name: _both(browser, visitor, path) for name, (visitor, path) in pages.items()}
        finally:
            browser.close()


def _both(browser: Browser, visitor: Visitor, path: str) -> tuple[float, float]:
    first, again = [], []
    for _round in range(ROUNDS):
        context = browser.new_context(locale=LANGUAGE, viewport={"width": 1280, "height": 720})
        address = visitor.desk.address
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in visitor.cookies.items()])
        page = context.new_page()
        for taken in (first, again):
            answer = page.goto(f"{address}{path}", wait_until="domcontentloaded")
            if answer is None or answer.status != 200:
                raise RuntimeError(f"{path} answered {answer and answer.status}")
            taken.append(float(page.evaluate(USABLE)))
        context.close()
    return statistics.median(first), statistics.median(again)
