"""The look of the clock's watchman."""

from celery import shared_task

from common.models import Heartbeat
from common.moment import database_now
from pulse import reconciling


@shared_task
def reconcile() -> None:
    """Look whether all that is due was fired; then say that it was looked."""
    now = database_now()
    found = reconciling.look(now)
    first = found.first_due_at
    Heartbeat.beat("pulse.reconcile", at=database_now(), **({"lag": now - first} if first is not None else {}))
