"""A list of several pages says which lines on a screen are still in it, so that the others are seen to be gone."""

import re

import pytest
from django.urls import reverse

from complaints.actions import handling
from desk import pages
from tests.people import MONDAY_TEN, a_dispatched_ticket, fresh, somebody


@pytest.fixture
def three_on_two_pages(db, monkeypatch):
    monkeypatch.setattr(pages, "LINES", 2)
    return [a_dispatched_ticket() for _each in range(3)]


def elsewhere(browser, shown: str) -> list[str] | None:
    page = browser.get(reverse("desk:queue"), {"tab": "unclaimed"}, headers={"Shown": shown}).content.decode()
    found = re.search(r'data-elsewhere="([^"]*)"', page)
    return found and found[1].split()


def test_what_is_on_another_page_is_named_and_what_is_gone_is_not(as_, three_on_two_pages):
    first, _second, third = three_on_two_pages
    a_dispatched_ticket()
    handling.claim(fresh(first), by=somebody("handler", over="network"), at=MONDAY_TEN)

    named = elsewhere(as_("wei"), f"{first.pk},{third.pk + 1}")

    assert named == [str(third.pk + 1)]


@pytest.mark.parametrize("shown", ["", "x,-1,²", "9" * 40])
def test_what_names_no_line_asks_nothing(as_, three_on_two_pages, shown):
    assert elsewhere(as_("wei"), shown) is None
