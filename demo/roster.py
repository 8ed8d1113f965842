"""The duty roster of the demonstration: somebody is told of what escalates at night, too."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Assignment, Person, Unit
from escalation.models import Roster, RosterException

SHIPPED = Path(__file__).parent / "data" / "roster.toml"
WEEKS_BEFORE = 14
"""The past of the demonstration is three months long, and its nights have had somebody on duty as well."""


@transaction.atomic
def load_roster(*, today: date) -> int:
    """Put up the shipped duties from the weeks before this day on, unless there is a roster; says how many.

    Who has a duty is given its role. Each row passes the checks that a form of the configuration makes.
    """
    if Roster.objects.exists():
        return 0
    shipped = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    people = {person.username: person for person in Person.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}
    monday = today - timedelta(days=today.weekday())
    rows: list[Roster] = []
    for duty in shipped["duties"]:
        for turn in duty["turns"]:
            held = {"person": people[turn["person"]], "role": duty["role"], "unit": units[duty["unit"]]}
            Assignment.objects.get_or_create(**held)
            hours = {"weekdays": turn["days"], "starts": turn["starts"], "ends": turn["ends"]}
            row = Roster(**held, **hours, from_on=monday - timedelta(weeks=WEEKS_BEFORE))
            _put_up(row)
            rows.append(row)
    for other in shipped["exceptions"]:
        on = monday + timedelta(weeks=other["week"], days=other["day"] - 1)
        _put_up(RosterException(roster=_having(other, rows), on=on, instead=people[other["instead"]]))
    return len(rows)


def _put_up(row: Roster | RosterException) -> None:
    row.full_clean()
    row.save()


def _having(other: dict[str, Any], rows: list[Roster]) -> Roster:
    """The row whose turn somebody else has."""
    wanted = (other["person"], other["role"], other["unit"])
    return next(
        row for row in rows if (row.person.username, row.role, row.unit.code) == wanted and other["day"] in row.weekdays
    )
