"""What happens to customers' flags, as told to whoever follows it."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Person
from customers.models import Flag


@dataclass(frozen=True)
class FlagRaised:
    """A customer is watched from now on; `by` is None for the system."""

    flag: Flag
    by: Person | None
    at: datetime


@dataclass(frozen=True)
class FlagLifted:
    """A customer is watched no longer for this reason."""

    flag: Flag
    by: Person | None
    at: datetime


@dataclass(frozen=True)
class Regraded:
    """Tier or brand of customers is another one now, as told by the operator's own systems (R14, R27)."""

    customers: tuple[int, ...]
    at: datetime
