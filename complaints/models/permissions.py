"""Whose a move is to make (the 'who' of section 3's table), decided on the ticket and an authority, without a query."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from accounts.models import Authority, Role

if TYPE_CHECKING:
    from complaints.models.ticket import Ticket

FRONT_LINE = (Role.AGENT, Role.EXPERT)
ACCEPTING = (*FRONT_LINE, Role.API_CLIENT)
SUPERVISING = (Role.SUPERVISOR, Role.DUTY_DIRECTOR, Role.DIRECTOR, Role.DEPUTY_GENERAL_MANAGER)
# Handlers by another name: flag A goes to an expert seat, flag B to the branch contact's unit (R16).
HANDLING = (Role.HANDLER, Role.BRANCH_CONTACT, Role.EXPERT)
WORKING_A_QUEUE = (*HANDLING, Role.UNIT_LEAD)
REPLYING = (*FRONT_LINE, Role.BRANCH_CONTACT, Role.CUSTOMER_MANAGER)


def by_people(allowed: "Callable[[Ticket, Authority], bool]") -> "Callable[[Ticket, Authority], bool]":
    """The same question with no for the system itself: section 3 does not let it make this move."""

    @wraps(allowed)
    def asked(ticket: "Ticket", authority: Authority) -> bool:
        return not authority.is_system and allowed(ticket, authority)

    return asked


def owns(ticket: "Ticket", authority: Authority) -> bool:
    """The owner or their delegate; where no person owns it, the front line of the desk that accepted it (R13)."""
    if ticket.owner_id is None:
        return authority.holds(*FRONT_LINE, over=ticket.accepting_unit)
    return authority.is_or_stands_in_for(ticket.owner_id, *FRONT_LINE)


def replies(ticket: "Ticket", authority: Authority) -> bool:
    """Who replies: the person named for it, else the owner (R40)."""
    if ticket.replier_id is not None:
        return authority.is_or_stands_in_for(ticket.replier_id, *REPLYING)
    return owns(ticket, authority)


def dispatches(ticket: "Ticket", authority: Authority) -> bool:
    """A dispatcher of the desk that reviews this ticket."""
    return authority.is_system or (ticket.desk is not None and authority.holds(Role.DISPATCHER, over=ticket.desk))


def supervises(ticket: "Ticket", authority: Authority) -> bool:
    """A supervisor or director over one of the units that have to do with the ticket."""
    return authority.holds_over_any(SUPERVISING, (ticket.accepting_unit, ticket.desk, ticket.lead_unit))


def deals_with_authorities(ticket: "Ticket", authority: Authority) -> bool:
    """A supervisor, or the legal adviser over one of the units that have to do with the ticket (R82)."""
    units = (ticket.accepting_unit, ticket.desk, ticket.lead_unit)
    return supervises(ticket, authority) or authority.holds_over_any((Role.LEGAL_ADVISER,), units)


def works_in_lead_unit(ticket: "Ticket", authority: Authority) -> bool:
    """Somebody who works the queue of the unit that leads; a dispatcher where the desk itself leads."""
    if ticket.lead_unit is None:
        return authority.is_system
    return authority.holds(*WORKING_A_QUEUE, over=ticket.lead_unit) or _deals_with_it_at_the_desk(ticket, authority)


def claims(ticket: "Ticket", authority: Authority) -> bool:
    """A handler of the unit that leads; its lead assigns, also to themselves."""
    return ticket.lead_unit is not None and (
        authority.holds(*HANDLING, over=ticket.lead_unit) or _deals_with_it_at_the_desk(ticket, authority)
    )


def handles(ticket: "Ticket", authority: Authority) -> bool:
    """The person who has claimed the ticket."""
    return ticket.handler_id is not None and authority.is_or_stands_in_for(
        ticket.handler_id, *WORKING_A_QUEUE, Role.DISPATCHER, *SUPERVISING
    )


def leads_the_unit(ticket: "Ticket", authority: Authority) -> bool:
    """The lead of the unit that leads the ticket."""
    return ticket.lead_unit is not None and authority.holds(Role.UNIT_LEAD, over=ticket.lead_unit)


def releases(ticket: "Ticket", authority: Authority) -> bool:
    """Its handler, a supervisor, the system."""
    return handles(ticket, authority) or supervises(ticket, authority)


def assigns(ticket: "Ticket", authority: Authority) -> bool:
    """The unit's lead, a supervisor, the system by a ladder (R90)."""
    return leads_the_unit(ticket, authority) or supervises(ticket, authority)


def transfers(ticket: "Ticket", authority: Authority) -> bool:
    """Somebody of the unit, its lead, a supervisor, the system by a ladder."""
    return works_in_lead_unit(ticket, authority) or supervises(ticket, authority)


def sends_back(ticket: "Ticket", authority: Authority) -> bool:
    """Somebody of the unit or its lead."""
    return works_in_lead_unit(ticket, authority)


def reopens(ticket: "Ticket", authority: Authority) -> bool:
    """The front line where it was accepted, its owner, a callback agent, a supervisor; the survey is the system."""
    return (
        owns(ticket, authority)
        or authority.holds(*FRONT_LINE, Role.CALLBACK_AGENT, over=ticket.accepting_unit)
        or supervises(ticket, authority)
    )


def calls_back(ticket: "Ticket", authority: Authority) -> bool:
    """A callback agent over where it was accepted; survey and exemption are the system."""
    return authority.holds(Role.CALLBACK_AGENT, over=ticket.accepting_unit)


def cancels(ticket: "Ticket", authority: Authority) -> bool:
    """Its owner, or a supervisor."""
    return owns(ticket, authority) or supervises(ticket, authority)


def hands_over(ticket: "Ticket", authority: Authority) -> bool:
    """Its owner, or a supervisor."""
    return owns(ticket, authority) or supervises(ticket, authority)


def names_who_replies(ticket: "Ticket", authority: Authority) -> bool:
    """Its owner, who replies so far, or a supervisor."""
    return hands_over(ticket, authority) or replies(ticket, authority)


def speaks_with_the_customer(ticket: "Ticket", authority: Authority) -> bool:
    """The owner, who replies, a callback agent, a supervisor; the app or site through which the customer speaks."""
    return (
        owns(ticket, authority)
        or replies(ticket, authority)
        or supervises(ticket, authority)
        or calls_back(ticket, authority)
        or authority.is_or_stands_in_for(ticket.accepted_by_id, Role.API_CLIENT)
    )


def takes_calls(ticket: "Ticket", authority: Authority) -> bool:
    """Anyone whom a customer may reach (R1, R32); the system where the customer asks by app or web."""
    return (
        authority.is_system
        or authority.holds(*ACCEPTING, Role.CALLBACK_AGENT, Role.CUSTOMER_MANAGER, Role.BRANCH_CONTACT)
        or supervises(ticket, authority)
    )


def answers_chase_ups(ticket: "Ticket", authority: Authority) -> bool:
    """Whoever may hold the ticket: unit, desk, who replies, a supervisor."""
    return (
        works_in_lead_unit(ticket, authority)
        or dispatches(ticket, authority)
        or replies(ticket, authority)
        or supervises(ticket, authority)
    )


def asks_for_assistance(ticket: "Ticket", authority: Authority) -> bool:
    """The lead unit, the dispatch desk, the owner (R24)."""
    return works_in_lead_unit(ticket, authority) or dispatches(ticket, authority) or owns(ticket, authority)


def holds(ticket: "Ticket", authority: Authority) -> bool:
    """The lead unit, who replies, a supervisor (R6)."""
    return works_in_lead_unit(ticket, authority) or replies(ticket, authority) or supervises(ticket, authority)


def classifies(ticket: "Ticket", authority: Authority) -> bool:
    """The owner, a dispatcher, a supervisor (R27)."""
    return owns(ticket, authority) or dispatches(ticket, authority) or supervises(ticket, authority)


def marks_as_grave(ticket: "Ticket", authority: Authority) -> bool:
    """Whoever works on it (R93)."""
    return classifies(ticket, authority) or works_in_lead_unit(ticket, authority)


def releases_a_begun_reply(ticket: "Ticket", authority: Authority) -> bool:
    """Who began it, or a supervisor (R42)."""
    return authority.is_or_stands_in_for(ticket.replying_by_id) or supervises(ticket, authority)


def has_a_say(ticket: "Ticket", authority: Authority) -> bool:
    """Whoever has to do with the ticket; who only reads has none."""
    return (
        owns(ticket, authority)
        or replies(ticket, authority)
        or works_in_lead_unit(ticket, authority)
        or dispatches(ticket, authority)
        or supervises(ticket, authority)
        or calls_back(ticket, authority)
        or authority.holds(Role.QUALITY_INSPECTOR, over=ticket.accepting_unit)
    )


def _deals_with_it_at_the_desk(ticket: "Ticket", authority: Authority) -> bool:
    """A dispatcher, where the dispatch desk itself is the lead unit (直接处理)."""
    return ticket.lead_unit_id == ticket.desk_id and authority.holds(Role.DISPATCHER, over=ticket.lead_unit)


def proposes_solutions(ticket: "Ticket", authority: Authority) -> bool:
    """Who has the ticket in hand: its handler, who replies, its owner (R33)."""
    return handles(ticket, authority) or replies(ticket, authority) or owns(ticket, authority)
