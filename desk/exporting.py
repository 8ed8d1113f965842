"""Tickets as a file: the ones that a filter shows to a person, column by column, in bounded memory."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime

import xlsxwriter
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import override

from common.apart import apart
from common.text import inert
from complaints.models import Ticket
from complaints.querysets import TicketQuerySet
from desk.columns import COLUMNS
from desk.filters import Filter
from lists.actions import digest
from lists.models import Export, Format, Stage

AT_ONCE = 1_000
"""More rows than these are made by a worker."""
MOST = 100_000
CHUNK = 500
BYTE_ORDER_MARK = "\ufeff"
SET_ASIDE_AS = "export"


def chosen_by(query: str, tickets: TicketQuerySet, at: datetime) -> TicketQuerySet:
    """The tickets that the address of a list shows."""
    return Filter(QueryDict(query)).apply(tickets, at)


def make_next(at: datetime) -> bool:
    """Make the file that waits longest and that nobody else is making; says whether there was one.

    Its row stays locked meanwhile: a worker that dies leaves it waiting for the next one.
    """
    with transaction.atomic():
        export = (
            Export.objects.filter(stage=Stage.WAITING)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("person")
            .order_by("ordered_at", "pk")
            .first()
        )
        if export is None:
            return False
        with apart(SET_ASIDE_AS, export.pk, now=at):
            _fill(export, at)
        Export.objects.filter(pk=export.pk, stage=Stage.WAITING).update(stage=Stage.FAILED)
        return True


def _fill(export: Export, at: datetime) -> None:
    tickets = chosen_by(export.query, Ticket.objects.visible_to(export.person, at), at)
    with override(export.language):
        export.content, export.rows = WRITERS[export.format](tickets)
    export.grants = digest(export.person.authority(at))
    export.ready_at, export.stage = at, Stage.READY
    export.save(update_fields=["content", "rows", "grants", "ready_at", "stage"])


def as_csv(tickets: TicketQuerySet) -> tuple[bytes, int]:
    """UTF-8 with a byte order mark, so that spreadsheets read Chinese; cells that look like formulas are inert."""
    out = io.StringIO(newline="")
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    writer.writerow([str(column.label) for column in COLUMNS if column.cell])
    rows = 0
    for rows, line in enumerate(_lines(tickets), start=1):  # noqa: B007 (counted)
        writer.writerow(line)
    return out.getvalue().encode(), rows


def as_xlsx(tickets: TicketQuerySet) -> tuple[bytes, int]:
    """One sheet, every cell written as text."""
    out = io.BytesIO()
    rows = 0
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for place, column in enumerate(column for column in COLUMNS if column.cell):
            sheet.write_string(0, place, str(column.label), bold)
        sheet.freeze_panes(1, 2)
        for rows, line in enumerate(_lines(tickets), start=1):
            for place, cell in enumerate(line):
                sheet.write_string(rows, place, cell)
    return out.getvalue(), rows


WRITERS: dict[str, Callable[[TicketQuerySet], tuple[bytes, int]]] = {Format.CSV: as_csv, Format.XLSX: as_xlsx}
CONTENT_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _lines(tickets: TicketQuerySet) -> Iterator[list[str]]:
    """Newest first, a chunk at a time from where the last one ended."""
    rest = tickets.order_by("-pk").with_people()
    below: int | None = None
    for _chunk in range(MOST // CHUNK):
        chunk = list((rest if below is None else rest.filter(pk__lt=below))[:CHUNK])
        for ticket in chunk:
            yield [inert(str(column.cell(ticket))) for column in COLUMNS if column.cell]
        if len(chunk) < CHUNK:
            return
        below = chunk[-1].pk
