"""Below a call an agent sees what else is theirs: what is due next, replies to make, what came back."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.actions import dispatching
from complaints.models import Ticket
from complaints.states import State
from desk.below import ROOM
from tests.people import MONDAY_TEN, a_customer, a_ticket, a_ticket_to_reply, fresh, person

BELOW = reverse("desk:below")


def returned() -> Ticket:
    ticket = a_ticket()
    dispatching.return_for_completion(
        fresh(ticket), faults=["record_wrong"], note="Look again.", by=person("sam"), at=MONDAY_TEN
    )
    return ticket


def lists(page: str) -> dict[str, list[str]]:
    """The references of each list, in its order."""
    parts = re.split(r'data-lines="(\w*)"', page)[1:]
    return dict(zip(parts[::2], (re.findall(r">(T-\d+)</a>", part) for part in parts[1::2]), strict=True))


def test_each_list_shows_its_own_with_what_is_due_first(as_):
    slow, quick = a_ticket(urgency="ordinary"), a_ticket(urgency="urgent")
    to_reply, came_back = a_ticket_to_reply(), returned()

    shown = lists(as_("rosa").get(BELOW).content.decode())

    assert shown["replies"] == [to_reply.reference]
    assert shown["returned"] == [came_back.reference]
    assert shown["mine"].index(quick.reference) < shown["mine"].index(slow.reference)
    assert came_back.reference not in shown["mine"]


def test_eight_lines_are_shown_the_number_counts_all_and_the_rest_is_a_page_away(as_):
    for _each in range(ROOM + 2):
        a_ticket()

    page = as_("rosa").get(BELOW).content.decode()

    assert len(lists(page)["mine"]) == ROOM
    assert re.search(rf'id="below-mine"[^>]*>{ROOM + 2}<', page)
    assert 'data-lines="mine" data-more' in page
    assert f'href="{reverse("desk:mine")}"' in page
    assert f'href="{reverse("desk:replies")}"' in page


def test_what_is_nobodys_says_so(as_):
    page = as_("rosa").get(BELOW).content.decode()

    assert "Nobody waits for your reply." in page
    assert lists(page) == {}


def test_it_costs_the_same_with_one_line_and_with_many(as_):
    browser = as_("rosa")

    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            browser.get(BELOW)
        return len(counted)

    a_ticket(), a_ticket_to_reply(), returned()
    cost()
    with_one = cost()
    for _each in range(3):
        a_ticket(), a_ticket_to_reply(), returned()

    assert cost() == with_one <= 12


def test_the_page_of_a_call_asks_for_it_later_and_works_without(as_):
    waiting = a_ticket_to_reply()
    rosa = as_("rosa")

    start = rosa.get(reverse("desk:call")).content.decode()
    during = rosa.post(reverse("desk:call"), {"number": a_customer("12055550177").number}, follow=True).content.decode()

    for page in (start, during):
        assert f'hx-get="{BELOW}" hx-trigger="load, live:lists from:body"' in page
        assert f'href="{reverse("desk:replies")}"' in page
        assert waiting.reference not in page
    assert 'hx-trigger="live:lists from:body"' in rosa.get(BELOW).content.decode()


def test_who_takes_calls_and_answers_for_nothing_has_none(as_, lin):
    browser = as_("lin")

    assert BELOW not in browser.get(reverse("desk:call")).content.decode()
    assert browser.get(BELOW).status_code == 403


def test_nobody_elses_tickets_stand_there(as_):
    theirs = a_ticket_to_reply()
    Ticket.objects.filter(pk=theirs.pk).update(owner=person("zhaomin"))

    assert theirs.state != State.CLOSED
    assert theirs.reference not in as_("rosa").get(BELOW).content.decode()
