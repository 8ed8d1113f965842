"""Finding whom to tell: a role, upwards in the organisation; never nobody (R90)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from accounts.models import Assignment, Delegation, Person, Role, Unit, known_units
from complaints.models import Ticket
from complaints.states import AWAITING_THE_UNIT, State
from escalation.kinds import Start, Who
from escalation.models import Roster, Step
from sla.models import Clock

# Who is told in place of a role that nobody holds, at the same height or above.
SENIORITY = (
    Role.UNIT_LEAD,
    Role.SUPERVISOR,
    Role.DUTY_DIRECTOR,
    Role.DIRECTOR,
    Role.DEPUTY_GENERAL_MANAGER,
)


@dataclass(frozen=True)
class Found:
    """Who is told, as what and where; `gap` when it is not whom the step names."""

    people: tuple[Person, ...]
    role: str
    unit: Unit | None
    gap: bool = False


class Finder:
    """Whom steps tell at one instant; who holds which role is read once, for however many tickets and steps."""

    def __init__(self, *, at: datetime) -> None:
        self.at = at
        self._units = known_units()
        self._known: dict[tuple[str, int, str, bool], Found] = {}
        self._held: dict[tuple[int, str], list[Assignment]] = {}

    def bring(self, roles: Iterable[str], *, starts: Iterable[Unit]) -> None:
        """Read who holds these roles, or any that stands in for one, from these units upwards; all in one go."""
        wanted = {each for role in roles for each in (role, *_above(role))}
        reach = {unit.pk for start in starts for unit in self._upwards(start)}
        lacking = [(unit, role) for unit in reach for role in wanted if (unit, role) not in self._held]
        if not lacking:
            return
        units, lacking_roles = {unit for unit, _role in lacking}, {role for _unit, role in lacking}
        self._held |= {(unit, role): [] for unit in units for role in lacking_roles}
        for each in _assignments(lacking_roles, units=units, at=self.at):
            self._held[each.unit_id, each.role].append(each)

    def whom(self, step: Step, ticket: Ticket, *, clock: Clock | None) -> Found:
        """Whom a step tells. Where nobody fits, the next level up; that is a gap."""
        if step.who == Who.OWNER:
            return _owner(ticket, holders=self.holders)
        return self.holders(
            step.role, start=start_of(step, ticket, clock), level=step.level, on_duty=step.who == Who.ON_DUTY
        )

    def holders(self, role: str, *, start: Unit, level: str = "", on_duty: bool = False) -> Found:
        """Who holds a role; see `holders`."""
        key = (role, start.pk, level, on_duty)
        if key not in self._known:
            self._known[key] = self._find(role, start=start, level=level, on_duty=on_duty)
        return self._known[key]

    def _find(self, role: str, *, start: Unit, level: str, on_duty: bool) -> Found:
        self.bring([role], starts=[start])
        upwards = self._upwards(start)
        at_level = next((unit for unit in upwards if unit.kind == level), None) if level else None
        reach = upwards[upwards.index(at_level) :] if at_level is not None else upwards
        for wanted in [role, *_above(role)]:
            for unit in reach:
                if there := self._held[unit.pk, wanted]:
                    gap = wanted != role or (level != "" and unit != at_level)
                    return Found(self._people(there, on_duty=on_duty), role=wanted, unit=unit, gap=gap)
        administrators = _assignments([Role.ADMINISTRATOR], units=None, at=self.at)
        return Found(self._people(administrators, on_duty=on_duty), role=Role.ADMINISTRATOR, unit=None, gap=True)

    def _upwards(self, start: Unit) -> list[Unit]:
        """The unit itself and all above it, nearest first."""
        ends = range(len(start.path), 0, -Unit.steplen)
        return [unit for end in ends if (unit := self._units.by_path.get(start.path[:end])) is not None]

    def _people(self, held: Sequence[Assignment], *, on_duty: bool) -> tuple[Person, ...]:
        """The holders, those on duty where the roster names any of them, and whoever stands in for one now."""
        if on_duty:
            there = [each for each in held if (each.person_id, each.role, each.unit_id) in self._on_duty]
            held = there or held
        people = {each.person_id: each.person for each in held}
        for each in held:
            people |= {stand_in.delegate_id: stand_in.delegate for stand_in in self._stand_ins.get(each.pk, ())}
        return tuple(people.values())

    @cached_property
    def _stand_ins(self) -> dict[int, list[Delegation]]:
        """Who stands in now, by the role that they stand in for; few at any time, so asked for all roles at once."""
        now = Delegation.objects.filter(starts_at__lte=self.at, ends_at__gt=self.at, delegate__is_active=True)
        by_role: dict[int, list[Delegation]] = {}
        for stand_in in now.select_related("delegate").order_by("pk"):
            by_role.setdefault(stand_in.assignment_id, []).append(stand_in)
        return by_role

    @cached_property
    def _on_duty(self) -> set[tuple[int, str, int]]:
        return {(duty.person_id, duty.role, duty.unit_id) for duty in Roster.objects.covering(self.at)}


def whom(step: Step, ticket: Ticket, *, clock: Clock | None, at: datetime) -> Found:
    """Whom a step tells at this instant. Where nobody fits, the next level up; that is a gap."""
    return Finder(at=at).whom(step, ticket, clock=clock)


def holders(role: str, *, start: Unit, level: str = "", on_duty: bool = False, at: datetime) -> Found:
    """Who holds a role at a level from this unit upwards, or at the nearest unit where no level is asked for.

    Nobody at the level: whoever holds it above. Nobody above either: who holds the next higher role, nearest first;
    in the end the administrators, so that an escalation is never dropped.
    """
    return Finder(at=at).holders(role, start=start, level=level, on_duty=on_duty)


def in_hand_of(ticket: Ticket, *, at: datetime) -> Found:
    """Who has the ticket in hand: its holder, else the lead of the unit, else the dispatchers of the desk (R32)."""
    holder = ticket.holder
    if holder is not None and holder.is_active:
        return Found((holder,), role=Who.OWNER, unit=ticket.holding_unit)
    role = Role.DISPATCHER if ticket.state == State.ACCEPTED else Role.UNIT_LEAD
    if ticket.state in AWAITING_THE_UNIT and ticket.lead_unit_id == ticket.desk_id:
        role = Role.DISPATCHER
    return holders(role, start=ticket.holding_unit, at=at)


def _owner(ticket: Ticket, *, holders: Callable[..., Found]) -> Found:
    if ticket.owner is not None and ticket.owner.is_active:
        return Found((ticket.owner,), role=Who.OWNER, unit=ticket.owner.unit)
    found = holders(Role.UNIT_LEAD, start=ticket.accepting_unit)
    return Found(found.people, role=found.role, unit=found.unit, gap=found.gap or ticket.owner is not None)


def start_of(step: Step, ticket: Ticket, clock: Clock | None) -> Unit:
    """The unit from which a step looks upwards."""
    if step.start == Start.OWNERS_UNIT:
        return (ticket.owner.unit if ticket.owner is not None else None) or ticket.accepting_unit
    if clock is not None and clock.assistance_id is not None:
        return clock.unit  # what an assisting unit owes, the unit that leads does not hold
    return ticket.holding_unit


def _above(role: str) -> tuple[str, ...]:
    """The roles that stand in for one, the lowest first."""
    return SENIORITY[SENIORITY.index(Role(role)) + 1 :] if role in SENIORITY else SENIORITY


def _assignments(roles: Iterable[str], *, units: Iterable[int] | None, at: datetime) -> list[Assignment]:
    held = Assignment.objects.filter(Assignment.in_force("", at), role__in=sorted(roles), person__is_active=True)
    if units is not None:
        held = held.filter(unit__in=sorted(units))
    return list(held.select_related("person").order_by("person_id", "pk"))
