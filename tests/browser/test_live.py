"""What somebody else does is seen soon and without a reload: in the queue, the inbox, on the ticket, at the bell."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.models import Person
from complaints.actions import classifying, commenting, handling
from desk import pages
from escalation.actions.raising import escalate
from notifications import outbox
from notifications.kinds import Kind
from tests.people import (
    MONDAY_TEN,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    fresh,
    person,
    somebody,
)
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
    bar = wei.get_by_role("button", name="1 new")
    expect(bar).to_be_visible(timeout=SOON)
    expect(wei.locator("#waits-queue")).to_contain_text("2", timeout=SOON)
    expect(wei).to_have_title(re.compile(r"^\(2\) "), timeout=SOON)
    expect(rows).to_have_text([ticket.reference])
    wei.keyboard.press(".")
    expect(rows).to_have_text([ticket.reference, second.reference], timeout=SOON)
    expect(wei.locator("#newer")).to_be_hidden()

    handling.claim(fresh(ticket), by=somebody("handler", over="network"), at=MONDAY_TEN)
    taken = wei.locator("tr.away")
    expect(taken).to_contain_text("gone from here", timeout=SOON)
    expect(taken.get_by_role("button", name="Claim")).to_be_disabled()
    expect(rows).to_have_text([ticket.reference, second.reference])
    wei.get_by_role("button", name="1 gone").click()
    expect(rows).to_have_text([second.reference], timeout=SOON)


def test_nothing_moves_under_a_reader_and_lines_that_stay_keep_up(live):
    urgent, ordinary = a_ticket(urgency="urgent"), a_ticket(urgency="ordinary")
    sam = live("sam", "/dispatch/")
    rows = sam.locator("#lists a.row")
    place = rows.nth(1).bounding_box()["y"]
    sam.get_by_role("checkbox", name=ordinary.reference).check()
    sam.get_by_text("Return the picked").click()
    sam.locator("#several-note").fill("Where does she live?")
    rows.nth(1).focus()

    between = a_ticket(urgency="important")
    classifying.mark_grave(fresh(urgent), reason="A child is ill.", by=person("rosa"), at=MONDAY_TEN)
    expect(sam.get_by_role("button", name="1 new")).to_be_visible(timeout=SOON)
    expect(rows).to_have_text([urgent.reference, ordinary.reference])
    expect(sam.locator("#lists tr", has_text=urgent.reference)).to_contain_text("grave")
    assert rows.nth(1).bounding_box()["y"] == place
    expect(rows.nth(1)).to_be_focused()
    sam.keyboard.press(".")

    expect(rows).to_have_text([urgent.reference, between.reference, ordinary.reference], timeout=SOON)
    expect(sam.locator("tr.come a.row")).to_have_text([between.reference])
    expect(sam.get_by_role("checkbox", name=ordinary.reference)).to_be_checked()
    expect(sam.locator("#several-note")).to_have_value("Where does she live?")
    expect(rows.nth(2)).to_be_focused()


def test_at_the_end_of_a_page_what_a_colleague_took_is_gone_and_what_changed_pages_is_not(live, monkeypatch):
    monkeypatch.setattr(pages, "LINES", 2)
    first, second, third = (a_dispatched_ticket() for _each in range(3))
    wei = live("wei", "/queue/?tab=unclaimed")
    rows = wei.locator("#lists a.row")
    expect(rows).to_have_text([first.reference, second.reference])

    handling.claim(fresh(second), by=somebody("handler", over="network"), at=MONDAY_TEN)
    expect(wei.locator("tr.away")).to_contain_text(second.reference, timeout=SOON)
    expect(wei.locator("#newer")).to_have_text("1 gone.")
    wei.keyboard.press(".")
    expect(rows).to_have_text([first.reference, third.reference], timeout=SOON)
    a_dispatched_ticket()  # the list has two pages again
    urgent = a_dispatched_ticket(urgency="urgent")

    expect(wei.get_by_role("button", name="1 new")).to_be_visible(timeout=SOON)
    expect(wei.locator("tr.away")).to_have_count(0)
    wei.keyboard.press(".")
    expect(rows).to_have_text([urgent.reference, first.reference], timeout=SOON)


def test_an_answer_without_the_list_leaves_it_as_it_is(live):
    ticket = a_dispatched_ticket()
    wei = live("wei", "/queue/?tab=unclaimed")
    wei.route("**/queue/**", lambda route: route.fulfill(body="<h1>Back in a minute</h1>", content_type="text/html"))

    with wei.expect_response("**/queue/**"):
        a_dispatched_ticket()
    wei.unroute("**/queue/**")
    a_dispatched_ticket()

    expect(wei.get_by_role("button", name="2 new")).to_be_visible(timeout=SOON)
    expect(wei.locator("#lists a.row")).to_have_text([ticket.reference])


def test_below_a_call_stands_what_else_is_mine_and_a_line_opens_beside_it(live):
    first = a_ticket_to_reply()
    rosa = live("rosa", "/calls/", viewport={"width": 1280, "height": 720})
    replies = rosa.locator('#below [data-lines="replies"] a.row')
    expect(replies).to_have_text([first.reference])

    second = a_ticket_to_reply()
    expect(rosa.locator("#below-replies")).to_have_text("2", timeout=SOON)
    rosa.keyboard.press("Escape")  # out of the field for the number
    rosa.keyboard.press(".")
    expect(replies).to_have_text([first.reference, second.reference], timeout=SOON)
    replies.first.click()

    expect(rosa.locator("#pane")).to_contain_text(first.reference)


def test_the_inbox_shows_what_is_escalated_and_keeps_what_was_ticked(live):
    first = escalate(a_ticket(), reason="again", by=person("rosa"), at=MONDAY_TEN)[0]
    lin = live("lin", "/inbox/")
    lin.get_by_role("checkbox", name=first.ticket.reference).check()

    second = a_ticket()
    escalate(second, reason="again", by=person("rosa"), at=MONDAY_TEN + timedelta(seconds=1))

    lin.get_by_role("button", name="1 new").click(timeout=SOON)
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


# The browser's own notices, allowed and noted as they are raised; and a tab that somebody has left for another one. An
# engine without a window never allows them.
NOTING = """
window.Notification = new Proxy(window.Notification, {
    get(kind, name) { return name === "permission" ? "granted" : Reflect.get(kind, name); },
    construct(kind, given) {
        document.body.dataset.raised = (document.body.dataset.raised || "") + given[0];
        return Reflect.construct(kind, given);
    },
});
Object.defineProperty(document, "hidden", { get: () => Boolean(window.isLeft) });
"""


def test_a_notice_of_the_browser_is_raised_where_asked_for_and_nobody_looks(live):
    Person.objects.filter(username="lin").update(wants_notices=True)
    lin, rosa = live("lin", "/board/"), live("rosa", "/mine/")
    for page in (lin, rosa):
        page.add_init_script(NOTING)
        page.reload()
        page.wait_for_selector('body[data-live-is="up"]')

    outbox.put(Kind.REASSIGNED, key="seen", to=[person("lin")], context={}, at=MONDAY_TEN)
    expect(lin.locator("#waits-messages")).to_contain_text("1", timeout=SOON)
    expect(lin.locator("body[data-raised]")).to_have_count(0)
    for page in (lin, rosa):
        page.evaluate("window.isLeft = true")
    outbox.put(Kind.REASSIGNED, key="left", to=[person("lin"), person("rosa")], context={}, at=MONDAY_TEN)

    expect(lin.locator('body[data-raised="Something new waits for you"]')).to_have_count(1, timeout=SOON)
    expect(rosa.locator("#waits-messages")).to_contain_text("1", timeout=SOON)
    expect(rosa.locator("body[data-raised]")).to_have_count(0)


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
