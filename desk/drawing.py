"""A clock drawn: a bar of what counted and what did not, and the instants that matter, placed in percent (R28).

The drawing is plain numbers; `desk.timeline` makes an SVG of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from complaints.models import Ticket
from desk.moments import DAY, WEEKDAYS, exact, short
from sla.actions.explaining import LABELS, Explanation, explain
from sla.actions.grounds import GroundsInHand
from sla.arithmetic import Why
from sla.models import Clock

PATTERNS = {
    Why.COUNTED: "counted",
    Why.CLOSED: "closed",
    Why.HELD: "held",
    Why.QUIET: "quiet",
    Why.QUIET_MOVE: "quiet",
    Why.CEILING: "cut",
    Why.PROMISE: "agreed",
    Why.EXTENSION: "agreed",
    Why.NOT_REACHED: "agreed",
    Why.AT_ONCE: "agreed",
    Why.AS_DECIDED: "agreed",
}
NAMES: dict[str, str | Promise] = {
    "started": gettext_lazy("begins"),
    "warning": gettext_lazy("warning"),
    "nominal": gettext_lazy("due by the limit alone"),
    "promise": pgettext_lazy("instant", "promise"),
    "due": gettext_lazy("due"),
    "missed": gettext_lazy("missed"),
    "ended": gettext_lazy("ended"),
    "now": pgettext_lazy("instant", "now"),
}
STEPS = [timedelta(minutes=minutes) for minutes in (15, 30, 60, 120, 240, 480)]
STEPS += [timedelta(days=days) for days in (1, 2, 7, 14, 28, 91, 182, 364)]
MOST_TICKS = 5
BESIDE = 6.5
"""Two instants closer than so many percent get their numbers one above the other."""
LEVELS = 4
LEVEL, BAR, FOR_THE_SCALE = 17, 22, 24
"""Heights of a row of numbers, of the bar, and of the scale, in pixels."""
ROOM_FOR_NOW = 1.5
"""How many times the length of everything else the bar may grow so that 'now' fits on it."""


@dataclass(frozen=True)
class Stretch:
    """A piece of the bar, in percent of its length; `is_back` for a due that moved to an earlier time."""

    pattern: str
    label: str
    left: float
    width: float
    begins_at: datetime
    ends_at: datetime
    is_back: bool = False


@dataclass(frozen=True)
class Mark:
    """An instant on the bar: its number, word, and place; `is_beyond` where the bar ends before it."""

    key: str
    number: int
    label: str
    at: datetime
    left: float
    level: int
    is_beyond: bool = False
    height: int = 0
    """Where its number stands, in pixels from the top."""


@dataclass(frozen=True)
class Tick:
    """A time on the scale below the bar."""

    left: float
    label: str


@dataclass(frozen=True)
class Drawing:
    """One clock as a page draws it, with the words beside it."""

    clock: Clock
    title: str
    sentences: list[str]
    stretches: list[Stretch]
    marks: list[Mark]
    ticks: list[Tick]
    top: int
    """Where the bar begins, in pixels; above it stand the numbers."""

    @property
    def foot(self) -> int:
        """Where the bar ends, in pixels."""
        return self.top + BAR

    @property
    def height(self) -> int:
        """Of the whole drawing, with its scale, in pixels."""
        return self.foot + FOR_THE_SCALE

    @property
    def kinds(self) -> list[Stretch]:
        """One stretch of each kind on the bar, for the legend."""
        return list({(each.pattern, each.label): each for each in self.stretches}.values())


def drawings_of(ticket: Ticket, now: datetime) -> list[Drawing]:
    """The running clocks of a ticket that `for_page` has loaded, as they stand at this instant."""
    clocks, grounds = list(ticket.clocks.all()), GroundsInHand([])
    for clock in clocks:
        clock.ticket = ticket
    drawn = [draw(explain(clock, among=clocks, grounds=grounds), now) for clock in clocks if clock.is_running]
    return [each for each in drawn if each is not None]


def draw(explanation: Explanation, now: datetime) -> Drawing | None:
    """The drawing of a clock at this instant; None where nothing is due, since then there is nothing to draw."""
    clock = explanation.clock
    if explanation.starts_at is None or explanation.due_at is None:
        return None
    begins, ends, instants = _reach(explanation, explanation.starts_at, now)
    scale = _Scale(begins, ends)
    marks = _marks(instants, scale)
    rows = 1 + max(mark.level for mark in marks)
    return Drawing(
        clock=clock,
        title=_("%(kind)s: due %(moment)s") % {"kind": clock.get_kind_display(), "moment": exact(explanation.due_at)},
        sentences=explanation.sentences,
        stretches=_stretches(explanation, scale, now),
        marks=[replace(mark, height=9 + LEVEL * (rows - 1 - mark.level)) for mark in marks],
        ticks=_ticks(scale, now),
        top=LEVEL * rows + 4,
    )


@dataclass(frozen=True)
class _Scale:
    begins: datetime
    ends: datetime

    def place(self, at: datetime) -> float:
        """Where an instant lies, in percent, kept on the bar."""
        share = (at - self.begins) / (self.ends - self.begins)
        return round(100 * min(1.0, max(0.0, share)), 3)


def _reach(
    explanation: Explanation, starts_at: datetime, now: datetime
) -> tuple[datetime, datetime, list[tuple[str, datetime]]]:
    """From where to where the bar goes, and the instants on it in order of time."""
    clock = explanation.clock
    found = {
        "started": starts_at,
        "warning": clock.warn_at,
        "nominal": clock.nominal_due_at if clock.nominal_due_at != explanation.due_at else None,
        "promise": clock.promised_for if clock.promised_for != explanation.due_at else None,
        "due": explanation.due_at,
        "missed": clock.breached_at if clock.breached_at != explanation.due_at else None,
        "ended": clock.ended_at,
    }
    instants = [(key, at) for key, at in found.items() if at is not None]
    edges = [at for _key, at in instants] + [step.ends_at for step in explanation.steps]
    begins, ends = min(edges), max(*edges, starts_at + timedelta(minutes=1))
    if clock.ended_at is None:
        instants.append(("now", now))
        if now <= begins + ROOM_FOR_NOW * (ends - begins):
            ends = max(ends, now)
    return begins, ends, sorted(instants, key=lambda instant: instant[1])


def _stretches(explanation: Explanation, scale: _Scale, now: datetime) -> list[Stretch]:
    drawn = [
        _stretch(PATTERNS[step.why], str(LABELS[step.why]), step.begins_at, step.ends_at, scale)
        for step in explanation.steps
    ]
    since = explanation.clock.held_since
    if since is not None and since < now:
        drawn.append(_stretch("held", str(LABELS[Why.HELD]), since, now, scale))
    # What leads back lies over what it takes away.
    return sorted(drawn, key=lambda each: each.is_back)


def _stretch(pattern: str, label: str, begins_at: datetime, ends_at: datetime, scale: _Scale) -> Stretch:
    is_back = ends_at < begins_at
    left, right = sorted((scale.place(begins_at), scale.place(ends_at)))
    return Stretch(
        "cut" if is_back else pattern, label, left, round(right - left, 3), begins_at, ends_at, is_back=is_back
    )


def _marks(instants: Iterable[tuple[str, datetime]], scale: _Scale) -> list[Mark]:
    marks: list[Mark] = []
    for number, (key, at) in enumerate(instants, start=1):
        left = scale.place(at)
        near = {mark.level for mark in marks if left - mark.left < BESIDE}
        level = next((level for level in range(LEVELS) if level not in near), LEVELS - 1)
        marks.append(Mark(key, number, str(NAMES[key]), at, left, level, is_beyond=at > scale.ends))
    return marks


def _ticks(scale: _Scale, now: datetime) -> list[Tick]:
    """Round local times along the bar, few enough for a telephone."""
    length = scale.ends - scale.begins
    step = next((step for step in STEPS if length / step <= MOST_TICKS), STEPS[-1])
    midnight = timezone.localtime(scale.begins).replace(hour=0, minute=0, second=0, microsecond=0)
    count = int((scale.begins - midnight) / step) + 1
    at = midnight + count * step
    ticks: list[Tick] = []
    while at < scale.ends and len(ticks) <= MOST_TICKS:
        ticks.append(Tick(scale.place(at), _tick_label(at, step, now, is_first=not ticks)))
        at += step
    return ticks


def _tick_label(at: datetime, step: timedelta, now: datetime, *, is_first: bool) -> str:
    """The time, and the day where it is another one than at the tick before."""
    local = timezone.localtime(at)
    if step >= DAY:
        return short(at, now) if abs(local - now) > 6 * DAY else str(WEEKDAYS[local.weekday()])
    is_new_day = not is_first and timezone.localtime(at - step).date() != local.date()
    return f"{WEEKDAYS[local.weekday()]} {local:%H:%M}" if is_new_day else f"{local:%H:%M}"
