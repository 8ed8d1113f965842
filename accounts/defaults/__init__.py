"""The shipped organisation (section 15 of the domain)."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from accounts.models import Unit

ORGANISATION = Path(__file__).parent / "organisation.toml"
NAMED_UNITS = ("dispatch_desk", "service_desk", "callback_desk", "network_team")


def organisation() -> dict[str, Any]:
    """The file as it is: `units` as a tree, `people` of the demonstration."""
    return tomllib.loads(ORGANISATION.read_text(encoding="utf-8"))


def load() -> str:
    """Create the units that are not there yet; says how many."""
    rows = list(_walk(organisation()["units"], None))
    units = {unit.code: unit for unit in Unit.objects.all()}
    created = 0
    for row, parent in rows:
        if row["code"] in units:
            continue
        facts = {name: row[name] for name in ("code", "name_zh", "name_en", "kind")}
        # Read the parent again: adding a child changes how many it knows of.
        units[row["code"]] = (
            Unit.objects.add_root(facts)
            if parent is None
            else Unit.objects.add_child(Unit.objects.get(code=parent), facts)
        )
        created += 1
    for row, _parent in rows:
        named = {f"{name}_id": units[row[name]].pk for name in NAMED_UNITS if row.get(name)}
        if named and created:
            Unit.objects.filter(code=row["code"]).update(**named)
    return f"{created} units"


def _walk(rows: list[dict[str, Any]], parent: str | None) -> Iterator[tuple[dict[str, Any], str | None]]:
    for row in rows:
        yield row, parent
        yield from _walk(row.get("children", []), row["code"])
