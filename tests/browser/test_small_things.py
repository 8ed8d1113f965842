"""Clocks that count, keys that move, two languages, two lights, a phone: nothing scrolls sideways, nothing shouts."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.models import Person
from complaints.actions import chasing
from escalation.actions.answering import acknowledge
from escalation.actions.raising import escalate
from sla.models import Clock
from tests.callbacks.stories import a_callback
from tests.databases import PASSWORD
from tests.people import (
    MONDAY_TEN,
    a_customer,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    fresh,
    person,
)

pytestmark = [pytest.mark.browser, pytest.mark.long]

PHONE = {"viewport": {"width": 390, "height": 844}}


def test_one_signs_in_and_a_wrong_password_keeps_the_name(open_as):
    page = open_as("rosa")
    page.context.clear_cookies()
    page.goto("/mine/")
    page.get_by_label("Login name").fill("rosa")
    page.get_by_label("Password").fill("a guess")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Login name")).to_have_value("rosa")

    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("My tickets")


def test_a_clock_counts_by_itself_and_turns_red_when_it_is_over(open_as):
    a_ticket(urgency="urgent", at=MONDAY_TEN - timedelta(minutes=14))
    sam = open_as("sam")
    sam.clock.install()  # the page's time goes on by itself, and faster where asked
    sam.reload()
    chip = sam.locator("table.list .chip").first
    begin = chip.inner_text()

    expect(chip).not_to_have_class(re.compile("overdue"))
    expect(chip).not_to_have_text(begin)
    sam.clock.run_for(60_000)
    expect(chip).to_have_class(re.compile("overdue"))
    expect(chip).to_contain_text("under 1 min overdue")
    sam.clock.run_for(60_000)
    expect(chip).to_contain_text("1 min overdue")
    expect(chip).not_to_contain_text("under")


def test_the_keys_move_open_and_explain(open_as):
    first, second = a_dispatched_ticket(urgency="urgent"), a_dispatched_ticket()
    wei = open_as("wei")

    wei.keyboard.press("j")
    wei.keyboard.press("j")
    expect(wei.locator("a.row:focus")).to_have_text(second.reference)
    wei.keyboard.press("k")
    expect(wei.locator("a.row:focus")).to_have_text(first.reference)
    wei.keyboard.press("?")
    expect(wei.locator("#keys")).to_be_visible()
    wei.keyboard.press("Escape")
    wei.keyboard.press("/")
    expect(wei.locator("#search")).to_be_focused()
    wei.keyboard.press("Escape")
    wei.keyboard.press("j")
    wei.keyboard.press("Enter")

    expect(wei.locator("h1")).to_have_text(first.reference)


def test_chinese_after_the_browser_and_english_by_the_switch(open_as):
    rosa = open_as("rosa", locale="zh-CN")
    expect(rosa.locator("nav.rail")).to_contain_text("接听来电")

    rosa.get_by_role("button", name="EN").click()

    expect(rosa.locator("nav.rail")).to_contain_text("Take a call")


def test_the_light_is_switched_and_kept(open_as):
    rosa = open_as("rosa", color_scheme="light")

    def ground() -> str:
        return rosa.evaluate("getComputedStyle(document.body).backgroundColor")

    bright = ground()
    rosa.get_by_role("button", name="as the system says. Next").click()
    rosa.get_by_role("button", name="Next: dark").click()
    rosa.wait_for_selector('html[data-theme="dark"]')
    rosa.goto("/mine/")

    assert ground() != bright


@pytest.mark.parametrize("username", ["rosa", "sam", "wei", "lin"])
def test_nothing_scrolls_sideways_on_a_phone(open_as, username):
    a_ticket()
    a_dispatched_ticket()
    page = open_as(username, **PHONE)

    for address in ["/", "/tickets/"]:
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, (address, wide)


def test_tables_scroll_on_a_phone_and_their_page_does_not(open_as):
    ticket = a_ticket_in_hand()
    acknowledge(
        escalate(fresh(ticket), reason="again", by=person("rosa"), at=MONDAY_TEN)[0], by=person("lin"), at=MONDAY_TEN
    )
    lin = open_as("lin", **PHONE)

    for address in ["/inbox/acknowledged/", f"/tickets/{ticket.reference}/"]:
        lin.goto(address)
        assert lin.locator("table.list").count() > 0
        assert lin.evaluate("document.documentElement.scrollWidth") <= 390, address


def test_on_a_phone_the_deed_of_a_line_is_within_the_width(open_as):
    a_dispatched_ticket(at=MONDAY_TEN - timedelta(minutes=50), urgency="urgent")
    a_ticket_to_reply(at=MONDAY_TEN - timedelta(minutes=50), urgency="urgent")
    wei, rosa, lin = (open_as(username, **PHONE) for username in ("wei", "rosa", "lin"))
    wei.goto("/queue/?tab=unclaimed")
    rosa.goto("/replies/")
    lin.goto("/board/")

    for button in [
        wei.get_by_role("button", name="Claim"),
        rosa.get_by_role("button", name="Begin the reply"),
        lin.locator("#board table.acts .button").first,
    ]:
        box = button.bounding_box()
        assert box
        assert 0 <= box["x"] < box["x"] + box["width"] <= 390


def test_on_a_phone_a_number_of_the_rail_stands_beside_its_sign(open_as):
    for _number in range(12):
        a_dispatched_ticket()
    wei = open_as("wei", **PHONE)
    place = wei.locator("nav.rail a.place", has_text="Unit queue")

    sign, number = place.locator(".icon").bounding_box(), place.locator(".count").bounding_box()

    assert sign
    assert number
    assert number["x"] >= sign["x"] + sign["width"]


def test_the_board_says_that_it_could_not_be_fetched_and_goes_on_when_it_can(open_as):
    lin = open_as("lin")
    lin.goto("/board/")
    notice = lin.get_by_text("could not be fetched anew")
    fetch = "htmx.trigger(document.body, 'live:board')"

    lin.route("**/board/", lambda route: route.fulfill(body="<p>another page</p>"))
    lin.evaluate(fetch)
    expect(notice).to_be_visible()
    lin.unroute("**/board/")
    lin.evaluate(fetch)

    expect(notice).to_be_hidden()


def test_while_the_board_is_fetched_a_bar_stands_under_its_time(open_as):
    lin = open_as("lin")
    lin.goto("/board/")
    bar = lin.locator("#board .as-of")
    none = "rgba(0, 0, 0, 0)"
    waiting = []
    lin.route("**/board/", lambda route: waiting.append(route))  # Playwright marks what it calls
    expect(bar).to_have_css("border-bottom-color", none)

    lin.evaluate("htmx.trigger(document.body, 'live:board')")
    expect(bar).not_to_have_css("border-bottom-color", none)
    waiting.pop().continue_()

    expect(bar).to_have_css("border-bottom-color", none)


BEYOND = """
[...document.querySelectorAll(".sheet-wrap")]
  .filter((each) => each.scrollWidth > each.clientWidth + 2)
  .map((each) => each.innerText)
"""


@pytest.mark.parametrize(
    ("username", "addresses"),
    [("rosa", ["/calls/", "/mine/", "/replies/"]), ("wumei", ["/callbacks/"]), ("lin", ["/inbox/", "/tickets/"])],
)
def test_lists_show_whole_lines_at_1280_even_of_what_is_long_overdue(open_as, monday_at_ten, username, addresses):
    a_callback(customer=a_customer("12055550102"))
    ticket = a_ticket_to_reply()
    chasing.chase_up(fresh(ticket), text="When?", by=person("rosa"), at=MONDAY_TEN)
    escalate(fresh(ticket), reason="again", by=person("rosa"), at=MONDAY_TEN)
    monday_at_ten.move_to(MONDAY_TEN + timedelta(days=20))
    page = open_as(username, viewport={"width": 1280, "height": 720})

    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.locator("a.row").count() > 0, address
        assert page.evaluate(BEYOND) == [], address


def test_on_a_phone_the_forecast_keeps_its_buttons_in_sight(open_as, monday_at_ten):
    ticket = a_ticket_in_hand()
    monday_at_ten.move_to(Clock.objects.running().get(ticket=ticket, kind="handle").due_at - timedelta(minutes=20))
    lin = open_as("lin", **PHONE)
    lin.goto("/board/")

    button = lin.get_by_role("link", name="Reassign").bounding_box()
    assert button["x"] + button["width"] <= 390
    assert lin.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_first_tab_stop_skips_to_the_content(open_as):
    lin = open_as("lin")

    lin.keyboard.press("Tab")
    expect(lin.locator("a.skip")).to_be_focused()
    lin.keyboard.press("Enter")

    assert lin.evaluate("document.activeElement.id") == "main"


def test_a_ticket_opens_beside_its_list_and_enter_opens_it_whole(open_as):
    first, second = a_dispatched_ticket(urgency="urgent"), a_dispatched_ticket()
    wei = open_as("wei", viewport={"width": 1280, "height": 720})

    wei.get_by_role("link", name=first.reference).click()
    expect(wei.locator("#pane")).to_contain_text(first.reference)
    wei.keyboard.press("j")
    expect(wei.locator("#pane")).to_contain_text(second.reference)
    expect(wei.locator("tr.here")).to_contain_text(second.reference)
    wei.keyboard.press("Escape")
    expect(wei.locator("#pane")).to_be_hidden()
    expect(wei.locator("a.row:focus")).to_have_text(second.reference)
    wei.keyboard.press("o")
    expect(wei.locator("#pane")).to_contain_text(second.reference)
    wei.keyboard.press("Enter")

    expect(wei.locator("h1")).to_have_text(second.reference)


def test_the_shares_come_part_after_part_and_never_two_at_once(open_as):
    lin = open_as("lin")
    under_way, most = set(), []
    lin.on("request", lambda asked: "of=" in asked.url and (under_way.add(asked.url), most.append(len(under_way))))
    lin.on("response", lambda answer: under_way.discard(answer.url))

    lin.goto("/figures/")
    expect(lin.get_by_text("being counted")).to_have_count(0)

    assert len(most) > 1
    assert max(most) == 1


def test_keys_lead_to_the_first_field_that_is_empty_and_a_refusal_to_the_first_that_is_wrong(open_as):
    ticket = a_ticket_in_hand()
    wei = open_as("wei", viewport={"width": 1280, "height": 720})
    wei.goto(f"/tickets/{ticket.reference}/")
    wei.wait_for_load_state()

    wei.keyboard.press("a")
    expect(wei.get_by_label("process")).to_be_focused()
    wei.keyboard.type("Measured the line from the cabinet.")
    wei.get_by_label("cause").fill("handled")
    wei.get_by_label("result").fill("The splitter was replaced.")
    wei.get_by_label("advice for reply and callback").fill("Ask whether the light is green.")
    wei.get_by_role("button", name="Hand over for the reply").click()

    expect(wei.locator("#deeds .problem")).to_contain_text("'handled' says nothing")
    expect(wei.get_by_label("cause")).to_be_focused()
    expect(wei.get_by_label("cause")).to_be_in_viewport()


def test_an_escalation_is_acknowledged_by_three_keys(open_as):
    raised = escalate(a_ticket(), reason="again", by=person("rosa"), at=MONDAY_TEN)[0]
    lin = open_as("lin")
    lin.goto("/inbox/")
    lin.wait_for_load_state()

    for key in "jxa":
        lin.keyboard.press(key)

    expect(lin.locator("#messages .done")).to_be_visible()
    assert type(raised).objects.get(pk=raised.pk).acknowledged_at is not None


def test_a_seldom_action_unfolds_by_its_key_and_its_form_has_the_focus(open_as):
    ticket = a_ticket_in_hand()
    wei = open_as("wei")
    wei.goto(f"/tickets/{ticket.reference}/")
    form = wei.locator("#deeds details[data-key=t]")

    wei.keyboard.press("t")
    expect(form.locator("select, input:not([type=hidden])").first).to_be_focused()
    wei.keyboard.press("Escape")
    wei.keyboard.press("c")

    expect(wei.locator("#deeds details[data-key=c] textarea")).to_be_focused()


def test_who_has_switched_single_keys_off_sets_nothing_off_by_typing(open_as):
    ticket = a_ticket_in_hand()
    Person.objects.filter(username="wei").update(uses_keys=False)
    wei = open_as("wei")
    wei.goto(f"/tickets/{ticket.reference}/")

    for key in ("t", "?", "/", "n"):
        wei.keyboard.press(key)

    expect(wei.locator("#deeds details[data-key=t]")).not_to_have_attribute("open", "")
    expect(wei.locator("#keys")).not_to_be_visible()
    expect(wei.locator("#search")).not_to_be_focused()
    expect(wei.locator("#deeds kbd").first).to_be_hidden()


def test_the_list_of_keys_opens_from_the_top_of_the_page_too(open_as):
    rosa = open_as("rosa")  # the first field of the call has the focus and takes what is typed

    rosa.get_by_role("button", name="Keys of this page").click()

    expect(rosa.locator("#keys")).to_contain_text("take a call")


def test_where_the_system_sets_the_colours_urgency_is_still_seen(open_as):
    a_dispatched_ticket(urgency="important")
    lin = open_as("lin", forced_colors="active")

    lin.goto("/tickets/")

    bars = lin.locator("#lists .bars i")
    grounds = bars.evaluate_all("all => all.map(each => getComputedStyle(each).backgroundColor)")
    ground = lin.locator("#lists").evaluate("each => getComputedStyle(each).backgroundColor")
    assert grounds[0] == grounds[1] != ground
    assert grounds[2] != grounds[0]
