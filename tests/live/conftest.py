"""A server with streams, and ears for it. All tests of a module share it and what they commit."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.databases import back_to_the_shipped
from tests.streams import Ear, an_asgi_server


@pytest.fixture(scope="module")
def address(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A server of the desk; the database is made anew after the module."""
    with django_db_blocker.unblock():
        with an_asgi_server() as address:
            yield address
        back_to_the_shipped()


@pytest.fixture
def ear_of(address: str) -> Iterator[Callable[..., Ear]]:
    """Open a stream as one of the staff."""
    ears = []

    def listen(username: str, **options: object) -> Ear:
        ears.append(Ear(address, username, **options))  # type: ignore[arg-type]
        return ears[-1]

    yield listen
    for ear in ears:
        ear.close()
