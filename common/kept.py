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
# Inside `one_edition`: empty, then the one answer.
_answers: ContextVar[list[tuple[UUID, bool]] | None] = ContextVar("answers", default=None)


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
            return self._read()
        known = self._known
        if known is None or known[0] != edition:
            # Asked for before it was read: what changes in between is read again the next time.
            known = self._known = (edition, self._read())
        return known[1]


def get_both(one: Kept[T], other: Kept[U]) -> tuple[T, U]:
    """What holds now of two, asked for together."""
    edition, is_ours = _ask()
    return one._in(edition, is_ours), other._in(edition, is_ours)


@contextmanager
def one_edition() -> Iterator[None]:
    """What is read inside is of one edition, asked for at the first need; for what changes no configuration itself."""
    if _answers.get() is not None:
        yield
        return
    before = _answers.set([])
    try:
        yield
    finally:
        _answers.reset(before)


def _ask() -> tuple[UUID, bool]:
    answers = _answers.get()
    if answers:
        return answers[0]
    with connection.cursor() as cursor:
        cursor.execute(QUESTION)
        edition, is_ours = cursor.fetchone()
    answer = edition, bool(is_ours)
    if answers is not None:
        answers.append(answer)
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
