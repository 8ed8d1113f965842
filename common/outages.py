"""What concerns the whole database and no single row: whoever works off rows must not set each of them aside for it."""

from django.db import DatabaseError, InterfaceError, OperationalError

# By the SQL standard's classes of states, and PostgreSQL's own within them.
CONCERNS_ALL = (
    "08",  # the connection
    "25006",  # a server that only reads: a stand-by
    "28",  # who we are
    "3D",  # no such database
    "3F",  # no such schema
    "42501",  # no right to a table
    "42703",  # no such column: half-way through a migration
    "42704",  # no such type or index
    "42883",  # no such function
    "42P01",  # no such table
    "53",  # no room, no memory, no connection left
    "57P",  # it shuts down, or starts up
    "58",  # the machine below it
)


def is_outage(error: BaseException) -> bool:
    """Whether an error would meet every row alike: no connection, no room, a half-migrated database.

    A deadlock, a statement that took too long, and what a row itself offends are that row's own.
    """
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, DatabaseError):
        return False
    state = getattr(error.__cause__, "pgcode", None)
    if state is None:
        # Without an answer of the server there was no server: it could not be reached, or went away meanwhile.
        return isinstance(error, OperationalError)
    return str(state).startswith(CONCERNS_ALL)
