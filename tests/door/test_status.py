"""Asking how a matter stands (A21): a code to the number on record, once, in time, and nothing for anybody else."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.models import Entry, Ticket
from complaints.states import State
from contact.models import Contact, Ground
from notifications.carriers import Carriers
from notifications.delivery import take_turn
from notifications.models import Message
from notifications.rendering import render
from selfservice.actions import asking
from selfservice.models import Receipt, SelfServiceRules, StatusRequest
from selfservice.stages import Stage
from tests.desk.test_house import check
from tests.door.cast import ask, browser, figures_sent, receipt_of, send
from tests.people import (
    MONDAY_NIGHT,
    MONDAY_TEN,
    a_customer,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    fresh,
)

pytestmark = pytest.mark.django_db


def words(answer) -> str:
    """What a page says, but for the token that is another for everybody."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def asked_for(ticket: Ticket, at=MONDAY_TEN) -> StatusRequest:
    request = asking.ask(ticket.reference, at=at)
    asking.send_due(at)
    return StatusRequest.objects.get(pk=request.pk)


def test_the_right_code_shows_once_where_it_stands_and_until_when(ticket, monday_at_ten):
    client = browser()
    page = ask(client, monday_at_ten, ticket.reference)
    asking.send_due(MONDAY_TEN)
    request = StatusRequest.objects.get()

    shown = client.post(page.url, {"code": figures_sent(request)})

    assert shown.status_code == 200
    assert ticket.reference in words(shown)
    assert "13:00, Mon 2 Mar" in words(shown)
    assert client.post(page.url, {"code": figures_sent(request)}).status_code == 404
    assert Entry.objects.get(ticket=ticket, kind="status_shown").origin == "web"


def test_it_is_found_by_the_receipt_as_well(monday_at_ten):
    client = browser()
    number = receipt_of(send(client, monday_at_ten), client)

    ask(client, monday_at_ten, number.lower())
    asking.send_due(MONDAY_TEN)

    assert StatusRequest.objects.get().ticket == Receipt.objects.get(number=number).ticket


def test_the_code_stands_in_the_message_and_nowhere_in_the_database(ticket):
    request = asked_for(ticket)
    message = Message.objects.get(key=f"status_code:{request.pk}:sms")

    assert message.to_address == ticket.customer.number
    assert figures_sent(request) in render(message).body
    assert figures_sent(request) not in str(message.context) + str(vars(request))


def test_who_asks_at_night_gets_the_code_at_night(ticket, monday_at_ten):
    monday_at_ten.move_to(MONDAY_NIGHT)
    asked_for(ticket, at=MONDAY_NIGHT)

    take_turn(MONDAY_NIGHT, Carriers(muted=True))

    assert Contact.objects.get(purpose="code").ground == Ground.ASKED


def test_asking_does_the_same_work_and_gives_the_same_answer_for_what_there_is_not(ticket, monday_at_ten):
    told = []
    for reference in (ticket.reference, "T-999999999", "W-0000000000", "nonsense", "' OR 1=1"):
        client = browser()
        with CaptureQueriesContext(connection) as work:
            answer = ask(client, monday_at_ten, reference)
        page = client.get(answer.url)
        told.append(
            (
                answer.status_code,
                [query["sql"].split(" VALUES ")[0] for query in work.captured_queries],
                words(page),
            )
        )

    assert all(one == told[0] for one in told)


def test_a_wrong_code_and_a_request_for_nothing_answer_alike(ticket, monday_at_ten):
    known, unknown = asked_for(ticket), asking.ask("T-999999999", at=MONDAY_TEN)
    wrong = "000000" if figures_sent(known) != "000000" else "000001"

    answers = [
        browser().post(f"/status/{key}/", {"code": wrong}) for key in (known.key, unknown.key, "guessed-key-guessed-k")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({words(answer) for answer in answers}) == 1


def test_a_code_is_good_for_a_few_tries_and_the_right_one_comes_too_late_after_them(ticket):
    request = asked_for(ticket)
    for _try in range(SelfServiceRules.current().tries):
        with pytest.raises(asking.WrongCode):
            asking.open_status(request.key, "abc", at=MONDAY_TEN)

    with pytest.raises(asking.WrongCode):
        asking.open_status(request.key, figures_sent(request), at=MONDAY_TEN)
    assert StatusRequest.objects.get(pk=request.pk).tries == SelfServiceRules.current().tries + 1


def test_a_code_expires(ticket):
    request = asked_for(ticket)

    with pytest.raises(asking.WrongCode):
        asking.open_status(request.key, figures_sent(request), at=MONDAY_TEN + timedelta(minutes=10))


def test_the_code_of_one_request_opens_no_other(ticket):
    first, second = asked_for(ticket), asked_for(a_ticket(customer=a_customer("12055550102")))

    with pytest.raises(asking.WrongCode):
        asking.open_status(second.key, figures_sent(first), at=MONDAY_TEN)


def test_only_so_many_codes_an_hour_go_out_about_one_ticket(ticket):
    sent = [asked_for(ticket).ticket_id for _time in range(4)]

    assert sent == [ticket.pk] * 3 + [None]
    assert asked_for(ticket, at=MONDAY_TEN + timedelta(hours=1)).ticket_id == ticket.pk


def test_looking_up_happens_once_however_many_workers_do_it(ticket):
    request = asked_for(ticket)

    asking.send_code(request, at=MONDAY_TEN)
    asking.send_due(MONDAY_TEN)

    assert Message.objects.filter(kind="status_code").count() == 1


@pytest.mark.parametrize(
    ("ticket_of", "stage"),
    [
        (a_ticket, Stage.RECEIVED),
        (a_dispatched_ticket, Stage.IN_WORK),
        (a_ticket_in_hand, Stage.IN_WORK),
        (a_ticket_to_reply, Stage.IN_WORK),
    ],
)
def test_the_stage_is_told_in_plain_words_and_nothing_internal(ticket_of, stage):
    ticket = fresh(ticket_of())
    request = asked_for(ticket)

    shown = browser().post(f"/status/{request.key}/", {"code": figures_sent(request)})

    assert shown.context["status"].stage == stage
    check(words(shown))
    secrets = [ticket.customer.number, ticket.happened, ticket.category.name_en, "Wei", "Rosa", "Network department"]
    assert not [secret for secret in secrets if secret in words(shown)]


def test_every_state_has_its_stage():
    from selfservice.stages import _OF_STATE

    assert set(_OF_STATE) == set(State)


@pytest.mark.parametrize("typed", ["", "   ", "x" * 21, "\x00"])
def test_what_is_no_reference_is_refused(monday_at_ten, typed):
    assert ask(browser(), monday_at_ten, typed).status_code == 400
    assert not StatusRequest.objects.exists()


@pytest.mark.parametrize("code", ["", "1" * 13, "\x00", "一二三四五六"])
def test_what_is_no_code_opens_nothing(ticket, code):
    request = asked_for(ticket)

    assert browser().post(f"/status/{request.key}/", {"code": code}).status_code in {400, 404}


def test_one_address_asks_only_so_often(ticket, monday_at_ten, settings):
    settings.DOOR_CODES_AN_HOUR = 1

    answers = [ask(browser(), monday_at_ten, ticket.reference).status_code for _time in range(2)]

    assert answers == [302, 429]


def test_requests_of_long_ago_are_forgotten(ticket):
    asked_for(ticket)

    assert asking.forget_old(MONDAY_TEN + timedelta(days=7)) == 0
    assert asking.forget_old(MONDAY_TEN + timedelta(days=7, seconds=1)) == 1


def test_pages_are_kept_nowhere_and_speak_both_languages(ticket):
    for language in ("en", "zh-hans"):
        for address in ("/complain/", "/status/", f"/status/{asked_for(ticket).key}/"):
            answer = browser(language).get(address)

            assert "no-store" in answer["Cache-Control"]
            assert answer["Content-Language"] == language
            check(words(answer))
