"""A database of its own for a play, and the way of its past into the desk's database.

Nobody sees a half-played past: it is played elsewhere, and copied in by one transaction.
"""

import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections, models, transaction
from psycopg2.sql import SQL, Composed, Identifier

from callbacks.models import Campaign
from complaints.models import Note, Ticket
from contact.models import Matter
from customers.models import Customer
from notifications.models import Message

# What a play brings forth: these, and every row that refers to one of them.
LIVED_ROOTS: set[type[models.Model]] = {Campaign, Customer, Matter, Note, Message}
OURS = (
    "common",
    "accounts",
    "calendars",
    "contact",
    "notifications",
    "customers",
    "complaints",
    "approvals",
    "attachments",
    "letters",
    "sla",
    "callbacks",
    "inbound",
    "escalation",
    "repeats",
    "authorities",
    "figures",
)
ROOM_FOR_LIVE_ROWS = 1_000_000
FIRST_REFERENCE = 10_001


@contextmanager
def own_database(name: str, *, like: str | None = None, keep: bool = False) -> Iterator[None]:
    """Work in a new database beside the configured one; dropped at the end unless kept.

    It is migrated and empty, or a copy of `like` as that is, to which nobody else may be connected meanwhile. Whoever
    is told to end meanwhile leaves by the same way, so that the database is dropped then as well.
    """
    configured = connection.settings_dict["NAME"]
    told_before = signal.signal(signal.SIGTERM, _leave)
    try:
        connections.close_all()
        made = SQL("CREATE DATABASE {}").format(Identifier(name))
        _on_the_server(_drop(name), made + SQL(" TEMPLATE {}").format(Identifier(like)) if like else made)
        _switch(name)
        try:
            if not like:
                call_command("migrate", verbosity=0)
            with connection.cursor() as cursor:
                # Durability is of no use to a database that is thrown away.
                cursor.execute(SQL("ALTER DATABASE {} SET synchronous_commit TO off").format(Identifier(name)))
            connections.close_all()
            yield
        finally:
            _switch(configured)
            if not keep:
                _on_the_server(_drop(name))
    finally:
        signal.signal(signal.SIGTERM, told_before)


def is_there(name: str) -> bool:
    """Whether the server has a database of this name."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _leave(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # on the way out already
    sys.exit(128 + number)


def _switch(name: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = name


def _drop(name: str) -> Composed:
    return SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name))


def _on_the_server(*statements: Composed) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def lived_tables() -> list[str]:
    """The tables that a play fills: customers, matters, messages, and all that refers to them."""
    lived = set(LIVED_ROOTS)
    candidates = [model for label in OURS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    grown = True
    while grown:
        grown = False
        for model in candidates:
            refers = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
            if model not in lived and refers & lived:
                lived.add(model)
                grown = True
    return sorted(model._meta.db_table for model in lived)


def configured_tables() -> list[str]:
    """The tables that hold the configuration: all of ours that are not lived in, by their place in the layers."""
    lived = set(lived_tables())
    tables = [
        model._meta.db_table
        for label in OURS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    return [table for table in dict.fromkeys(tables) if table not in lived]


class Dump:
    """Tables on their way from one database into another, spooled to a temporary file each."""

    def __init__(self) -> None:
        self.files: dict[str, Any] = {}
        self.columns: dict[str, Composed] = {}

    def take(self, tables: list[str]) -> None:
        """Read the tables of the present database as they stand at one instant."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            for table in tables:
                cursor.execute(SQL("SELECT * FROM {} LIMIT 0").format(Identifier(table)))
                self.columns[table] = SQL(", ").join(Identifier(column.name) for column in cursor.description)
                self.files[table] = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 (kept until put)
                out = SQL("COPY {} ({}) TO STDOUT").format(Identifier(table), self.columns[table])
                cursor.copy_expert(out, self.files[table])

    def put(self) -> int:
        """Write them into the present database, in the transaction that is open; says how many rows."""
        rows = 0
        with connection.cursor() as cursor:
            for table, file in self.files.items():
                file.seek(0)
                into = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table), self.columns[table])
                cursor.copy_expert(into, file)
                rows += cursor.rowcount
                file.close()
        return rows


def make_room(floors: dict[str, int]) -> None:
    """Number the rows of a play well above those of the desk, and its references well below."""
    with connection.cursor() as cursor:
        for table, floor in floors.items():
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            (sequence,) = cursor.fetchone()
            if sequence:
                cursor.execute("SELECT setval(%s, %s)", [sequence, floor + ROOM_FOR_LIVE_ROWS])
        cursor.execute("SELECT setval('complaints_ticket_reference', %s, false)", [FIRST_REFERENCE])


def last_numbers(tables: list[str]) -> dict[str, int]:
    """The highest number of each table of the present database, zero for none."""
    numbers = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(SQL("SELECT COALESCE(MAX(id), 0) FROM {}").format(Identifier(table)))
            numbers[table] = cursor.fetchone()[0]
    return numbers


def number_on_from_here(tables: list[str]) -> None:
    """After rows came in with their numbers: new ones are numbered above them."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            (sequence,) = cursor.fetchone()
            if sequence:
                last = SQL("SELECT setval(%s, GREATEST((SELECT MAX(id) FROM {}), 1))").format(Identifier(table))
                cursor.execute(last, [sequence])


def is_lived_in() -> bool:
    """Whether the present database has a ticket."""
    return Ticket.objects.exists()
