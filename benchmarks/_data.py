"""Databases to measure on, named by their size, beside the prepared one; what was generated stays for the next run."""

import os
import sys
import time
from datetime import timedelta

from django.core.management import call_command
from django.db import connection, connections
from psycopg2.sql import SQL, Identifier

from benchmarks import _desk  # noqa: F401 (before all models)
from common.moment import database_now
from complaints.models import Ticket
from sla.actions.recomputing import notice_changed_calendars
from sla.models import Recomputation

# What `./dev bench` has migrated and configured.
PREPARED = str(connection.settings_dict["NAME"])
SEED = 1
FEW_LIVES = 60
MANY = 100_000
QUIET_FOR = timedelta(hours=3)
OUT_OF_THE_WAY = timedelta(hours=24)


def have_open(tickets: int) -> str:
    """Work from here on in a database with so many open tickets, generated if it is not there; gives its name."""
    name = f"open_{tickets}"
    connect(PREPARED)
    if not _exists(name):
        _on_the_server(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(PREPARED)))
    connect(name)
    call_command("migrate", verbosity=0)
    if Ticket.objects.count() != tickets:
        if Ticket.objects.exists():  # left over from a run that was interrupted
            connect(PREPARED)
            _on_the_server(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
            return have_open(tickets)
        say(f"generating {tickets:,} open tickets, once for this database")
        call_command("generate", tickets=tickets, open=tickets, seed=SEED, lives=None if tickets >= MANY else FEW_LIVES)
    keep_quiet()
    return name


def connect(name: str) -> None:
    """Work in this database of the same server; what is started by us as well."""
    connections.close_all()
    connection.settings_dict["NAME"] = name
    os.environ["DATABASE_URL"] = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"


def keep_quiet() -> None:
    """See to it that nothing happens by itself within the next hours, but what we set off.

    What falls due then is moved out of the way; calendars count as seen, and what an earlier run left undone is over.
    """
    now = database_now()
    notice_changed_calendars(now)
    Recomputation.objects.unfinished().update(cancelled_at=now)
    _close_what_earlier_runs_raised()
    soon = now + QUIET_FOR
    with connection.cursor() as cursor:
        for statement in LATER:
            cursor.execute(statement, {"soon": soon, "later": OUT_OF_THE_WAY})
            if cursor.rowcount:
                say(f"moved {cursor.rowcount:,} rows out of the way that would fall due meanwhile")


def _close_what_earlier_runs_raised() -> None:
    """What was raised since the tickets were made; otherwise every run would leave fifty thousand in the inboxes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE escalation_escalation SET state = 'closed', closed_at = clock_timestamp(), "
            "closed_because = 'ticket_ended', next_at = NULL, held_since = NULL "
            "WHERE state IN ('open', 'acknowledged') AND noticed_at > (SELECT max(raised_at) FROM complaints_ticket)"
        )
        if cursor.rowcount:
            say(f"closed {cursor.rowcount:,} escalations that earlier runs have raised")
            cursor.execute("VACUUM ANALYZE escalation_escalation")


LATER = (
    "UPDATE sla_clock SET due_at = due_at + %(later)s, warn_at = warn_at + %(later)s, next_at = next_at + %(later)s "
    "WHERE next_at < %(soon)s",
    "UPDATE escalation_escalation SET ack_due_at = ack_due_at + %(later)s, planned_at = planned_at + %(later)s, "
    "next_at = next_at + %(later)s WHERE next_at < %(soon)s",
)


def server_version() -> str:
    """Of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version: str = cursor.fetchone()[0].split()[0]
        return version


def say(line: str) -> None:
    """What goes on, for whoever waits; the figures go to the standard output."""
    print(f"{time.strftime('%H:%M:%S')}  {line}", file=sys.stderr, flush=True)


def _exists(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", [name])
        return bool(cursor.fetchone()[0])


def _on_the_server(statement: object) -> None:
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
