"""Tokens and how often somebody may ask (N3, N10, D2)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory, override_settings
from knox.models import AuthToken
from rest_framework.request import Request

from api.throttles import StrangerRate
from tests.people import person

pytestmark = pytest.mark.django_db


def me(token):
    """What is answered to somebody with this token."""
    return Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"})


def test_a_token_says_who_asks(db):
    _row, token = AuthToken.objects.create(person("selfservice"))

    assert me(token).json()["username"] == "selfservice"


def test_only_the_hash_of_a_token_is_kept(db):
    row, token = AuthToken.objects.create(person("selfservice"))

    assert len(token) >= 64
    assert token not in {str(value) for value in AuthToken.objects.filter(pk=row.pk).values().get().values()}


def test_a_token_with_which_nothing_is_written_needs_no_csrf_token(db):
    _row, token = AuthToken.objects.create(person("selfservice"))
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/api/v1/tickets/", {}, "application/json", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 400


def test_an_expired_token_is_refused(db):
    _row, token = AuthToken.objects.create(person("selfservice"), expiry=timedelta(seconds=-1))

    assert me(token).status_code == 401


def test_who_is_no_longer_active_is_refused_at_the_next_request(db):
    somebody = person("selfservice")
    _row, token = AuthToken.objects.create(somebody)
    somebody.is_active = False
    somebody.save()

    assert me(token).status_code == 401


@pytest.mark.parametrize("token", ["", " ", "null", "undefined", "x" * 64, "ÿþ", "%00", "a b", "0" * 5000])
def test_what_is_no_token_is_refused(db, token):
    answer = me(token)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@override_settings(
    CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": settings.REDIS_URL}}
)
def test_of_fifty_requests_at_once_exactly_the_limit_passes(db):
    class Ten(StrangerRate):
        rate = "10/day"
        cache = caches["default"]

    Ten.cache.clear()
    request = Request(RequestFactory().get("/api/v1/me/", REMOTE_ADDR="203.0.113.7"))

    with ThreadPoolExecutor(max_workers=10) as pool:
        passed = list(pool.map(lambda _: Ten().allow_request(request, None), range(50)))

    assert passed.count(True) == 10


def test_who_asks_too_often_is_told_when_to_come_back(db, monkeypatch):
    monkeypatch.setattr(StrangerRate, "rate", "2/min", raising=False)

    answers = [Client().get("/api/v1/nowhere/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert answers[2].json()["code"] == "throttled"
    assert 0 <= int(answers[2].headers["Retry-After"]) <= 60


def run(*arguments):
    """What `manage api_token` says."""
    said = StringIO()
    call_command("api_token", *arguments, stdout=said, stderr=StringIO())
    return said.getvalue().strip()


def test_a_token_is_made_shown_once_and_ends(db):
    token = run("selfservice", "--days", "7")

    assert me(token).json()["username"] == "selfservice"
    assert AuthToken.objects.get().expiry is not None


def test_tokens_of_somebody_can_be_ended(db):
    token = run("selfservice")

    run("selfservice", "--end")

    assert me(token).status_code == 401


@pytest.mark.parametrize("arguments", [("selfservice", "--days", "0"), ("selfservice", "--days", "9999"), ("nobody",)])
def test_no_token_lives_for_ever_or_is_nobodys(db, arguments):
    with pytest.raises(CommandError):
        run(*arguments)

    assert not AuthToken.objects.exists()
