"""The duty roster of a week: who is on duty when, in each role over each unit, who is there now, where nobody is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from accounts.models import Assignment, Person, Role, Unit
from escalation.kinds import Who
from escalation.models import Roster, Step
from escalation.models.roster import Turn

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Stretch:
    """A stretch of one day: somebody's, or nobody's."""

    begins_at: datetime
    ends_at: datetime
    who: str = ""
    is_exception: bool = False


@dataclass(frozen=True)
class Day:
    """One day of one duty."""

    on: date
    turns: list[Stretch]
    gaps: list[Stretch]


@dataclass(frozen=True)
class Duty:
    """A role over a unit, for a week."""

    role: str
    unit: Unit
    days: list[Day]
    now: list[str]
    deputies: list[str]
    is_rostered: bool

    @property
    def is_empty_now(self) -> bool:
        """Whether the roster has nobody at this instant, so that everybody in the role is told."""
        return not self.now


def roster_of(units: Iterable[Unit], *, monday: date, now: datetime) -> list[Duty]:
    """Every duty over these units in the week from this day; a fixed number of queries."""
    covered = {unit.pk: unit for unit in units}
    rows = list(Roster.objects.near(monday - timedelta(days=1), monday + WEEK).filter(unit__in=covered))
    on_duty_roles = Step.objects.filter(who=Who.ON_DUTY, is_active=True).values("role")
    held = list(
        Assignment.objects.filter(Assignment.in_force("", now), unit__in=covered, person__is_active=True)
        .filter(Q(role__in=on_duty_roles) | Q(role__in={row.role for row in rows}))
        .select_related("person")
        .prefetch_related("delegations__delegate")
        .order_by("pk")
    )
    keys = {(row.role, row.unit_id) for row in rows} | {(each.role, each.unit_id) for each in held}
    turns: dict[tuple[str, int], list[Turn]] = defaultdict(list)
    for row in rows:
        turns[row.role, row.unit_id] += row.turns(monday - timedelta(days=1), monday + WEEK - timedelta(days=1))
    people = Person.objects.in_bulk({turn.person_id for each in turns.values() for turn in each})
    ordered = sorted(keys, key=lambda key: (covered[key[1]].path, key[0]))
    return [_duty(covered[unit], role, turns[role, unit], held, people, monday, now) for role, unit in ordered]


def _duty(
    unit: Unit,
    role: str,
    turns: list[Turn],
    held: list[Assignment],
    people: dict[int, Person],
    monday: date,
    now: datetime,
) -> Duty:
    present = {turn.person_id for turn in turns if turn.begins_at <= now < turn.ends_at}
    deputies = [
        f"{stand_in.delegate.name} ({each.person.name})"
        for each in held
        if (each.role, each.unit_id) == (role, unit.pk)
        for stand_in in each.delegations.all()
        if stand_in.starts_at <= now < stand_in.ends_at
    ]
    return Duty(
        role=str(Role(role).label),
        unit=unit,
        days=[_day(monday + timedelta(days=number), turns, people) for number in range(7)],
        now=[people[pk].name for pk in sorted(present)],
        deputies=deputies,
        is_rostered=bool(turns),
    )


def _day(on: date, turns: list[Turn], people: dict[int, Person]) -> Day:
    zone = ZoneInfo(settings.BUSINESS_TIME_ZONE)
    begins = datetime.combine(on, time(0), tzinfo=zone)
    ends = datetime.combine(on + timedelta(days=1), time(0), tzinfo=zone)
    within = sorted(
        (
            Stretch(
                max(turn.begins_at, begins), min(turn.ends_at, ends), people[turn.person_id].name, turn.is_exception
            )
            for turn in turns
            if turn.begins_at < ends and begins < turn.ends_at
        ),
        key=lambda stretch: (stretch.begins_at, stretch.who),
    )
    gaps, covered_until = [], begins
    for stretch in within:
        if stretch.begins_at > covered_until:
            gaps.append(Stretch(covered_until, stretch.begins_at))
        covered_until = max(covered_until, stretch.ends_at)
    if turns and covered_until < ends:
        gaps.append(Stretch(covered_until, ends))
    return Day(on, within, gaps)
