"""The map of an import: which column is which field of a ticket, written as TOML.

`demo/data/comcast_map.toml` is one, with every part explained.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from common.csv_map import BadMap, BadValue, Moments, Shape, Source, Values, load_toml, refuse_unknown, table_in

__all__ = ["BadMap", "BadValue", "Map", "load"]

PLAIN = (
    "number",
    "name",
    "happened",
    "wanted",
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
"""What is taken as it stands, through its table at most."""
FIELDS = ("external_id", "raised_at", *PLAIN)
INDISPENSABLE = ("external_id", "number", "happened", "category")
WITH_A_TABLE = ("category", "nature", "medium", "urgency", "addressee", "preferred_medium")


@dataclass(frozen=True)
class Map:
    """What the columns of a file mean."""

    fields: Mapping[str, Source]
    record: Mapping[str, Source] = field(default_factory=dict)
    values: Mapping[str, Values] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    record_defaults: Mapping[str, str] = field(default_factory=dict)
    moments: Moments = field(default_factory=lambda: Moments(ZoneInfo(settings.BUSINESS_TIME_ZONE)))
    shape: Shape = field(default_factory=Shape)

    @property
    def columns(self) -> set[str]:
        """All columns that the map reads."""
        return {column for source in [*self.fields.values(), *self.record.values()] for column in source.columns}

    def columns_of(self, name: str) -> str:
        """The columns behind a field or `record.code`, as a person names them; the field's name where there is none."""
        source = self.record.get(name.removeprefix("record.")) if "." in name else self.fields.get(name)
        return ", ".join(source.columns) if source else name

    def read(self, name: str, cells: Mapping[str, str]) -> str:
        """The value of a field in one line: from its columns, by its table, or the default. Raises BadValue."""
        text = self.fields[name].read(cells) if name in self.fields else ""
        if not text:
            return self.defaults.get(name, "")
        return self.values[name].read(name, text) if name in self.values else text

    def read_moment(self, cells: Mapping[str, str]) -> datetime | None:
        """When the matter was raised; None where the file does not say. Raises BadValue."""
        text = self.read("raised_at", cells)
        return self.moments.read("raised_at", text) if text else None

    def read_record(self, asked: Mapping[str, Any], cells: Mapping[str, str]) -> dict[str, str]:
        """The values of the fields that a category asks for, as far as the file and the defaults have them."""
        found = {}
        for code in asked:
            text = self.record[code].read(cells) if code in self.record else ""
            found[code] = text or self.record_defaults.get(code, "")
        return found


def load(path: Path, *, encoding: str = "") -> Map:
    """The map in a TOML file; an encoding given here wins. Raises BadMap."""
    told = load_toml(path)
    refuse_unknown(told, {"file", "columns", "record", "values", "defaults", "moment"}, where=_("the map"))
    file = table_in(told, "file")
    refuse_unknown(file, {"encoding", "delimiter"}, where="[file]")
    columns, values, defaults = table_in(told, "columns"), table_in(told, "values"), table_in(told, "defaults")
    refuse_unknown(columns, set(FIELDS), where="[columns]")
    refuse_unknown(values, set(WITH_A_TABLE), where="[values]")
    refuse_unknown(defaults, {*FIELDS, "record"} - {"external_id", "raised_at"}, where="[defaults]")
    missing = [name for name in INDISPENSABLE if name not in columns and name not in defaults]
    if missing:
        raise BadMap(_("[columns] lacks %(fields)s") % {"fields": ", ".join(missing)})
    return Map(
        fields={name: Source.of(name, given) for name, given in columns.items()},
        record={code: Source.of(code, given) for code, given in table_in(told, "record").items()},
        values={name: Values.of(table_in(values, name)) for name in values},
        defaults={name: str(value) for name, value in defaults.items() if name != "record"},
        record_defaults={code: str(value) for code, value in table_in(defaults, "record").items()},
        moments=Moments.of(table_in(told, "moment"), default_zone=settings.BUSINESS_TIME_ZONE),
        shape=Shape.of(file, encoding=encoding),
    )
