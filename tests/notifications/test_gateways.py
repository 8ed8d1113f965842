"""Webhooks, robots and the SMS gateway against a real receiver: signed, bounded, retried, logged."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, transaction

from notifications import delivery, outbox
from notifications.gateways import posting, signing
from notifications.gateways.posting import Unanswered, post
from notifications.kinds import Channel, Kind, Outcome, Stage
from notifications.models import Attempt, Endpoint, Message
from tests.notifications.receiver import a_receiver
from tests.people import MONDAY_NIGHT, MONDAY_NINE, person

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
SECRET = "a-secret-of-the-receiver"


@pytest.fixture
def receiver(settings):
    settings.OUTWARD_NETWORKS = ["127.0.0.0/8"]
    with a_receiver() as receiver:
        yield receiver


def an_endpoint(receiver, **facts):
    given = {"code": "crm", "name_zh": "客户系统", "name_en": "CRM", "url": receiver.url, "secret": SECRET}
    return Endpoint.objects.create(**given | facts)


def posted(key="escalation:1", at=MONDAY_NINE):
    outbox.post(Kind.ESCALATION, key=key, ticket="T-1", context={"who": "supervisor", "clock": "reply"}, at=at)
    return Message.objects.filter(key__startswith=f"{key}:webhook").latest("pk")


def again(message):
    return Message.objects.get(pk=message.pk)


def outcomes(message):
    return list(message.attempts.order_by("number").values_list("outcome", "code"))


# --- Signed JSON ------------------------------------------------------------------------------------------------------


def test_a_request_is_signed_over_its_time_and_body_and_holds_only_codes(receiver):
    an_endpoint(receiver)
    message = posted()

    delivery.deliver(MONDAY_NINE)

    [got] = receiver.got
    assert got.said == {
        "key": message.key,
        "kind": "escalation",
        "ticket": "T-1",
        "context": {"who": "supervisor", "clock": "reply"},
    }
    assert got.headers["Idempotency-Key"] == message.key == "escalation:1:webhook:crm"
    timestamp, signature = got.headers["X-Desk-Timestamp"], got.headers["X-Desk-Signature"]
    assert int(timestamp) == int(MONDAY_NINE.timestamp())
    expected = hmac.new(SECRET.encode(), timestamp.encode() + b"." + got.body, hashlib.sha256).hexdigest()
    assert signature == f"v1={expected}"


def test_a_receiver_tells_ours_from_changed_foreign_and_old_ones():
    body = b'{"key": "k"}'
    headers = signing.signed_headers(body, secret=SECRET, key="k", at=MONDAY_NINE)
    given = {
        "timestamp": headers["X-Desk-Timestamp"],
        "signature": headers["X-Desk-Signature"],
        "secret": SECRET,
        "now": MONDAY_NINE + MINUTE,
    }

    assert signing.verify(body, **given)
    assert not signing.verify(b'{"key": "l"}', **given)
    assert not signing.verify(body, **given | {"secret": "another"})
    assert not signing.verify(body, **given | {"timestamp": str(int(given["timestamp"]) + 1)})
    assert not signing.verify(body, **given | {"now": MONDAY_NINE + 6 * MINUTE})
    assert not signing.verify(body, **given | {"now": MONDAY_NINE - 6 * MINUTE})
    for rubbish in ("", "٣", "-1", "1e9", "9" * 400):
        assert not signing.verify(body, **given | {"timestamp": rubbish})
    assert not signing.verify(body, **given | {"signature": "v1=ü"})


def test_each_endpoint_that_wants_the_kind_gets_a_message_of_its_own(receiver):
    an_endpoint(receiver)
    an_endpoint(receiver, code="demands", kinds=[Kind.DEMANDED])
    an_endpoint(receiver, code="off", is_active=False)
    an_endpoint(receiver, code="escalations", kinds=[Kind.ESCALATION, Kind.DEMANDED])

    posted()
    posted()  # the same deed, told twice

    assert list(Message.objects.order_by("key").values_list("key", flat=True)) == [
        "escalation:1:webhook:crm",
        "escalation:1:webhook:escalations",
    ]


def test_an_endpoint_can_come_from_the_environment(receiver, settings):
    settings.WEBHOOK_URL, settings.WEBHOOK_SECRET = receiver.url, SECRET
    message = posted()

    delivery.deliver(MONDAY_NINE)

    assert again(message).state == Stage.SENT
    assert receiver.got[0].headers["X-Desk-Signature"]


def test_without_any_endpoint_the_message_stands_as_failed():
    message = posted()

    delivery.deliver(MONDAY_NINE)

    assert again(message).state == Stage.FAILED
    assert "WEBHOOK_URL" in again(message).error


# --- What comes back --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "state", "outcome"),
    [
        (200, Stage.SENT, Outcome.SENT),
        (202, Stage.SENT, Outcome.SENT),
        (302, Stage.FAILED, Outcome.REFUSED),
        (400, Stage.FAILED, Outcome.REFUSED),
        (404, Stage.FAILED, Outcome.REFUSED),
        (408, Stage.WAITING, Outcome.FAILED),
        (429, Stage.WAITING, Outcome.FAILED),
        (500, Stage.WAITING, Outcome.FAILED),
        (503, Stage.WAITING, Outcome.FAILED),
    ],
)
def test_each_answer_has_its_meaning_and_stands_in_the_log(receiver, code, state, outcome):
    receiver.codes = [code]
    receiver.headers = {"Location": receiver.url}
    an_endpoint(receiver)
    message = posted()

    delivery.deliver(MONDAY_NINE)

    assert again(message).state == state
    assert outcomes(message) == [(outcome, code)]
    assert len(receiver.got) == 1  # no redirect is followed


def test_after_failures_it_is_tried_again_under_the_same_key_signed_anew(receiver):
    receiver.codes = [500, 503, 204]
    an_endpoint(receiver)
    message = posted()

    while (now := delivery.next_instant()) is not None:
        delivery.deliver(now)

    assert [code for _outcome, code in outcomes(message)] == [500, 503, 204]
    assert len({got.headers["Idempotency-Key"] for got in receiver.got}) == 1
    assert len({got.headers["X-Desk-Timestamp"] for got in receiver.got}) == 3
    first, second, third = message.attempts.order_by("number").values_list("at", flat=True)
    assert third - second > second - first >= MINUTE


def test_a_receiver_that_asks_for_patience_gets_it_within_reason(receiver):
    receiver.codes = [429]
    an_endpoint(receiver)
    for key, asked in (("some", "1800"), ("endless", "999999"), ("rubbish", "soon")):
        receiver.headers = {"Retry-After": asked}
        posted(key)
        delivery.deliver(MONDAY_NINE)

    waits = {message.key.partition(":")[0]: message.next_try_at - MONDAY_NINE for message in Message.objects.all()}
    assert waits["some"] == timedelta(minutes=30)
    assert waits["endless"] == timedelta(hours=1)
    assert waits["rubbish"] < 2 * MINUTE


def test_no_answer_in_time_is_a_failure(receiver, settings):
    settings.WEBHOOK_TIMEOUT = 0.2
    receiver.codes = [0]
    an_endpoint(receiver)
    message = posted()

    delivery.deliver(MONDAY_NINE)

    assert again(message).state == Stage.WAITING
    [attempt] = message.attempts.all()
    assert attempt.code is None
    assert "within 0.2 s" in attempt.error
    assert attempt.took_ms >= 200


@pytest.mark.parametrize("drip", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b""])
def test_an_answer_that_drips_for_ever_is_cut_off(settings, drip):
    settings.OUTWARD_NETWORKS = ["127.0.0.0/8"]
    stop = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def dribble():
        connection, _address = server.accept()
        with connection:
            connection.sendall(drip)
            while not stop.wait(0.02):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=dribble)
    thread.start()
    try:
        with pytest.raises(Unanswered, match="no whole answer within"):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", headers={}, timeout=0.3)
    finally:
        stop.set()
        thread.join()
        server.close()


def test_of_a_long_answer_only_the_beginning_is_read(receiver):
    receiver.codes, receiver.body = [200], b"x" * 1_000_000

    answer = post(receiver.url, b"{}", headers={}, timeout=5)

    assert len(answer.body) == posting.LONGEST_ANSWER


@pytest.mark.parametrize("rubbish", [b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", b""])
def test_what_is_not_http_is_no_answer(settings, rubbish):
    settings.OUTWARD_NETWORKS = ["127.0.0.0/8"]
    server = socket.create_server(("127.0.0.1", 0))

    def answer():
        connection, _address = server.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(rubbish)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        with pytest.raises(Unanswered):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", headers={}, timeout=5)
    finally:
        thread.join()
        server.close()


def test_a_webhook_into_the_house_is_refused_for_good_unless_the_settings_name_it(receiver, settings):
    settings.OUTWARD_NETWORKS = []
    an_endpoint(receiver)
    message = posted()

    delivery.deliver(MONDAY_NINE)

    assert again(message).state == Stage.FAILED
    assert "OUTWARD_NETWORKS" in again(message).error
    assert receiver.got == []


# --- Robots -----------------------------------------------------------------------------------------------------------

OKAY = {"wecom": {"errcode": 0, "errmsg": "ok"}, "dingtalk": {"errcode": 0, "errmsg": "ok"}, "feishu": {"code": 0}}


def a_robot(receiver, kind, **facts):
    receiver.codes, receiver.body = [200], json.dumps(OKAY[kind]).encode()
    return an_endpoint(receiver, code=kind, format=kind, language="zh-hans", **facts)


def test_a_wecom_robot_gets_the_words_without_a_signature(receiver):
    a_robot(receiver, "wecom", url=f"{receiver.url}?key=k", secret="")
    message = posted()

    delivery.deliver(MONDAY_NINE)

    [got] = receiver.got
    assert got.path == "/hook?key=k"
    assert got.said["msgtype"] == "text"
    assert "T-1" in got.said["text"]["content"]
    assert again(message).state == Stage.SENT


def test_a_dingtalk_robot_gets_time_and_signature_in_its_address(receiver):
    a_robot(receiver, "dingtalk", url=f"{receiver.url}?access_token=t")
    posted()

    delivery.deliver(MONDAY_NINE)

    [got] = receiver.got
    asked = parse_qs(urlsplit(got.path).query)
    [timestamp] = asked["timestamp"]
    assert timestamp == str(int(MONDAY_NINE.timestamp() * 1000))
    digest = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert asked["sign"] == [base64.b64encode(digest).decode()]
    assert asked["access_token"] == ["t"]
    assert got.said["msgtype"] == "text"


def test_a_feishu_robot_gets_time_and_signature_in_its_body(receiver):
    a_robot(receiver, "feishu")
    posted()

    delivery.deliver(MONDAY_NINE)

    [got] = receiver.got
    assert got.said["timestamp"] == str(int(MONDAY_NINE.timestamp()))
    digest = hmac.new(f"{got.said['timestamp']}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert got.said["sign"] == base64.b64encode(digest).decode()
    assert got.said["msg_type"] == "text"
    assert "T-1" in got.said["content"]["text"]


def test_the_signatures_are_those_of_the_makers_own_reckoning():
    """Reckoned apart, with openssl, for the secret 'this is secret' at the millisecond 1577262236757."""
    at = MONDAY_NINE.fromtimestamp(1577262236.757, MONDAY_NINE.tzinfo)

    timestamp, sign = signing.sign_for_dingtalk("this is secret", at=at)

    assert timestamp == "1577262236757"
    assert sign == DINGTALK_SIGN


DINGTALK_SIGN = "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="


@pytest.mark.parametrize(
    ("kind", "said", "state"),
    [
        ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, Stage.WAITING),
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, Stage.FAILED),
        ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, Stage.WAITING),
        ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, Stage.FAILED),
        ("feishu", {"code": 11232, "msg": "frequency limited"}, Stage.WAITING),
        ("feishu", {"code": 19021, "msg": "sign match fail"}, Stage.FAILED),
        ("feishu", {"StatusCode": 0, "StatusMessage": "success"}, Stage.SENT),
        ("feishu", "fine", Stage.WAITING),
        ("wecom", [], Stage.WAITING),
    ],
)
def test_a_robot_that_answers_200_is_asked_what_it_means(receiver, kind, said, state):
    a_robot(receiver, kind)
    receiver.body = json.dumps(said).encode()
    message = posted()

    delivery.deliver(MONDAY_NINE)

    assert again(message).state == state


def test_a_long_text_is_cut_between_two_signs_as_wecom_wants_it(receiver):
    a_robot(receiver, "wecom")
    outbox.post(Kind.ESCALATION, key="long", ticket="工" * 20, context={"why": "原因" * 2000}, at=MONDAY_NINE)

    delivery.deliver(MONDAY_NINE)

    content = receiver.got[0].said["text"]["content"]
    assert len(content.encode()) <= 2048
    assert content.endswith("…")


# --- Short messages ---------------------------------------------------------------------------------------------------


@pytest.fixture
def by_sms(receiver, settings):
    settings.SMS_GATEWAY, settings.SMS_URL, settings.SMS_SECRET = "notifications.sms.HttpGateway", receiver.url, SECRET
    settings.OUTWARD_NETWORKS = []  # whoever runs the house has set the address

    def put(key="deed:1", at=MONDAY_NINE):
        lin = person("lin")
        lin.mobile = "10500000001"
        outbox.put(Kind.REASSIGNED, key=key, to=lin, channels=[Channel.SMS], ticket="T-1", context={}, at=at)
        lin.save()
        return Message.objects.get(key=f"{key}:{lin.pk}:sms")

    return put


def test_the_sms_gateway_gets_one_signed_request_under_the_stable_key(receiver, by_sms):
    message = by_sms()

    delivery.deliver(MONDAY_NINE)

    [got] = receiver.got
    assert got.said["to"] == "10500000001"
    assert got.said["key"] == got.headers["Idempotency-Key"] == message.key
    assert "T-1" in got.said["text"]
    given = {"timestamp": got.headers["X-Desk-Timestamp"], "signature": got.headers["X-Desk-Signature"]}
    assert signing.verify(got.body, **given, secret=SECRET, now=MONDAY_NINE)


@pytest.mark.parametrize(
    ("code", "state"),
    [(202, Stage.SENT), (409, Stage.SENT), (400, Stage.FAILED), (429, Stage.WAITING), (502, Stage.WAITING)],
)
def test_what_the_gateway_answers_decides(receiver, by_sms, code, state):
    receiver.codes = [code]
    message = by_sms()

    delivery.deliver(MONDAY_NINE)

    assert again(message).state == state
    assert [logged for _outcome, logged in outcomes(message)] == [code]


def test_a_message_that_came_through_and_was_not_confirmed_comes_again_with_the_same_key(receiver, by_sms, settings):
    settings.SMS_TIMEOUT = 0.2
    receiver.codes = [0, 409]
    message = by_sms()

    while (now := delivery.next_instant()) is not None:
        delivery.deliver(now)

    assert [got.said["key"] for got in receiver.got] == [message.key, message.key]
    assert again(message).state == Stage.SENT


# --- Once for each step and clock, and by night (S12, S14) ------------------------------------------------------------


def test_a_second_step_on_the_same_day_is_told_as_the_first_was(receiver, by_sms):
    by_sms("escalation:1")
    by_sms("escalation:2", at=MONDAY_NINE + MINUTE)
    by_sms("escalation:2", at=MONDAY_NINE + MINUTE)

    delivery.deliver(MONDAY_NINE + MINUTE)

    assert len(receiver.got) == 2


def test_at_night_internal_notices_leave_at_once_by_every_way(receiver, by_sms, settings):
    settings.OUTWARD_NETWORKS = ["127.0.0.0/8"]
    an_endpoint(receiver)
    by_sms(at=MONDAY_NIGHT)
    posted(at=MONDAY_NIGHT)

    delivery.deliver(MONDAY_NIGHT)

    assert len(receiver.got) == 2


# --- What can never be ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"url": ""}, "an_endpoint_of_ones_own_has_an_address"),
        ({"secret": ""}, "a_request_to_another_system_is_signed"),
    ],
)
def test_an_endpoint_is_whole(receiver, facts, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        an_endpoint(receiver, **facts)


def test_an_attempt_that_failed_says_why():
    message = posted()

    with pytest.raises(IntegrityError, match="an_attempt_that_failed_says_why"), transaction.atomic():
        Attempt.objects.create(message=message, number=1, at=MONDAY_NINE, took_ms=1, outcome=Outcome.FAILED)


def test_only_a_webhook_goes_to_an_endpoint(receiver):
    message = posted()
    endpoint = an_endpoint(receiver)

    with pytest.raises(IntegrityError, match="only_a_webhook_goes_to_an_endpoint"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(channel=Channel.EMAIL, endpoint=endpoint, recipient=person("lin"))
