"""The map of an import: which column is which field of a ticket, written as TOML.

`demo/data/comcast_map.toml` is one, with every part explained.
"""

import codecs
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

FIELDS = (
    "external_id",
    "number",
    "name",
    "happened",
    "wanted",
    "raised_at",
    "category",
    "nature",
    "medium",
    "urgency",
    "addressee",
    "preferred_medium",
    "contact_number",
    "recording",
    "duplicate_reason",
)
INDISPENSABLE = ("external_id", "number", "happened", "category")
WITH_A_TABLE = ("category", "nature", "medium", "urgency", "addressee", "preferred_medium")
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

    def read(self, cells: Mapping[str, str]) -> str:
        """The text of a line for this field."""
        text = self.between.join(part for column in self.columns if (part := cells[column].strip()))
        return f"{self.before}{text}{self.after}" if text else ""


@dataclass(frozen=True)
class Map:
    """What the columns of a file mean."""

    fields: Mapping[str, Source]
    record: Mapping[str, Source] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    record_defaults: Mapping[str, str] = field(default_factory=dict)
    moment_format: str = ""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(settings.BUSINESS_TIME_ZONE))
    encoding: str = "utf-8"
    delimiter: str = ","

    @property
    def columns(self) -> set[str]:
        """All columns that the map reads."""
        return {column for source in [*self.fields.values(), *self.record.values()] for column in source.columns}

    @property
    def encoding_name(self) -> str:
        """The encoding as people call it."""
        return self.encoding.removesuffix("-sig")

    def columns_of(self, name: str) -> str:
        """The columns behind a field or `record.code`, as a person names them; the field's name where there is none."""
        source = self.record.get(name.removeprefix("record.")) if "." in name else self.fields.get(name)
        return ", ".join(source.columns) if source else name

    def read(self, name: str, cells: Mapping[str, str]) -> str:
        """The value of a field in one line: from its columns, by its table, or the default. Raises BadValue."""
        text = self.fields[name].read(cells) if name in self.fields else ""
        if not text:
            return self.defaults.get(name, "")
        table = self.values.get(name)
        if table is None:
            return text
        value = table.get(text.casefold(), table.get(ANY_OTHER))
        if value is None:
            raise BadValue(name, _("'%(text)s' stands in no table of the map") % {"text": text[:60]})
        return value

    def read_moment(self, cells: Mapping[str, str]) -> datetime | None:
        """When the matter was raised; None where the file does not say. Raises BadValue."""
        text = self.read("raised_at", cells)
        if not text:
            return None
        try:
            moment = self._parsed(text)
        except ValueError as error:
            shape = self.moment_format or "YYYY-MM-DD HH:MM:SS"
            raise BadValue(
                "raised_at", _("'%(text)s' is no moment of the form %(form)s") % {"text": text[:60], "form": shape}
            ) from error
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=self.zone)

    def _parsed(self, text: str) -> datetime:
        if not self.moment_format:
            return datetime.fromisoformat(text)
        return datetime.strptime(text, self.moment_format)  # noqa: DTZ007

    def read_record(self, asked: Mapping[str, Any], cells: Mapping[str, str]) -> dict[str, str]:
        """The values of the fields that a category asks for, as far as the file and the defaults have them."""
        found = {}
        for code in asked:
            text = self.record[code].read(cells) if code in self.record else ""
            found[code] = text or self.record_defaults.get(code, "")
        return found


def load(path: Path, *, encoding: str = "") -> Map:
    """The map in a TOML file; an encoding given here wins. Raises BadMap."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadMap(f"{path}: {error}") from error
    return _checked(told, encoding=encoding)


def _checked(told: Mapping[str, Any], *, encoding: str) -> Map:
    _refuse_unknown(told, {"file", "columns", "record", "values", "defaults", "moment"}, where=_("the map"))
    file, moment = _table(told, "file"), _table(told, "moment")
    _refuse_unknown(file, {"encoding", "delimiter"}, where="[file]")
    _refuse_unknown(moment, {"format", "zone"}, where="[moment]")
    columns, values, defaults = _table(told, "columns"), _table(told, "values"), _table(told, "defaults")
    _refuse_unknown(columns, set(FIELDS), where="[columns]")
    _refuse_unknown(values, set(WITH_A_TABLE), where="[values]")
    _refuse_unknown(defaults, {*FIELDS, "record"} - {"external_id", "raised_at"}, where="[defaults]")
    missing = [name for name in INDISPENSABLE if name not in columns and name not in defaults]
    if missing:
        raise BadMap(_("[columns] lacks %(fields)s") % {"fields": ", ".join(missing)})
    return Map(
        fields={name: _source(name, given) for name, given in columns.items()},
        record={code: _source(code, given) for code, given in _table(told, "record").items()},
        values={name: {key.casefold(): str(value) for key, value in _table(values, name).items()} for name in values},
        defaults={name: str(value) for name, value in defaults.items() if name != "record"},
        record_defaults={code: str(value) for code, value in _table(defaults, "record").items()},
        moment_format=str(moment.get("format", "")),
        zone=_zone(str(moment.get("zone", settings.BUSINESS_TIME_ZONE))),
        encoding=_encoding(encoding or str(file.get("encoding", "utf-8"))),
        delimiter=_delimiter(str(file.get("delimiter", ","))),
    )


def _table(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name, {})
    if not isinstance(found, dict):
        raise BadMap(_("[%(name)s] is to be a table") % {"name": name})
    return found


def _refuse_unknown(found: Mapping[str, Any], known: set[str], *, where: str) -> None:
    unknown = sorted(set(found) - known)
    if unknown:
        raise BadMap(
            _("%(where)s has %(unknown)s, known are %(known)s")
            % {"where": where, "unknown": ", ".join(unknown), "known": ", ".join(sorted(known))}
        )


def _source(name: str, given: Any) -> Source:
    if isinstance(given, dict):
        _refuse_unknown(given, {"columns", "between", "before", "after"}, where=name)
        rest = {key: str(value) for key, value in given.items() if key != "columns"}
        return Source(columns=_source(name, given.get("columns", [])).columns, **rest)
    columns = [given] if isinstance(given, str) else given
    if not isinstance(columns, list) or not columns or not all(isinstance(column, str) for column in columns):
        raise BadMap(_("%(name)s is to name a column, or several in a list") % {"name": name})
    return Source(columns=tuple(columns))


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
