from sla.models.clock import Clock, ClockInterval
from sla.models.policy import Policy, known_policies
from sla.models.recomputing import CalendarSeen, Recomputation, TicketToRecompute
from sla.models.rules import ClockRules

__all__ = [
    "CalendarSeen",
    "Clock",
    "ClockInterval",
    "ClockRules",
    "Policy",
    "Recomputation",
    "TicketToRecompute",
    "known_policies",
]
