"""Undo stands beside the message of what was done, where taking it back leaves nothing behind but the history."""

import re

from django.urls import reverse

from complaints.actions import handling
from complaints.states import State
from lists import actions
from lists.models import SavedView
from notifications import outbox
from notifications.kinds import Kind
from notifications.models import Message
from tests.people import MONDAY_TEN, a_dispatched_ticket, a_ticket_in_hand, a_ticket_to_reply, fresh, person

OFFER = re.compile(r'<form class="push" method="post" action="([^"]+)">(.*?)</form>', re.S)
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def undo_on(answer):
    """What the undo button of a page posts, and where; None where the page has none."""
    messages = answer.content.decode().split('id="messages"')[1].split("</main>")[0]
    found = next((form for form in OFFER.findall(messages) if "Undo" in form[1]), None)
    return found and (found[0], {name: value for name, value in FIELD.findall(found[1]) if "token" not in name})


def kinds_on(ticket):
    return [entry.kind for entry in ticket.entries.order_by("pk")]


def test_a_claim_is_taken_back_and_the_history_keeps_both(as_):
    ticket = a_dispatched_ticket()
    browser = as_("wei")
    address, fields = undo_on(browser.post(reverse("desk:queue"), {"deed": "next"}, follow=True))

    browser.post(address, fields)

    assert fresh(ticket).state == State.DISPATCHED
    assert kinds_on(ticket)[-2:] == ["claimed", "released"]


def test_undo_is_offered_once(as_):
    ticket = a_dispatched_ticket()
    browser = as_("wei")
    shown = browser.post(reverse("desk:ticket", args=[ticket.reference]), {"deed": "claim"}, follow=True)

    again = browser.get(reverse("desk:ticket", args=[ticket.reference]))

    assert undo_on(shown)
    assert undo_on(again) is None


def test_undo_is_refused_once_somebody_has_gone_on_with_it(as_):
    ticket = a_dispatched_ticket()
    browser = as_("wei")
    address, fields = undo_on(browser.post(reverse("desk:queue"), {"deed": "next"}, follow=True))
    handling.assign(fresh(ticket), to=person("wei"), by=person("lin"), at=MONDAY_TEN)

    answer = browser.post(address, fields)

    assert answer.status_code == 409
    assert fresh(ticket).handler == person("wei")


def test_a_begun_reply_is_let_go_again(as_):
    ticket = a_ticket_to_reply()
    browser = as_("rosa")
    begin = {"deed": "begin_reply", "ticket": ticket.reference, "version": fresh(ticket).version}
    address, fields = undo_on(browser.post(reverse("desk:replies"), begin, follow=True))

    browser.post(address, fields)

    assert fresh(ticket).replying_by is None


def test_what_cannot_be_taken_back_without_a_trace_offers_nothing(as_):
    ticket = a_ticket_in_hand()
    comment = {"deed": "comment", "text": "Measured again."}

    shown = as_("wei").post(reverse("desk:ticket", args=[ticket.reference]), comment, follow=True)

    assert undo_on(shown) is None


def test_a_forgotten_view_comes_back_as_it_was(as_, lin):
    kept = actions.keep_view(name="Overdue ones", query="due=overdue", by=lin, is_shared=True)
    browser = as_("lin")
    address, fields = undo_on(browser.post(reverse("desk:forget_view", args=[kept.pk]), follow=True))
    assert not SavedView.objects.exists()

    browser.post(address, fields)

    view = SavedView.objects.get(person=lin)
    assert (view.name, view.query, view.shared_with) == ("Overdue ones", "due=overdue", lin.unit)


def test_what_was_marked_as_read_is_new_again_and_what_was_read_before_is_not(as_, lin):
    for key in ("old", "new"):
        outbox.put(Kind.REASSIGNED, key=key, to=[lin], context={}, at=MONDAY_TEN)
    old = Message.objects.for_person(lin).order_by("pk").first()
    browser = as_("lin")
    browser.post(reverse("desk:read", args=[old.pk]))
    Message.objects.filter(pk=old.pk).update(read_at=MONDAY_TEN.replace(minute=1))
    address, fields = undo_on(browser.post(reverse("desk:read_all"), follow=True))

    browser.post(address, fields)

    unread = Message.objects.for_person(lin).unread()
    assert unread.exists()
    assert old not in unread


def test_a_moment_that_is_none_is_no_undo(as_, db):
    for said in ("", "yesterday", "2026-03-02T10:00:00"):
        assert as_("lin").post(reverse("desk:unread"), {"read_at": said}).status_code == 400
