"""What a supervisor's board shows: each number with the address that opens exactly its tickets."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person, Unit
from common.models import Heartbeat, SetAside
from complaints.models import Ticket
from complaints.querysets import TicketQuerySet
from complaints.states import LIVE, State
from desk import queries
from desk.filters import due_within
from escalation.models import Escalation
from sla.kinds import Kind
from sla.models import Clock

TARGETS = {Kind.DISPATCH: 99, Kind.HANDLE: 90, Kind.ASSIST: 90}
SHOWN_KINDS = (Kind.DISPATCH, Kind.HANDLE, Kind.ASSIST, Kind.REPLY, Kind.CONCLUDE, Kind.CALLBACK)
PATIENCE = timedelta(seconds=15)
EVERY_SECOND = ("sla.sweep", "escalation.sweep")
COLUMNS = tuple(state for state in State if state in LIVE)


@dataclass(frozen=True)
class Number:
    """A number and where it leads."""

    value: int
    url: str
    name: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Row:
    """A unit's open tickets, one number for each state, and all."""

    unit: str
    numbers: list[Number]
    total: Number


@dataclass(frozen=True)
class Timeliness:
    """How a kind of clock was met today, against its target."""

    kind: str
    met: Number
    breached: Number
    share: int | None
    target: int | None


@dataclass(frozen=True)
class Pulse:
    """Whether the timers run."""

    is_healthy: bool
    lag: float
    as_of: datetime | None
    set_aside: int


@dataclass(frozen=True)
class Board:
    """The whole board, as of one instant."""

    figures: list[Number]
    columns: list[str]
    rows: list[Row]
    timeliness: list[Timeliness]
    pulse: Pulse
    as_of: datetime = field(kw_only=True)


def board_for(person: Person, now: datetime) -> Board:
    """Everything on the board within this person's scope; a fixed number of queries."""
    visible = Ticket.objects.visible_to(person, now)
    return Board(
        figures=_figures(visible, now),
        columns=[str(state.label) for state in COLUMNS],
        rows=_rows(visible),
        timeliness=_timeliness(visible, timezone.localdate(now)),
        pulse=_pulse(now),
        as_of=now,
    )


def opening(**asked: Any) -> str:
    """The address of the list that shows exactly these tickets."""
    return f"{reverse('desk:tickets')}?{urlencode(asked)}"


def _figures(visible: TicketQuerySet, now: datetime) -> list[Number]:
    wanted = {
        "overdue": _("overdue"),
        "15": _("due within 15 min"),
        "30": _("within 30 min"),
        "60": _("within 60 min"),
    }
    counts = visible.live().aggregate(
        **{f"within_{due}": Count("pk", filter=due_within(due, now), distinct=True) for due in wanted}
    )
    figures = [
        Number(counts[f"within_{due}"], opening(due=due), name, "overdue" if due == "overdue" else "")
        for due, name in wanted.items()
    ]
    waiting = Escalation.objects.unacknowledged().filter(ticket__in=visible.order_by().values("pk"))
    number = waiting.aggregate(number=Count("ticket", distinct=True))["number"]
    return [*figures, Number(number, opening(unacknowledged="on", state="any"), _("unacknowledged"))]


def _rows(visible: TicketQuerySet) -> list[Row]:
    counted = (
        visible.live()
        .order_by()
        .annotate(held_by=queries.holding_unit())
        .values("held_by", "state")
        .annotate(number=Count("pk", distinct=True))
    )
    table: dict[int, dict[str, int]] = {}
    for line in counted:
        table.setdefault(line["held_by"], {})[line["state"]] = line["number"]
    units = Unit.objects.filter(pk__in=table).order_by("path")
    return [_row(unit, table[unit.pk]) for unit in units]


def _row(unit: Unit, counts: dict[str, int]) -> Row:
    numbers = [
        Number(counts.get(state, 0), opening(holding=unit.pk, state=state.value), str(state.label)) for state in COLUMNS
    ]
    return Row(unit.name, numbers, Number(sum(counts.values()), opening(holding=unit.pk)))


def _timeliness(visible: TicketQuerySet, today: date) -> list[Timeliness]:
    clocks = Clock.objects.filter(ticket__in=visible.order_by().values("pk"), kind__in=SHOWN_KINDS)
    counted = (
        clocks.filter(queries.met_on(today) | queries.breached_on(today))
        .order_by()
        .values("kind")
        .annotate(
            met=Count("ticket", filter=queries.met_on(today), distinct=True),
            breached=Count("ticket", filter=queries.breached_on(today), distinct=True),
        )
    )
    by_kind = {line["kind"]: {"met": line["met"], "breached": line["breached"]} for line in counted}
    return [_timely(kind, by_kind.get(kind, {}), today) for kind in SHOWN_KINDS]


def _timely(kind: Kind, counts: dict[str, int], today: date) -> Timeliness:
    met, breached = counts.get("met", 0), counts.get("breached", 0)
    return Timeliness(
        kind=str(kind.label),
        met=Number(met, opening(met=kind.value, on=today, state="any")),
        breached=Number(breached, opening(breached=kind.value, on=today, state="any")),
        share=round(100 * met / (met + breached)) if met + breached else None,
        target=TARGETS.get(kind),
    )


def _pulse(now: datetime) -> Pulse:
    beats = {beat.name: beat for beat in Heartbeat.objects.filter(name__in=EVERY_SECOND)}
    return Pulse(
        is_healthy=all(name in beats and now - beats[name].completed_at < PATIENCE for name in EVERY_SECOND),
        lag=max((beat.lag.total_seconds() for beat in beats.values()), default=0.0),
        as_of=_oldest(beat.completed_at for beat in beats.values()),
        set_aside=SetAside.objects.open().count(),
    )


def _oldest(moments: Iterable[datetime]) -> datetime | None:
    return min(moments, default=None)
