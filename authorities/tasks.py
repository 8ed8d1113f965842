"""The clock's turn."""

from celery import shared_task

from authorities.actions.warning import warn
from common.models import Heartbeat
from common.moment import database_now


@shared_task
def sweep() -> None:
    """Tell of what comes near."""
    warn(database_now())
    Heartbeat.beat("authorities.sweep", at=database_now())
