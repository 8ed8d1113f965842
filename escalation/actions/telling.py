"""Messages about escalations, demands and chase-ups, put into the outbox with the deed (R4)."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils import translation

from accounts.models import Person, Role
from common.sweeping import FRESH_FOR
from complaints.models import ChaseUp, Ticket
from escalation.finding import holders, in_hand_of
from escalation.kinds import Reason
from escalation.models import Escalation
from notifications import outbox
from notifications.kinds import Channel, Kind
from sla.kinds import Kind as ClockKind


def tell_of(escalation: Escalation, *, people: Iterable[Person], at: datetime) -> None:
    """Tell everybody whom the step has found, by its channels, once."""
    kind = Kind.ESCALATION_TO_ACKNOWLEDGE if escalation.asks_for_acknowledgement else Kind.ESCALATION
    facts = _facts(escalation)
    is_late = at - escalation.due_since > FRESH_FOR
    outbox.put(
        kind,
        key=escalation.about,
        to=people,
        channels=[channel for channel in escalation.step.channels if channel != Channel.WEBHOOK] or [Channel.IN_APP],
        context=facts,
        at=at,
        ticket=escalation.ticket.reference,
        about=escalation.about,
        is_late=is_late,
    )
    if Channel.WEBHOOK in escalation.step.channels:
        outbox.post(
            kind,
            key=escalation.about,
            context=facts,
            at=at,
            ticket=escalation.ticket.reference,
            about=escalation.about,
            is_late=is_late,
        )


def remind_of(
    escalation: Escalation, *, people: Iterable[Person], number: int, due_since: datetime, at: datetime
) -> None:
    """Tell the same people that nobody has acknowledged it yet (R91)."""
    outbox.put(
        Kind.ESCALATION_REMINDER,
        key=f"{escalation.about}:reminder:{number}",
        to=people,
        channels=[channel for channel in escalation.step.channels if channel != Channel.WEBHOOK] or [Channel.IN_APP],
        context=_facts(escalation),
        at=at,
        ticket=escalation.ticket.reference,
        about=escalation.about,
        is_late=at - due_since > FRESH_FOR,
    )


def tell_holder_of_demand(ticket: Ticket, *, at: datetime) -> None:
    """Tell whoever holds the ticket that something is demanded of them (R94)."""
    outbox.put(
        Kind.DEMANDED,
        key=f"demanded:{ticket.pk}:{ticket.version}",
        to=in_hand_of(ticket, at=at).people,
        channels=[Channel.IN_APP, Channel.EMAIL],
        context={},
        at=at,
        ticket=ticket.reference,
    )


def tell_holder_of_facts(ticket: Ticket, *, at: datetime) -> None:
    """New facts go to whoever holds the ticket now (R81)."""
    outbox.put(
        Kind.FACTS_ADDED,
        key=f"facts_added:{ticket.pk}:{ticket.version}",
        to=in_hand_of(ticket, at=at).people,
        context={},
        at=at,
        ticket=ticket.reference,
    )


def tell_holder_of_chase_up(chase_up: ChaseUp, ticket: Ticket, *, at: datetime) -> None:
    """A chase-up goes to whoever holds the ticket now (R32)."""
    outbox.put(
        Kind.CHASED_UP,
        key=f"chased_up:{chase_up.pk}",
        to=in_hand_of(ticket, at=at).people,
        context={"number": chase_up.number},
        at=at,
        ticket=ticket.reference,
    )


def tell_director_of_grave_dispatch(ticket: Ticket, *, at: datetime) -> None:
    """The dispatch of an urgent or grave ticket also notifies the receiving unit's director (R93)."""
    outbox.put(
        Kind.GRAVE_DISPATCHED,
        key=f"grave_dispatched:{ticket.pk}:{ticket.round}:{ticket.dispatches}:{ticket.transfers}",
        to=holders(Role.DIRECTOR, start=ticket.holding_unit, at=at).people,
        channels=[Channel.IN_APP, Channel.EMAIL],
        context={},
        at=at,
        ticket=ticket.reference,
    )


def tell_of_reassignment(ticket: Ticket, *, to: Person, at: datetime) -> None:
    """Tell somebody that a ticket was put into their hands after an escalation."""
    outbox.put(
        Kind.REASSIGNED,
        key=f"reassigned:{ticket.pk}:{ticket.version}",
        to=to,
        context={},
        at=at,
        ticket=ticket.reference,
    )


@cache
def _in_source(choice: TextChoices) -> str:
    """The label as the source has it; it is translated when the message is put into words, for each of its readers."""
    with translation.override(None):
        return str(choice.label)


def _facts(escalation: Escalation) -> dict[str, Any]:
    clock = escalation.clock
    facts: dict[str, Any] = {
        "escalation": escalation.pk,
        "reason": escalation.reason,
        "why": _in_source(Reason(escalation.reason)),
        "severity": escalation.severity,
        "who": _in_source(Role(escalation.step.role)) if escalation.step.role else "",
        "gap": escalation.gap,
        "ack_due_at": escalation.ack_due_at,
    }
    if clock is not None:
        facts |= {"clock": clock.kind, "what": _in_source(ClockKind(clock.kind)), "due_at": clock.due_at}
        if escalation.reason == Reason.BREACH:
            facts["broke_at"] = clock.breached_at
    return facts
