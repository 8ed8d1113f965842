"""A bad row never stops the others: it is set aside, shown, and tried again later (R2A)."""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction

from common.models import SetAside
from common.outages import is_outage

log = logging.getLogger(__name__)


@contextmanager
def apart(kind: str, object_id: int, *, now: datetime) -> Iterator[None]:
    """Do one row's work in a transaction of its own; when it fails, undo it, set the row aside, and go on.

    What concerns all rows is passed on: a database out of reach or half migrated, and a task's time limit.
    """
    try:
        with transaction.atomic():
            yield
            SetAside.objects.open().filter(kind=kind, object_id=object_id).update(resolved_at=now)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        if is_outage(error) or not connection.is_usable():
            raise
        log.exception("%s %s was set aside", kind, object_id)
        set_aside(kind, object_id, error=error, now=now)


@transaction.atomic
def set_aside(kind: str, object_id: int, *, error: Exception, now: datetime) -> SetAside:
    """Note that a row failed, and when it is tried again; after the last of its tries only where somebody asks."""
    told = f"{type(error).__name__}: {error}"[:2000]
    known = (
        SetAside.objects.select_for_update().filter(kind=kind, object_id=object_id, resolved_at__isnull=True).first()
    )
    if known is None:
        return SetAside.objects.create(
            kind=kind,
            object_id=object_id,
            error=told,
            first_failed_at=now,
            last_failed_at=now,
            next_try_at=now + SetAside.pause_after(1),
        )
    known.tries, known.error, known.last_failed_at = known.tries + 1, told, now
    known.next_try_at = now + SetAside.pause_after(known.tries) if known.tries < SetAside.MOST_TRIES else None
    known.save(update_fields=["tries", "error", "last_failed_at", "next_try_at"])
    return known


def set_aside_now(kind: str) -> dict[int, datetime | None]:
    """The rows of this kind that are set aside at present, and when each is tried again; None for those given up."""
    return dict(SetAside.objects.open().filter(kind=kind).values_list("object_id", "next_try_at"))


@contextmanager
def in_one_go(what: str) -> Iterator[list[bool]]:
    """Do the work of many rows in one transaction; when it fails, undo it all. What it gives is empty if it failed.

    Whoever asks does the rows one by one then, so that a bad one does not take others along. What concerns
    all rows is passed on: a database out of reach or half migrated, and a task's time limit.
    """
    went_well = [True]
    try:
        with transaction.atomic():
            yield went_well
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        if is_outage(error) or not connection.is_usable():
            raise
        log.warning("many %ss at once failed; they are done one by one", what, exc_info=True)
        went_well.clear()


def resting(kind: str, now: datetime) -> Collection[int]:
    """The rows of this kind that are not to be tried again yet."""
    return set(SetAside.objects.resting(kind, now).values_list("object_id", flat=True))


@transaction.atomic
def retry_set_aside(aside: SetAside, *, at: datetime) -> bool:
    """Have a row tried again with the next sweep, one that was given up with all its tries; says whether it waits."""
    open_again = SetAside.objects.open().filter(pk=aside.pk)
    given_up = open_again.given_up().update(next_try_at=at, tries=0)
    resting = open_again.filter(next_try_at__gt=at).update(next_try_at=at)
    return bool(given_up or resting)
