"""The clock's turn: surveys that nobody answered in time, campaigns past their last day."""

from celery import shared_task

from callbacks.actions import campaigning, surveys
from common.models import Heartbeat
from common.moment import database_now


@shared_task
def sweep() -> None:
    """End what has expired; then say that it is done."""
    surveys.expire_due(database_now())
    campaigning.end_due(database_now())
    Heartbeat.beat("callbacks.sweep", at=database_now())
