"""The one clock of all machines: the database's."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The database's present instant, aware, to the microsecond; not the start of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
