"""The lines of a CSV file by column, one by one, the broken ones included, each with its number and what is wrong."""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _

GZIP_MAGIC = b"\x1f\x8b"
LONGEST_CELL = 1_000_000
NO_TEXT = re.compile("[\ud800-\udfff]")


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


@dataclass(slots=True, weakref_slot=True)
class Line:
    """One record of the file: the number of its first line, its cells, and what was found wrong with it so far."""

    number: int
    cells: dict[str, str]
    problems: list[Problem] = field(default_factory=list)

    def blame(self, column: str, reason: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.number, column, reason))


@dataclass(frozen=True)
class Opened:
    """A file whose header fits; its lines are read as they are asked for."""

    header: list[str]
    lines: Iterator[Line]


@contextmanager
def opened(path: Path, *, columns: set[str], encoding: str, delimiter: str) -> Iterator[Opened]:
    """The records of a file, plain or compressed, which has at least these columns.

    Raises BadFile where the header does not fit, or where the file turns out to be unreadable on the way. Bytes that do
    not belong to the encoding are kept as what cannot be text, so that they are found in their cell.
    """
    csv.field_size_limit(LONGEST_CELL)
    with _readable(path, encoding):
        raw = path.open("rb")
    with raw:
        with _readable(path, encoding):
            packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            raw.seek(0)
        stream = gzip.GzipFile(fileobj=raw) if packed else raw
        with io.TextIOWrapper(stream, encoding=encoding, errors="surrogateescape", newline="") as text:
            reader = csv.reader(text, delimiter=delimiter, strict=True)
            with _readable(path, encoding):
                header = _header(reader, columns)
            yield Opened(header, _lines(reader, header, path=path, encoding=encoding))


@contextmanager
def _readable(path: Path, encoding: str) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        raise BadFile(f"{path}: {error}") from error
    except UnicodeError as error:
        raise BadFile(_("%(path)s is not %(encoding)s text") % {"path": path, "encoding": _named(encoding)}) from error


def _named(encoding: str) -> str:
    return encoding.removesuffix("-sig")


def _header(reader: Reader, columns: set[str]) -> list[str]:
    try:
        header = [cell.strip() for cell in next(reader, [])]
    except csv.Error as error:
        raise BadFile(_("line 1 is no CSV header (%(error)s)") % {"error": error}) from error
    missing = sorted(columns - set(header))
    if missing:
        raise BadFile(
            _("line 1 lacks the column %(missing)s; it has %(header)s")
            % {"missing": ", ".join(map(repr, missing)), "header": ", ".join(map(repr, header)) or _("nothing")}
        )
    twice = sorted({column for column in columns if header.count(column) > 1})
    if twice:
        raise BadFile(_("line 1 has the column %(columns)s twice") % {"columns": ", ".join(map(repr, twice))})
    return header


def _lines(reader: Reader, header: list[str], *, path: Path, encoding: str) -> Iterator[Line]:
    while True:
        number = reader.line_num + 1
        try:
            with _readable(path, encoding):
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
        if not "".join(cells).isascii():
            for column, cell in line.cells.items():
                if NO_TEXT.search(cell):
                    line.blame(column, _("holds bytes that are not %(encoding)s text") % {"encoding": _named(encoding)})
        yield line
