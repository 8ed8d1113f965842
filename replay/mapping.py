"""The map of an event log: what its columns and its activities mean, and which limits it is held to, as TOML.

`demo/data/uci_incident_map.toml` is one, with every part explained.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from common.csv_map import BadMap, Moments, Shape, Source, Values, load_toml, refuse_unknown, table_in
from replay.terms import Book, book_of
from replay.words import Verdict, Word
from sla.kinds import Kind

INDISPENSABLE = ("case", "activity", "at")
FACING = ("scope", "category", "urgency", "brand", "tier", "medium")
"""The fields by which a policy is chosen (R27)."""
COUNTED = ("reopenings", "reassignments")
"""What the log itself counts, so far, in each line."""
FIELDS = (*INDISPENSABLE, "raised_at", "unit", "person", *FACING, *COUNTED, "verdict")
PLAYED = (Kind.DISPATCH, Kind.HANDLE, Kind.REPLY, Kind.CONCLUDE, Kind.CALLBACK)
PARTS = {"file", "columns", "moment", "activities", "values", "judged", "calendars", "quiet_hours", "policies"}


@dataclass(frozen=True)
class Map:
    """What a log means. `book` is None where the desk's own policies are to hold."""

    fields: Mapping[str, Source]
    values: Mapping[str, Values]
    moments: Moments
    shape: Shape
    missing: frozenset[str]
    is_sorted: bool
    judged: str
    book: Book | None

    @property
    def columns(self) -> set[str]:
        """All columns that the map reads."""
        return {column for source in self.fields.values() for column in source.columns}

    def columns_of(self, name: str) -> str:
        """The columns behind a field, as a person names them."""
        return ", ".join(self.fields[name].columns)

    def read(self, name: str, cells: Mapping[str, str]) -> str:
        """The value of a field that the map has, in one line; empty where it is missing. Raises BadValue."""
        text = self.fields[name].read(cells)
        if not text or text in self.missing:
            return ""
        return self.values[name].read(name, text) if name in self.values else text


def load(path: Path, *, encoding: str = "") -> Map:
    """The map in a TOML file; an encoding given here wins. Raises BadMap."""
    told = load_toml(path)
    refuse_unknown(told, PARTS, where=_("the map"))
    file, columns, values = table_in(told, "file"), table_in(told, "columns"), dict(table_in(told, "values"))
    refuse_unknown(file, {"encoding", "delimiter", "missing", "sorted_by_case"}, where="[file]")
    refuse_unknown(columns, set(FIELDS), where="[columns]")
    refuse_unknown(values, {*FACING, "verdict"}, where="[values]")
    absent = [name for name in INDISPENSABLE if name not in columns]
    if absent:
        raise BadMap(_("[columns] lacks %(fields)s") % {"fields": ", ".join(absent)})
    tables = {name: Values.of(table_in(values, name)) for name in values}
    tables["activity"] = _one_of(Word, table_in(told, "activities"), where="[activities]")
    if "verdict" in columns:
        tables["verdict"] = _one_of(Verdict, table_in(values, "verdict"), where="[values.verdict]")
    judged = table_in(told, "judged")
    refuse_unknown(judged, {"clock"}, where="[judged]")
    clock = str(judged.get("clock", Kind.REPLY))
    if clock not in PLAYED:
        raise BadMap(
            _("[judged] has the clock %(clock)s, known are %(known)s") % {"clock": clock, "known": ", ".join(PLAYED)}
        )
    return Map(
        fields={name: Source.of(name, given) for name, given in columns.items()},
        values=tables,
        moments=Moments.of(table_in(told, "moment"), default_zone=settings.BUSINESS_TIME_ZONE),
        shape=Shape.of(file, encoding=encoding),
        missing=frozenset(str(word) for word in file.get("missing", [])),
        is_sorted=bool(file.get("sorted_by_case", False)),
        judged=clock,
        book=book_of(told) if "policies" in told else None,
    )


def _one_of(words: type[Word] | type[Verdict], given: Mapping[str, Any], *, where: str) -> Values:
    """A table whose meanings are words that we know. Raises BadMap."""
    if not given:
        raise BadMap(_("%(where)s is missing or empty") % {"where": where})
    known = [word.value for word in words]
    unknown = sorted({str(meaning) for meaning in given.values()} - set(known))
    if unknown:
        raise BadMap(
            _("%(where)s has %(unknown)s, known are %(known)s")
            % {"where": where, "unknown": ", ".join(unknown), "known": ", ".join(known)}
        )
    return Values.of(given)
