"""The page of a written reply: written, checked, approved, sent, without script; what is typed stays (R41, R42)."""

import pytest
from django.urls import reverse

from complaints.states import State
from letters.kinds import Standing
from letters.models import Letter
from tests.desk.test_house import check
from tests.letters.writing import COMPLETE, a_draft, a_submitted, an_approved, now
from tests.people import a_ticket_to_reply, fresh

TYPED = {**vars(COMPLETE), "seen": 1}


@pytest.fixture
def ticket(db):
    return a_ticket_to_reply()


def page(letter) -> str:
    return reverse("desk:letter", args=[letter.pk])


def test_a_letter_is_begun_on_the_ticket_and_sent_on_its_own_page(as_, ticket):
    rosa = as_("rosa")
    begun = rosa.post(
        reverse("desk:ticket", args=[ticket.reference]),
        {"deed": "write_letter", "medium": "email", "language": "en", "version": ticket.version},
    )
    letter = Letter.objects.get()
    assert begun["Location"] == page(letter)

    assert rosa.post(page(letter), TYPED | {"deed": "submit"}).status_code == 302
    assert as_("mengyao").post(page(letter), {"deed": "decide", "decision": "yes", "seen": 2}).status_code == 302
    assert as_("luyi").post(page(letter), {"deed": "decide", "decision": "yes", "seen": 2}).status_code == 302
    assert rosa.post(page(letter), {"deed": "send", "seen": 2}).status_code == 302

    assert now(letter).standing == Standing.SENT
    assert fresh(ticket).state == State.REPLIED


def test_what_is_missing_or_forbidden_is_listed_and_what_was_typed_stays(as_, ticket):
    letter = a_draft(ticket)

    answer = as_("rosa").post(page(letter), TYPED | {"deed": "submit", "body": "No comment, [[amount]]!"})

    shown = answer.content.decode()
    assert answer.status_code == 400
    assert "Not to be written: no comment." in shown
    assert "Still to be filled in: amount." in shown
    assert "No comment, [[amount]]!" in shown


def test_the_check_keeps_nothing_and_answers_a_swap_with_the_list_alone(as_, ticket):
    letter = a_draft(ticket)

    answer = as_("rosa").post(
        page(letter), TYPED | {"deed": "check", "body": "[[open]]"}, headers={"HX-Request": "true"}
    )

    shown = answer.content.decode()
    assert "Still to be filled in: open." in shown
    assert "<html" not in shown
    assert now(letter).number == 1


def test_words_typed_on_an_old_version_are_refused_and_stay(as_, ticket):
    letter = a_draft(ticket)
    rosa = as_("rosa")
    rosa.post(page(letter), TYPED | {"deed": "save", "subject": "First"})

    answer = rosa.post(page(letter), TYPED | {"deed": "save", "subject": "Second"})

    assert answer.status_code == 409
    assert 'value="Second"' in answer.content.decode()


def test_the_versions_show_what_changed(as_, ticket):
    letter = a_draft(ticket)
    rosa = as_("rosa")
    rosa.post(page(letter), TYPED | {"deed": "save", "body": COMPLETE.body.replace("30 yuan", "50 yuan")})

    shown = rosa.get(page(letter)).content.decode()

    assert "<del>30</del><ins>50</ins>" in shown


def test_what_a_letter_says_is_inert_on_its_page(as_, ticket):
    letter = a_draft(ticket)
    as_("rosa").post(page(letter), TYPED | {"deed": "save", "body": "<script>alert(1)</script>"})

    shown = as_("rosa").get(page(letter)).content.decode()

    assert "<script>alert" not in shown
    check(shown)


@pytest.mark.parametrize("username", ["noor", "sam", "kangming", "chenan"])
def test_a_letter_is_not_there_for_who_may_not_see_its_ticket(as_, ticket, username):
    letter = a_submitted(ticket)
    expected = 200 if username in {"sam", "kangming"} else 404

    assert as_(username).get(page(letter)).status_code == expected


def test_a_reader_of_the_ticket_is_offered_nothing(as_, ticket):
    letter = a_submitted(ticket)

    shown = as_("kangming").get(page(letter)).content.decode()

    assert 'name="deed"' not in shown


def test_who_decides_finds_it_under_approvals(as_, ticket):
    letter = a_submitted(ticket)

    assert page(letter) in as_("mengyao").get(reverse("desk:approvals")).content.decode()
    assert page(letter) not in as_("luyi").get(reverse("desk:approvals")).content.decode()


def test_an_author_is_not_asked_to_decide(as_, ticket):
    letter = a_submitted(ticket)

    answer = as_("rosa").post(page(letter), {"deed": "decide", "decision": "yes", "seen": 1})

    assert answer.status_code == 403
    assert "what you wrote" in answer.content.decode()


@pytest.mark.parametrize("version", ["0", "2", "-1", "x", "９", "1" * 30])
def test_there_is_no_paper_of_a_version_that_is_not_there(as_, ticket, version):
    letter = a_draft(ticket)

    assert as_("rosa").get(reverse("desk:letter_paper", args=[letter.pk]), {"version": version}).status_code == 404


def test_the_paper_is_a_pdf(as_, ticket):
    letter = an_approved(ticket)

    answer = as_("rosa").get(reverse("desk:letter_paper", args=[letter.pk]))

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "body", [{}, {"deed": "fly"}, {"deed": "send"}, {"deed": "decide"}, {"deed": "submit", "seen": "x"}]
)
def test_a_malformed_post_is_no_error_of_ours(as_, ticket, body):
    letter = a_draft(ticket)

    assert as_("rosa").post(page(letter), body).status_code in {200, 302, 400, 403, 409}
