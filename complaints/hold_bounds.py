"""How long and how often a ticket may rest (R6): the desk's rules, or what somebody above this app says instead.

Policies lie above, so whoever knows of other bounds names its function in the setting HOLD_BOUNDS.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from complaints.models import DeskRules, Ticket


@dataclass(frozen=True)
class HoldBounds:
    """At most so many working days each, and so many times in one round."""

    working_days: int
    times: int


Bounding = Callable[[Ticket, HoldBounds], HoldBounds]


@cache
def _bounding() -> tuple[Bounding, ...]:
    return tuple(import_string(name) for name in settings.HOLD_BOUNDS)


def bounds_for(ticket: Ticket) -> HoldBounds:
    """The bounds of a hold that would begin on this ticket now."""
    rules = DeskRules.current()
    bounds = HoldBounds(rules.hold_at_most_working_days, rules.holds_at_most)
    for say_otherwise in _bounding():
        bounds = say_otherwise(ticket, bounds)
    return bounds
