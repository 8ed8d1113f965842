"""Counting a figure within somebody's scope: by the parts of a period, by unit, person, category or medium."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DateField, DurationField, Q, QuerySet
from django.db.models.functions import Trunc
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person
from complaints.models import Ticket
from figures.dimensions import NOBODY, Dimension
from figures.measures import Figure
from figures.periods import Grain, Period, zone

MEDIAN, HIGH = 0.5, 0.9
SPREAD = "p50", "p90"


class Percentile(Aggregate):
    """The value below which a share of the rows lies, between two rows where it falls there."""

    function = "PERCENTILE_CONT"
    name = "Percentile"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression: Any, *, share: float, **extra: Any) -> None:
        super().__init__(expression, share=share, **extra)


@dataclass(frozen=True)
class Scope:
    """Who asks, and as of when: nobody counts what they may not see (R1)."""

    person: Person
    now: datetime

    def rows(self, figure: Figure, period: Period | None) -> QuerySet[Any]:
        """The rows of a figure that fall into a period, within this person's scope."""
        visible = Ticket.objects.visible_to(self.person, self.now).order_by().values("pk")
        rows = figure.rows(self.now).order_by().filter(**{f"{figure.of_ticket('')}__in": visible})
        if figure.is_standing or period is None:
            return rows
        return rows.filter(counted_at__gte=period.starts_at, counted_at__lt=period.ends_at)


@dataclass(frozen=True)
class Line:
    """The numbers of one part of the period, or of one group, by the keys of the figure's parts."""

    name: str
    key: str
    """The value of the dimension that asks for this group; empty for a part of the period."""
    period: Period
    numbers: Mapping[str, int]
    share: float | None
    """In percent; None where nothing was counted."""
    spread: Mapping[str, timedelta | None] = field(default_factory=dict)

    @property
    def rounded(self) -> int | None:
        """The share in whole percent."""
        return None if self.share is None else round(self.share)


@dataclass(frozen=True)
class Sheet:
    """A figure counted: as a whole, and line by line."""

    figure: Figure
    period: Period
    by: str
    total: Line
    lines: list[Line]
    as_of: datetime


def total(figure: Figure, scope: Scope, period: Period) -> Line:
    """The figure over a whole period."""
    counted = scope.rows(figure, period).aggregate(**_numbers(figure))
    return _line(figure, counted, name=_("all"), key="", period=period)


def over_time(figure: Figure, scope: Scope, period: Period) -> Sheet:
    """The figure for each part of a period, also for those in which there was nothing."""
    part = Trunc("counted_at", period.grain.value, tzinfo=zone(), output_field=DateField())
    counted = {
        row["part"]: row
        for row in scope.rows(figure, period).annotate(part=part).values("part").annotate(**_numbers(figure))
    }
    lines = [
        _line(
            figure,
            counted.get(period.grain.first_of(each.since), {}),
            name=name_of(each),
            key="",
            period=each,
        )
        for each in period.parts()
    ]
    return Sheet(figure, period, "", total(figure, scope, period), lines, scope.now)


def by_group(figure: Figure, scope: Scope, period: Period, dimension: Dimension) -> Sheet:
    """The figure for each unit, person, category or medium, the greatest number first."""
    rows = scope.rows(figure, period).annotate(group=dimension.column(figure))
    counted = list(rows.values("group").annotate(**_numbers(figure)))
    names = dimension.names([row["group"] for row in counted if row["group"] is not None])
    lines = [
        _line(
            figure,
            row,
            name=names.get(row["group"], str(row["group"])) if row["group"] is not None else _("nobody"),
            key=NOBODY if row["group"] is None else str(row["group"]),
            period=period,
        )
        for row in counted
    ]
    lines.sort(key=lambda line: (-max(line.numbers.values()), line.name))
    shown = [line for line in lines if any(line.numbers.values())]
    return Sheet(figure, period, dimension.key, total(figure, scope, period), shown, scope.now)


def rows_behind(
    figure: Figure, part: str, scope: Scope, period: Period, *, dimension: Dimension | None = None, group: Any = None
) -> QuerySet[Any]:
    """The rows behind one number, as pairs of the ticket's key and when it counted, latest first."""
    rows = scope.rows(figure, period).filter(figure.parts[part].rows)
    if dimension is not None:
        rows = rows.annotate(group=dimension.column(figure))
        rows = rows.filter(group__isnull=True) if group is None else rows.filter(group=group)
    return rows.order_by("-counted_at", "-pk").values_list(figure.of_ticket(""), "counted_at")


def name_of(part: Period) -> str:
    """A part of a period in words: a day, the week from a day on, a month."""
    if part.grain == Grain.MONTH:
        return f"{part.since:%Y-%m}"
    if part.grain == Grain.WEEK:
        return _("week of %(day)s") % {"day": date_format(part.since, "Y-m-d")}
    return date_format(part.since, "Y-m-d")


def _numbers(figure: Figure) -> dict[str, Aggregate]:
    numbers: dict[str, Aggregate] = {
        f"n_{key}": Count("pk", filter=part.rows) if part.rows else Count("pk") for key, part in figure.parts.items()
    }
    if figure.length is not None:
        took = figure.parts[figure.whole].rows & Q(ended_at__isnull=False)
        for name, share in zip(SPREAD, (MEDIAN, HIGH), strict=True):
            numbers[name] = Percentile(figure.length, share=share, filter=took)
    return numbers


def _line(figure: Figure, counted: Mapping[str, Any], *, name: str, key: str, period: Period) -> Line:
    numbers = {part: counted.get(f"n_{part}", 0) for part in figure.parts}
    whole = numbers[figure.whole] if figure.whole else 0
    return Line(
        name=name,
        key=key,
        period=period,
        numbers=numbers,
        share=100 * numbers[figure.hit] / whole if whole else None,
        spread={each: counted.get(each) for each in SPREAD} if figure.length is not None else {},
    )
