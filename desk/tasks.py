"""What the desk makes in the background."""

from celery import shared_task

from common.models import Heartbeat
from common.moment import database_now
from desk.exporting import make_next
from desk.snapshots import count_anew
from lists.actions import tidy


@shared_task
def make_exports() -> None:
    """Make the files that wait, one after the other, and remove those that nobody can fetch any more."""
    while make_next(database_now()):
        pass
    tidy(database_now())
    Heartbeat.beat("desk.exports", at=database_now())


@shared_task
def count_boards() -> None:
    """Count the boards anew that somebody looks at, so that their next look need not wait for it."""
    count_anew(database_now())
