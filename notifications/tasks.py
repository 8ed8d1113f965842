"""The clock's turn: deliver what waits in the outbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import connection

from common.models import Heartbeat
from common.moment import database_now
from notifications.carriers import Carriers
from notifications.delivery import lanes_to_serve, take_turn

# A run ends after this long, so that the next one begins with fresh connections.
RUN_LASTS = timedelta(seconds=20)
LOCK = 7_203_001


@shared_task
def deliver_messages() -> None:
    """Deliver until nothing is due. One worker at a time: a mail server that hangs must not hold the others up too.

    The clock is read anew for each message, because the gate judges the moment of sending (R23). What is told of a
    backlog rests while the timers work theirs off.
    """
    with alone() as is_alone:
        if not is_alone:
            return
        carriers = Carriers(muted=not settings.DELIVER_MESSAGES)
        began = now = database_now()
        while now < began + RUN_LASTS and take_turn(now, carriers, lanes=lanes_to_serve(now)) is not None:
            now = database_now()
        Heartbeat.beat("notifications.deliver", at=now)


@contextmanager
def alone() -> Iterator[bool]:
    """Whether this is the only delivery; the database forgets the lock with the connection of a worker that dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        is_alone: bool = cursor.fetchone()[0]
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
