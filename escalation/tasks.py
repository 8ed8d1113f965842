"""The clock's turn."""

from datetime import timedelta

from celery import shared_task

from common.models import Heartbeat
from common.moment import database_now
from common.sweeping import Backlog
from escalation.actions.sweeping import fire_due

# A backlog rests for a moment then, so that other periodic tasks have their turn; it goes on within a second. Whoever
# comes meanwhile leaves it alone (common.sweeping).
LONGEST_TURN = timedelta(seconds=5)


@shared_task
def sweep() -> None:
    """Raise all that has fallen due, and go on at once while there is more; then say that it is done."""
    began = now = database_now()
    latest = timedelta(0)
    with Backlog("escalation.sweep") as backlog:
        while True:
            turn = fire_due(now, backlog=backlog)
            latest = max(latest, turn.latest)
            now = database_now()
            if turn.done == 0 or now - began > LONGEST_TURN:
                break
    Heartbeat.beat("escalation.sweep", at=now, lag=latest)
