"""Tickets are found by what was said about them, by those who may see them, and by nobody else."""

import pytest

from complaints.actions import commenting
from complaints.models import Entry, Note, Ticket
from search.finding import excerpts, newest, with_words
from search.models import Wording
from search.upkeep import gather_all
from tests import people
from tests.people import MONDAY_NINE, MONDAY_TEN


def _found(asked: str) -> list[str]:
    return [ticket.reference for ticket in newest(Ticket.objects.all(), asked)]


@pytest.mark.django_db
def test_two_characters_of_what_happened_find_the_ticket():
    ticket = people.a_ticket(happened="家里宽带断网三天，没有人上门")
    people.a_ticket(happened="资费有争议")

    assert _found("断网") == [ticket.reference]
    assert _found("上门 三天") == [ticket.reference]


@pytest.mark.django_db
def test_the_words_of_the_record_the_feedback_and_the_reply_find_it(ticket):
    ticket = people.a_ticket_to_reply()

    assert _found("splitter") == [ticket.reference]
    assert _found("told by the customer") == _found("told")
    assert ticket.reference in _found("told")


@pytest.mark.django_db
def test_a_comment_is_found_until_its_text_is_blanked(ticket, rosa):
    commenting.comment(ticket, text="客户情绪激动", by=rosa, at=MONDAY_TEN)
    assert _found("情绪激动") == [ticket.reference]

    note = Note.objects.get(pk=Entry.objects.get(ticket=ticket, note__text="客户情绪激动").note_id)
    note.text, note.blanked_at = "", MONDAY_TEN
    note.save()

    assert _found("情绪激动") == []


@pytest.mark.django_db
def test_words_that_left_the_record_are_found_no_more(ticket):
    Ticket.objects.filter(pk=ticket.pk).update(happened="光猫红灯")

    assert _found("光猫") == [ticket.reference]
    assert _found("morning") == []


@pytest.mark.django_db
def test_nobody_finds_what_they_may_not_see(ticket, noor, lin):
    asked = "morning"

    assert with_words(Ticket.objects.visible_to(lin, MONDAY_TEN), asked).count() == 1
    assert with_words(Ticket.objects.visible_to(noor, MONDAY_TEN), asked).count() == 0


@pytest.mark.django_db
def test_the_newest_come_first_and_no_more_than_asked_for():
    older = people.a_ticket(at=MONDAY_NINE)
    newer = people.a_ticket(at=MONDAY_TEN)

    assert _found("morning") == [newer.reference, older.reference]
    assert [one.reference for one in newest(Ticket.objects.all(), "morning", most=1)] == [newer.reference]


@pytest.mark.django_db
def test_excerpts_cost_the_same_however_many_tickets(django_assert_num_queries):
    several = [people.a_ticket_to_reply() for _ in range(3)]

    with django_assert_num_queries(4):
        one = excerpts(several[:1], "splitter")
    with django_assert_num_queries(4):
        all_of_them = excerpts(several, "splitter")

    assert list(one) == [several[0].pk]
    assert sorted(all_of_them) == sorted(ticket.pk for ticket in several)
    assert ("splitter", True) in one[several[0].pk]


@pytest.mark.django_db
def test_gathering_anew_finds_all_that_the_triggers_found(rosa):
    ticket = people.a_ticket_to_reply()
    commenting.comment(ticket, text="客户情绪激动", by=rosa, at=MONDAY_TEN)
    followed = Wording.objects.get(ticket=ticket).words
    Wording.objects.update(words="")

    gather_all()

    assert Wording.objects.get(ticket=ticket).words == followed
