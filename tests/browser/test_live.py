"""What somebody else does is seen soon and without a reload: in the queue, the inbox, on the ticket, at the bell."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.models import Person
from complaints.actions import commenting, handling
from escalation.actions.raising import escalate
from notifications import outbox
from notifications.kinds import Kind
from tests.people import MONDAY_TEN, a_dispatched_ticket, a_ticket, a_ticket_in_hand, fresh, person, somebody
from tests.streams import an_asgi_server

pytestmark = [pytest.mark.browser, pytest.mark.long]

SOON = 10_000  # milliseconds; about one on a machine that has nothing else to do


@pytest.fixture
def live(open_as, transactional_db):
    """Open the desk on a server with streams, and wait until the page listens."""
    with an_asgi_server() as address:
        pages = []

        def sign_in(username, path, **options):
            page = open_as(username, base_url=address, **options)
            pages.append(page)
            page.goto(path)
            page.wait_for_selector('body[data-live-is="up"]')
            return page

        yield sign_in
        for page in pages:
            page.close()


def test_the_queue_shows_what_comes_and_what_a_colleague_takes(live):
    ticket = a_dispatched_ticket()
    wei = live("wei", "/queue/?tab=unclaimed")
    rows = wei.locator("#lists a.row")
    expect(rows).to_have_text([ticket.reference])
    expect(wei).to_have_title(re.compile(r"^\(1\) "))

    second = a_dispatched_ticket()
    expect(rows).to_have_text([ticket.reference, second.reference], timeout=SOON)
    expect(wei.locator("#waits-queue")).to_contain_text("2", timeout=SOON)
    expect(wei).to_have_title(re.compile(r"^\(2\) "), timeout=SOON)

    handling.claim(fresh(ticket), by=somebody("handler", over="network"), at=MONDAY_TEN)
    expect(rows).to_have_text([second.reference], timeout=SOON)


def test_the_inbox_shows_what_is_escalated_and_keeps_what_was_ticked(live):
    first = escalate(a_ticket(), reason="again", by=person("rosa"), at=MONDAY_TEN)[0]
    lin = live("lin", "/inbox/")
    lin.get_by_role("checkbox", name=first.ticket.reference).check()

    second = a_ticket()
    escalate(second, reason="again", by=person("rosa"), at=MONDAY_TEN + timedelta(seconds=1))

    expect(lin.locator("#lists")).to_contain_text(second.reference, timeout=SOON)
    expect(lin.get_by_role("checkbox", name=first.ticket.reference)).to_be_checked()
    expect(lin.get_by_role("checkbox", name=second.reference)).not_to_be_checked()


def test_the_first_escalation_brings_its_buttons_along(live):
    lin = live("lin", "/inbox/")
    expect(lin.locator("#at-once")).to_be_empty()

    escalate(a_ticket(), reason="again", by=person("rosa"), at=MONDAY_TEN)

    expect(lin.get_by_role("button", name="Acknowledge")).to_be_visible(timeout=SOON)


def test_the_bell_rings_on_every_page_and_sounds_only_where_asked_for(live):
    Person.objects.filter(username="lin").update(wants_sound=True)
    lin, rosa = live("lin", "/board/"), live("rosa", "/mine/")

    outbox.put(Kind.REASSIGNED, key="ring", to=[person("lin"), person("rosa")], context={}, at=MONDAY_TEN)

    for page in (lin, rosa):
        expect(page.locator("#waits-messages")).to_contain_text("1", timeout=SOON)
    expect(lin.locator("body[data-rang]")).to_have_count(1)
    expect(rosa.locator("body[data-rang]")).to_have_count(0)


def test_a_ticket_that_changes_is_drawn_anew_and_what_is_being_written_stays(live):
    ticket = a_ticket_in_hand()
    wei = live("wei", f"/tickets/{ticket.reference}/")

    commenting.comment(fresh(ticket), text="The first word.", by=somebody("handler", over="network"), at=MONDAY_TEN)
    expect(wei.locator("#story")).to_contain_text("The first word.", timeout=SOON)
    expect(wei.locator("#changed")).to_be_hidden()

    process = wei.locator('#deeds textarea[name="process"]')
    process.fill("Measured the line.")
    commenting.comment(fresh(ticket), text="The second word.", by=somebody("handler", over="network"), at=MONDAY_TEN)

    expect(wei.locator("#story")).to_contain_text("The second word.", timeout=SOON)
    expect(wei.locator("#changed")).to_be_visible()
    expect(process).to_have_value("Measured the line.")
