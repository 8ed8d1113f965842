"""Writing many rows back with one statement."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from psycopg2.sql import SQL, Identifier


def write_back(rows: Sequence[models.Model], fields: Sequence[str], *, guard: str = "TRUE") -> int:
    """Save these fields of rows of one model, each with its own values; says how many rows were there to be written.

    `guard` is a condition in SQL on the row as it stands, under the name `stands`; a row that does not meet it stays
    as it is. The statement is the same however many rows there are.
    """
    if not rows:
        return 0
    model = type(rows[0])
    columns = [model._meta.get_field(name) for name in fields]
    key = model._meta.pk
    assert key is not None
    names = [Identifier(column.column) for column in columns]  # type: ignore[union-attr]
    statement = SQL(
        "UPDATE {table} AS stands SET {assigned} FROM unnest({values}) AS put ({names}) "
        "WHERE stands.{key} = put.{key} AND ({guard})"
    ).format(
        table=Identifier(model._meta.db_table),
        assigned=SQL(", ").join(SQL("{0} = put.{0}").format(name) for name in names),
        values=SQL(", ").join(SQL("%s::{}[]").format(SQL(_type_of(column))) for column in [key, *columns]),
        names=SQL(", ").join([Identifier(key.column), *names]),
        key=Identifier(key.column),
        guard=SQL(guard),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [[_value(row, column) for row in rows] for column in [key, *columns]])
        written: int = cursor.rowcount
    return written


def _type_of(column: Any) -> str:
    """The type of a column; what refers to a row has that row's."""
    kind: str = column.rel_db_type(connection) if column.primary_key else column.db_type(connection)
    return kind


def _value(row: models.Model, column: Any) -> Any:
    return column.get_db_prep_save(getattr(row, column.attname), connection)
