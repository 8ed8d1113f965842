"""What was written into a ticket that somebody has moved out of sight meanwhile is shown, to be taken along (R42)."""

from django.urls import reverse

from complaints.actions import handling
from tests.desk.test_drafts import FINDINGS, WORDS, page
from tests.people import MONDAY_TEN, a_ticket_in_hand, fresh, person, unit


def moved_on(ticket):
    handling.transfer(fresh(ticket), to=unit("group-customers"), reason="Theirs.", by=person("wei"), at=MONDAY_TEN)


def test_what_was_sent_into_a_ticket_that_went_elsewhere_is_shown(as_):
    ticket = a_ticket_in_hand()
    wei, seen = as_("wei"), fresh(ticket).version
    moved_on(ticket)

    answer = wei.post(page(ticket), FINDINGS | {"deed": "feed_back", "version": seen})

    assert answer.status_code == 404
    assert WORDS in answer.content.decode()
    assert reverse("desk:home") in answer.content.decode()
    assert not fresh(ticket).feedbacks.exists()


def test_nobody_learns_whether_there_is_such_a_ticket(as_):
    ticket = a_ticket_in_hand()
    noor = as_("noor")

    hidden = noor.post(page(ticket), {"deed": "comment", "text": WORDS}).content.decode()
    unknown = noor.post("/tickets/T-999999/", {"deed": "comment", "text": WORDS}).content.decode()

    assert main_of(hidden) == main_of(unknown)


def main_of(shown: str) -> str:
    return shown.split("<main")[1].split("</main>")[0]
