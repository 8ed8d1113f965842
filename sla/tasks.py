"""The clock's turn, and what is decided anew in the background."""

from datetime import timedelta

from celery import shared_task

from common.alone import alone
from common.models import Heartbeat
from common.moment import database_now
from sla.actions.recomputing import notice_changed_calendars, step
from sla.actions.sweeping import call_due
from sla.models import Recomputation

# A backlog rests for a moment then, so that other periodic tasks have their turn; it goes on within a second.
LONGEST_TURN = timedelta(seconds=3)
LONGEST_RECOMPUTING = timedelta(seconds=10)


@shared_task
def sweep() -> None:
    """Call all that has fallen due, and go on at once while there is more; then say that it is done."""
    began = now = database_now()
    latest = timedelta(0)
    while True:
        turn = call_due(now)
        latest = max(latest, turn.latest)
        now = database_now()
        if turn.called == 0 or now - began > LONGEST_TURN:
            break
    Heartbeat.beat("sla.sweep", at=now, lag=latest)


@shared_task
def recompute() -> None:
    """Work off what running clocks are to be decided anew for, and let others have a turn after a while."""
    with alone("sla.recompute") as is_ours:
        if not is_ours:
            return
        began = now = database_now()
        notice_changed_calendars(now)
        for recomputation in Recomputation.objects.to_work_off(now):
            while now - began < LONGEST_RECOMPUTING and step(recomputation, now=now).went_on:
                now = database_now()
        Heartbeat.beat("sla.recompute", at=now)
