"""The main story of each workplace, by hand in a real browser: where there are keys, with the keys."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

import approvals.actions
from approvals.models import SolutionKind
from callbacks.answers import Standing
from complaints.actions import handling
from complaints.models import Ticket
from complaints.states import State
from escalation.actions.raising import escalate
from sla.models import Clock
from tests.callbacks.stories import a_callback, the_callback
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    fresh,
    person,
    somebody,
    unit,
)

pytestmark = [pytest.mark.browser, pytest.mark.long]

PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "color_scheme": "dark", "has_touch": True}


def test_the_unit_queue_claims_takes_back_and_feeds_back_without_fillers(open_as):
    ticket = a_dispatched_ticket()
    wei = open_as("wei")
    hands = wei.keyboard

    hands.press("Space")
    expect(wei.locator("#messages")).to_contain_text("is in your hands")
    wei.wait_for_load_state()
    hands.press("u")
    expect(wei.locator("#messages")).to_contain_text("is back in the unit's queue")
    assert fresh(ticket).state == State.DISPATCHED
    wei.goto("/queue/")
    wei.wait_for_load_state()
    hands.press("Space")
    wei.get_by_label("process").fill("Measured the line from the cabinet.")
    wei.get_by_label("cause").fill("handled")
    wei.get_by_label("result").fill("The splitter was replaced.")
    wei.get_by_label("advice for reply and callback").fill("Ask whether the light is green.")
    wei.get_by_role("button", name="Hand over for the reply").click()
    expect(wei.locator("#deeds .problem")).to_contain_text("'handled' says nothing")
    expect(wei.get_by_label("process")).to_have_value("Measured the line from the cabinet.")
    wei.get_by_label("cause").fill("Water in the splitter.")
    wei.get_by_role("button", name="Hand over for the reply").click()

    expect(wei.locator("#messages")).to_contain_text("was handed over for the reply")
    assert fresh(ticket).state == State.REPLYING


def test_a_queue_is_narrowed_and_kept_as_a_view_for_the_unit(open_as):
    quick, slow = a_dispatched_ticket(urgency="urgent"), a_dispatched_ticket()
    wei = open_as("wei")
    rows = wei.locator("#lists a.row")
    expect(rows).to_have_text([quick.reference, slow.reference])

    wei.get_by_text("Filter, order, columns").click()
    wei.get_by_label("urgency", exact=True).first.select_option("urgent")
    wei.get_by_role("checkbox", name="age").uncheck()
    wei.get_by_role("button", name="Show", exact=True).click()
    expect(rows).to_have_text([quick.reference])
    expect(wei.locator("#lists th", has_text="Age")).to_have_count(0)
    wei.get_by_text("Keep this view").click()
    wei.get_by_label("Name").fill("Urgent first")
    wei.get_by_label("share it with").check()
    wei.get_by_role("button", name="Keep", exact=True).click()
    expect(wei.locator("#messages")).to_contain_text("Kept as “Urgent first”")

    colleague = open_as(somebody("handler", over="network").username)
    colleague.goto("/queue/")
    colleague.get_by_role("link", name="Urgent first").click()
    expect(colleague.locator("#lists a.row")).to_have_text([quick.reference])
    wei.goto("/queue/")
    wei.get_by_role("button", name="Forget Urgent first").click()
    wei.get_by_role("button", name="Undo").click()
    expect(wei.get_by_role("link", name="Urgent first")).to_be_visible()


def test_the_dispatch_desk_sends_several_by_keys_and_returns_one_with_reasons(open_as):
    first, second, third = (a_ticket(urgency=urgency) for urgency in ("urgent", "important", "ordinary"))
    sam = open_as("sam")
    hands = sam.keyboard
    for key in "jxjx":
        hands.press(key)
    expect(sam.get_by_role("checkbox", name=second.reference)).to_be_checked()
    sam.get_by_role("button", name="Send the picked as proposed").click()
    expect(sam.locator("#messages")).to_contain_text("2 were sent as proposed.")
    expect(sam.locator("#beside")).to_contain_text(third.reference)

    sam.wait_for_load_state()  # the keys come with the page's script
    hands.press("r")
    beside = sam.locator("#beside")
    beside.get_by_role("button", name="Return to its owner").click()
    expect(beside.locator(".problem").first).to_be_visible()
    beside.get_by_role("checkbox", name="record incomplete").check()
    beside.get_by_role("button", name="Return to its owner").click()

    expect(sam.locator("#lists")).to_contain_text("Everything is sent")
    assert [fresh(each).state for each in (first, second, third)] == [State.DISPATCHED] * 2 + [State.RETURNED]


def test_the_callback_desk_asks_and_closes(open_as):
    callback = a_callback()
    wumei = open_as("wumei")
    beside = wumei.locator("#beside")
    expect(beside).to_contain_text("What to say")
    expect(wumei.locator("#lists")).to_contain_text("permitted now")

    beside.get_by_role("button", name="Take it in hand").click()
    beside.get_by_role("group", name="with the result").get_by_label("satisfied", exact=True).check()
    beside.get_by_role("group", name="with the handling").get_by_label("satisfied", exact=True).check()
    beside.get_by_role("button", name="Record the answers").click()

    expect(wumei.locator("#messages")).to_contain_text("is closed")
    assert the_callback(callback.ticket).state == Standing.ANSWERED


def test_the_board_opens_exactly_its_tickets_and_the_wall_counts_the_same(open_as):
    for _each in range(2):
        a_ticket(at=MONDAY_NINE)
    lin = open_as("lin")
    lin.goto("/board/")
    number = lin.locator("a.figure.some").first
    value = int(number.locator(".value").inner_text())
    expect(lin.locator("h1").locator("xpath=..")).to_contain_text("as of")
    number.click()
    expect(lin.locator("#lists a.row")).to_have_count(value)

    lin.goto("/wall/")
    lin.goto(lin.locator("#wall-address").input_value())

    expect(lin.locator(".wall .number").last).to_contain_text("2")
    expect(lin.locator("input, button, a")).to_have_count(0)


def test_the_wall_says_that_it_reconnects_and_comes_back_by_itself(open_as):
    a_ticket(at=MONDAY_NINE)
    lin = open_as("lin")
    lin.goto("/wall/")
    address = lin.locator("#wall-address").input_value()
    wall = lin.context.new_page()  # what it says of the lost connection in its console is meant
    wall.clock.install()
    wall.goto(address)
    expect(wall.locator(".wall .number").last).to_contain_text("1")
    expect(wall.locator("[data-lost]")).to_be_hidden()

    wall.route("**/wall/**", lambda route: route.abort())
    wall.clock.fast_forward(30_000)
    expect(wall.locator("[data-lost]")).to_have_text("reconnecting")
    expect(wall.locator(".wall .number").last).to_contain_text("1")
    a_ticket(at=MONDAY_NINE)
    wall.unroute("**/wall/**")
    wall.clock.fast_forward(6_000)

    expect(wall.locator(".wall .number").last).to_contain_text("2")
    expect(wall.locator("[data-lost]")).to_be_hidden()


def test_the_wall_starts_over_by_itself_and_only_while_the_server_answers(open_as):
    a_ticket(at=MONDAY_NINE)
    lin = open_as("lin")
    lin.goto("/wall/")
    address = lin.locator("#wall-address").input_value()
    wall = lin.context.new_page()  # what it says of the lost connection in its console is meant
    wall.clock.install()
    wall.goto(address)
    wall.evaluate("document.body.dataset.before = ''")

    wall.route("**/wall/**", lambda route: route.abort())
    wall.clock.fast_forward(11 * 60_000)
    expect(wall.locator("[data-lost]")).to_have_text("reconnecting")
    expect(wall.locator("body[data-before]")).to_have_count(1)
    wall.unroute("**/wall/**")
    wall.clock.fast_forward(6_000)

    expect(wall.locator("body[data-before]")).to_have_count(0)
    expect(wall.locator(".wall .number").last).to_contain_text("1")


def test_a_supervisor_reassigns_from_the_forecast_by_keys(open_as, monday_at_ten):
    ticket = a_ticket_in_hand()
    monday_at_ten.move_to(Clock.objects.running().get(ticket=ticket, kind="handle").due_at - timedelta(minutes=20))
    colleague = somebody("handler", over="network")
    lin = open_as("lin", viewport={"width": 1280, "height": 720})
    lin.goto("/board/")
    lin.wait_for_load_state()
    hands = lin.keyboard

    hands.press("j")
    expect(lin.locator("a.row:focus")).to_have_text(ticket.reference)
    hands.press("r")
    beside = lin.locator("#pane")
    expect(beside.get_by_label("to a person")).to_be_focused()
    hands.press("Control+Enter")
    expect(lin.locator(".problems[role=alert]")).to_be_visible()
    lin.wait_for_load_state()
    lin.get_by_label("to a person").select_option(str(colleague.pk))
    hands.press("Control+Enter")

    expect(lin.locator("h1")).to_have_text("Board")
    expect(lin.locator("#messages")).to_contain_text(f"{ticket.reference} was given to")
    assert fresh(ticket).handler == colleague


def test_the_box_at_the_top_finds_chinese_words_and_marks_them(open_as):
    ticket = a_ticket(happened="家里宽带断网三天，没有人上门")
    a_ticket(happened="The bill is wrong.")
    lin = open_as("lin")

    lin.keyboard.press("/")
    lin.keyboard.type("断网")
    lin.keyboard.press("Enter")

    expect(lin.locator("#lists a.row")).to_have_text([ticket.reference])
    expect(lin.locator("mark")).to_have_text(["断网"])


def test_a_write_on_an_old_view_is_refused_with_what_changed_and_the_text_stays(open_as):
    ticket = a_ticket_in_hand()
    wei = open_as("wei")
    wei.goto(f"/tickets/{ticket.reference}/")
    wei.get_by_label("process").fill("Measured the line from the cabinet.")
    handling.assign(fresh(ticket), to=person("wei"), by=person("lin"), at=MONDAY_TEN)
    wei.get_by_role("button", name="Hand over for the reply").click()

    for part in ("cause", "result", "advice for reply and callback"):
        wei.get_by_label(part).fill(f"Something worth reading about the {part}.")
    wei.get_by_role("button", name="Hand over for the reply").click()

    expect(wei.locator("#deeds [role=alert]")).to_contain_text("has changed since you opened it")
    expect(wei.locator("#deeds [role=alert]")).to_contain_text("Lin Jing")
    expect(wei.get_by_label("process")).to_have_value("Measured the line from the cabinet.")
    assert fresh(ticket).state == State.HANDLING


def test_who_else_has_a_ticket_open_is_seen_on_it_and_in_the_queue(open_as):
    cache.clear()  # who had a ticket of the same number open in a test before this one
    ticket = a_ticket_in_hand()
    with (colleague := open_as("lin")).expect_response("**/here/"):
        colleague.goto(f"/tickets/{ticket.reference}/")

    wei = open_as("wei")
    expect(wei.locator("#lists .tag[title='has it open']")).to_have_text("Lin Jing")
    wei.goto(f"/tickets/{ticket.reference}/")

    expect(wei.locator("[data-here]")).to_contain_text("Lin Jing")


def test_a_supervisor_acknowledges_and_a_manager_approves_on_a_phone(open_as):
    ticket = a_ticket_to_reply()
    raised = escalate(fresh(ticket), reason="again", by=person("rosa"), at=MONDAY_TEN)[0]
    approvals.actions.request(
        fresh(ticket),
        kind=SolutionKind.COMPENSATION,
        amount=Decimal(300),
        solution="半年免费。",
        by=person("rosa"),
        at=MONDAY_NINE,
    )
    lin = open_as("lin", **PHONE)
    lin.goto("/inbox/")
    lin.get_by_role("checkbox", name=ticket.reference).tap()
    lin.get_by_role("button", name=re.compile("确认|签收")).first.tap()
    expect(lin.locator("#messages .done")).to_be_visible()
    assert type(raised).objects.get(pk=raised.pk).acknowledged_at is not None

    manager = open_as("mengyao", **PHONE)
    manager.goto("/approvals/")
    manager.locator('button[name="decision"][value="no"]').tap()
    expect(manager.locator(".problems[role=alert]")).to_be_visible()
    manager.locator('button[name="decision"][value="yes"]').tap()

    expect(manager.locator("#messages .done")).to_be_visible()
    assert Ticket.objects.get(pk=ticket.pk).open_approvals == 0


def test_a_ticket_that_goes_out_of_sight_while_somebody_writes_leaves_their_page_and_words(open_as):
    ticket = a_ticket_in_hand()
    page = open_as("wei").context.new_page()  # that it was not found stands in its console
    page.clock.install()
    page.goto(f"/tickets/{ticket.reference}/")
    page.get_by_label("process").fill("Measured the line from the cabinet.")
    handling.transfer(fresh(ticket), to=unit("group-customers"), reason="Theirs.", by=person("wei"), at=MONDAY_TEN)

    page.clock.fast_forward(21_000)

    expect(page.locator("#went")).to_be_visible()
    expect(page.locator("[data-here]")).to_have_text("")
    expect(page.get_by_label("process")).to_have_value("Measured the line from the cabinet.")
