"""The shipped authority levels: an agent 50 yuan, a unit lead 500, a director 5,000 (section 15)."""

from decimal import Decimal

from accounts.models import Role
from approvals.models import AuthorityLevel, SolutionKind

LEVELS: dict[str, Decimal | None] = {
    Role.AGENT: Decimal(50),
    Role.EXPERT: Decimal(50),
    Role.HANDLER: Decimal(50),
    Role.UNIT_LEAD: Decimal(500),
    Role.BRANCH_CONTACT: Decimal(500),
    Role.DIRECTOR: Decimal(5000),
    Role.DEPUTY_GENERAL_MANAGER: None,
}


def load() -> str:
    """Create the levels that are missing; says how many."""
    created = 0
    for kind in SolutionKind:
        for role, up_to in LEVELS.items():
            created += AuthorityLevel.objects.get_or_create(role=role, kind=kind, defaults={"up_to": up_to})[1]
    return f"{created} authority levels"
