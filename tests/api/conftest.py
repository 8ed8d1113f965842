"""Calling the API as somebody of the cast."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from accounts.models import Person
from tests import people


class Caller:
    """Somebody at the API: every call is a request of its own, with a person freshly read."""

    def __init__(self, person: Person) -> None:
        self.client = APIClient()
        self.client.force_login(person)

    def get(self, path: str, **query: Any) -> Any:
        """GET below /api/v1/."""
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, _headers: dict[str, str] | None = None, **body: Any) -> Any:
        """POST JSON below /api/v1/."""
        return self.client.post(f"/api/v1/{path}", body, format="json", headers=_headers)


@pytest.fixture(autouse=True)
def uncounted() -> Iterator[None]:
    """No requests of other tests are counted."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def as_(db: None) -> Any:
    """Somebody by login, at the API."""
    return lambda username: Caller(people.person(username))


def a_matter(**changes: Any) -> dict[str, Any]:
    """A well-formed body for accepting a matter of Ines."""
    return {
        "number": "12055550101",
        "category": people.ORDINARY,
        "happened": "I was charged twice for one month.",
        "record": people.a_record(people.category()),
        **changes,
    }
