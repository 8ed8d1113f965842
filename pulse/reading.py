"""How the timers are: the one reading that the board, the health page and the metrics all show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from common.models import Heartbeat, SetAside
from notifications.models import Message
from pulse.models import Alarm
from pulse.overdue import Overdue, overdue

# How long each timer may be silent. A sweep comes every second, and a busy turn of it takes a few.
PATIENCE: Mapping[str, timedelta] = {
    "sla.sweep": timedelta(seconds=30),
    "escalation.sweep": timedelta(seconds=30),
    "pulse.reconcile": timedelta(seconds=60),
}
SWEEPS = ("sla.sweep", "escalation.sweep")


@dataclass(frozen=True)
class Pulse:
    """How the timers are, as of one instant; ages and lag in seconds."""

    ages: Mapping[str, float]
    silent: tuple[str, ...]
    lag: float
    last_beat_at: datetime | None
    overdue: Overdue
    alarm_since: datetime | None
    alarms: int
    set_aside: int
    given_up: int
    waiting: int
    waits: float

    @property
    def is_healthy(self) -> bool:
        """Whether every timer beats, and no alarm stands."""
        return not self.silent and self.alarm_since is None


def take_pulse(now: datetime) -> Pulse:
    """Read how the timers are: five queries, whatever there is."""
    beats = {beat.name: beat for beat in Heartbeat.objects.all()}
    late = overdue(now)
    alarms = Alarm.objects.raised().aggregate(
        number=Count("pk"), since=Min("raised_at", filter=Q(ended_at__isnull=True))
    )
    aside = SetAside.objects.open().aggregate(
        number=Count("pk"), given_up=Count("pk", filter=Q(next_try_at__isnull=True))
    )
    outbox = Message.objects.due(now).order_by().aggregate(number=Count("pk"), first=Min("next_try_at"))
    lags = [beats[name].lag for name in SWEEPS if name in beats]
    return Pulse(
        ages={name: max((now - beat.completed_at).total_seconds(), 0.0) for name, beat in beats.items()},
        silent=tuple(
            name
            for name, patience in PATIENCE.items()
            if name not in beats or now - beats[name].completed_at > patience
        ),
        lag=max([*lags, _since(late.first_due_at, now)], default=timedelta(0)).total_seconds(),
        last_beat_at=min((beats[name].completed_at for name in PATIENCE if name in beats), default=None),
        overdue=late,
        alarm_since=alarms["since"],
        alarms=alarms["number"],
        set_aside=aside["number"],
        given_up=aside["given_up"],
        waiting=outbox["number"],
        waits=_since(outbox["first"], now).total_seconds(),
    )


def _since(first: datetime | None, now: datetime) -> timedelta:
    return now - first if first is not None else timedelta(0)
