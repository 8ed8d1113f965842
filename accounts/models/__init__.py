from accounts.models.authority import SYSTEM, Authority, Grant
from accounts.models.people import Assignment, Delegation, Person, Role
from accounts.models.units import Unit, UnitKind

__all__ = ["SYSTEM", "Assignment", "Authority", "Delegation", "Grant", "Person", "Role", "Unit", "UnitKind"]
