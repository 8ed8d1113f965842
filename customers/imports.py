"""Customers from a CSV file: every cell is checked before the first row is kept."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import Person, Unit
from common.refusals import Malformed
from common.text import refuse_control_characters, tidy
from customers.facts import Facts
from customers.models import Customer
from customers.numbers import plain_number

COLUMNS = ("number", "name", "identity_number", "brand", "tier", "manager", "branch", "address", "language")


@dataclass(frozen=True)
class BadCell:
    """What is wrong, and where; the first line of the file is line 1."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = _("line %(line)d") % {"line": self.line}
        return f"{where}, {self.column}: {self.reason}" if self.column else f"{where}: {self.reason}"


class BadFile(Exception):
    """The file cannot be taken in; `cells` says all that is wrong with it."""

    def __init__(self, cells: list[BadCell]) -> None:
        super().__init__("\n".join(map(str, cells)))
        self.cells = cells


def read_customers(content: bytes, *, encoding: str = "utf-8-sig") -> list[Facts]:
    """The customers of a CSV file with a header line. Raises BadFile with every bad cell.

    What has no column is not known and stays as it is; so do tier, manager and branch where their cell is empty, while
    any other empty cell empties the fact. Managers are given by login, branches by code.
    """
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        reason = _("this is not %(encoding)s text") % {"encoding": encoding}
        raise BadFile([BadCell(content[: error.start].count(b"\n") + 1, "", reason)]) from error
    lines = _lines(text)
    _line, header = next(lines, (1, []))
    columns = [name.strip() for name in header]
    _check_header(columns)
    reader = _Reader(columns)
    for line, cells in lines:
        reader.read(line, cells)
    if reader.bad:
        raise BadFile(reader.bad)
    return reader.rows


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins; empty lines are passed by. Raises BadFile where it is no CSV."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BadFile([BadCell(begins, "", str(error))]) from error


def _check_header(columns: list[str]) -> None:
    bad = [BadCell(1, name or "?", _("no such column")) for name in columns if name not in COLUMNS]
    bad += [BadCell(1, name, _("this column stands twice")) for name in set(columns) if columns.count(name) > 1]
    if "number" not in columns:
        bad.append(BadCell(1, "number", _("this column is missing")))
    if bad:
        raise BadFile(bad)


class _Reader:
    """Reads row after row and gathers what is wrong."""

    def __init__(self, columns: list[str]) -> None:
        self.columns = columns
        self.rows: list[Facts] = []
        self.bad: list[BadCell] = []
        self._seen: dict[str, int] = {}
        self._people = {person.username: person for person in Person.objects.filter(is_active=True)}
        self._units = {unit.code: unit for unit in Unit.objects.all()}

    def read(self, line: int, cells: list[str]) -> None:
        """Take in one row, or note each of its bad cells."""
        if len(cells) != len(self.columns):
            reason = _("%(count)d cells instead of %(wanted)d") % {"count": len(cells), "wanted": len(self.columns)}
            self.bad.append(BadCell(line, "", reason))
            return
        known: dict[str, Any] = {}
        for column, cell in zip(self.columns, cells, strict=True):
            try:
                known[column] = self._value(column, tidy(cell))
            except ValidationError as error:
                self.bad.append(BadCell(line, column, " ".join(error.messages)))
            except Malformed as error:
                self.bad.append(BadCell(line, column, error.message))
        number = known.get("number")
        if number is None:
            return
        if number in self._seen:
            reason = _("this number stands on line %(line)d already") % {"line": self._seen[number]}
            self.bad.append(BadCell(line, "number", reason))
        self._seen.setdefault(number, line)
        self.rows.append(Facts(**known))

    def _value(self, column: str, text: str) -> Any:
        """What a cell says. Raises ValidationError or Malformed."""
        if column == "number":
            return plain_number(text)
        if column == "manager":
            return self._named(self._people, text, _("nobody has this login: %(text)s"))
        if column == "branch":
            return self._named(self._units, text, _("no unit has this code: %(text)s"))
        if column == "tier" and not text:
            return None
        refuse_control_characters(text)
        field = Customer._meta.get_field(column)
        assert isinstance(field, models.Field)
        return field.clean(text, None)

    @staticmethod
    def _named(known: dict[str, Any], text: str, unknown: str) -> Any:
        if not text:
            return None
        if text not in known:
            raise ValidationError(unknown % {"text": text})
        return known[text]
