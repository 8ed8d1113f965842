"""A file of tickets, read to its end before any of it is taken in."""

from dataclasses import dataclass
from pathlib import Path

from common.csv_lines import BadFile, Line, Problem, opened
from demo.importing.mapping import Map

__all__ = ["BadFile", "Line", "Problem", "Table", "read"]


@dataclass(frozen=True)
class Table:
    """A file read to its end."""

    header: list[str]
    lines: list[Line]


def read(path: Path, meaning: Map) -> Table:
    """All records of a file. Raises BadFile where the header does not fit or nothing is readable."""
    with opened(
        path, columns=meaning.columns, encoding=meaning.shape.encoding, delimiter=meaning.shape.delimiter
    ) as file:
        return Table(header=file.header, lines=list(file.lines))
