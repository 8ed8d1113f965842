"""Multiplying lives: the rows of a block of tickets, copied by the database with new numbers, each copy whole.

All rows of a block in one table stand in one span of numbers. A copy is that span moved on, and what refers to a row
of the block moves with it; so do the few numbers that stand in texts and in the history's data. Indexes, constraints
and triggers are put aside meanwhile. Indexes and constraints are made again over all rows, which checks every row and
is many times quicker; what triggers have written about the block is copied with it. All of it is one transaction, so
whoever dies half-way leaves the database as it was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from psycopg2.sql import SQL, Composable, Identifier, Literal

from complaints.models import Entry
from demo.people import CUSTOMER_PREFIX
from demo.simulation.own_database import lived_tables, number_on_from_here
from notifications.models import Message
from search.models import Wording

# Numbers of rows that stand in the data of the history, by their name; `attempt` is one of two things.
NUMBERED = {
    "clock_id": "sla_clock",
    "escalation": "escalation_escalation",
    "hold": "complaints_hold",
    "assistance": "complaints_assistance",
    "approval": "approvals_approval",
    "promise": "contact_promise",
    "consent": "contact_consent",
    "attempt": "complaints_replyattempt",
}
CALLBACK_ATTEMPT = "callbacks_attempt"
# What the first number in a message's key or subject is of, by the word before it; a ticket's unless named here.
NAMED_IN_KEYS = {
    "escalation": "escalation_escalation",
    "survey": "callbacks_callback",
    "callback": "callbacks_callback",
    "dissatisfied_with_handling": "callbacks_callback",
    "chased_up": "complaints_chaseup",
}
# What triggers keep beside a table, row by row under the same numbers.
KEPT_BESIDE: dict[type[models.Model], str] = {Wording: "complaints_ticket"}
# The ticket that a message names, found once for each message of a block.
OF_TICKET = ", (SELECT id FROM pg_temp.referred WHERE reference = ticket) AS of_ticket"
LONGEST_NUMBER = 99_999_999
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Span:
    """The rows of one block in one table, by number, and where its copies begin."""

    first: int
    last: int
    copies_begin: int

    @property
    def width(self) -> int:
        """How far each copy lies from the one before."""
        return self.last - self.first + 1


@dataclass
class Block:
    """Lives that are multiplied together: `copies` of them there shall be, itself among them.

    Each further copy lies so many weeks earlier than the one before, at most `weeks`, then from the beginning again.
    """

    copies: int
    weeks: int = 0
    before: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)


def highest_numbers() -> dict[str, int]:
    """The highest number in each lived table."""
    numbers = {}
    with connection.cursor() as cursor:
        for table in lived_tables():
            cursor.execute(SQL("SELECT COALESCE(MAX(id), 0) FROM {}").format(Identifier(table)))
            numbers[table] = cursor.fetchone()[0]
    return numbers


@transaction.atomic
def multiply(blocks: Sequence[Block]) -> int:
    """Write all copies of all blocks; says how many rows. Nobody else may work on the desk meanwhile."""
    models_by_table = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    lived = [models_by_table[table] for table in lived_tables()]
    tables = [*lived, *KEPT_BESIDE]
    spans = _spans(blocks, [model._meta.db_table for model in lived])
    if _last_customer(blocks, spans) > LONGEST_NUMBER:
        raise ValueError("so many customers do not fit into the numbers that nobody can have")
    rows = 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem TO '512MB'; SET LOCAL synchronous_commit TO off")
        number_of_references = _note_references(cursor)
        put_aside = [statement for model in tables for statement in _put_aside(cursor, model._meta.db_table)]
        for block, places in zip(blocks, spans, strict=True):
            for model in tables:
                if block.copies > 1 and model._meta.db_table in places:
                    copying = Copying(model, block, places, references_from=number_of_references)
                    cursor.execute(copying.statement())
                    rows += cursor.rowcount
        for statement in put_aside:
            cursor.execute(statement)
        cursor.execute(
            "SELECT setval('complaints_ticket_reference', %s + (SELECT MAX(id) FROM complaints_ticket))",
            [number_of_references],
        )
    number_on_from_here([model._meta.db_table for model in lived])
    return rows


def _spans(blocks: Sequence[Block], tables: Sequence[str]) -> list[dict[str, Span]]:
    """Where each block stands in each table, and where its copies go: behind everything, one block after the other."""
    ends = dict(blocks[-1].after)
    spans: list[dict[str, Span]] = []
    for block in blocks:
        places = {}
        for table in tables:
            first, last = block.before[table] + 1, block.after[table]
            if last >= first:
                places[table] = Span(first, last, copies_begin=ends[table] + 1)
                ends[table] += places[table].width * (block.copies - 1)
        for beside, table in KEPT_BESIDE.items():
            if table in places:
                places[beside._meta.db_table] = places[table]
        spans.append(places)
    return spans


def _last_customer(blocks: Sequence[Block], spans: Sequence[dict[str, Span]]) -> int:
    placed = [(block, places["customers_customer"]) for block, places in zip(blocks, spans, strict=True)]
    return max(span.copies_begin + span.width * (block.copies - 1) for block, span in placed)


def _note_references(cursor: Any) -> int:
    """Keep which ticket a reference is of, for the messages; gives what is added to a row's number for a new one."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.referred")
    cursor.execute("CREATE TEMPORARY TABLE referred ON COMMIT DROP AS SELECT reference, id FROM complaints_ticket")
    cursor.execute("CREATE UNIQUE INDEX ON pg_temp.referred (reference)")
    cursor.execute("ANALYZE pg_temp.referred")
    cursor.execute("SELECT last_value FROM complaints_ticket_reference")
    last: int = cursor.fetchone()[0]
    return last


def _put_aside(cursor: Any, table: str) -> Iterator[Composable]:
    """Drop what slows writing to a table down; gives the statements that make it again, constraints last.

    Its triggers rest too: they would write once more what is copied with the rest.
    """
    cursor.execute(
        """
        SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE conrelid = %s::regclass AND contype IN ('u', 'x', 'f') ORDER BY contype DESC, conname
        """,
        [table],
    )
    constraints = cursor.fetchall()
    name = Identifier(table)
    for constraint, _definition in constraints:
        cursor.execute(SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(name, Identifier(constraint)))
    cursor.execute(
        """
        SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indrelid = %s::regclass AND NOT indisprimary ORDER BY relname
        """,
        [table],
    )
    indexes = cursor.fetchall()
    cursor.execute(SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
    yield SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name)
    for index, definition in indexes:
        cursor.execute(SQL("DROP INDEX {}").format(Identifier(index)))
        yield SQL(definition)
    for constraint, definition in constraints:
        yield SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(name, Identifier(constraint), SQL(definition))


class Copying:
    """One statement that copies a block's rows in one table."""

    def __init__(
        self, model: type[models.Model], block: Block, places: dict[str, Span], *, references_from: int
    ) -> None:
        self.model, self.block, self.places, self.references_from = model, block, places, references_from
        self.table = model._meta.db_table

    def statement(self) -> Composable:
        """INSERT … SELECT, the copies numbered from 0; the block itself is there already."""
        span = self.places[self.table]
        fields = self.model._meta.concrete_fields
        columns = SQL(", ").join(Identifier(column.column) for column in fields)
        values = SQL(", ").join(self._value(column) for column in fields)
        return SQL(
            "INSERT INTO {table} ({columns}) SELECT {values} FROM generate_series(0, {last}) AS copy (n) "
            "CROSS JOIN (SELECT *{beside} FROM {table} WHERE {key} BETWEEN {first} AND {to} OFFSET 0) AS was"
        ).format(
            table=Identifier(self.table),
            beside=SQL(OF_TICKET if self.table == Message._meta.db_table else ""),
            key=Identifier(self.model._meta.pk.column),
            columns=columns,
            values=values,
            last=Literal(self.block.copies - 2),
            first=Literal(span.first),
            to=Literal(span.last),
        )

    def _value(self, column: models.Field) -> Composable:
        was = SQL("was.{}").format(Identifier(column.column))
        if (special := self._special(column, was)) is not None:
            return special
        if column.primary_key:
            return self._moved(was, self.table)
        if column.is_relation and column.related_model._meta.db_table in self.places:  # type: ignore[union-attr]
            return self._moved(was, column.related_model._meta.db_table)  # type: ignore[union-attr]
        if isinstance(column, models.DateTimeField) and self.block.weeks:
            return SQL("({} - {})").format(was, self._earlier())
        return was

    def _special(self, column: models.Field, was: Composable) -> Composable | None:
        """Columns that hold numbers of rows in other clothes."""
        number = self._moved(SQL("was.id"), self.table)
        match f"{self.table}.{column.column}":
            case "customers_customer.number":
                return SQL("{} || lpad(({})::text, 8, '0')").format(Literal(CUSTOMER_PREFIX), number)
            case "complaints_ticket.reference":
                return self._reference(number)
            case "complaints_ticket.external_id":
                return SQL("{} || '-' || ({})::text").format(was, number)
            case "callbacks_survey.token_hash":
                return SQL("encode(sha256(({} || ({})::text)::bytea), 'hex')").format(was, number)
            case "complaints_entry.data":
                return self._history(was)
            case "escalation_escalation.occasion":
                clock = self._moved(SQL("was.clock_id"), "sla_clock")
                return SQL("CASE WHEN was.clock_id IS NULL THEN {} ELSE 'clock:' || ({})::text END").format(was, clock)
            case "notifications_message.key" | "notifications_message.about":
                return self._key(was)
            case "notifications_message.ticket":
                of_ticket = self._moved(SQL("was.of_ticket"), "complaints_ticket")
                return SQL("COALESCE({}, '')").format(self._reference(of_ticket))
            case "notifications_message.context":
                return self._with_number(was, "escalation", "escalation_escalation")
        return None

    def _moved(self, number: Composable, table: str) -> Composable:
        """The number of a copy's row, by that of the row that it is copied from."""
        span = self.places.get(table)
        if span is None:
            return number
        return SQL("({} + {} + copy.n * {})").format(
            number, Literal(span.copies_begin - span.first), Literal(span.width)
        )

    def _earlier(self) -> Composable:
        return SQL("(copy.n % {} + 1) * {}").format(Literal(self.block.weeks), Literal(WEEK))

    def _reference(self, number: Composable) -> Composable:
        return SQL("'T-' || ({} + {})::text").format(number, Literal(self.references_from))

    def _key(self, was: Composable) -> Composable:
        """The first number in a key is a row's: that one is moved, the rest stays."""
        word = SQL("split_part({}, ':', 1)").format(was)
        number = SQL("split_part({}, ':', 2)::bigint").format(was)
        moves = SQL(" ").join(
            SQL("WHEN {} THEN {}").format(Literal(name), self._moved(number, table))
            for name, table in NAMED_IN_KEYS.items()
        )
        moved = SQL("CASE {} {} ELSE {} END").format(word, moves, self._moved(number, "complaints_ticket"))
        rest = SQL("substr({}, length({}) + length(split_part({}, ':', 2)) + 2)").format(was, word, was)
        return SQL("CASE WHEN {} = '' THEN '' ELSE {} || ':' || ({})::text || {} END").format(was, word, moved, rest)

    def _history(self, was: Composable) -> Composable:
        """The data of an entry, with the numbers of the copy's rows, and its instants where copies lie earlier."""
        span = self.places[self.table]
        entries = list(
            Entry.objects.filter(pk__range=(span.first, span.last)).exclude(data={}).values_list("kind", "data")
        )
        used = {name for _kind, data in entries for name in data}
        moved = was
        for name in sorted(used & set(NUMBERED)):
            moved = self._with_number(moved, name, NUMBERED[name], unless=CALLBACK_ATTEMPT if name == "attempt" else "")
        if self.block.weeks:
            for name in sorted({name for _kind, data in entries for name, value in data.items() if _is_instant(value)}):
                earlier = SQL("to_jsonb(({}->>{})::timestamptz - {})").format(was, Literal(name), self._earlier())
                moved = self._put(moved, name, earlier)
        return moved

    def _with_number(self, data: Composable, name: str, table: str, *, unless: str = "") -> Composable:
        number = SQL("(was.{}->>{})::bigint").format(Identifier(self._json_column()), Literal(name))
        moved = self._moved(number, table)
        if unless:
            moved = SQL("CASE WHEN was.kind = 'callback_attempted' THEN {} ELSE {} END").format(
                self._moved(number, unless), moved
            )
        return self._put(data, name, SQL("to_jsonb({})").format(moved))

    def _put(self, data: Composable, name: str, value: Composable) -> Composable:
        asked = SQL("was.{}->>{} IS NOT NULL").format(Identifier(self._json_column()), Literal(name))
        return SQL("CASE WHEN {asked} THEN jsonb_set({data}, {path}, {value}) ELSE {data} END").format(
            asked=asked, data=data, path=Literal([name]), value=value
        )

    def _json_column(self) -> str:
        return "data" if self.table == Entry._meta.db_table else "context"


def _is_instant(value: object) -> bool:
    if not isinstance(value, str) or "T" not in value:
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
