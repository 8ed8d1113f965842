"""Keeping house: no inline script or style, every icon and every word is there, what others wrote is unchanged."""

import ast
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from desk.signs import ICONS
from desk.story import SENTENCES
from desk.workplaces import WORKPLACES
from tests.people import a_ticket_to_reply

ROOT = Path(settings.BASE_DIR)
VENDOR = ROOT / "static" / "vendor"


class Inline(HTMLParser):
    """Notes what a strict content security policy would block, and ids that stand twice."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: list[str] = []
        self.unlabelled: list[str] = []
        self.labelled: set[str] = set()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name in given if name == "style" or name.startswith(("on", "hx-on"))]
        self.found += [f"{tag} {name}" for name in ("href", "src") if "javascript:" in (given.get(name) or "")]
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label" and "for" in given:
            self.labelled.add(given["for"])
        if tag in {"input", "select", "textarea"} and given.get("type") not in {"hidden", "checkbox", "radio"}:
            self.unlabelled.append(given.get("id", "") if "aria-label" not in given else "")


PAGES = [
    ("rosa", "desk:call"),
    ("rosa", "desk:mine"),
    ("rosa", "desk:replies"),
    ("rosa", "desk:settings"),
    ("sam", "desk:dispatch"),
    ("wei", "desk:queue"),
    ("lin", "desk:board"),
    ("lin", "desk:inbox"),
    ("lin", "desk:figures"),
    ("lin", "desk:authorities"),
    ("lin", "desk:tickets"),
    ("lin", "desk:messages"),
    ("lin", "desk:styleguide"),
]


def check(page: str) -> None:
    seen = Inline()
    seen.feed(page)
    assert seen.found == []
    assert len(seen.ids) == len(set(seen.ids)), "an id stands twice"
    assert {each for each in seen.unlabelled if each} <= seen.labelled


@pytest.mark.parametrize(("username", "route"), PAGES)
def test_pages_hold_no_inline_script_or_style_and_every_field_has_its_label(as_, username, route):
    a_ticket_to_reply()

    answer = as_(username).get(reverse(route))

    check(answer.content.decode())
    policy = answer["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize("username", ["rosa", "wei", "lin"])
def test_the_page_of_a_ticket_holds_none_either(as_, username):
    ticket = a_ticket_to_reply()

    check(as_(username).get(reverse("desk:ticket", args=[ticket.reference])).content.decode())


def test_pages_without_a_frame_hold_none_either(client, db):
    check(client.get(reverse("desk:sign_in")).content.decode())
    check(client.get("/no-such-page/").content.decode())


def test_every_icon_that_a_page_uses_is_in_the_sprite():
    sprite = (ROOT / "static" / ICONS).read_text()
    there = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    used = {place.icon for place in WORKPLACES} | {icon for icon, _sentence in SENTENCES.values()}
    for template in (ROOT / "templates").rglob("*.html"):
        used |= set(re.findall(r'\{% icon "([\w-]+)"', template.read_text()))

    assert used <= there


def test_what_others_wrote_is_unchanged_and_listed():
    listed = dict(re.findall(r"\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|", (VENDOR / "VENDOR.md").read_text()))
    served = {path.name: path for path in VENDOR.iterdir() if path.name != "VENDOR.md"}

    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in served.items()} == listed


def test_a_fresh_visit_is_light(as_):
    import gzip

    browser = as_("lin")
    page = browser.get(reverse("desk:board")).content
    files = [path for path in (ROOT / "static").rglob("*") if path.suffix in {".css", ".js", ".svg"}]

    weight = len(gzip.compress(page)) + sum(len(gzip.compress(path.read_bytes())) for path in files)

    assert weight < 250_000


def recorded_kinds() -> set[str]:
    """Every kind of history entry that an action writes, read from the code."""
    kinds = set()
    for path in ROOT.glob("*/actions/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            if name == "record" and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                kinds.add(node.args[1].value)
            if name in {"perform", "carry_out"}:
                kinds |= {
                    each.value.value
                    for each in node.keywords
                    if each.arg == "kind" and isinstance(each.value, ast.Constant)
                }
    return kinds


def test_every_kind_of_history_entry_has_its_sentence():
    kinds = recorded_kinds()

    assert len(kinds) > 30
    assert kinds <= set(SENTENCES)
