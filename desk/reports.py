"""Figures as pages show them: what an address asks for, each number with where it leads, and a plot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.refusals import Malformed
from desk.moments import span
from figures import counting
from figures.catalogue import FIGURES
from figures.counting import Line, Scope, Sheet
from figures.dimensions import DIMENSIONS
from figures.measures import Figure
from figures.periods import A_DAY, Grain, Period

USUAL_PARTS = {Grain.DAY: 14, Grain.WEEK: 8, Grain.MONTH: 6}
SCALES = (5, 10, 20, 50, 100)
MOST_LABELS = 12
SHARES = [figure for figure in FIGURES.values() if figure.whole]
AT_A_TIME = 4
"""How many figures are counted for one part of the overview, which is fetched part by part."""


@dataclass(frozen=True)
class Number:
    """A number and where it leads."""

    value: int
    url: str
    name: str = ""
    kind: str = ""


class Asked(forms.Form):
    """Which days, in what parts, broken down by what; what is left out is the usual."""

    grain = forms.ChoiceField(label=_("in periods of"), choices=Grain.choices, required=False)
    since = forms.DateField(label=_("from"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("to"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    by = forms.ChoiceField(
        label=_("broken down by"), choices=[(each.key, each.name) for each in DIMENSIONS.values()], required=False
    )

    def __init__(self, data: QueryDict, *, now: datetime) -> None:
        today = timezone.localdate(now)
        given = data.copy()
        wanted = given.get("grain") or ""
        grain = Grain(wanted) if wanted in Grain.values else Grain.WEEK
        usual = Period.ending_with(today, grain=grain, parts=USUAL_PARTS[grain])
        given.setdefault("grain", grain.value)
        given.setdefault("since", usual.since.isoformat())
        given.setdefault("last", today.isoformat())
        given.setdefault("by", "unit")
        super().__init__(given, auto_id="asked-%s")
        self.period = usual
        if self.is_valid():
            self._take()

    def _take(self) -> None:
        said = self.cleaned_data
        try:
            self.period = Period.checked(
                said["since"] or self.period.since,
                min(said["last"] or self.period.until - A_DAY, date.max - A_DAY) + A_DAY,
                Grain(said["grain"] or Grain.WEEK),
            )
        except Malformed as refusal:
            self.add_error("last", str(refusal))

    @property
    def last_day(self) -> date:
        """The last day that is counted."""
        return self.period.until - A_DAY

    @property
    def dimension(self) -> str:
        """By what it is broken down."""
        return str(self.cleaned_data.get("by") or "unit")

    @property
    def address(self) -> str:
        """The same question, for another page of the same figures."""
        period = self.period
        return urlencode(
            {
                "grain": period.grain.value,
                "since": period.since,
                "last": period.until - A_DAY,
                "by": self.dimension if self.is_valid() else "unit",
            }
        )


@dataclass(frozen=True)
class Row:
    """A line of a sheet, with where each of its numbers leads."""

    line: Line
    numbers: list[Number]
    spread: list[str]


@dataclass(frozen=True)
class Shown:
    """A sheet as its table."""

    figure: Figure
    columns: list[str]
    rows: list[Row]
    total: Row
    as_of: datetime


@dataclass(frozen=True)
class Bar:
    """One part of the period in a plot, in the plot's own units."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    name: str
    label: str
    value: str
    is_empty: bool


@dataclass(frozen=True)
class Mark:
    """A line across the plot, at a share."""

    y: float
    name: str


@dataclass(frozen=True)
class Plot:
    """Shares over time as bars under a scale, drawn on the server."""

    width: int
    height: int
    left: int
    right: float
    bottom: float
    bars: list[Bar]
    marks: list[Mark]
    target: Mark | None


def behind(figure: Figure, part: str, period: Period, *, by: str = "", group: str = "") -> str:
    """The address of the list that shows exactly what one number counts."""
    asked: dict[str, Any] = {"part": part, "since": period.since, "last": period.until - A_DAY}
    if by:
        asked |= {"by": by, "group": group}
    return f"{reverse('desk:figure_tickets', args=[figure.key])}?{urlencode(asked)}"


def row_of(figure: Figure, line: Line, *, by: str = "") -> Row:
    """A line with its addresses."""
    return Row(
        line=line,
        numbers=[
            Number(number, behind(figure, part, line.period, by=by, group=line.key), str(figure.parts[part].name))
            for part, number in line.numbers.items()
        ],
        spread=[took(length) for length in line.spread.values()],
    )


def shown(sheet: Sheet) -> Shown:
    """A sheet as its table."""
    return Shown(
        figure=sheet.figure,
        columns=[str(part.name) for part in sheet.figure.parts.values()],
        rows=[row_of(sheet.figure, line, by=sheet.by) for line in sheet.lines],
        total=row_of(sheet.figure, sheet.total),
        as_of=sheet.as_of,
    )


def parts_of_shares() -> list[list[Figure]]:
    """The figures of the overview, in parts that are counted apart."""
    return [SHARES[begin : begin + AT_A_TIME] for begin in range(0, len(SHARES), AT_A_TIME)]


def overview(scope: Scope, period: Period, figures: Iterable[Figure] = SHARES) -> list[tuple[Figure, Line]]:
    """Figures that are a share, all of them unless some are named, over a whole period."""
    return [(figure, counting.total(figure, scope, period)) for figure in figures]


def took(length: timedelta | None) -> str:
    """A length of time in words, as coarse as it stays clear."""
    if length is None:
        return "—"
    days = length.days
    if days >= 2:
        return str(_("%(d)s d %(h)s h") % {"d": days, "h": length.seconds // 3600})
    return span(length, seconds=False)


def plot_of(lines: Sequence[Line], *, target: int | None) -> Plot:
    """The shares of a period's parts, under a scale that fits the highest of them and the target."""
    width, height, left, top, foot = 760, 230, 44, 12, 26
    bottom, right = height - foot, width - 8
    highest = max([line.share or 0 for line in lines] + [target or 0])
    scale = next(each for each in SCALES if each >= highest)
    room = (right - left) / max(len(lines), 1)
    every = -(-len(lines) // MOST_LABELS)

    def at(share: float) -> float:
        return round(bottom - (bottom - top) * share / scale, 2)

    bars = [
        Bar(
            x=round(left + room * place + room * 0.15, 2),
            y=at(line.share or 0),
            width=round(room * 0.7, 2),
            height=round(bottom - at(line.share or 0), 2),
            middle=round(left + room * (place + 0.5), 2),
            name=line.name,
            label=label_of(line.period) if place % every == 0 else "",
            value="—" if line.share is None else f"{line.share:.1f} %",
            is_empty=line.share is None,
        )
        for place, line in enumerate(lines)
    ]
    marks = [Mark(at(scale * quarter / 4), f"{scale * quarter / 4:g} %") for quarter in range(5)]
    aim = Mark(at(target), f"{target} %") if target else None
    return Plot(width, height, left, right, bottom, bars, marks, aim)


def label_of(part: Period) -> str:
    """A part of a period, as briefly as fits under a bar."""
    return f"{part.since:%Y-%m}" if part.grain == Grain.MONTH else f"{part.since:%m-%d}"
