"""A ticket that one unit alone cannot solve: sent on, sent back, helped with, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from attachments.models import Attachment
from complaints.models import Ticket
from complaints.states import State
from tests.attachments.samples import PDF
from tests.people import a_ticket_in_hand, fresh, person, unit

pytestmark = [pytest.mark.browser, pytest.mark.long]


def open_deed(page: Page, name: str) -> None:
    """Unfold one of the seldom deeds of a ticket's page."""
    further = page.locator("#deeds details.rest")
    if further.get_attribute("open") is None:
        further.locator("> summary").click()
    further.locator("summary", has=page.get_by_text(name)).click()


def test_a_unit_transfers_and_the_other_sends_it_back_to_the_dispatch_desk(open_as):
    ticket = a_ticket_in_hand()
    wei = open_as("wei")
    wei.goto(f"/tickets/{ticket.reference}/")
    open_deed(wei, "Transfer to another unit")
    form = wei.locator("#deeds form", has=wei.get_by_role("button", name="Transfer", exact=True))
    form.get_by_label("to", exact=True).select_option(str(unit("group-customers").pk))
    form.get_by_label("reason").fill("A matter of the bill.")
    form.get_by_role("button", name="Transfer", exact=True).click()
    expect(wei.locator("#messages")).to_contain_text(f"{ticket.reference} was sent to")
    assert fresh(ticket).lead_unit == unit("group-customers")

    noor = open_as("noor")
    expect(noor.locator("#lists a.row")).to_have_text([ticket.reference])
    noor.goto(f"/tickets/{ticket.reference}/")
    open_deed(noor, "Send back to the dispatch desk")
    form = noor.locator("#deeds form", has=noor.get_by_role("button", name="Send it back"))
    form.get_by_label("unit wrong").check()
    form.get_by_label("note").fill("The line, not the bill.")
    form.get_by_role("button", name="Send it back").click()
    expect(noor.locator("#messages")).to_contain_text("went back to the dispatch desk")

    sam = open_as("sam")
    expect(sam.locator("#lists a.row")).to_have_text([ticket.reference])
    sam.goto(f"/tickets/{ticket.reference}/")
    expect(sam.locator("#story")).to_contain_text("The line, not the bill.")
    assert fresh(ticket).state == State.ACCEPTED


def test_assistance_is_asked_and_given_with_a_file_beside_it(open_as):
    ticket = a_ticket_in_hand()
    wei = open_as("wei")
    wei.goto(f"/tickets/{ticket.reference}/")
    wei.locator("#add-file").set_input_files({"name": "line.pdf", "mimeType": "application/pdf", "buffer": PDF})
    wei.locator("#files button[type=submit]").click()
    expect(wei.locator("#files")).to_contain_text("line.pdf")
    open_deed(wei, "Ask a unit for assistance")
    form = wei.locator("#deeds form", has=wei.get_by_role("button", name="Ask", exact=True))
    form.get_by_label("unit").select_option(str(unit("group-customers").pk))
    form.get_by_label("what it is asked").fill("Was the fee ever waived?")
    form.get_by_role("button", name="Ask", exact=True).click()
    expect(wei.locator("#messages")).to_contain_text("was asked")

    noor = open_as("noor")
    noor.goto("/queue/?tab=assistance")
    noor.locator("#lists a.row").focus()
    noor.keyboard.press("Enter")
    with noor.expect_download() as fetched:
        noor.get_by_role("link", name="line.pdf").click(modifiers=["Alt"])
    assert fetched.value.path().read_bytes() == PDF
    answering = noor.locator("#deeds form", has=noor.get_by_role("button", name="Answer", exact=True))
    expect(answering).to_contain_text("Was the fee ever waived?")
    answering.get_by_label("answer").fill("Never.")
    answering.get_by_role("button", name="Answer", exact=True).click()
    expect(noor.locator("#messages")).to_contain_text("The answer is on record.")

    wei.goto(f"/tickets/{ticket.reference}/")
    expect(wei.locator("main")).to_contain_text("Never.")
    assert Ticket.objects.get().handler == person("wei")
    assert Attachment.objects.on(ticket).get().name == "line.pdf"
