"""Every address with every verb, taken from the URL map: strangers get nowhere, readers change nothing (A7, A19)."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from api.endpoints import Nowhere
from api.urls import OPERATIONS
from complaints.actions import chasing
from complaints.models import Entry, Ticket
from complaints.models.acts import ACTS
from complaints.models.ticket import MOVES
from customers.models import Lookup
from tests.people import MONDAY_NINE, ORDINARY, a_customer, a_ticket, person

pytestmark = pytest.mark.django_db

WRITES = ("post", "put", "patch", "delete")


def addresses() -> list[tuple[str, type]]:
    """Each pattern below /api/v1/ with its view, but for those that catch what there is not."""
    found = []

    def walk(patterns, prefix=""):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                if route.startswith("api/v1/"):
                    walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern) and route.startswith("api/v1/"):
                view = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
                if view is not Nowhere:
                    found.append((route, view))

    walk(get_resolver().url_patterns)
    return found


ROUTES = [route for route, _view in addresses()]


@pytest.fixture
def paths(db) -> dict[str, str]:
    """Each route with an existing ticket, customer, look-up and child filled in."""
    ticket = a_ticket()
    chasing.chase_up(ticket, text="Well?", by=person("rosa"), at=MONDAY_NINE)
    look_up = Lookup.objects.create(customer=a_customer(), by=person("rosa"), at=MONDAY_NINE, origin="test")
    known = {
        "<reference:reference>": ticket.reference,
        "customers/<int:pk>": f"customers/{a_customer().pk}",
        "look-ups/<int:pk>": f"look-ups/{look_up.pk}",
        "<int:number>": "1",
        "<slug:key>": "on_site",
        "<str:key>": "no-such-file",
        "policies/which/": f"policies/which/?kind=reply&category={ORDINARY}",
    }

    def fill(route: str) -> str:
        for placeholder, value in known.items():
            route = route.replace(placeholder, value)
        route = re.sub(r"<int:\w+>", "1", route)
        assert "<" not in route, f"say in this test what stands for the placeholder in {route}"
        return f"/{route}"

    return {route: fill(route) for route in ROUTES}


def standing() -> tuple[int, int, list[int]]:
    """What a write would change."""
    versions = list(Ticket.objects.order_by("pk").values_list("version", flat=True))
    return Entry.objects.count(), Lookup.objects.count(), versions


def test_the_url_map_is_not_empty():
    assert len(ROUTES) > 45


@pytest.mark.parametrize("verb", ["get", *WRITES])
def test_strangers_get_nowhere(paths, verb, settings):
    client = Client()

    for path in paths.values():
        cache.clear()
        answer = getattr(client, verb)(path, content_type="application/json")
        sent_to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith(settings.LOGIN_URL)
        assert answer.status_code == 401 or sent_to_sign_in, (path, answer.status_code)


@pytest.mark.parametrize("verb", WRITES)
def test_a_reader_changes_nothing_anywhere(paths, verb):
    client = Client()
    client.force_login(person("kangming"))
    before = standing()

    for path in paths.values():
        answer = getattr(client, verb)(path, {}, content_type="application/json")
        assert answer.status_code in {403, 405}, (path, answer.status_code)

    assert standing() == before


@pytest.mark.parametrize("username", ["noor", "admin"])
def test_a_ticket_that_one_may_not_see_is_not_there_under_any_address(paths, username):
    client = Client()
    client.force_login(person(username))

    for route, path in paths.items():
        if "<reference:reference>" not in route:
            continue
        reading = client.get(path)
        writing = client.post(path, {}, content_type="application/json")
        assert reading.status_code in {404, 405}, path
        assert writing.status_code in {404, 405}, path


def test_reading_changes_nothing(paths):
    client = Client()
    client.force_login(person("rosa"))
    before = standing()

    for path in paths.values():
        not_hers = {403} if "/figures/" in path else set()
        assert client.get(path).status_code in {200, 404, 405} | not_hers, path

    assert standing() == before


def test_every_move_and_every_act_has_its_address():
    """A callback is finished by its answer, at an address of its own; so are a chase-up, and files."""
    named = {name.replace("-", "_") for name in OPERATIONS}

    assert set(MOVES) - named == {"finish_callback"}
    assert set(ACTS) - named == {"answer_chase_up", "attach", "remove_file"}
