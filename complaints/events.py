"""What happens to a ticket, as told to whoever follows it. Each is published in the transaction of its action."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import Person, Unit
from complaints.models import Assistance, ChaseUp, Hold, Ticket


@dataclass(frozen=True)
class Happened:
    """Something happened to a ticket, done by somebody (None: the system) at an instant."""

    ticket: Ticket
    by: Person | None
    at: datetime


@dataclass(frozen=True)
class Accepted(Happened):
    """A ticket was accepted."""


@dataclass(frozen=True)
class Moved(Happened):
    """A ticket changed its state by a move."""

    move: str
    source: str
    target: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AssistanceAsked(Happened):
    """An assisting unit was asked."""

    assistance: Assistance


@dataclass(frozen=True)
class AssistanceAnswered(Happened):
    """An assisting unit has answered."""

    assistance: Assistance


@dataclass(frozen=True)
class ChasedUp(Happened):
    """The customer asked again (R32)."""

    chase_up: ChaseUp


@dataclass(frozen=True)
class ChaseUpAnswered(Happened):
    """A chase-up has its answer."""

    chase_up: ChaseUp


@dataclass(frozen=True)
class FactsAdded(Happened):
    """The customer has told more about an open matter (R81)."""


@dataclass(frozen=True)
class Held(Happened):
    """A ticket was put on hold (R6)."""

    hold: Hold


@dataclass(frozen=True)
class Resumed(Happened):
    """A hold ended: by itself or by somebody."""

    hold: Hold


@dataclass(frozen=True)
class Promised(Happened):
    """A time was agreed with the customer (R29)."""

    agreed_for: datetime
    reason: str


@dataclass(frozen=True)
class Consented(Happened):
    """The customer said yes to night contact or to a longer limit (R22, R23)."""

    what: str
    days: int | None


@dataclass(frozen=True)
class NotReached(Happened):
    """An attempt did not reach the customer; the next one is planned (R43)."""

    next_at: datetime


@dataclass(frozen=True)
class Reclassified(Happened):
    """Category, urgency or tier changed, so the limits may (R27)."""

    old: dict[str, Any]
    new: dict[str, Any]


@dataclass(frozen=True)
class Confirmed(Happened):
    """A supervisor confirmed a conclusion that the customer does not accept (R21, R44)."""


@dataclass(frozen=True)
class Merged(Happened):
    """Another ticket was merged into this one, which takes the earlier raised-at and due."""

    absorbed: Ticket


@dataclass(frozen=True)
class Demanded(Happened):
    """A supervisor's formal demand (督办) on a ticket."""

    text: str
    on_unit: Unit | None


@dataclass(frozen=True)
class MarkedGrave(Happened):
    """A ticket was marked urgent or grave, or carries a threat of exposure (R93)."""

    reason: str


@dataclass(frozen=True)
class HandedOver(Happened):
    """The owner changed (R13)."""

    old: Person | None
    new: Person | None
