"""What the desk makes in the background."""

from celery import shared_task

from common.models import Heartbeat
from common.moment import database_now
from desk.exporting import make_next
from lists.actions import tidy


@shared_task
def make_exports() -> None:
    """Make the files that wait, one after the other, and remove those that nobody can fetch any more."""
    while make_next(database_now()):
        pass
    tidy(database_now())
    Heartbeat.beat("desk.exports", at=database_now())
