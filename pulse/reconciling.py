"""Looking whether all that is due was fired, and raising an alarm where it was not: one for each time it happens."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Person, Role
from notifications import outbox
from notifications.kinds import Channel, Kind
from pulse.models import Alarm
from pulse.overdue import Overdue, overdue

log = logging.getLogger(__name__)

# Between the look that suspects and the one that is sure.
SURE_AFTER = timedelta(seconds=5)
ARE_TOLD = (Role.SUPERVISOR, Role.ADMINISTRATOR)


@transaction.atomic
def look(now: datetime) -> Overdue:
    """Count what is due and not fired, and begin, raise or end the alarm about it.

    However many workers look, each alarm is raised once and ended once: its row is locked, and there is one at a time.
    """
    found = overdue(now)
    if found.number:
        _go_on(found, now)
    else:
        _end(now)
    return found


def _go_on(found: Overdue, now: datetime) -> None:
    numbers = {"clocks": found.clocks, "escalations": found.escalations, "first_due_at": found.first_due_at}
    Alarm.objects.bulk_create([Alarm(began_at=now, looked_at=now, most=found.number, **numbers)], ignore_conflicts=True)
    alarm = Alarm.objects.open().select_for_update().first()
    if alarm is None or alarm.looked_at > now:
        return  # somebody who looked later has written what they saw
    for name, number in numbers.items():
        setattr(alarm, name, number)
    alarm.looked_at, alarm.most = now, max(alarm.most, found.number)
    if alarm.raised_at is None and now - alarm.began_at >= SURE_AFTER:
        alarm.raised_at = now
        log.error("%s due and not fired, the first since %s", found.number, found.first_due_at)
        _tell(Kind.TIMERS_LATE, alarm, at=now)
    alarm.save()


def _end(now: datetime) -> None:
    alarm = Alarm.objects.open().select_for_update().first()
    if alarm is None or alarm.looked_at > now:
        return
    if alarm.raised_at is None:
        alarm.delete()
        return
    alarm.looked_at = alarm.ended_at = now
    alarm.clocks = alarm.escalations = 0
    alarm.save()
    log.warning("all that is due is fired again; at most %s were not", alarm.most)
    _tell(Kind.TIMERS_RECOVERED, alarm, at=now)


def _tell(kind: Kind, alarm: Alarm, *, at: datetime) -> None:
    outbox.put(
        kind,
        key=f"{kind}:{alarm.pk}",
        to=Person.objects.with_any_role(*ARE_TOLD, at=at),
        channels=[Channel.IN_APP, Channel.EMAIL],
        context={
            "clocks": alarm.clocks,
            "escalations": alarm.escalations,
            "most": alarm.most,
            "first_due_at": alarm.first_due_at,
            "raised_at": alarm.raised_at,
        },
        at=at,
        about=f"alarm:{alarm.pk}",
    )
