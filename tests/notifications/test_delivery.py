"""Delivery: at least once under one key, ever more rarely, and through the gate (R23, R2A, R72; Q11–Q13, S14)."""

import json
import threading
from datetime import timedelta
from email.utils import parseaddr
from itertools import pairwise
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction

from accounts.models import Person
from common.models import Heartbeat
from common.moment import database_now
from common.refusals import NotPossible
from common.tokens import sign
from contact import agreements
from contact.models import Consent, Contact, Matter
from notifications import delivery, outbox
from notifications.carriers import Carriers, message_id
from notifications.kinds import Channel, Kind, Lane, Stage
from notifications.models import Message
from notifications.tasks import deliver_messages
from tests.people import MONDAY_NIGHT, MONDAY_NINE, MONDAY_TEN, local, person

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
TUESDAY_EIGHT = local("2026-03-03 08:00")


@pytest.fixture(autouse=True)
def sms_file(settings, tmp_path: Path) -> Path:
    settings.SMS_FILE = tmp_path / "outbox" / "sms.jsonl"
    return tmp_path / "outbox" / "sms.jsonl"


def mail_to(someone: Person, *, key: str = "deed:1", at=MONDAY_NINE, is_late: bool = False) -> Message:
    Person.objects.filter(pk=someone.pk).update(email="lin@desk.invalid")
    outbox.put(
        Kind.REASSIGNED,
        key=key,
        to=person(someone.username),
        channels=["email"],
        ticket="T-1",
        context={},
        at=at,
        is_late=is_late,
    )
    return Message.objects.get(key=f"{key}:{someone.pk}:email")


def survey(matter: Matter | None = None, *, at=MONDAY_NINE) -> Message:
    outbox.put_to_customer(
        Kind.SURVEY,
        key="survey:1",
        to="12055550101",
        channel=Channel.SMS,
        matter=matter or Matter.objects.create(),
        ticket="T-1",
        context={"code": "a-random-code"},
        at=at,
    )
    return Message.objects.get(key="survey:1:sms")


def again(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


class DeadServer(EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("no answer")


DEAD = f"{__name__}.DeadServer"


def test_a_message_by_mail_leaves_with_its_key(lin):
    message = mail_to(lin)

    left = delivery.deliver(MONDAY_NINE)

    assert left == 1
    [sent] = mail.outbox
    assert sent.to == ["lin@desk.invalid"]
    assert sent.extra_headers["X-Message-Key"] == message.key
    assert sent.extra_headers["Message-ID"] == message_id(message.key)
    assert (again(message).state, again(message).sent_at) == (Stage.SENT, MONDAY_NINE)


def test_what_was_sent_is_not_sent_again(lin):
    mail_to(lin)
    delivery.deliver(MONDAY_NINE)

    delivery.deliver(MONDAY_TEN)

    assert len(mail.outbox) == 1


def test_a_worker_that_dies_between_sending_and_marking_leads_to_a_second_sending_with_the_same_key(lin):
    message = mail_to(lin)
    claimed = delivery.claim(MONDAY_NINE, Carriers())
    assert claimed is not None
    Carriers().carry(claimed, at=MONDAY_NINE)  # … and here it dies

    delivery.deliver(MONDAY_NINE + delivery.CLAIM_LASTS - MINUTE)
    assert len(mail.outbox) == 1
    delivery.deliver(MONDAY_NINE + delivery.CLAIM_LASTS)

    first, second = mail.outbox
    assert first.extra_headers == second.extra_headers
    assert again(message).state == Stage.SENT


def test_a_message_that_kills_every_worker_is_set_aside(lin, settings):
    message = mail_to(lin)
    for turn in range(settings.DELIVERY_TRIES):
        delivery.claim(MONDAY_NINE + turn * delivery.CLAIM_LASTS, Carriers())

    delivery.deliver(MONDAY_NINE + settings.DELIVERY_TRIES * delivery.CLAIM_LASTS)

    assert again(message).state == Stage.FAILED
    assert not mail.outbox


def test_a_dead_server_is_tried_ever_more_rarely_and_then_no_more(lin, settings):
    settings.EMAIL_BACKEND = DEAD
    message = mail_to(lin)
    pauses = []
    while (now := delivery.next_instant()) is not None:
        delivery.deliver(now)
        pauses.append(now)

    gaps = [later - earlier for earlier, later in pairwise(pauses)]
    assert len(pauses) == settings.DELIVERY_TRIES
    assert gaps == sorted(gaps)
    assert again(message).state == Stage.FAILED
    assert "ConnectionRefusedError: no answer" in again(message).error


def test_a_failed_message_can_be_tried_again(lin, settings):
    settings.EMAIL_BACKEND = DEAD
    settings.DELIVERY_TRIES = 1
    message = mail_to(lin)
    delivery.deliver(MONDAY_NINE)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    outbox.try_again(message, at=MONDAY_TEN)
    delivery.deliver(MONDAY_TEN)

    assert again(message).state == Stage.SENT
    with pytest.raises(NotPossible):
        outbox.try_again(message, at=MONDAY_TEN)


def test_pauses_differ_from_message_to_message_and_not_from_run_to_run():
    pauses = {delivery.pause_after(3, key=f"k{number}") for number in range(50)}

    assert len(pauses) > 40
    assert min(pauses) >= 4 * MINUTE
    assert max(pauses) <= 6 * MINUTE
    assert delivery.pause_after(3, key="k1") == delivery.pause_after(3, key="k1")


def test_one_that_cannot_be_put_into_words_does_not_stop_the_others(lin, rosa):
    bad, good = mail_to(lin), mail_to(rosa, key="deed:2")
    Message.objects.filter(pk=bad.pk).update(ticket="T-1\rBcc: x")

    delivery.deliver(MONDAY_NINE)

    assert again(bad).state == Stage.FAILED
    assert again(good).state == Stage.SENT


def test_an_address_that_would_be_a_header_is_set_aside(lin):
    message = mail_to(lin)
    Person.objects.filter(pk=lin.pk).update(email="lin@desk.invalid\nBcc: all@desk.invalid")

    delivery.deliver(MONDAY_NINE)

    assert again(message).state == Stage.FAILED
    assert not mail.outbox


def test_who_lost_their_address_is_set_aside(lin):
    message = mail_to(lin)
    Person.objects.filter(pk=lin.pk).update(email="")

    delivery.deliver(MONDAY_NINE)

    assert "no address" in again(message).error


def test_who_has_left_is_told_nothing_more(lin):
    message = mail_to(lin)
    Person.objects.filter(pk=lin.pk).update(is_active=False)

    delivery.deliver(MONDAY_NINE)

    assert again(message).state == Stage.CANCELLED
    assert not mail.outbox


def test_the_file_gateway_writes_one_line_for_each_message(sms_file):
    survey()

    delivery.deliver(MONDAY_NINE)

    [line] = sms_file.read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert told["key"] == "survey:1:sms"
    assert told["to"] == "12055550101"
    assert f"/s/{sign('a-random-code', purpose='/s/')}" in told["text"]
    assert sms_file.stat().st_mode & 0o777 == 0o640


def test_a_survey_due_at_night_goes_out_at_eight(sms_file):
    message = survey(at=MONDAY_NIGHT)

    delivery.deliver(MONDAY_NIGHT)

    assert not sms_file.exists()
    assert again(message).state == Stage.WAITING
    assert again(message).tries == 0
    assert delivery.next_instant() == TUESDAY_EIGHT
    assert delivery.deliver(TUESDAY_EIGHT - timedelta(seconds=1)) == 0
    assert delivery.deliver(TUESDAY_EIGHT) == 1
    assert Contact.objects.get().at == TUESDAY_EIGHT


def test_a_customer_who_agreed_to_be_contacted_at_night_is(sms_file, rosa):
    matter = Matter.objects.create()
    agreements.consent(matter, what=Consent.What.NIGHT, evidence="recording 7", by=rosa, at=MONDAY_NINE)
    survey(matter, at=MONDAY_NIGHT)

    delivery.deliver(MONDAY_NIGHT)

    assert sms_file.exists()
    assert Contact.objects.get().ground == "consent"


def test_an_internal_message_knows_no_quiet_hours(lin):
    mail_to(lin, at=MONDAY_NIGHT)

    delivery.deliver(MONDAY_NIGHT)

    assert len(mail.outbox) == 1


def test_a_muted_house_passes_the_gate_and_marks_but_nothing_leaves(lin, settings, sms_file):
    settings.DELIVER_MESSAGES = False
    by_mail, by_sms = mail_to(lin, at=MONDAY_NIGHT), survey(at=MONDAY_NIGHT)

    delivery.deliver(MONDAY_NIGHT)
    delivery.deliver(TUESDAY_EIGHT)

    assert not mail.outbox
    assert not sms_file.exists()
    assert again(by_mail).sent_at == MONDAY_NIGHT
    assert again(by_sms).sent_at == TUESDAY_EIGHT


def test_the_message_id_has_the_domain_of_the_sender(settings):
    settings.DEFAULT_FROM_EMAIL = "Desk <desk@operator.invalid>"

    assert message_id("k").endswith("@operator.invalid>")
    assert parseaddr(message_id("k"))[1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_deliver_each_message_once():
    lin = person("lin")
    for number in range(12):
        mail_to(lin, key=f"deed:{number}")
    start = threading.Barrier(2)

    def work():
        start.wait()
        try:
            delivery.deliver(MONDAY_NINE)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    keys = [sent.extra_headers["X-Message-Key"] for sent in mail.outbox]
    assert len(keys) == len(set(keys)) == 12


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_before_the_commit_and_all_after_it():
    lin = person("lin")

    def deliver_elsewhere():
        def work():
            try:
                deliver_messages()
            finally:
                connection.close()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

    with transaction.atomic():
        mail_to(lin)
        deliver_elsewhere()
        assert not mail.outbox
    deliver_elsewhere()

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_second_delivery_steps_back_while_one_is_at_work():
    mail_to(person("lin"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7203001)")

    def work():
        try:
            deliver_messages()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert not mail.outbox


def test_what_somebody_waits_for_leaves_before_what_is_on_time_and_that_before_a_backlog(lin):
    late = [mail_to(lin, key=f"late:{number}", at=MONDAY_NINE, is_late=True) for number in range(3)]
    on_time = mail_to(lin, key="on_time", at=MONDAY_TEN)
    outbox.put_to_customer(
        Kind.STATUS_CODE,
        key="status_code:1",
        to="12055550101",
        channel=Channel.SMS,
        matter=Matter.objects.create(),
        ticket="T-1",
        context={"code": "123456", "minutes": 5},
        at=MONDAY_TEN,
    )

    left = []
    while delivery.take_turn(MONDAY_TEN + MINUTE, Carriers(muted=True)) is not None:
        sent = Message.objects.filter(state=Stage.SENT).exclude(key__in=left).get()
        left.append(sent.key)

    assert left == ["status_code:1:sms", on_time.key, *(message.key for message in late)]


def test_a_message_that_is_tried_again_keeps_its_lane(lin, settings):
    settings.EMAIL_BACKEND = DEAD
    late = mail_to(lin, is_late=True)

    delivery.deliver(MONDAY_TEN)

    waiting = again(late)
    assert (waiting.state, waiting.tries, waiting.lane) == (Stage.WAITING, 1, Lane.BACKLOG)


def test_what_is_told_of_a_backlog_rests_while_the_timers_work_theirs_off(lin):
    late = mail_to(lin, key="late", is_late=True)
    on_time = mail_to(lin, key="on_time")
    now = database_now()
    Heartbeat.beat("a sweep", at=now, lag=timedelta(minutes=50))

    deliver_messages()

    assert (again(on_time).state, again(late).state) == (Stage.SENT, Stage.WAITING)

    Heartbeat.beat("a sweep", at=database_now())
    deliver_messages()

    assert again(late).state == Stage.SENT


def test_a_backlog_of_timers_that_died_keeps_nothing_back(lin):
    late = mail_to(lin, is_late=True)
    Heartbeat.beat("a sweep", at=database_now() - MINUTE, lag=timedelta(minutes=50))

    deliver_messages()

    assert again(late).state == Stage.SENT
