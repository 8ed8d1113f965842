"""Which limits will be missed soon if everybody goes on at the pace of the last two hours.

Each unit works off what it owes of one kind in the order of due times. Who ended six in two hours ends one every twenty
minutes; a clock with four others before it is then expected to end in a hundred minutes. What is due before that is
foreseen to be missed, so that somebody can step in while there is still time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from complaints.querysets import TicketQuerySet
from sla.kinds import Kind, Outcome
from sla.models import Clock
from sla.querysets import ClockQuerySet

AHEAD = timedelta(minutes=30)
LOOKED_BACK = timedelta(hours=2)
FORESEEN = (Kind.DISPATCH, Kind.HANDLE, Kind.REWORK, Kind.REPLY)
AT_MOST = 500
"""More than these are as good as all of them."""


@dataclass(frozen=True)
class Foreseen:
    """A clock that is expected to be missed: what lies before it, and what its unit ended lately."""

    clock: Clock
    before: int
    ended_lately: int
    expected_at: datetime | None
    """When it would end at this pace; None where nothing was ended lately."""

    @property
    def is_too_late(self) -> bool:
        """Whether that is after it is due."""
        due = self.clock.due_at
        return self.expected_at is None or (due is not None and self.expected_at > due)


def will_be_missed(tickets: TicketQuerySet, now: datetime) -> list[Foreseen]:
    """The clocks of these tickets that fall due within half an hour and will not be met at the present pace.

    What is due first comes first, at most 500. Three queries, however many tickets there are.
    """
    running = Clock.objects.filter(
        kind__in=FORESEEN,
        ended_at__isnull=True,
        held_since__isnull=True,
        ticket__in=tickets.live().order_by().values("pk"),
    )
    soon = list(
        running.filter(due_at__gt=now, due_at__lte=now + AHEAD)
        .annotate(place=Window(RowNumber(), partition_by=[F("unit"), F("kind")], order_by=[F("due_at"), F("pk")]))
        .select_related("unit", "ticket")
        .order_by("due_at", "pk")[:AT_MOST]
    )
    if not soon:
        return []
    overdue = _counts(running.filter(due_at__lte=now))
    ended = _counts(
        Clock.objects.filter(
            kind__in=FORESEEN,
            unit__in={clock.unit_id for clock in soon},
            ended_at__gt=now - LOOKED_BACK,
            ended_at__lte=now,
        ).exclude(outcome=Outcome.CANCELLED)
    )
    foreseen = (
        _expected(clock, before=overdue.get(_key(clock), 0) + clock.place - 1, ended=ended.get(_key(clock), 0), now=now)
        for clock in soon
    )
    return [one for one in foreseen if one.is_too_late]


def _expected(clock: Clock, *, before: int, ended: int, now: datetime) -> Foreseen:
    expected = now + LOOKED_BACK / ended * (before + 1) if ended else None
    return Foreseen(clock=clock, before=before, ended_lately=ended, expected_at=expected)


def _key(clock: Clock) -> tuple[int, str]:
    return clock.unit_id, clock.kind


def _counts(clocks: ClockQuerySet) -> dict[tuple[int, str], int]:
    counted = clocks.order_by().values_list("unit", "kind").annotate(number=Count("pk"))
    return {(unit, kind): number for unit, kind, number in counted}
