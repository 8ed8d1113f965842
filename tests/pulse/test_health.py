"""What machines ask: livez answers, healthz says whether the timers run, metrics says how (Q10, N6)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import override_settings
from prometheus_client.parser import text_string_to_metric_families

from common.apart import set_aside
from common.models import Heartbeat
from common.moment import database_now
from desk.board import board_for
from pulse.models import Alarm
from pulse.reading import PATIENCE, take_pulse
from tests.people import a_ticket

pytestmark = pytest.mark.django_db
SECRET = "let-me-read"


def all_beat(lag: float = 0.0) -> None:
    for name in PATIENCE:
        Heartbeat.beat(name, at=database_now(), lag=timedelta(seconds=lag))


def an_alarm() -> Alarm:
    now = database_now()
    return Alarm.objects.create(
        began_at=now, looked_at=now, raised_at=now, clocks=3, escalations=0, most=3, first_due_at=now
    )


def read(answer) -> dict[tuple[str, ...], float]:
    """The metrics by name and labels."""
    families = text_string_to_metric_families(answer.content.decode())
    return {(sample.name, *sample.labels.values()): sample.value for each in families for sample in each.samples}


def test_a_desk_whose_timers_beat_is_well(client):
    all_beat()

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("silent", PATIENCE)
def test_a_timer_that_stands_still_is_failing_whichever_it_is(client, silent):
    all_beat()
    Heartbeat.beat(silent, at=database_now() - PATIENCE[silent] - timedelta(seconds=1))

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (503, {"status": "failing"})


def test_a_desk_that_has_never_swept_is_failing(client):
    assert client.get("/healthz").status_code == 503


def test_an_alarm_that_stands_is_failing_though_everything_beats(client):
    all_beat()
    an_alarm()

    assert client.get("/healthz").status_code == 503


def test_a_process_says_that_it_lives_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/livez")

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/healthz", "/metrics"])
def test_asking_starts_nothing(client, path):
    assert client.post(path).status_code == 405


@override_settings(SECURE_SSL_REDIRECT=True)
@pytest.mark.parametrize("path", ["/livez", "/healthz", "/metrics"])
def test_what_is_asked_from_inside_is_answered_without_https(client, path):
    assert client.get(path).status_code in {200, 503}


def test_a_database_that_is_not_migrated_is_failing_and_no_error(client):
    all_beat()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pulse_alarm RENAME TO not_there_yet")

    assert client.get("/healthz").status_code == 503


def test_the_metrics_tell_what_the_board_tells(client, lin):
    all_beat(lag=0.8)
    set_aside("clock", 1, error=ValueError("rotten"), now=database_now())
    now = database_now()

    told = read(client.get("/metrics"))
    shown = board_for(lin, now).pulse

    assert (shown.is_healthy, shown.lag, shown.set_aside) == (True, 0.8, 1)
    assert told["complaint_desk_timers_healthy",] == 1
    assert told["complaint_desk_timers_lag_seconds",] == 0.8
    assert told["complaint_desk_rows_set_aside",] == 1
    assert told["complaint_desk_due_not_fired", "clock"] == 0
    assert set(PATIENCE) == {labels[1] for labels in told if labels[0] == "complaint_desk_heartbeat_age_seconds"}


def test_what_is_due_and_not_fired_is_the_lag(client):
    all_beat()
    a_ticket()  # accepted long ago, and nobody sweeps

    pulse = take_pulse(database_now())

    assert pulse.overdue.clocks > 0
    assert pulse.lag > timedelta(days=1).total_seconds()


def test_alarms_are_counted_for_ever(client):
    all_beat()
    alarm = an_alarm()
    standing = read(client.get("/metrics"))
    alarm.ended_at = database_now()
    alarm.save()

    over = read(client.get("/metrics"))

    assert (standing["complaint_desk_timers_alarm",], over["complaint_desk_timers_alarm",]) == (1, 0)
    assert over["complaint_desk_timers_alarms_total",] == 1


def test_a_reading_asks_as_often_with_much_as_with_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(6):
        client.get("/healthz")
    all_beat()
    for number in range(3):
        a_ticket()
        set_aside("clock", number, error=ValueError("rotten"), now=database_now())
    an_alarm()

    with django_assert_num_queries(6):
        client.get("/healthz")
    with django_assert_num_queries(6):
        client.get("/metrics")


@override_settings(METRICS_TOKEN=SECRET, METRICS_NETWORKS=[])
@pytest.mark.parametrize(
    ("sent", "status"),
    [({}, 404), ({"Authorization": "Bearer guessed"}, 404), ({"Authorization": f"Bearer {SECRET}"}, 200)],
)
def test_whoever_has_the_token_reads_the_metrics_and_nobody_else(client, sent, status):
    assert client.get("/metrics", headers=sent).status_code == status


@override_settings(METRICS_TOKEN="", METRICS_NETWORKS=["10.1.0.0/16"])
@pytest.mark.parametrize(
    ("address", "sent", "status"),
    [
        ("10.1.2.3", {}, 200),
        ("10.2.2.3", {}, 404),
        ("not an address", {}, 404),
        ("10.1.2.3", {"X-Forwarded-For": "203.0.113.9"}, 404),
        ("10.2.2.3", {"Authorization": "Bearer "}, 404),
    ],
)
def test_the_networks_that_are_allowed_read_the_metrics_but_nobody_through_a_proxy(client, address, sent, status):
    assert client.get("/metrics", headers=sent, REMOTE_ADDR=address).status_code == status
