"""What the system does on tickets by itself."""

from celery import shared_task

from common.models import Heartbeat
from common.moment import database_now
from complaints import watching
from complaints.actions.upkeep import tidy_up


@shared_task
def tidy() -> None:
    """End holds, give back untouched claims, let go of begun replies; then say that it is done."""
    tidy_up(database_now())
    Heartbeat.beat("complaints.tidy", at=database_now())


@shared_task
def recount_flags() -> None:
    """Count the automatic flags of all whom it concerns, once a day; then say that it is done."""
    watching.recount(database_now())
    Heartbeat.beat("complaints.recount_flags", at=database_now())
