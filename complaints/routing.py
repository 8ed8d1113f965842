"""To which unit a ticket goes: by the customer's flags first, else by its category (R12, R16)."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Assignment, Role, Unit
from complaints.models import Ticket
from customers.models import FlagKind

TO_THE_BRANCH = frozenset({FlagKind.B1, FlagKind.B2, FlagKind.B3})
TO_AN_EXPERT = frozenset({FlagKind.A})


@dataclass(frozen=True)
class Route:
    """The unit that leads by default, and whether the system sends the ticket there without review (直派)."""

    to: Unit | None
    is_straight: bool
    follows_flag: bool = False
    """Whether a flag of the customer leads there, rather than the category."""


def route_of(ticket: Ticket, *, at: datetime) -> Route:
    """B: straight to the unit of the branch contact; A: to the expert seats; any other as the category says.

    A flag leads nowhere where nobody holds the role that it asks for; then the next of these counts.
    """
    straight = ticket.category.direct_routing
    kinds = set(
        ticket.customer.flags.in_force(at).filter(kind__in=TO_THE_BRANCH | TO_AN_EXPERT).values_list("kind", flat=True)
    )
    if kinds & TO_THE_BRANCH and (branch := _branch_contacts_unit(ticket, at=at)):
        return Route(branch, is_straight=True, follows_flag=True)
    if kinds & TO_AN_EXPERT and (experts := _nearest_expert_seats(ticket, at=at)):
        return Route(experts, is_straight=straight, follows_flag=True)
    return Route(_unit_of_category(ticket), is_straight=straight)


def proposed_unit(ticket: Ticket, *, at: datetime) -> Unit | None:
    """The unit that leads by default."""
    return route_of(ticket, at=at).to


def _unit_of_category(ticket: Ticket) -> Unit | None:
    """The category's lead unit, or the network team of the customer's branch."""
    if ticket.category.leads_at_branch:
        branch = ticket.customer.branch or ticket.accepting_unit
        team = branch.get_nearest("network_team")
        if team is not None:
            return team
    return ticket.category.lead_unit


def _branch_contacts_unit(ticket: Ticket, *, at: datetime) -> Unit | None:
    """Where the branch contact of the customer's branch sits: at the branch, or at the nearest unit above it."""
    branch = ticket.customer.branch
    if branch is None:
        return None
    there = _units_with(Role.BRANCH_CONTACT, at=at)
    return max((unit for unit in there if branch.is_within(unit.path)), key=lambda unit: unit.depth, default=None)


def _nearest_expert_seats(ticket: Ticket, *, at: datetime) -> Unit | None:
    """The unit of expert seats that lies nearest to where the ticket was accepted."""
    there = _units_with(Role.EXPERT, at=at)
    for above in Unit.objects.upwards(ticket.accepting_unit) if there else ():
        if near := [unit for unit in there if unit.is_within(above.path)]:
            return near[0]
    return None


def _units_with(role: str, *, at: datetime) -> list[Unit]:
    """The active units at which somebody active holds this role, in the order of the tree."""
    held = Assignment.objects.filter(Assignment.in_force("", at), role=role, person__is_active=True)
    return list(Unit.objects.filter(is_active=True, pk__in=held.values("unit")).order_by("path"))
