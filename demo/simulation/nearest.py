"""Who decides about what others have written or offered: the nearest above a unit who had no part in it."""

from collections.abc import Iterable

from accounts.models import Unit
from demo.simulation.company import Company
from demo.simulation.staffing import Worker


def nearest(company: Company, roles: Iterable[str], unit: Unit, *, but: frozenset[int]) -> list[Worker]:
    """Those who hold the first of these roles that anybody else holds over the unit, at it or as near above as can be.

    Raises RuntimeError where nobody does: the house is not staffed for its own rules.
    """
    upwards = [above for above in company.units.values() if unit.path.startswith(above.path)]
    upwards.sort(key=lambda above: len(above.path), reverse=True)
    for role in roles:
        for above in upwards:
            pool = [worker for worker in company.pool(role, above) if worker.person.pk not in but]
            if pool:
                return pool
    raise RuntimeError(f"nobody over {unit.code} may decide")
