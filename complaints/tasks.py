"""What the system does on tickets by itself."""

from celery import shared_task

from common.models import Heartbeat
from common.moment import database_now
from complaints.actions.upkeep import tidy_up


@shared_task
def tidy() -> None:
    """End holds, give back untouched claims, let go of begun replies; then say that it is done."""
    tidy_up(database_now())
    Heartbeat.beat("complaints.tidy", at=database_now())
