"""The lines of a CSV file by column, the broken ones included, each with its number and what is wrong with it."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _

from demo.importing.mapping import Map

GZIP_MAGIC = b"\x1f\x8b"
LONGEST_CELL = 1_000_000


class Reader(Protocol):
    """What `csv.reader` makes: records one by one, and how many lines of the file they took."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


class BadFile(ValueError):
    """A file of which no line can be used, with why."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one line: in which column, where one is to blame, and why."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = _("line %(line)d") % {"line": self.line}
        if self.column:
            where = _("line %(line)d, column '%(column)s'") % {"line": self.line, "column": self.column}
        return f"{where}: {self.reason}"


@dataclass
class Line:
    """One record of the file: the number of its first line, its cells, and what was found wrong with it so far."""

    number: int
    cells: dict[str, str]
    problems: list[Problem] = field(default_factory=list)

    def blame(self, column: str, reason: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.number, column, reason))


@dataclass(frozen=True)
class Table:
    """A file read to its end."""

    header: list[str]
    lines: list[Line]


def read(path: Path, meaning: Map) -> Table:
    """All records of a file, plain or compressed. Raises BadFile where the header does not fit or nothing is readable.

    Bytes that do not belong to the encoding are kept as what cannot be text, so that they are found in their cell.
    """
    csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            raw.seek(0)
            stream = gzip.GzipFile(fileobj=raw) if packed else raw
            with io.TextIOWrapper(stream, encoding=meaning.encoding, errors="surrogateescape", newline="") as text:
                reader = csv.reader(text, delimiter=meaning.delimiter, strict=True)
                header = _header(reader, meaning)
                return Table(header=header, lines=list(_lines(reader, header, meaning)))
    except (OSError, EOFError, zlib.error) as error:
        raise BadFile(f"{path}: {error}") from error
    except UnicodeError as error:
        raise BadFile(
            _("%(path)s is not %(encoding)s text") % {"path": path, "encoding": meaning.encoding_name}
        ) from error


def _header(reader: Reader, meaning: Map) -> list[str]:
    try:
        header = [cell.strip() for cell in next(reader, [])]
    except csv.Error as error:
        raise BadFile(_("line 1 is no CSV header (%(error)s)") % {"error": error}) from error
    missing = sorted(meaning.columns - set(header))
    if missing:
        raise BadFile(
            _("line 1 lacks the column %(missing)s; it has %(header)s")
            % {"missing": ", ".join(map(repr, missing)), "header": ", ".join(map(repr, header)) or _("nothing")}
        )
    twice = sorted({column for column in meaning.columns if header.count(column) > 1})
    if twice:
        raise BadFile(_("line 1 has the column %(columns)s twice") % {"columns": ", ".join(map(repr, twice))})
    return header


def _lines(reader: Reader, header: list[str], meaning: Map) -> Iterator[Line]:
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            line = Line(number, {})
            line.blame("", _("is no CSV record (%(error)s)") % {"error": error})
            yield line
            continue
        if cells is None:
            return
        if not cells:
            continue
        line = Line(number, dict(zip(header, cells, strict=False)))
        if len(cells) != len(header):
            line.blame(
                "", _("has %(found)d cells, the header has %(wanted)d") % {"found": len(cells), "wanted": len(header)}
            )
        for column, cell in line.cells.items():
            if any("\ud800" <= character <= "\udfff" for character in cell):
                line.blame(
                    column, _("holds bytes that are not %(encoding)s text") % {"encoding": meaning.encoding_name}
                )
        yield line
