"""What all tests share: a database with the shipped defaults and the staff, the cast, and how a test cleans up."""

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import TransactionTestCase
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from accounts.models import Person
from complaints.models import Ticket
from customers.models import Customer
from devtools import browsers
from tests import people
from tests.databases import a_copy_of_the_shipped, back_to_the_shipped

# The same examples in every run: a run that fails tells of the change and not of luck.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first: what is left at the end is short, and is shared out among the workers."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


class LeftOut:
    """Names at the end which files have extended tests that were not asked for; workers tell it by what they leave."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.files: dict[str, int] = {}

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """A worker, or a run without workers, leaves these out."""
        for item in items:
            if item.get_closest_marker("extended"):
                file = item.nodeid.partition("::")[0]
                self.files[file] = self.files.get(file, 0) + 1
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["left_out"] = self.files

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """All workers leave out the same."""
        self.files |= getattr(node, "workeroutput", {}).get("left_out", {})

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Like what was skipped."""
        for file, count in sorted(self.files.items()):
            terminalreporter.write_line(f"LEFT OUT [{count}] {file}: extended, `./dev test --whole` runs them as well")


def pytest_configure(config: pytest.Config) -> None:
    """Keep account of what is left out."""
    config.pluginmanager.register(LeftOut(config))


def pytest_collection_finish() -> None:
    """What is there now stays to the end, so it is not looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test that needs Chromium where there is none; on CI it has to be there."""
    if item.get_closest_marker("browser") and not os.environ.get("CI") and browsers.find() is None:
        pytest.skip("needs chromium on the PATH")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """One database per worker, with defaults and staff."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    folder = tmp_path_factory.getbasetemp()
    with django_db_blocker.unblock(), a_copy_of_the_shipped(folder.parent if worker else folder, worker or "alone"):
        yield


def _back_to_the_shipped(self: Any) -> None:
    """After a test that committed."""
    back_to_the_shipped()


TransactionTestCase._fixture_teardown = _back_to_the_shipped  # type: ignore[method-assign]


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
