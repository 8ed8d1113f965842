"""Counting up to a bound: a page tells a thousand from more, and never makes the database count a million."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from psycopg2.sql import SQL, Composed

MOST = 1000


def count_some(rows: QuerySet, *, most: int = MOST) -> int:
    """How many rows there are; one more than `most` where there are more."""
    return rows.order_by().values("pk")[: most + 1].count()


def count_each(questions: Mapping[str, QuerySet], *, most: int = MOST) -> dict[str, int]:
    """How many rows answer each question, as `count_some` tells it, in one query for all of them."""
    counts = dict.fromkeys(questions, 0)
    parts: dict[str, Composed] = {}
    values: list[Any] = []
    for name, rows in questions.items():
        try:
            asked, its_values = rows.order_by().values("pk")[: most + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts[name] = SQL("(SELECT count(*) FROM ({}) AS counted)").format(SQL(asked))
        values += its_values
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(SQL("SELECT {}").format(SQL(", ").join(parts.values())), values)
            counts |= dict(zip(parts, cursor.fetchone(), strict=True))
    return counts
