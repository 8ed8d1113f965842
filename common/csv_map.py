"""What the columns of a foreign CSV file mean, written as TOML: the parts that every such map has."""

import codecs
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

ANY_OTHER = "*"


class BadMap(ValueError):
    """A map that cannot be used, with why."""


class BadValue(ValueError):
    """A value of one line that cannot be used; `field` says of what."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass(frozen=True)
class Source:
    """Where a field is read from: one column or several, joined, with something before and after where not empty."""

    columns: tuple[str, ...]
    between: str = " "
    before: str = ""
    after: str = ""

    @classmethod
    def of(cls, name: str, given: Any) -> Self:
        """What a map says about a field. Raises BadMap."""
        if isinstance(given, dict):
            refuse_unknown(given, {"columns", "between", "before", "after"}, where=name)
            rest = {key: str(value) for key, value in given.items() if key != "columns"}
            return cls(columns=cls.of(name, given.get("columns", [])).columns, **rest)
        columns = [given] if isinstance(given, str) else given
        if not isinstance(columns, list) or not columns or not all(isinstance(column, str) for column in columns):
            raise BadMap(_("%(name)s is to name a column, or several in a list") % {"name": name})
        return cls(columns=tuple(columns))

    def read(self, cells: Mapping[str, str]) -> str:
        """The text of a line for this field."""
        if len(self.columns) == 1:
            text = cells[self.columns[0]].strip()
        else:
            text = self.between.join(part for column in self.columns if (part := cells[column].strip()))
        return f"{self.before}{text}{self.after}" if text else ""


@dataclass(frozen=True)
class Shape:
    """How the file is written: its encoding, and what stands between two cells."""

    encoding: str = "utf-8-sig"
    delimiter: str = ","

    @classmethod
    def of(cls, file: Mapping[str, Any], *, encoding: str = "") -> Self:
        """What [file] says; an encoding given here wins. Raises BadMap."""
        return cls(
            encoding=_encoding(encoding or str(file.get("encoding", "utf-8"))),
            delimiter=_delimiter(str(file.get("delimiter", ","))),
        )


@dataclass(frozen=True)
class Moments:
    """How moments are written, and on which clock, if they do not say themselves."""

    zone: ZoneInfo
    format: str = ""

    @classmethod
    def of(cls, moment: Mapping[str, Any], *, default_zone: str) -> Self:
        """What [moment] says. Raises BadMap."""
        refuse_unknown(moment, {"format", "zone"}, where="[moment]")
        return cls(zone=_zone(str(moment.get("zone", default_zone))), format=str(moment.get("format", "")))

    def read(self, name: str, text: str) -> datetime:
        """An aware instant. Raises BadValue."""
        try:
            moment = datetime.strptime(text, self.format) if self.format else datetime.fromisoformat(text)  # noqa: DTZ007
        except ValueError as error:
            shape = self.format or "YYYY-MM-DD HH:MM:SS"
            raise BadValue(
                name, _("'%(text)s' is no moment of the form %(form)s") % {"text": text[:60], "form": shape}
            ) from error
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=self.zone)


@dataclass(frozen=True)
class Values:
    """What the values of a field mean here, in any letter case."""

    table: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """What a table of a map says."""
        return cls({key.casefold(): str(value) for key, value in given.items()})

    def read(self, name: str, text: str) -> str:
        """What a text of the file means. Raises BadValue for one that stands in no table."""
        value = self.table.get(text.casefold(), self.table.get(ANY_OTHER))
        if value is None:
            raise BadValue(name, _("'%(text)s' stands in no table of the map") % {"text": text[:60]})
        return value


def load_toml(path: Path) -> Mapping[str, Any]:
    """The map in a TOML file. Raises BadMap."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadMap(f"{path}: {error}") from error


def table_in(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A table of the map, empty where it is left out. Raises BadMap."""
    found = told.get(name, {})
    if not isinstance(found, dict):
        raise BadMap(_("[%(name)s] is to be a table") % {"name": name})
    return found


def refuse_unknown(found: Mapping[str, Any], known: set[str], *, where: str) -> None:
    """Refuse what nobody would read; raises BadMap."""
    unknown = sorted(set(found) - known)
    if unknown:
        raise BadMap(
            _("%(where)s has %(unknown)s, known are %(known)s")
            % {"where": where, "unknown": ", ".join(unknown), "known": ", ".join(sorted(known))}
        )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise BadMap(_("'%(zone)s' is no time zone") % {"zone": name}) from error


def _encoding(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except LookupError as error:
        raise BadMap(_("'%(encoding)s' is no encoding that is known") % {"encoding": name}) from error
    return "utf-8-sig" if found == "utf-8" else found


def _delimiter(text: str) -> str:
    if len(text) != 1:
        raise BadMap(_("the delimiter is to be one character"))
    return text
