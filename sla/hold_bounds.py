"""Bounds of a hold by the policies of what is owed (R6, R27)."""

from complaints.hold_bounds import HoldBounds
from complaints.models import Ticket
from sla.kinds import HELD_WITH_THE_TICKET, Kind
from sla.models import Policy


def bounds_by_policy(ticket: Ticket, usual: HoldBounds) -> HoldBounds:
    """The tightest of those that the policies of its running clocks name; the usual ones where none is named."""
    policies = Policy.objects.filter(
        clocks__ticket=ticket, clocks__ended_at__isnull=True, clocks__kind__in=[*HELD_WITH_THE_TICKET, Kind.REPLY]
    )
    named = list(policies.values_list("hold_at_most_working_days", "holds_at_most"))
    return HoldBounds(
        working_days=min((days for days, _ in named if days is not None), default=usual.working_days),
        times=min((times for _, times in named if times is not None), default=usual.times),
    )
