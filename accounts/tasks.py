"""The clock's turn: sessions that are over."""

from celery import shared_task
from django.contrib.sessions.models import Session

from common.models import Heartbeat
from common.moment import database_now


@shared_task
def forget_sessions() -> None:
    """Remove the sessions that are over, with the drafts that rest in them; then say that it is done."""
    Session.objects.filter(expire_date__lte=database_now()).delete()
    Heartbeat.beat("accounts.forget_sessions", at=database_now())
