"""The page of a ticket: exactly what this person may do now, refusals in their own words, conflicts, what is masked."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from complaints.actions import cancelling, chasing, commenting, dispatching, handling
from complaints.models import Ticket
from complaints.models.acts import possible_acts
from complaints.states import State
from customers.actions import look_up
from customers.models import Disclosure
from desk import deeds
from escalation.actions.sweeping import fire_due
from sla.actions.sweeping import call_due
from tests.people import (
    MONDAY_NIGHT,
    MONDAY_TEN,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    fresh,
    person,
    unit,
)

STAGES = {
    "accepted": a_ticket,
    "dispatched": a_dispatched_ticket,
    "handling": a_ticket_in_hand,
    "replying": a_ticket_to_reply,
}


def address(ticket: Ticket) -> str:
    return reverse("desk:ticket", args=[ticket.reference])


def offered(page: str) -> set[str]:
    """The names of the deeds that have a button, and of those that are opened by one first."""
    return {*re.findall(r'name="deed" value="(\w+)"', page), *re.findall(r'href="\?deed=(\w+)#deeds"', page)}


@pytest.mark.parametrize("stage", sorted(STAGES))
@pytest.mark.parametrize("username", ["rosa", "sam", "wei", "lin"])
def test_the_page_offers_exactly_what_this_person_may_do_now(as_, stage, username):
    ticket = fresh(STAGES[stage]())
    somebody = person(username)
    authority = somebody.authority(MONDAY_TEN)
    answer = as_(username).get(address(ticket))
    if answer.status_code == 404:
        assert not Ticket.objects.visible_to(somebody, MONDAY_TEN).filter(pk=ticket.pk).exists()
        return

    shown = offered(answer.content.decode())

    possible = {*ticket.possible_moves(authority), *possible_acts(ticket, authority)}
    kinds = {kind.name: kind.move or kind.act for kind in deeds.ALL}
    assert {kinds[name] for name in shown} <= possible
    expected = {
        kind.name
        for kind in deeds.ALL
        if (kind.move or kind.act) in possible and kind.applies(ticket, somebody, MONDAY_TEN)
    }
    assert shown == expected


def test_every_move_and_every_act_has_a_deed_somewhere():
    from complaints.models.acts import ACTS
    from complaints.models.ticket import MOVES

    covered = {kind.move for kind in deeds.ALL} | {kind.act for kind in deeds.ALL}

    on_the_card_of_files = {"attach", "remove_file"}
    assert set(MOVES) <= covered
    assert set(ACTS) - on_the_card_of_files <= covered


def test_a_deed_is_done_and_its_result_is_a_fact(as_, sam, ticket):
    answer = as_("sam").post(
        address(ticket),
        {"deed": "dispatch", "version": ticket.version, "to": unit("network").pk, "note": ""},
        follow=True,
    )

    assert fresh(ticket).state == State.DISPATCHED
    assert f"{ticket.reference} was sent to Network department." in answer.content.decode()


def test_a_decision_on_an_old_view_shows_what_changed_and_keeps_the_text(as_, sam, ticket):
    seen = ticket.version
    commenting.comment(fresh(ticket), text="The customer called once more.", by=person("rosa"), at=MONDAY_TEN)

    answer = as_("sam").post(
        address(ticket),
        {"deed": "dispatch", "version": seen, "to": unit("network").pk, "note": "Please be quick."},
    )

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "has changed since you opened it" in text
    assert "Comment" in text
    assert "Please be quick." in text
    assert fresh(ticket).state == State.ACCEPTED


def test_a_comment_conflicts_with_nobody(as_, ticket):
    answer = as_("rosa").post(address(ticket), {"deed": "comment", "version": 0, "text": "Seen."})

    assert answer.status_code == 302


def test_what_cannot_happen_now_is_refused_with_what_can(as_, sam, ticket):
    dispatching.dispatch(ticket, to=unit("network"), by=person("sam"), at=MONDAY_TEN)

    answer = as_("sam").post(address(ticket), {"deed": "dispatch", "to": unit("network").pk})

    assert answer.status_code == 409
    assert "you cannot &#x27;dispatch&#x27; it now" in answer.content.decode()


def test_what_is_not_yours_is_refused_with_whose_it_is(as_, ticket):
    answer = as_("rosa").post(address(ticket), {"deed": "dispatch", "to": unit("network").pk})

    assert answer.status_code == 403
    assert "a dispatcher" in answer.content.decode()
    assert fresh(ticket).state == State.ACCEPTED


def test_an_unknown_deed_is_no_deed(as_, ticket):
    assert as_("rosa").post(address(ticket), {"deed": "explode"}).status_code == 400


def test_a_ticket_outside_ones_units_is_not_there(as_, ticket):
    assert as_("noor").get(address(ticket)).status_code == 404
    assert as_("noor").post(address(ticket), {"deed": "comment", "text": "Hello"}).status_code == 404


def test_after_a_look_up_a_strangers_ticket_is_for_reading_and_chasing_up_only(as_, ticket):
    other_agent = person("chuwen")
    look_up(ticket.customer.number, by=other_agent, at=MONDAY_TEN)
    browser = as_("chuwen")

    seen = browser.get(address(ticket)).content.decode()
    refused = browser.post(address(ticket), {"deed": "comment", "text": "Hello"})
    browser.post(address(ticket), {"deed": "chase_up", "text": "When?", "medium": "phone"})

    assert offered(seen) == {"chase_up"}
    assert refused.status_code == 400
    assert ticket.chase_ups.count() == 1


def test_a_feedback_with_fillers_comes_back_with_everything_typed(as_, wei):
    ticket = a_ticket_in_hand()

    answer = as_("wei").post(
        address(ticket),
        {
            "deed": "feed_back",
            "version": ticket.version,
            "handled_at": "2026-03-02T09:30",
            "person_named": "Wei",
            "process": "Measured the line at the cabinet.",
            "cause": "处理中",
            "result": "",
            "advice": "Ask whether it works.",
        },
    )

    assert answer.status_code == 400
    assert "Measured the line at the cabinet." in answer.content.decode()
    assert fresh(ticket).state == State.HANDLING


def test_numbers_are_masked_and_opened_for_a_reason_on_record(as_, rosa, ticket):
    browser = as_("rosa")
    number = ticket.customer.number
    reveal = reverse("desk:reveal", args=[ticket.reference])

    masked = browser.get(address(ticket)).content.decode()
    without_reason = browser.post(reveal, {"field": "contact_number", "reason": " "})
    opened = browser.post(reveal, {"field": "contact_number", "reason": "to call back"})

    assert number not in masked
    assert without_reason.status_code == 400
    assert number not in without_reason.content.decode()
    assert number in opened.content.decode()
    assert Disclosure.objects.get().reason == "to call back"


def test_the_story_says_which_limit_was_missed(as_, ticket):
    late = fresh(ticket).next_due_at + timedelta(minutes=1)
    call_due(late)
    fire_due(late)

    page = as_("rosa").get(address(ticket)).content.decode()

    assert "limit missed · dispatch" in page


def test_the_matter_stands_above_what_explains_its_clocks(as_, ticket):
    page = as_("rosa").get(address(ticket)).content.decode()

    assert page.index(ticket.happened) < page.index('id="running-clocks"') < page.index('id="story"')


def test_nobody_is_told_when_to_contact_a_customer_about_what_has_ended(as_, ticket, monday_at_ten):
    monday_at_ten.move_to(MONDAY_NIGHT)
    before = as_("rosa").get(address(ticket)).content.decode()
    cancelling.cancel(fresh(ticket), reason="Withdrawn.", by=person("rosa"), at=MONDAY_NIGHT)

    after = as_("rosa").get(address(ticket)).content.decode()

    assert "contact from" in before
    assert "contact from" not in after


def test_a_supervisor_is_first_offered_what_supervisors_do(as_, ticket):
    kind, deed, key = as_("lin").get(address(ticket)).context["usual"][0]

    assert (kind.name, deed.name, key) == ("demand", "demand", "a")


def test_the_story_tells_everything_newest_first(as_):
    ticket = a_ticket_to_reply()
    chasing.chase_up(fresh(ticket), text="When will it work?", by=person("rosa"), at=MONDAY_TEN)

    text = as_("lin").get(address(ticket)).content.decode()

    story = text[text.index('class="story"') :]
    assert story.index("Chase-up 1 by phone") < story.index("Findings handed over") < story.index("Accepted by phone")
    assert "Sent to Network department" in story
    assert "When will it work?" in story


def test_each_clock_says_why_it_is_due_when_it_is(as_, ticket):
    clock = ticket.clocks.get(kind="reply")

    answer = as_("rosa").get(reverse("desk:clock", args=[ticket.reference, clock.pk]))

    assert answer.status_code == 200
    assert "would end at" in answer.content.decode()


def test_a_clock_of_another_ticket_is_not_found_under_this_one(as_, ticket):
    other = a_ticket(by=person("rosa"))

    answer = as_("rosa").get(reverse("desk:clock", args=[ticket.reference, other.clocks.first().pk]))

    assert answer.status_code == 404


def test_the_handler_sees_the_ticket_leave_and_stays_on_their_feet(as_, wei):
    ticket = a_dispatched_ticket()

    answer = as_("wei").post(
        address(ticket),
        {"deed": "send_back", "version": ticket.version, "faults": ["unit_wrong"], "note": ""},
        follow=True,
    )

    assert answer.status_code == 200
    assert f"{ticket.reference} went back to the dispatch desk." in answer.content.decode()


def test_asking_for_assistance_and_answering_it(as_, wei, noor):
    ticket = a_ticket_in_hand()
    as_("wei").post(
        address(ticket),
        {"deed": "ask_assistance", "version": fresh(ticket).version, "unit": noor.unit_id, "question": "Is it billed?"},
    )
    asked = ticket.assistances.get()

    seen = as_("noor").get(address(ticket)).content.decode()
    as_("noor").post(address(ticket), {"deed": "answer_assistance", "assistance": asked.pk, "answer": "It is."})

    assert "Is it billed?" in seen
    assert ticket.assistances.get().answer == "It is."


def test_a_hold_needs_an_end_and_is_shown_and_ended(as_, wei):
    ticket = a_ticket_in_hand()
    browser = as_("wei")

    browser.post(
        address(ticket),
        {
            "deed": "hold",
            "version": fresh(ticket).version,
            "reason": "parts",
            "text": "A splitter is on its way.",
            "until": "2026-03-03T09:00",
        },
    )
    held = browser.get(address(ticket)).content.decode()
    browser.post(address(ticket), {"deed": "resume", "version": fresh(ticket).version})

    assert "held until Tue 09:00" in held
    assert not fresh(ticket).is_held


def test_handing_it_back_is_for_who_has_it(as_, wei):
    ticket = a_ticket_in_hand()
    handling.release(fresh(ticket), by=person("wei"), at=MONDAY_TEN)

    assert "release" not in offered(as_("wei").get(address(ticket)).content.decode())


def test_what_takes_long_to_find_is_found_when_it_is_asked_for(as_):
    earlier, ticket = a_ticket(), a_ticket()
    browser = as_("rosa")

    shut = browser.get(address(ticket)).content.decode()
    opened = browser.get(address(ticket), {"deed": "link_repeat"}).content.decode()

    assert 'value="link_repeat"' not in shut
    assert f'<option value="{earlier.pk}">{earlier.reference}' in opened
