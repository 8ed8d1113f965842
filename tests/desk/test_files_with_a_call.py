"""Files with a call (R10): they wait for its ticket, survive what is missing and a reload, without script too."""

import pytest
from django.urls import reverse

from attachments.models import Attachment
from complaints.models import Ticket
from complaints.states import State
from tests.attachments.samples import EXE, PDF, a_file
from tests.desk.test_calls import call, what_was_said  # noqa: F401
from tests.people import person

pytestmark = pytest.mark.django_db


def names_on(ticket: Ticket) -> list[str]:
    return [attachment.name for attachment in Attachment.objects.on(ticket)]


def keys() -> list[str]:
    return list(Attachment.objects.drafts().values_list("key", flat=True))


def test_files_chosen_with_the_form_are_on_the_ticket_that_comes_of_it(call, rosa):  # noqa: F811
    browser, page = call

    browser.post(page, what_was_said(evidence=[a_file(name="bill.png"), a_file(PDF, "contract.pdf")]))

    ticket = Ticket.objects.get()
    assert names_on(ticket) == ["bill.png", "contract.pdf"]
    assert list(ticket.entries.filter(kind="file_added").values_list("by", flat=True)) == [rosa.pk, rosa.pk]


def test_a_file_that_was_kept_before_something_was_missing_comes_along(call):  # noqa: F811
    browser, page = call

    missing = browser.post(page, what_was_said(happened="", evidence=[a_file(name="bill.png")]))
    [key] = keys()
    browser.post(page, what_was_said(draft=[key]))

    shown = missing.content.decode()
    assert missing.status_code == 400
    assert f'value="{key}"' in shown
    assert "bill.png" in shown
    assert names_on(Ticket.objects.get()) == ["bill.png"]


def test_files_are_added_and_removed_before_anything_is_submitted_and_survive_a_reload(call):  # noqa: F811
    browser, page = call

    browser.post(page, what_was_said(step="files", evidence=[a_file(name="one.png"), a_file(name="two.png")]))
    one, two = keys()
    browser.post(page, what_was_said(step="draft", draft=[one, two]))
    reloaded = browser.get(page).content.decode()
    dropped = browser.post(page, what_was_said(step="", draft=[one, two], drop=one)).content.decode()

    assert not Ticket.objects.exists()
    assert f'value="{one}"' in reloaded
    assert "The money back." in reloaded
    assert "one.png" not in dropped
    assert "two.png" in dropped
    assert keys() == [two]


def test_a_file_of_a_type_that_is_not_taken_is_named_and_nothing_is_accepted(call):  # noqa: F811
    browser, page = call

    submitted = browser.post(page, what_was_said(evidence=[a_file(EXE, "game.exe"), a_file(name="bill.png")]))
    added = browser.post(page, what_was_said(step="files", evidence=[a_file(EXE, "game.exe")]))

    for answer in (submitted, added):
        assert answer.status_code == 400
        assert "game.exe: Files of this type are not taken." in answer.content.decode()
        assert "The money back." in answer.content.decode()
    assert not Ticket.objects.exists()
    assert Attachment.objects.drafts().count() == 1


def test_what_is_solved_on_the_spot_keeps_its_files_too(call):  # noqa: F811
    browser, page = call

    browser.post(
        page,
        what_was_said(
            step="resolve", evidence=[a_file()], verdict="accepts", liability="company", remedy="Fee given back."
        ),
    )

    ticket = Ticket.objects.get()
    assert ticket.state == State.CALLBACK
    assert names_on(ticket) == ["light.png"]


def test_discarding_the_draft_forgets_its_files(call):  # noqa: F811
    browser, page = call
    browser.post(page, what_was_said(step="files", evidence=[a_file()]))

    browser.post(page, what_was_said(step="forget", draft=keys()))

    assert keys() == []


def test_nobody_puts_a_waiting_file_of_somebody_else_on_a_ticket(call, as_, ines):  # noqa: F811
    browser, page = call
    browser.post(page, what_was_said(step="files", evidence=[a_file()]))
    [key] = keys()
    other = as_("shenqi")
    other.post(reverse("desk:call"), {"number": ines.number})

    other.post(page, what_was_said(step="", draft=[key], drop=key, duplicate_reason="another matter"))
    other.post(page, what_was_said(draft=[key], duplicate_reason="another matter"))

    assert names_on(Ticket.objects.get()) == []
    assert keys() == [key]


def test_who_accepts_nothing_leaves_no_files(as_, ines):
    browser = as_("lin")
    page = browser.post(reverse("desk:call"), {"number": ines.number}).url

    browser.post(page, what_was_said(step="files", evidence=[a_file()]))

    assert not person("lin").is_superuser
    assert keys() == []
