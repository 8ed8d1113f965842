"""Clients of the cast, on Monday at ten unless a test travels elsewhere."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from tests.people import MONDAY_TEN, person


@pytest.fixture(autouse=True)
def monday_at_ten() -> Iterator[time_machine.Traveller]:
    """The clock that the pages read; it stands still."""
    with time_machine.travel(MONDAY_TEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def as_(db: None) -> Callable[[str], Client]:
    """A browser of one of the staff who has signed in."""

    def sign_in(username: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(person(username), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
