"""Configuration is read with every deed and changes now and then, so a process keeps what it has read of it.

The database tells whether what is kept still holds: whoever changes a table of the configuration, in whatever way,
begins a new edition of it with the same commit (a trigger, so bulk changes, cascades and plain SQL count as well).
Asking for the edition is one short question. Who has changed the configuration in this very transaction keeps nothing
of it, since that may still be rolled back.

What is kept is shared by all threads of the process: read it, change nothing in it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection, connections, models
from psycopg2.sql import SQL, Identifier

T = TypeVar("T")
U = TypeVar("U")
M = TypeVar("M", bound=type[models.Model])

QUESTION = "SELECT edition, begun_in = pg_current_xact_id_if_assigned() FROM common_edition"
TRIGGER = "a_change_begins_a_new_edition"
COUNT = SQL(
    "CREATE TRIGGER {} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {} "
    "FOR EACH STATEMENT EXECUTE FUNCTION common_begin_edition()"
)

_counted: list[type[models.Model]] = []


@dataclass
class _Inside:
    """What is known inside `one_edition`: the one answer, and what was read of an edition that may be rolled back."""

    answer: tuple[UUID, bool] | None = None
    read: dict[Any, Any] = field(default_factory=dict)


_inside: ContextVar[_Inside | None] = ContextVar("inside", default=None)


class Kept(Generic[T]):
    """Something read from tables that are counted as configuration (`counts`), read anew with each edition."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._known: tuple[UUID, T] | None = None

    def get(self) -> T:
        """What holds now, with one short query as long as nothing has changed."""
        return self._in(*_ask())

    def _in(self, edition: UUID, is_ours: bool) -> T:
        if is_ours:
            return self._read_for_now()
        known = self._known
        if known is None or known[0] != edition:
            # Asked for before it was read: what changes in between is read again the next time.
            known = self._known = (edition, self._read())
        return known[1]

    def _read_for_now(self) -> T:
        inside = _inside.get()
        if inside is None:
            return self._read()
        if self not in inside.read:
            inside.read[self] = self._read()
        value: T = inside.read[self]
        return value


def get_both(one: Kept[T], other: Kept[U]) -> tuple[T, U]:
    """What holds now of two, asked for together."""
    edition, is_ours = _ask()
    return one._in(edition, is_ours), other._in(edition, is_ours)


@contextmanager
def one_edition() -> Iterator[None]:
    """What is read inside is of one edition, asked for at the first need; for what changes no configuration itself."""
    if _inside.get() is not None:
        yield
        return
    before = _inside.set(_Inside())
    try:
        yield
    finally:
        _inside.reset(before)


def _ask() -> tuple[UUID, bool]:
    inside = _inside.get()
    if inside is not None and inside.answer is not None:
        return inside.answer
    with connection.cursor() as cursor:
        cursor.execute(QUESTION)
        edition, is_ours = cursor.fetchone()
    answer = edition, bool(is_ours)
    if inside is not None:
        inside.answer = answer
    return answer


def counts(model: M) -> M:
    """Count a model's table as configuration: each change of it begins a new edition."""
    _counted.append(model)
    return model


def count_tables(using: str, **_more: Any) -> None:
    """After migrations: put the trigger on every table that counts as configuration and has none yet."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", [TRIGGER])
        done = {table for (table,) in cursor.fetchall()}
        cursor.execute("SELECT to_regproc('common_begin_edition') IS NOT NULL")
        (is_counting,) = cursor.fetchone()
        there = set(connections[using].introspection.table_names(cursor)) if is_counting else set()
        for table in sorted({model._meta.db_table for model in _counted} & there - done):
            cursor.execute(COUNT.format(Identifier(TRIGGER), Identifier(table)))
