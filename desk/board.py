"""What a supervisor's board shows: each number with the address that opens exactly its tickets."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Authority, Person, Unit
from complaints.models import Ticket
from complaints.querysets import TicketQuerySet
from complaints.states import LIVE, State
from desk import queries
from desk.filters import due_within
from desk.forms.beside import Demand
from desk.forms.supervising import Reassign
from desk.reports import Number, behind
from escalation.models import Escalation
from figures import counting
from figures.arrivals import Hour, by_hour
from figures.catalogue import FIGURES
from figures.counting import Scope
from figures.forecast import Foreseen, will_be_missed
from figures.measures import Figure
from figures.periods import Grain, Period
from pulse.reading import Pulse, take_pulse
from sla.kinds import Kind

SHOWN_KINDS = (Kind.DISPATCH, Kind.HANDLE, Kind.ASSIST, Kind.REPLY, Kind.CONCLUDE, Kind.CALLBACK)
FIRST = 8
PLOT_LEFT, PLOT_STEP, PLOT_HEIGHT = 30, 24, 110
COLUMNS = tuple(state for state in State if state in LIVE)
WITHIN = {
    "overdue": gettext_lazy("overdue"),
    "15": gettext_lazy("due within 15 min"),
    "30": gettext_lazy("within 30 min"),
    "60": gettext_lazy("within 60 min"),
}
"""By when a ticket falls due, as the lists are asked for it (`desk.filters.due_within`)."""


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
    url: str
    met: Number
    breached: Number
    share: int | None
    target: int | None


@dataclass(frozen=True)
class Age:
    """How many open tickets are of one age, and which share of all that is, in percent."""

    number: Number
    share: int


@dataclass(frozen=True)
class OnSite:
    """What of today's was solved on the spot, against the target."""

    url: str
    solved: Number
    accepted: Number
    share: int | None
    target: int | None


@dataclass(frozen=True)
class Column:
    """One hour in the plot of arrivals, in the plot's own units: a bar for today, a line for what is usual."""

    x: int
    hour: int
    today: int | None
    usual: float
    top: float
    height: float
    usual_y: float

    @property
    def is_named(self) -> bool:
        """Whether the hour stands below it."""
        return self.hour % 3 == 0


@dataclass(frozen=True)
class Ahead:
    """A ticket that will be missed, and what who looks at it can do about that."""

    foreseen: Foreseen
    step: str
    """`reassign`, `dispatch` or `demand`; nothing where it is not theirs to see to."""


@dataclass(frozen=True)
class Arrivals:
    """Today's arrivals by the hour against the same weekday before."""

    columns: list[Column]
    most: int
    today: int
    usual_until_now: float


@dataclass(frozen=True)
class Board:
    """The whole board, as of one instant."""

    figures: list[Number]
    columns: list[str]
    rows: list[Row]
    timeliness: list[Timeliness]
    on_site: OnSite
    ages: list[Age]
    foreseen: Number
    first_foreseen: list[Ahead]
    arrivals: Arrivals
    pulse: Pulse
    as_of: datetime = field(kw_only=True)


def board_for(person: Person, now: datetime) -> Board:
    """Everything on the board within this person's scope; a fixed number of queries."""
    visible = Ticket.objects.visible_to(person, now)
    foreseen = will_be_missed(visible, now)
    counted = _count_open(visible, now)
    scope = Scope(person, now)
    today = Period.ending_with(timezone.localdate(now), grain=Grain.DAY, parts=1)
    return Board(
        figures=_figures(counted, visible),
        columns=[str(state.label) for state in COLUMNS],
        rows=_rows(counted),
        timeliness=[_timely(FIGURES[f"timely_{kind}"], scope, today) for kind in SHOWN_KINDS],
        on_site=_on_site(FIGURES["on_site"], scope, today),
        ages=_ages(FIGURES["ageing"], scope, today),
        foreseen=Number(len(foreseen), opening(foreseen="on")),
        first_foreseen=_ahead(foreseen[:FIRST], person.authority(now)),
        arrivals=arrivals_of(by_hour(visible, now)),
        pulse=take_pulse(now),
        as_of=now,
    )


def _ahead(foreseen: list[Foreseen], authority: Authority) -> list[Ahead]:
    """The first of what is foreseen, each with what can be done about it; one query for all."""
    tickets = Ticket.objects.with_people().in_bulk([one.clock.ticket_id for one in foreseen]) if foreseen else {}
    return [Ahead(one, _step(tickets.get(one.clock.ticket_id), authority)) for one in foreseen]


def _step(ticket: Ticket | None, authority: Authority) -> str:
    """Into other hands where somebody has it in hand; what nobody has is sent on, or asked for at the desk."""
    if ticket is None:
        return ""
    if Reassign.is_possible(ticket, authority):
        return "reassign"
    if "dispatch" in ticket.possible_moves(authority):
        return "dispatch"
    return "demand" if Demand.is_possible(ticket, authority) else ""


def opening(**asked: Any) -> str:
    """The address of the list that shows exactly these tickets."""
    return f"{reverse('desk:tickets')}?{urlencode(asked)}"


def _count_open(visible: TicketQuerySet, now: datetime) -> list[dict[str, Any]]:
    """How many open tickets each unit holds in each state, and how many of them fall due within each time.

    In one question: with very many open it is by far the longest of the board, however it is put.
    """
    counted = visible.live().order_by().annotate(held_by=queries.holding_unit()).values("held_by", "state")
    within = {f"within_{due}": Count("pk", filter=due_within(due, now)) for due in WITHIN}
    return [dict(line) for line in counted.annotate(number=Count("pk"), **within)]


def _figures(counted: list[dict[str, Any]], visible: TicketQuerySet) -> list[Number]:
    figures = [
        Number(
            sum(line[f"within_{due}"] for line in counted),
            opening(due=due),
            str(name),
            "overdue" if due == "overdue" else "",
        )
        for due, name in WITHIN.items()
    ]
    waiting = Escalation.objects.unacknowledged().filter(ticket__in=visible.order_by().values("pk"))
    number = waiting.aggregate(number=Count("ticket", distinct=True))["number"]
    return [*figures, Number(number, opening(unacknowledged="on", state="any"), _("unacknowledged"))]


def _rows(counted: list[dict[str, Any]]) -> list[Row]:
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


def _timely(figure: Figure, scope: Scope, today: Period) -> Timeliness:
    line = counting.total(figure, scope, today)
    return Timeliness(
        kind=str(figure.name),
        url=f"{reverse('desk:figure', args=[figure.key])}?{urlencode({'grain': Grain.DAY.value})}",
        met=Number(line.numbers["met"], behind(figure, "met", today)),
        breached=Number(line.numbers["breached"], behind(figure, "breached", today)),
        share=line.rounded,
        target=figure.target,
    )


def _on_site(figure: Figure, scope: Scope, today: Period) -> OnSite:
    line = counting.total(figure, scope, today)
    return OnSite(
        url=f"{reverse('desk:figure', args=[figure.key])}?{urlencode({'grain': Grain.DAY.value})}",
        solved=Number(line.numbers["solved"], behind(figure, "solved", today)),
        accepted=Number(line.numbers["accepted"], behind(figure, "accepted", today)),
        share=line.rounded,
        target=figure.target,
    )


def _ages(figure: Figure, scope: Scope, today: Period) -> list[Age]:
    """The ages of what is open, the youngest first."""
    numbers = counting.total(figure, scope, today).numbers
    whole = numbers["open"] or 1
    return [
        Age(
            Number(numbers[name], behind(figure, name, today), str(part.name)),
            share=round(100 * numbers[name] / whole),
        )
        for name, part in figure.parts.items()
        if name != "open"
    ]


def arrivals_of(hours: list[Hour]) -> Arrivals:
    """The plot of a day's hours."""
    most = max([1, *(max(hour.today or 0, hour.usual) for hour in hours)])
    columns = [
        Column(
            x=PLOT_LEFT + hour.hour * PLOT_STEP,
            hour=hour.hour,
            today=hour.today,
            usual=hour.usual,
            top=PLOT_HEIGHT * (1 - (hour.today or 0) / most),
            height=PLOT_HEIGHT * (hour.today or 0) / most,
            usual_y=PLOT_HEIGHT * (1 - hour.usual / most),
        )
        for hour in hours
    ]
    over = [hour for hour in hours if hour.today is not None]
    return Arrivals(
        columns=columns,
        most=round(most),
        today=sum(hour.today or 0 for hour in over),
        usual_until_now=sum(hour.usual for hour in over),
    )
