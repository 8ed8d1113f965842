"""A way out of the house that is out of order is left alone, tried out by one message, and used again."""

from datetime import timedelta

import pytest

from notifications import circuits, delivery, outbox
from notifications.carriers import Carriers
from notifications.kinds import Kind, Stage
from notifications.models import Circuit, Endpoint, Message
from tests.notifications.receiver import a_receiver
from tests.people import MONDAY_NINE
from tests.together import together

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
NAME = "webhook:crm"


def failed(times: int, *, at=MONDAY_NINE) -> None:
    for _each in range(times):
        circuits.note_failure(NAME, error="no answer", at=at)


def test_it_opens_after_failures_in_a_row_and_not_before(settings):
    failed(settings.CIRCUIT_FAILURES - 1)
    circuits.note_success(NAME, at=MONDAY_NINE)
    failed(settings.CIRCUIT_FAILURES - 1)
    assert circuits.ask(NAME, at=MONDAY_NINE) is None

    failed(1)

    assert circuits.ask(NAME, at=MONDAY_NINE) == MONDAY_NINE + 30 * SECOND


def test_when_the_pause_is_over_one_message_tries_it_out_and_the_others_wait(settings):
    failed(settings.CIRCUIT_FAILURES)
    later = MONDAY_NINE + 30 * SECOND

    assert circuits.ask(NAME, at=later) is None
    assert circuits.ask(NAME, at=later) == later + circuits.TRIED_FOR


def test_one_that_was_tried_out_in_vain_opens_for_twice_as_long_up_to_a_bound(settings):
    failed(settings.CIRCUIT_FAILURES)
    now, pauses = MONDAY_NINE, []
    for _round in range(8):
        until = Circuit.objects.get(name=NAME).open_until
        pauses.append(until - now)
        now = until
        assert circuits.ask(NAME, at=now) is None
        circuits.note_failure(NAME, error="no answer", at=now)

    assert [pause.total_seconds() for pause in pauses] == [30, 60, 120, 240, 480, 900, 900, 900]


def test_one_that_was_tried_out_well_is_closed_for_all(settings):
    failed(settings.CIRCUIT_FAILURES)
    later = MONDAY_NINE + 30 * SECOND
    circuits.ask(NAME, at=later)

    circuits.note_success(NAME, at=later)

    assert circuits.ask(NAME, at=later) is None
    assert circuits.ask(NAME, at=later) is None


def test_who_dies_while_trying_it_out_keeps_the_others_waiting_for_a_while_only(settings):
    failed(settings.CIRCUIT_FAILURES)
    later = MONDAY_NINE + 30 * SECOND
    circuits.ask(NAME, at=later)

    assert circuits.ask(NAME, at=later + circuits.TRIED_FOR) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_tries_it_out(settings):
    failed(settings.CIRCUIT_FAILURES)
    later = MONDAY_NINE + 30 * SECOND

    answers = together([lambda: circuits.ask(NAME, at=later)] * 2)

    assert sorted(answers, key=str) == sorted([None, later + circuits.TRIED_FOR], key=str)


def test_what_waits_for_a_dead_endpoint_loses_no_try_and_holds_nobody_up(settings):
    settings.OUTWARD_NETWORKS = ["127.0.0.0/8"]
    with a_receiver() as dead, a_receiver() as alive:
        dead.codes = [500]
        named = {"name_zh": "系统", "name_en": "System", "secret": "s"}
        Endpoint.objects.create(code="dead", url=dead.url, **named)
        Endpoint.objects.create(code="alive", url=alive.url, **named)
        for number in range(20):
            outbox.post(Kind.ESCALATION, key=f"deed:{number}", context={}, at=MONDAY_NINE)

        delivery.deliver(MONDAY_NINE)

        assert len(alive.got) == 20
        assert len(dead.got) == settings.CIRCUIT_FAILURES
        waiting = Message.objects.filter(endpoint__code="dead", tries=0)
        assert waiting.count() == 20 - settings.CIRCUIT_FAILURES
        assert {message.state for message in waiting} == {Stage.WAITING}
        assert len({message.next_try_at for message in waiting}) > 1  # not all at the same instant

        dead.codes = [204]
        while (now := delivery.next_instant()) is not None:
            delivery.deliver(now)

        assert not Message.objects.exclude(state=Stage.SENT).exists()
        keys = [got.headers["Idempotency-Key"] for got in dead.got]
        assert len(set(keys)) == 20


def test_an_administrator_lets_everything_pass_at_once(settings):
    failed(settings.CIRCUIT_FAILURES)

    circuits.close(NAME, at=MONDAY_NINE)

    assert circuits.ask(NAME, at=MONDAY_NINE) is None


def test_what_stays_in_the_house_takes_no_way_out():
    assert Carriers().circuit_of(Message(channel="in_app")) == ""
    assert Carriers(muted=True).circuit_of(Message(channel="sms")) == ""
    assert Carriers().circuit_of(Message(channel="sms")) == "sms"
