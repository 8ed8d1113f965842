"""What is being typed on a ticket's page survives a reload, stays its person's own, and goes with the deed."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.tasks import forget_sessions
from complaints.actions import replying
from complaints.models import Ticket
from complaints.states import State
from desk.drafts import ON_TICKETS
from tests.people import MONDAY_NINE, MONDAY_TEN, a_ticket_in_hand, a_ticket_to_reply, fresh, person

WORDS = "Measured the line from the cabinet."
FINDINGS = {
    "handled_at": "2026-03-02T09:40",
    "person_named": "Wei Qiang",
    "process": WORDS,
    "cause": "Water in the splitter.",
    "result": "The splitter was replaced.",
    "advice": "Ask whether the light is green.",
}


@pytest.fixture
def ticket(db):
    return a_ticket_in_hand()


def page(ticket: Ticket) -> str:
    return reverse("desk:ticket", args=[ticket.reference])


def keep(browser, ticket: Ticket, deed: str, **typed: str):
    return browser.post(reverse("desk:draft", args=[ticket.reference]), {"deed": deed} | typed)


def shown(browser, ticket: Ticket) -> str:
    return browser.get(page(ticket)).content.decode()


def test_a_feedback_survives_a_reload_and_goes_with_the_deed(as_, ticket):
    wei = as_("wei")

    kept = keep(wei, ticket, "feed_back", process=WORDS, handled_at="2026-03-02T09:40")
    reloaded = shown(wei, ticket)
    wei.post(page(ticket), FINDINGS | {"deed": "feed_back", "version": fresh(ticket).version})

    assert "draft kept" in kept.content.decode()
    assert WORDS in reloaded
    assert 'value="2026-03-02T09:40"' in reloaded
    assert fresh(ticket).state == State.REPLYING
    assert wei.session["ticket_drafts"] == {}


def test_keeping_does_nothing_to_the_ticket(as_, ticket):
    before = fresh(ticket)

    keep(as_("wei"), ticket, "feed_back", process=WORDS)

    assert fresh(ticket).version == before.version
    assert fresh(ticket).entries.count() == before.entries.count()


def test_reply_and_conclusion_come_back_with_what_was_chosen(as_):
    ticket = a_ticket_to_reply()
    rosa = as_("rosa")
    keep(rosa, ticket, "reply", medium="phone", text="It works again since Monday.")
    before = shown(rosa, ticket)
    replying.reply(fresh(ticket), medium="phone", text="It works.", by=person("rosa"), at=MONDAY_TEN)

    keep(rosa, ticket, "conclude", verdict="accepts", liability="company", remedy="A month free.")
    after = shown(rosa, ticket)

    assert "It works again since Monday." in before
    assert "It works again since Monday." not in after
    assert "A month free." in after
    assert after.count("checked") >= 2


def test_nobody_else_is_shown_it_and_signing_out_ends_it(as_, ticket):
    wei, lin = as_("wei"), as_("lin")
    keep(wei, ticket, "comment", text=WORDS)

    theirs = shown(lin, ticket)
    wei.post(reverse("desk:sign_out"))
    wei.force_login(person("wei"), backend="django.contrib.auth.backends.ModelBackend")

    assert WORDS not in theirs
    assert WORDS not in shown(wei, ticket)


def test_what_is_refused_is_kept_too(as_, ticket):
    wei = as_("wei")

    refused = wei.post(page(ticket), FINDINGS | {"deed": "feed_back", "cause": "handled"})

    assert refused.status_code == 400
    assert WORDS in shown(wei, ticket)


def test_a_draft_is_discarded_and_an_emptied_one_is_none(as_, ticket):
    wei = as_("wei")
    keep(wei, ticket, "comment", text=WORDS)
    keep(wei, ticket, "feed_back", process=WORDS)

    emptied = keep(wei, ticket, "comment", text=" ")
    discarded = wei.post(
        reverse("desk:draft", args=[ticket.reference]) + "?deed=feed_back", {"step": "forget", "process": WORDS}
    )

    assert "draft kept" not in emptied.content.decode()
    assert discarded.url == page(ticket)
    assert WORDS not in shown(wei, ticket)


def test_what_the_form_proposes_by_itself_is_no_draft(as_, ticket):
    answer = keep(as_("wei"), ticket, "feed_back", person_named="Wei Qiang", handled_at="2026-03-02T10:00")

    assert "draft kept" not in answer.content.decode()


@pytest.mark.parametrize("deed", ["dispatch", "no_such_deed", ""])
def test_a_deed_that_is_not_offered_keeps_nothing(as_, ticket, deed):
    wei = as_("wei")

    answer = keep(wei, ticket, deed, note=WORDS, text=WORDS)

    assert "draft kept" not in answer.content.decode()
    assert wei.session.get("ticket_drafts", {}) == {}


def test_a_ticket_that_is_not_theirs_keeps_nothing(as_, ticket):
    assert keep(as_("noor"), ticket, "comment", text=WORDS).status_code == 404


def test_the_next_round_begins_without_the_words_of_the_last(as_, ticket):
    wei = as_("wei")
    keep(wei, ticket, "feed_back", process=WORDS)
    before = shown(wei, ticket)
    Ticket.objects.filter(pk=ticket.pk).update(round=2)

    assert WORDS in before
    assert WORDS not in shown(wei, ticket)


def test_old_drafts_make_room_and_long_words_are_cut(as_, ticket):
    wei = as_("wei")
    others = [a_ticket_in_hand() for _each in range(ON_TICKETS)]

    keep(wei, ticket, "comment", text=WORDS)
    for other in others:
        keep(wei, other, "comment", text="x\x00" * 20_000)

    kept = wei.session["ticket_drafts"]
    assert len(kept) == ON_TICKETS
    assert not any(key.startswith(ticket.reference) for key in kept)
    assert max(len(each["typed"]["text"][0]) for each in kept.values()) == 10_000


def test_what_is_typed_is_never_markup(as_, ticket):
    wei = as_("wei")

    keep(wei, ticket, "comment", text="</textarea><script>alert(1)</script>")

    assert "<script>alert" not in shown(wei, ticket)


def test_drafts_end_with_a_session_that_is_over(as_, ticket):
    wei, rosa = as_("wei"), as_("rosa")
    keep(wei, ticket, "comment", text=WORDS)
    over = wei.session.session_key
    Session.objects.filter(pk=over).update(expire_date=MONDAY_NINE - timedelta(days=3000))
    Session.objects.exclude(pk=over).update(expire_date=MONDAY_NINE + timedelta(days=9000))

    forget_sessions()

    assert not Session.objects.filter(pk=over).exists()
    assert Session.objects.filter(pk=rosa.session.session_key).exists()
