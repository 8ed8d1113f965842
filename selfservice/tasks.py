"""The clock's turn: codes that were asked for, and requests of long ago."""

from celery import shared_task

from common.models import Heartbeat
from common.moment import database_now
from selfservice.actions import asking


@shared_task
def send_codes() -> None:
    """Send the codes that were asked for; then say that it is done."""
    asking.send_due(database_now())
    Heartbeat.beat("selfservice.send_codes", at=database_now())


@shared_task
def tidy() -> None:
    """Forget old requests; then say that it is done."""
    asking.forget_old(database_now())
    Heartbeat.beat("selfservice.tidy", at=database_now())
