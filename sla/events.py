"""What happens to clocks, as told to whoever follows them. Each is published in the transaction in which it happens."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Person
from complaints.models import Ticket
from sla.models import Clock


@dataclass(frozen=True)
class ClockEvent:
    """Something happened to a clock; `at` is when it was noticed or done, by whom (None: the system)."""

    clock: Clock
    at: datetime
    by: Person | None = None

    @property
    def ticket(self) -> Ticket:
        """The ticket whose obligation the clock measures."""
        return self.clock.ticket


@dataclass(frozen=True)
class ClockStarted(ClockEvent):
    """An obligation arose."""


@dataclass(frozen=True)
class Warned(ClockEvent):
    """So much of the limit has passed; `planned_at` is when that was, `at` when it was noticed (R2A)."""

    planned_at: datetime | None = None


@dataclass(frozen=True)
class Breached(ClockEvent):
    """An obligation was missed; `broke_at` is when, `at` when it was noticed (R2A)."""

    broke_at: datetime | None = None


@dataclass(frozen=True)
class ClockHeld(ClockEvent):
    """A clock stands still, and its ladder with it (R6)."""


@dataclass(frozen=True)
class ClockResumed(ClockEvent):
    """A clock runs again after a hold; its due has moved."""


@dataclass(frozen=True)
class ClockMoved(ClockEvent):
    """The due of a running clock moved; None where no policy applies any more (R27, R29, R43)."""

    old_due: datetime | None = None
    new_due: datetime | None = None


@dataclass(frozen=True)
class ClockEnded(ClockEvent):
    """An obligation ended; how is the clock's outcome (R92)."""


@dataclass(frozen=True)
class OutcomeDecided(ClockEvent):
    """The verdict on a reply that ended before is known: met, met late, or apart as ineffective (R21)."""
