"""What somebody may do at an instant: plain values, decided without a query."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models.units import Unit


@dataclass(frozen=True)
class Grant:
    """A role over a subtree of the organisation, one's own or held for somebody else."""

    role: str
    path: str
    unit_id: int
    person_id: int


@dataclass(frozen=True)
class Authority:
    """The grants in force for one person at one instant."""

    person_id: int | None
    grants: tuple[Grant, ...] = ()
    is_system: bool = False
    persons: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        own = {self.person_id} if self.person_id is not None else set()
        object.__setattr__(self, "persons", frozenset(own | {grant.person_id for grant in self.grants}))

    def holds(self, *roles: str, over: "Unit | None" = None) -> bool:
        """Whether one of these roles is held, over this unit where one is given. The system holds every role."""
        if self.is_system:
            return True
        return any(grant.role in roles and (over is None or over.path.startswith(grant.path)) for grant in self.grants)

    def holds_over_any(self, roles: Iterable[str], units: "Iterable[Unit | None]") -> bool:
        """Whether one of these roles is held over one of these units."""
        wanted = tuple(roles)
        return self.is_system or any(self.holds(*wanted, over=unit) for unit in units if unit is not None)

    def is_or_stands_in_for(self, person_id: int | None, *roles: str) -> bool:
        """Whether this is that person, or their delegate in one of these roles (any role when none is named)."""
        if self.is_system or (person_id is not None and person_id == self.person_id):
            return True
        return any(
            grant.person_id == person_id and (not roles or grant.role in roles)
            for grant in self.grants
            if person_id is not None
        )

    def paths(self, *roles: str) -> list[str]:
        """Where in the tree one of these roles is held."""
        return sorted({grant.path for grant in self.grants if grant.role in roles})


SYSTEM = Authority(person_id=None, is_system=True)
