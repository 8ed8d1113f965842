"""Every action of a ticket's page has its key, no two the same; single keys can be switched off (WCAG 2.1.4)."""

import re

import pytest
from django.urls import reverse

from accounts.models import Person
from desk import deeds
from desk.keys import LETTERS, RESERVED, keys_of
from tests.people import a_dispatched_ticket, a_ticket_in_hand, a_ticket_to_reply

FOLD = re.compile(r'<details class="(?:usual|rest)"|<details(?: open)? (?:data-key|hx-get)')


@pytest.mark.parametrize("kind", deeds.ALL, ids=lambda kind: kind.name)
def test_every_deed_has_a_letter_that_nothing_else_on_the_page_uses(kind):
    assert LETTERS[kind.name] not in RESERVED


def test_where_two_want_the_same_letter_the_second_gets_another():
    keys = keys_of(["resubmit", "feed_back", "resolve_on_site", "request_approval"])

    assert len(set(keys.values())) == len(keys)
    assert (keys["resubmit"], keys["resolve_on_site"]) == ("f", "V")


@pytest.mark.parametrize("username", ["rosa", "lin", "sam", "wei"])
@pytest.mark.parametrize("made", [a_dispatched_ticket, a_ticket_in_hand, a_ticket_to_reply])
def test_each_action_of_a_page_has_one_key_and_the_list_of_keys_names_it(as_, made, username):
    page = as_(username).get(reverse("desk:ticket", args=[made().reference])).content.decode()
    offered = page.split('id="deeds"')[1].split("</main>")[0]
    keys = re.findall(r'data-key="(.)"', offered)
    told = page.split('id="keys"')[1]

    assert len(keys) == len(set(keys)) == len(FOLD.findall(offered))
    assert all(f"<kbd>{key}</kbd>" in told for key in keys)


def test_single_keys_are_switched_off_by_who_wants_that(as_):
    wei = as_("wei")
    before = wei.get(reverse("desk:settings")).content.decode()

    wei.post(reverse("desk:settings"), {"language": "zh-hans"})
    after = wei.get(reverse("desk:settings")).content.decode()

    assert " data-keys" in before
    assert " data-keys" not in after
    assert not Person.objects.get(username="wei").uses_keys
