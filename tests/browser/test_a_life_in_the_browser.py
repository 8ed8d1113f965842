"""One complaint from the call to its callback, each at their own workplace, in a real browser."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from complaints.models import Ticket
from complaints.states import State
from desk import presence
from tests.people import ORDINARY, a_ticket_in_hand, a_ticket_to_reply, category, fresh, person
from tests.streams import until

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_a_complaint_lives_from_call_to_callback(open_as):
    rosa = open_as("rosa")
    rosa.get_by_label("Subscriber's number or ticket reference").fill("12055550101")
    rosa.get_by_role("button", name="Look up").click()
    rosa.get_by_label("Find a category").press_sequentially("yzf")
    expect(rosa.locator("#accept-category")).to_contain_text("1 found: choose")
    rosa.locator("#accept-category").select_option(str(category(ORDINARY).pk))
    rosa.get_by_label("Bill of which month").fill("February")
    rosa.get_by_label("Item on the bill").fill("ring tones")
    rosa.get_by_label("Amount in dispute").fill("12")
    rosa.get_by_role("button", name="Insert:").click()
    expect(rosa.get_by_label("what happened", exact=True)).to_have_value(re.compile("ring tones.*February"))
    rosa.keyboard.press("Control+s")
    expect(rosa.locator("#messages")).to_contain_text("Tell the customer: reference T-")
    ticket = Ticket.objects.get()

    sam = open_as("sam")
    expect(sam.locator("#beside")).to_contain_text("default of this category")
    sam.get_by_label("lead unit").select_option(label="　　Network department")
    sam.keyboard.press("Escape")
    sam.keyboard.press("a")
    expect(sam.locator("#messages")).to_contain_text("was sent to Network department")

    wei = open_as("wei")
    wei.keyboard.press("Space")
    expect(wei.locator("#messages")).to_contain_text(f"{ticket.reference} is in your hands")
    wei.get_by_label("process").fill("Compared the bill with the orders.")
    wei.get_by_label("cause").fill("An order that nobody made.")
    wei.get_by_label("result").fill("Taken off, twelve yuan refunded.")
    wei.get_by_label("advice for reply and callback").fill("Say when the refund arrives.")
    wei.get_by_role("button", name="Hand over for the reply").click()
    expect(wei.locator("#messages")).to_contain_text("was handed over for the reply")

    rosa.goto("/replies/")
    rosa.get_by_role("button", name="Begin the reply").click()
    rosa.get_by_role("textbox", name="what the customer was told").fill("The twelve yuan are back on Friday.")
    rosa.get_by_role("button", name="Record the reply").click()
    expect(rosa.locator("#messages")).to_contain_text("is replied to; conclude it")
    rosa.get_by_label("accepts", exact=True).check()
    rosa.get_by_label("the company's").check()
    rosa.get_by_role("button", name="Conclude", exact=True).click()
    expect(rosa.locator("#messages")).to_contain_text("is concluded as complaint")

    assert Ticket.objects.get().state == State.CALLBACK


def test_an_unfinished_feedback_is_kept_while_one_types(open_as):
    ticket = a_ticket_in_hand()
    wei = open_as("wei")
    wei.goto(f"/tickets/{ticket.reference}/")
    feedback = wei.locator("#deeds form", has=wei.locator("[name=process]"))
    feedback.get_by_label("process").press_sequentially("Measured the line.")
    expect(feedback.locator("[data-keeps]")).to_contain_text("draft kept")

    wei.reload()
    expect(wei.get_by_label("process")).to_have_value("Measured the line.")
    wei.get_by_label("cause").fill("Water in the splitter.")
    wei.get_by_label("result").fill("The splitter was replaced.")
    wei.get_by_label("advice for reply and callback").fill("Ask whether the light is green.")
    wei.get_by_role("button", name="Hand over for the reply").click()
    expect(wei.locator("#messages")).to_contain_text("was handed over for the reply")

    wei.goto(f"/tickets/{ticket.reference}/")
    expect(wei.locator("main")).not_to_contain_text("draft kept")
    assert fresh(ticket).state == State.REPLYING


def test_an_unfinished_reply_and_conclusion_are_kept_while_one_types(open_as):
    ticket = a_ticket_to_reply()
    rosa = open_as("rosa")
    rosa.goto("/replies/")
    rosa.get_by_role("button", name="Begin the reply").click()
    told = "The splitter was replaced."
    reply = rosa.locator("#deeds form", has=rosa.get_by_role("button", name="Record the reply"))
    reply.get_by_role("textbox", name="what the customer was told").press_sequentially(told)
    expect(reply.locator("[data-keeps]")).to_contain_text("draft kept")

    rosa.reload()
    expect(reply.get_by_role("textbox", name="what the customer was told")).to_have_value(told)
    reply.get_by_role("button", name="Record the reply").click()
    expect(rosa.locator("#messages")).to_contain_text("is replied to; conclude it")
    conclusion = rosa.locator("#deeds form", has=rosa.get_by_role("button", name="Conclude", exact=True))
    conclusion.get_by_label("accepts", exact=True).check()
    conclusion.get_by_label("the company's").check()
    conclusion.locator("[name=remedy]").fill("A month free.")
    expect(conclusion.locator("[data-keeps]")).to_contain_text("draft kept")

    rosa.reload()
    expect(conclusion.get_by_label("accepts", exact=True)).to_be_checked()
    expect(conclusion.get_by_label("the company's")).to_be_checked()
    expect(conclusion.locator("[name=remedy]")).to_have_value("A month free.")
    conclusion.get_by_role("button", name="Conclude", exact=True).click()
    expect(rosa.locator("#messages")).to_contain_text("is concluded")

    rosa.goto(f"/tickets/{ticket.reference}/")
    expect(rosa.locator("main")).not_to_contain_text("draft kept")
    assert fresh(ticket).state == State.CALLBACK


def test_an_unfinished_call_is_kept_while_one_types(open_as):
    rosa = open_as("rosa")
    rosa.get_by_label("Subscriber's number or ticket reference").fill("12055550101")
    rosa.get_by_role("button", name="Look up").click()
    rosa.get_by_label("what happened", exact=True).fill("The line is down.")
    rosa.get_by_label("what happened", exact=True).blur()
    expect(rosa.locator("#kept")).to_contain_text("draft kept")

    rosa.reload()

    expect(rosa.get_by_label("what happened", exact=True)).to_have_value("The line is down.")


def test_who_types_without_a_pause_has_it_kept_all_the_same(open_as):
    rosa = open_as("rosa")
    rosa.clock.install()
    rosa.get_by_label("Subscriber's number or ticket reference").fill("12055550101")
    rosa.get_by_role("button", name="Look up").click()
    told = rosa.get_by_label("what happened", exact=True)

    for word in ("The ", "line ", "is ", "down ", "again, ", "since "):
        told.press_sequentially(word)
        rosa.clock.fast_forward(2_000)

    expect(rosa.locator("#kept")).to_contain_text("draft kept")


@pytest.mark.parametrize("deed", ["call", "feedback"])
def test_who_leaves_in_the_middle_of_a_word_finds_it_again(open_as, deed):
    ticket = a_ticket_in_hand()
    somebody = open_as("rosa" if deed == "call" else "wei")
    page = "/calls/new/" if deed == "call" else f"/tickets/{ticket.reference}/"
    words = somebody.get_by_label("what happened" if deed == "call" else "process", exact=True)
    somebody.goto(page)
    words.press_sequentially("Measured the li")

    somebody.goto("/me/")  # what is sent while leaving is answered to nobody
    until(lambda: "Measured the li" in somebody.request.get(page).text())
    somebody.goto(page)

    expect(words).to_have_value("Measured the li")


def test_who_closes_a_ticket_is_shown_on_it_no_more(open_as):
    ticket = a_ticket_in_hand()
    address = f"/tickets/{ticket.reference}/"
    wei, lin = open_as("wei"), open_as("lin")
    with lin.expect_response("**/here/"):
        lin.goto(address)
    wei.goto(address)
    expect(wei.locator("[data-here]")).to_contain_text("Lin Jing")

    lin.goto("/me/")

    until(lambda: not presence.others_at([ticket], person("wei"), timezone.now()))
    wei.reload()
    expect(wei.locator("[data-here]")).to_have_text("")
