"""The clock's turn: drafts whose ticket never came, and contents that belong to nothing."""

from celery import shared_task

from attachments import actions
from common.models import Heartbeat
from common.moment import database_now


@shared_task
def tidy() -> None:
    """Forget what is no longer wanted; then say that it is done."""
    now = database_now()
    actions.forget_expired(now)
    actions.forget_strays(now)
    Heartbeat.beat("attachments.tidy", at=database_now())
