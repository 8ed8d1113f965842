"""Accepting the lines of a file, each like a contact in which nobody of ours was involved (R13)."""

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Unit
from common.origin import origin
from common.refusals import Malformed, Refusal
from common.text import inert
from complaints.actions.acceptance import Contacting, Matters
from complaints.actions.callers import Caller, accept_from
from complaints.models import Category, Ticket
from complaints.states import Addressee, Medium, Nature
from demo.importing.mapping import PLAIN, BadValue, Map
from demo.importing.reading import Line, Problem, Table

SHIPPED_VALUES = {"nature": Nature.COMPLAINT, "medium": Medium.WEB, "addressee": Addressee.CENTRE}
IDS_AT_ONCE = 1_000


class NothingTakenIn(Exception):
    """Lines were bad, so none was taken in; `problems` names each."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(_("nothing was taken in"))
        self.problems = problems


class _Undo(Exception):
    """Ends a trial: everything is taken back."""


@dataclass
class Tally:
    """What became of the lines."""

    taken_in: int = 0
    here_already: int = 0
    bad: list[Line] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        """All that is wrong, in the order of the file."""
        return [problem for line in self.bad for problem in line.problems]


def take_in(
    table: Table,
    *,
    meaning: Map,
    unit: Unit,
    at: datetime,
    set_aside: Callable[[list[Line]], object] | None = None,
    trial: bool = False,
    progress: Callable[[], object] = lambda: None,
) -> Tally:
    """Accept all lines of a file in one transaction; those that are here already, by external id, are left alone.

    Bad lines are handed to `set_aside` before anything is final. Raises NothingTakenIn where there are some and nobody
    takes them. A trial changes nothing.
    """
    tally = Tally()
    try:
        with transaction.atomic(), origin("import"):
            _take_in_lines(table, tally, meaning=meaning, unit=unit, at=at, progress=progress)
            if set_aside is not None:
                set_aside(tally.bad)
            elif tally.bad:
                raise NothingTakenIn(tally.problems)
            if trial:
                raise _Undo
    except _Undo:
        pass
    return tally


def _take_in_lines(
    table: Table, tally: Tally, *, meaning: Map, unit: Unit, at: datetime, progress: Callable[[], object]
) -> None:
    categories = {category.code: category for category in Category.objects.all()}
    seen: dict[str, int] = {}
    here = _here_already(table, meaning)
    for line in table.lines:
        external_id = _external_id(line, meaning=meaning, seen=seen)
        if external_id in here and not line.problems:
            tally.here_already += 1
        elif not line.problems and _accept(
            line, external_id=external_id, meaning=meaning, categories=categories, unit=unit, at=at
        ):
            tally.taken_in += 1
        else:
            tally.bad.append(line)
        progress()


def _here_already(table: Table, meaning: Map) -> set[str]:
    ids = [meaning.read("external_id", line.cells) for line in table.lines if not line.problems]
    here: set[str] = set()
    for start in range(0, len(ids), IDS_AT_ONCE):
        asked = [given for given in ids[start : start + IDS_AT_ONCE] if "\x00" not in given]
        known = Ticket.objects.filter(external_id__in=asked)
        here.update(external_id for external_id in known.values_list("external_id", flat=True) if external_id)
    return here


def _external_id(line: Line, *, meaning: Map, seen: dict[str, int]) -> str:
    if line.problems:
        return ""
    external_id = meaning.read("external_id", line.cells)
    column = meaning.columns_of("external_id")
    if not external_id:
        line.blame(column, _("is empty, so the line could not be told from others"))
    elif external_id in seen:
        line.blame(column, _("stands in line %(line)d already") % {"line": seen[external_id]})
    seen.setdefault(external_id, line.number)
    return external_id


def _accept(
    line: Line, *, external_id: str, meaning: Map, categories: dict[str, Category], unit: Unit, at: datetime
) -> bool:
    """Accept one line; where it is refused the line takes the blame, by column."""
    try:
        values = dict(_values(line, meaning))
        category = categories.get(values["category"])
        if category is None:
            raise BadValue("category", _("there is no category '%(code)s'") % {"code": values["category"][:60]})
        raised_at = meaning.read_moment(line.cells)
    except BadValue as problem:
        line.blame(meaning.columns_of(problem.field), problem.reason)
        return False
    try:
        accept_from(
            Caller(number=values["number"], name=values["name"]),
            matter=Matters(
                category=category,
                record=meaning.read_record({asked["code"]: asked for asked in category.required_fields}, line.cells),
                **{
                    name: values[name]
                    for name in ("happened", "wanted", "nature", "medium", "addressee", "urgency", "recording")
                },
            ),
            contacting=Contacting(number=values["contact_number"], preferred_medium=values["preferred_medium"]),
            unit=unit,
            by=None,
            at=at,
            raised_at=raised_at,
            duplicate_reason=values["duplicate_reason"],
            external_id=external_id,
        )
    except Malformed as refusal:
        for name, reasons in refusal.errors.items():
            line.blame(meaning.columns_of(name), " ".join(reasons))
        return False
    except Refusal as refusal:
        line.blame("", refusal.message)
        return False
    return True


def _values(line: Line, meaning: Map) -> Iterator[tuple[str, str]]:
    """Every plain field of the line. Raises BadValue."""
    for name in PLAIN:
        yield name, meaning.read(name, line.cells) or SHIPPED_VALUES.get(name, "")


def write_rejects(path: Path, table: Table, bad: list[Line]) -> None:
    """The bad lines as a CSV of their own: line, column, reason, and the cells as they were, harmless in spreadsheets.

    Readable by its owner only, since it holds what customers said.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "column", "reason", *map(inert, table.header)])
        for line in bad:
            told: list[Any] = [
                line.number,
                "; ".join(problem.column for problem in line.problems),
                "; ".join(problem.reason for problem in line.problems),
            ]
            cells = [line.cells.get(column, "") for column in table.header]
            writer.writerow([inert(str(cell)) for cell in [*told, *cells]])
