from accounts.models.authority import SYSTEM, Authority, Grant
from accounts.models.people import Assignment, Delegation, Person, Role
from accounts.models.units import UNITS, Unit, UnitKind, keys_under, known_units

__all__ = [
    "SYSTEM",
    "UNITS",
    "Assignment",
    "Authority",
    "Delegation",
    "Grant",
    "Person",
    "Role",
    "Unit",
    "UnitKind",
    "keys_under",
    "known_units",
]
