"""The clock's turn."""

from datetime import timedelta

from celery import shared_task

from common.models import Heartbeat
from common.moment import database_now
from escalation.actions.sweeping import fire_due

# A backlog rests for a moment then, so that other periodic tasks have their turn; it goes on within a second.
LONGEST_TURN = timedelta(seconds=3)


@shared_task
def sweep() -> None:
    """Raise all that has fallen due, and go on at once while there is more; then say that it is done."""
    began = now = database_now()
    latest = timedelta(0)
    while True:
        turn = fire_due(now)
        latest = max(latest, turn.latest)
        now = database_now()
        if turn.done == 0 or now - began > LONGEST_TURN:
            break
    Heartbeat.beat("escalation.sweep", at=now, lag=latest)
