"""Who tells the customer the outcome, where it is not the owner (R40)."""

from datetime import datetime

from django.db.models import Count

from accounts.models import Assignment, Person, Role, Unit
from complaints.models import DeskRules, Ticket
from complaints.states import AWAITING_AN_ANSWER, Medium
from customers.models import Tier


def replier_by_rule(ticket: Ticket, *, at: datetime) -> Person | None:
    """The customer's manager from the tier on that the desk rules name; for a visit the branch contact; else nobody.

    Nobody, too, where the manager has left or no branch contact is found: then the owner replies.
    """
    return _manager_of(ticket, at=at) or _who_visits(ticket, at=at)


def _manager_of(ticket: Ticket, *, at: datetime) -> Person | None:
    tiers = list(Tier)
    manager = ticket.customer.manager
    least = DeskRules.current().manager_replies_from_tier
    if manager is None or tiers.index(Tier(ticket.customer.tier)) < tiers.index(Tier(least)):
        return None
    return manager if manager.authority(at).holds(Role.CUSTOMER_MANAGER) else None


def _who_visits(ticket: Ticket, *, at: datetime) -> Person | None:
    """The branch contact nearest above the customer's branch; of several there, who has the fewest replies to give."""
    branch = ticket.customer.branch
    if ticket.preferred_medium != Medium.VISIT or branch is None:
        return None
    held = Assignment.objects.filter(
        Assignment.in_force("", at),
        role=Role.BRANCH_CONTACT,
        unit__in=Unit.objects.upwards(branch).order_by().values("pk"),
        person__is_active=True,
    ).select_related("person", "unit")
    owed = Ticket.objects.filter(state__in=AWAITING_AN_ANSWER, replier__in=held.order_by().values("person")).order_by()
    load = dict(owed.values("replier").annotate(number=Count("pk")).values_list("replier", "number"))
    nearest = min(held, key=lambda each: (-each.unit.depth, load.get(each.person_id, 0), each.person_id), default=None)
    return nearest.person if nearest is not None else None
