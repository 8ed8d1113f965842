"""The health page says whether the sweep runs, to anybody, and nothing else (Q10, N6)."""

from datetime import timedelta

import pytest

from common.models import Heartbeat
from common.moment import database_now
from config.health import SILENT_FOR, SWEEP

pytestmark = pytest.mark.django_db


def test_a_desk_whose_sweep_has_just_run_is_well(client):
    Heartbeat.beat(SWEEP, at=database_now())

    answer = client.get("/health/")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_worker_that_stands_still_is_failing(client):
    Heartbeat.beat(SWEEP, at=database_now() - SILENT_FOR - timedelta(seconds=1))

    answer = client.get("/health/")

    assert (answer.status_code, answer.json()) == (503, {"status": "failing"})


def test_a_desk_that_has_never_swept_is_failing(client):
    assert client.get("/health/").status_code == 503


def test_health_starts_nothing(client):
    assert client.post("/health/").status_code == 405
