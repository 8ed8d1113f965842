"""What happens in callbacks, as told to whoever follows it. Each is published in the transaction of its action."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Person
from callbacks.models import Callback


@dataclass(frozen=True)
class Happened:
    """Something happened to a callback; `by` is None where the customer used the survey's link."""

    callback: Callback
    by: Person | None
    at: datetime


@dataclass(frozen=True)
class CalledBack(Happened):
    """The customer has given both answers (R73)."""


@dataclass(frozen=True)
class DissatisfiedWithHandling(Happened):
    """The customer is dissatisfied with the handling, which is for quality to look at (R74)."""


@dataclass(frozen=True)
class RoundsUsedUp(Happened):
    """Dissatisfied again, after as many rounds as a callback may open by itself: a supervisor decides (R74)."""


@dataclass(frozen=True)
class RoundsDecided(Happened):
    """What a supervisor was to decide is decided: by them, or by whoever reopened the ticket (R74)."""
