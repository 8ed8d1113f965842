"""The report: every figure over a period, one figure in its parts and groups, and the tickets behind each number."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from common.refusals import Malformed
from complaints.models import Ticket
from desk import queries, reports
from desk.entrance import DeskRequest, admits
from desk.pages import LINES
from desk.reports import Asked
from desk.workplaces import REPORTING
from figures import counting, sheets
from figures.catalogue import FIGURES
from figures.counting import Scope
from figures.dimensions import DIMENSIONS
from figures.measures import Figure
from figures.periods import A_DAY, Grain, Period

WRITERS: dict[str, tuple[Callable[[sheets.Table], bytes], str]] = {
    "csv": (sheets.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (sheets.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class Behind(forms.Form):
    """Which number was clicked."""

    part = forms.CharField(max_length=30)
    since = forms.DateField()
    last = forms.DateField()
    by = forms.ChoiceField(choices=[("", ""), *((key, key) for key in DIMENSIONS)], required=False)
    group = forms.CharField(max_length=30, required=False)


@admits(*REPORTING)
def figures(request: DeskRequest) -> HttpResponse:
    """All figures over one period.

    Counting them all takes seconds where there are many tickets, so the page comes at once and fetches their lines part
    by part; `all` counts them with the page, for a browser without scripts.
    """
    asked = Asked(request.GET, now=request.at)
    scope = Scope(request.user, request.at)
    if "export" in request.GET:
        counted = reports.overview(scope, asked.period)
        table = sheets.table_of_all(counted, period=asked.period, as_of=request.at)
        return _sheet(table, request.GET["export"], name="figures")
    if "of" in request.GET:
        chosen = [_figure(key) for key in request.GET["of"].split(",")[: reports.AT_A_TIME]]
        rows = _shares(scope, asked, [figure for figure in chosen if figure.whole])
        return render(request, "desk/figures.html#shares", {"asked": asked, "rows": rows})
    counts_all = "all" in request.GET
    ageing = FIGURES["ageing"]
    facts = {
        "asked": asked,
        "rows": _shares(scope, asked, reports.SHARES) if counts_all else [],
        "parts": [] if counts_all else reports.parts_of_shares(),
        "ageing": (ageing, reports.row_of(ageing, counting.total(ageing, scope, asked.period))),
        "as_of": request.at,
    }
    return render(request, "desk/figures.html", facts, status=400 if asked.errors else 200)


@admits(*REPORTING)
def figure(request: DeskRequest, key: str) -> HttpResponse:
    """One figure: over time, and by unit, person, category or medium."""
    chosen = _figure(key)
    asked = Asked(request.GET, now=request.at)
    scope = Scope(request.user, request.at)
    dimension = DIMENSIONS[asked.dimension if asked.is_valid() else "unit"]
    by_group = counting.by_group(chosen, scope, asked.period, dimension)
    over_time = None if chosen.is_standing else counting.over_time(chosen, scope, asked.period)
    if "export" in request.GET:
        asks_for_time = over_time is not None and request.GET.get("of") == "time"
        sheet = over_time if asks_for_time and over_time is not None else by_group
        title = _("period") if asks_for_time else str(dimension.name)
        return _sheet(sheets.table_of(sheet, title=title), request.GET["export"], name=key)
    facts = {
        "asked": asked,
        "figure": chosen,
        "dimension": dimension,
        "by_group": reports.shown(by_group),
        "over_time": reports.shown(over_time) if over_time is not None else None,
        "plot": reports.plot_of(over_time.lines, target=chosen.target) if over_time is not None else None,
        "as_of": request.at,
    }
    return render(request, "desk/figure.html", facts, status=400 if asked.errors else 200)


@admits(*REPORTING)
def figure_tickets(request: DeskRequest, key: str) -> HttpResponse:
    """The tickets behind one number: a line for each time that one of them counted."""
    chosen = _figure(key)
    asked = Behind(request.GET)
    if not asked.is_valid() or asked.cleaned_data["part"] not in chosen.parts:
        raise Http404
    said = asked.cleaned_data
    dimension = DIMENSIONS.get(said["by"])
    try:
        period = Period.checked(said["since"], said["last"] + A_DAY, Grain.MONTH)
        group = dimension.value(said["group"]) if dimension is not None else None
    except (Malformed, OverflowError) as error:
        raise Http404 from error
    rows = counting.rows_behind(
        chosen, said["part"], Scope(request.user, request.at), period, dimension=dimension, group=group
    )
    page = Paginator(rows, LINES).get_page(request.GET.get("page"))
    counted = list(page.object_list)
    found = {
        ticket.pk: ticket for ticket in queries.as_lines(Ticket.objects.filter(pk__in={pk for pk, _at in counted}))
    }
    facts = {
        "figure": chosen,
        "part": chosen.parts[said["part"]],
        "period": period,
        "last": said["last"],
        "dimension": dimension,
        "group": _name_of(dimension, group) if dimension is not None else "",
        "tickets": [found[pk] for pk, _at in counted],
        "page": page,
    }
    return render(request, "desk/figure_tickets.html", facts)


def _figure(key: str) -> Figure:
    if key not in FIGURES:
        raise Http404
    return FIGURES[key]


def _shares(scope: Scope, asked: Asked, figures: Iterable[Figure]) -> list[tuple[Figure, reports.Row, Any]]:
    """Figures with their lines and what each counts of how many."""
    counted = reports.overview(scope, asked.period, figures)
    rows = [(figure, reports.row_of(figure, line)) for figure, line in counted]
    return [(figure, row, _pair(figure, row)) for figure, row in rows]


def _pair(figure: Figure, row: reports.Row) -> tuple[reports.Number, reports.Number]:
    """What is counted, and of how many."""
    numbers = dict(zip(figure.parts, row.numbers, strict=True))
    return numbers[figure.hit], numbers[figure.whole]


def _name_of(dimension: Any, group: Any) -> str:
    if group is None:
        return _("nobody")
    return str(dimension.names([group]).get(group, ""))


def _sheet(table: sheets.Table, kind: str, *, name: str) -> HttpResponse:
    if kind not in WRITERS:
        raise Http404
    write, content_type = WRITERS[kind]
    return HttpResponse(
        write(table),
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{kind}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
