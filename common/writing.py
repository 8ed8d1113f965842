"""Writing many rows with one statement, without what a form or a single row would ask of each value."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models
from psycopg2.sql import SQL, Composable, Identifier

# Values by the names of their columns.
Row = Mapping[str, Any]

# Their values go to the database as they stand; asking each field to prepare them costs more than writing them.
AS_THEY_STAND = (
    models.AutoField,
    models.BigAutoField,
    models.BooleanField,
    models.CharField,
    models.DateTimeField,
    models.ForeignKey,
    models.IntegerField,
    models.TextField,
)


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
        values=_values([key, *columns]),
        names=SQL(", ").join([Identifier(key.column), *names]),
        key=Identifier(key.column),
        guard=SQL(guard),
    )
    return _execute(
        statement,
        [_prepared([getattr(row, column.attname) for row in rows], column) for column in (key, *columns)],  # type: ignore[union-attr]
    )


def write_new(model: type[models.Model], rows: Sequence[Row], *, unless_there: bool = False) -> int:
    """Insert rows of a model in their order; says how many. They do not learn their numbers, and no signal is sent.

    A row gives values by the names of its columns; for what it leaves out the field's default stands. Instances would
    say the same, but making one costs more than writing it. `unless_there` passes by what would break a constraint of
    uniqueness. The statement is the same however many rows there are. Raises ValueError for a column there is not.
    """
    if not rows:
        return 0
    given = set().union(*rows)
    columns = [column for column in model._meta.concrete_fields if not column.primary_key]
    if unknown := given - {column.attname for column in columns}:
        raise ValueError(f"{model.__name__} has no column {', '.join(sorted(unknown))}")
    blank = model()
    # `pre_save` sets what fields fill in by themselves.
    defaults = {column.attname: column.pre_save(blank, True) for column in columns}
    own = [column for column in columns if column.attname in given]
    same = [column for column in columns if column.attname not in given]
    statement = SQL("INSERT INTO {table} ({names}) SELECT {own} FROM unnest({values}) AS put ({put}) {unless}").format(
        table=Identifier(model._meta.db_table),
        names=SQL(", ").join(Identifier(column.column) for column in [*own, *same]),
        own=SQL(", ").join(
            [
                *(SQL("put.{}").format(Identifier(column.column)) for column in own),
                *(SQL("%s::{}").format(SQL(_type_of(column))) for column in same),
            ]
        ),
        values=_values(own),
        put=SQL(", ").join(Identifier(column.column) for column in own),
        unless=SQL("ON CONFLICT DO NOTHING" if unless_there else ""),
    )
    constants = [_prepared([defaults[column.attname]], column)[0] for column in same]
    arrays = [_prepared([row.get(column.attname, defaults[column.attname]) for row in rows], column) for column in own]
    return _execute(statement, [*constants, *arrays])


def _execute(statement: Composable, values: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        written: int = cursor.rowcount
    return written


def _values(columns: Sequence[Any]) -> Composable:
    return SQL(", ").join(SQL("%s::{}[]").format(SQL(_type_of(column))) for column in columns)


def _type_of(column: Any) -> str:
    """The type of a column, without its length: a cast would cut what is too long, where the column refuses it."""
    kind: str = column.rel_db_type(connection) if column.primary_key else column.db_type(connection)
    return kind.partition("(")[0]


def _prepared(values: list[Any], column: Any) -> list[Any]:
    if isinstance(column, AS_THEY_STAND):
        return values
    return [column.get_db_prep_save(value, connection) for value in values]
