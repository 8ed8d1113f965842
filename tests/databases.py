"""The databases of a run: one as shipped, made once, and a copy of it for each worker, made anew after each commit."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections

from accounts.models import known_units
from common.rules import OneRow
from complaints.models import Category, filler_phrases
from demo.staff import load_staff
from sla.models import known_policies

PASSWORD = "a-password-for-tests"


@contextmanager
def a_copy_of_the_shipped(folder: Path, worker: str) -> Iterator[None]:
    """Work in this worker's own database; `folder` is one that all workers of the run share."""
    configured = connection.settings_dict["NAME"]
    own = f"test_{configured}_{worker}"
    shipped = name_of_the_shipped(own)
    with _made_by_the_first(folder, shipped):
        _copy(shipped, own)
        _switch(own)
        _know_the_configuration()
        yield
        _switch(configured)
        _drop(own)


def back_to_the_shipped() -> None:
    """This worker's database anew: the history refuses to be emptied."""
    own = connection.settings_dict["NAME"]
    _copy(name_of_the_shipped(own), own)
    _know_the_configuration()


def name_of_the_shipped(own: str) -> str:
    """The database that a worker's own was copied from; nobody connects to it."""
    return f"{own.rpartition('_')[0]}_as_shipped"


@contextmanager
def _made_by_the_first(folder: Path, shipped: str) -> Iterator[None]:
    """The first worker to come makes the shipped database, and the last one to leave removes it."""
    users = folder / "users-of-the-shipped-database"
    with _one_at_a_time(folder):
        count = int(users.read_text()) if users.exists() else 0
        if count == 0:
            _make(shipped)
        users.write_text(str(count + 1))
    yield
    with _one_at_a_time(folder):
        count = int(users.read_text()) - 1
        users.write_text(str(count))
        if count == 0:
            _drop(shipped)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    with (folder / "shipped-database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(name: str) -> None:
    """With all migrations, the shipped defaults and the demonstration's staff."""
    configured = connection.settings_dict["NAME"]
    _drop(name)
    _on_the_server(f'CREATE DATABASE "{name}"')
    _switch(name)
    call_command("migrate", verbosity=0)
    call_command("load_defaults", verbosity=0)
    load_staff(PASSWORD)
    _switch(configured)


def _know_the_configuration() -> None:
    """As every process does soon: what is kept of it is read before any test counts queries."""
    known_units()
    known_policies()
    Category.kept.get()
    filler_phrases()
    for rules in OneRow.__subclasses__():
        rules.current()


def _switch(name: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = name


def _copy(source: str, target: str) -> None:
    connections.close_all()
    _drop(target)
    _on_the_server(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')


def _drop(name: str) -> None:
    _on_the_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_the_server(statement: str) -> None:
    """A statement that nobody may be connected to the database for; on the server's own database."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
