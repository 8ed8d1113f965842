"""Counting up to a bound: a page tells a thousand from more, and never makes the database count a million."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from psycopg2.sql import SQL

MOST = 1000


def count_some(rows: QuerySet, *, most: int = MOST) -> int:
    """How many rows there are; one more than `most` where there are more."""
    return rows.order_by().values("pk")[: most + 1].count()


def count_each(questions: Mapping[str, QuerySet], *, most: int = MOST) -> dict[str, int]:
    """How many rows answer each question, as `count_some` tells it, in one query for all of them."""
    return count(put_together(questions, most=most))


@dataclass(frozen=True)
class Asked:
    """A question to count, put together: its SQL with the values in it; None where it can have no answer."""

    sql: SQL | None
    values: tuple[Any, ...] = ()


def put_together(questions: Mapping[str, QuerySet], *, most: int = MOST) -> dict[str, Asked]:
    """The questions as the database is asked them. Putting one together takes longer than most answers."""
    return {name: _asked(rows, most) for name, rows in questions.items()}


def count(questions: Mapping[str, Asked]) -> dict[str, int]:
    """How many rows answer each question, in one query for all of them."""
    counts = dict.fromkeys(questions, 0)
    asked = {name: question for name, question in questions.items() if question.sql is not None}
    if asked:
        parts = SQL(", ").join(
            SQL("(SELECT count(*) FROM ({}) AS counted)").format(each.sql) for each in asked.values()
        )
        with connection.cursor() as cursor:
            cursor.execute(SQL("SELECT {}").format(parts), [value for each in asked.values() for value in each.values])
            counts |= dict(zip(asked, cursor.fetchone(), strict=True))
    return counts


def _asked(rows: QuerySet, most: int) -> Asked:
    try:
        sql, values = rows.order_by().values("pk")[: most + 1].query.sql_with_params()
    except EmptyResultSet:
        return Asked(None)
    return Asked(SQL(sql), tuple(values))
