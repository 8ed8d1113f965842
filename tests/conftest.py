"""What all tests share: a database with the shipped defaults and the staff, the cast, and how a test cleans up."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from accounts.models import Person
from complaints.models import Ticket
from customers.models import Customer
from demo.staff import load_staff
from tests import people

PASSWORD = "a-password-for-tests"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test that needs Chromium where there is none; on CI it has to be there."""
    if item.get_closest_marker("browser") and not os.environ.get("CI") and shutil.which("chromium") is None:
        pytest.skip("needs chromium on the PATH")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One database per worker, with defaults and staff; a copy of it is what tests that commit go back to."""
    with django_db_blocker.unblock():
        call_command("load_defaults", verbosity=0)
        load_staff(PASSWORD)
        _copy(connection.settings_dict["NAME"], _template_name())
    yield
    with django_db_blocker.unblock():
        _drop(_template_name())


def _template_name() -> str:
    return f"{connection.settings_dict['NAME']}_as_shipped"


def _maintenance(*statements: str) -> None:
    """Statements that no database may be connected for; on the server's own database."""
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _drop(name: str) -> None:
    _maintenance(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _copy(source: str, target: str) -> None:
    connections.close_all()
    _drop(target)
    _maintenance(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')


def _back_to_the_shipped_state(self: Any) -> None:
    """After a test that committed: the worker's database anew, since the history refuses to be emptied."""
    _copy(_template_name(), connection.settings_dict["NAME"])


TransactionTestCase._fixture_teardown = _back_to_the_shipped_state  # type: ignore[method-assign]


def _member(username: str) -> Any:
    @pytest.fixture(name=username)
    def member(db: None) -> Person:
        return people.person(username)

    return member


rosa = _member("rosa")
sam = _member("sam")
wei = _member("wei")
noor = _member("noor")
lin = _member("lin")


@pytest.fixture
def ines(db: None) -> Customer:
    """The customer."""
    return people.a_customer()


@pytest.fixture
def ticket(db: None) -> Ticket:
    """A ticket that Rosa has accepted on Monday at nine."""
    return people.a_ticket()
