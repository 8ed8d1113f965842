"""Figures as sheets for a spreadsheet: text that nobody's program takes for a formula, numbers that are numbers."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import xlsxwriter
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.text import inert
from figures.counting import SPREAD, Line, Sheet
from figures.measures import Figure
from figures.periods import A_DAY, Period

Cell = str | int | float | None
BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take UTF-8 for something else."""


@dataclass(frozen=True)
class Table:
    """Rows under a header, with what they are and as of when they stood above them."""

    title: str
    notes: list[str]
    header: list[str]
    rows: list[list[Cell]]

    @property
    def lines(self) -> list[Sequence[Cell]]:
        """All of it, line by line."""
        return [[self.title], *([note] for note in self.notes), [], self.header, *self.rows]


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark; text that begins like a formula is made inert."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for line in table.lines:
        writer.writerow([inert(cell) if isinstance(cell, str) else _plain(cell) for cell in line])
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def as_xlsx(table: Table) -> bytes:
    """One sheet; text is written as text, which no program evaluates."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for row, line in enumerate(table.lines):
            is_head = line is table.header or row == 0
            for column, cell in enumerate(line):
                if isinstance(cell, str):
                    sheet.write_string(row, column, inert(cell), bold if is_head else None)
                elif cell is not None:
                    sheet.write_number(row, column, cell)
        sheet.set_column(0, 0, 28)
    return out.getvalue()


def table_of(sheet: Sheet, *, title: str) -> Table:
    """A figure by the parts of its period, or by its groups."""
    figure = sheet.figure
    spread = [_("P50 (min)"), _("P90 (min)")] if figure.length is not None else []
    share = [_("share (%)")] if figure.whole else []
    header = [title, *(str(part.name) for part in figure.parts.values()), *share, *spread]
    rows = [_row(figure, line) for line in [*sheet.lines, sheet.total]]
    return Table(str(figure.name), [str(figure.formula), *about(sheet.period, sheet.as_of)], header, rows)


def table_of_all(figures: Iterable[tuple[Figure, Line]], *, period: Period, as_of: datetime) -> Table:
    """Every figure over one period, a line each."""
    header = [_("figure"), _("counted"), _("of"), _("share (%)"), _("target (%)"), _("P50 (min)"), _("P90 (min)")]
    rows: list[list[Cell]] = [
        [
            str(figure.name),
            line.numbers[figure.hit],
            line.numbers[figure.whole],
            _rounded(line.share),
            figure.target,
            *(_minutes(line.spread.get(each)) for each in SPREAD),
        ]
        for figure, line in figures
    ]
    return Table(_("Figures"), about(period, as_of), header, rows)


def about(period: Period, as_of: datetime) -> list[str]:
    """What a sheet covers, and as of when it stood."""
    covers = _("from %(since)s to %(last)s") % {
        "since": date_format(period.since, "Y-m-d"),
        "last": date_format(period.until - A_DAY, "Y-m-d"),
    }
    return [covers, _("as of %(moment)s") % {"moment": date_format(timezone.localtime(as_of), "Y-m-d H:i:s")}]


def _row(figure: Figure, line: Line) -> list[Cell]:
    share: list[Cell] = [_rounded(line.share)] if figure.whole else []
    spread: list[Cell] = [_minutes(line.spread[each]) for each in SPREAD] if figure.length is not None else []
    return [line.name, *line.numbers.values(), *share, *spread]


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 2)


def _minutes(length: timedelta | None) -> float | None:
    return None if length is None else round(length.total_seconds() / 60, 1)


def _plain(cell: float | None) -> str | float:
    return "" if cell is None else cell
