from sla.models.clock import Clock, ClockInterval
from sla.models.policy import Policy
from sla.models.rules import ClockRules

__all__ = ["Clock", "ClockInterval", "ClockRules", "Policy"]
