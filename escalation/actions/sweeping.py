"""Raising what has fallen due: each step exactly once, in order for each ticket (R2A)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Min, QuerySet, prefetch_related_objects

from accounts.models import Person, known_units
from common.apart import apart, set_aside_now
from common.sweeping import AT_ONCE, Sweep, Turn
from complaints.models import Ticket
from complaints.querysets import put_in_place, put_what_is_kept
from escalation.actions.firing import Volley, next_rungs, rung_after
from escalation.kinds import CHANGES_THE_TICKET, Closing, Reason, Standing
from escalation.models import Escalation, EscalationRules, known_ladders
from sla.models import Clock

ESCALATION = "escalation"
# What raising an escalation asks of its ticket, which of it leads to units, and what it does not ask.
UNITS = ("accepting_unit", "desk", "lead_unit")
ASKED_OF_TICKETS = frozenset({"id", "reference", "state", "version", "urgency", "is_grave", "owner", *UNITS})
UNASKED_OF_TICKETS = [
    f"ticket__{column.name}" for column in Ticket._meta.concrete_fields if column.name not in ASKED_OF_TICKETS
]


def fire_due(now: datetime, *, at_most: int = AT_ONCE) -> Turn:
    """Turn to every escalation that is due by now, the fresh ones first, each lot oldest first; bad rows are set aside.

    `at_most` bounds the tickets that are turned to, so that a long backlog is worked off turn by turn.
    """
    return SWEEP.turn(now, at_most=at_most)


def next_instant() -> datetime | None:
    """When the next escalation, missed acknowledgement or reminder falls due; for a clock that jumps."""
    aside = set_aside_now(ESCALATION)
    waiting = Escalation.objects.filter(next_at__isnull=False)
    first = waiting.exclude(pk__in=aside).aggregate(first=Min("next_at"))["first"]
    tried_again = [
        max(next_at, again_at)
        for pk, next_at in waiting.filter(pk__in=aside).values_list("pk", "next_at")
        if next_at is not None and (again_at := aside[pk]) is not None
    ]
    return min((instant for instant in [first, *tried_again] if instant is not None), default=None)


def _locked(due: QuerySet[Any], limit: int) -> list[Escalation]:
    """The first due escalations with their tickets, all locked; those that somebody else works on are passed by.

    The lock of the ticket is what counts. That of the escalation has the database read it as it stands then.
    """
    escalations = due.select_related("ticket").defer(*UNASKED_OF_TICKETS)
    return list(escalations.select_for_update(of=("self", "ticket"), skip_locked=True)[:limit])


def _turn_to_all(first: Sequence[Escalation], due: QuerySet[Any], now: datetime) -> int:
    """All that is due on these tickets, ticket by ticket, on each in order; the questions do not grow with them.

    A step that changes its ticket is left to a transaction of its own: what comes after it on the ticket has to see it.
    """
    tickets = {row.ticket_id: row.ticket for row in first}
    rows = [*first, *due.filter(ticket__in=tickets).exclude(pk__in=[row.pk for row in first])]
    by_ticket: dict[int, list[Escalation]] = {pk: [] for pk in tickets}
    _put_beside(rows)
    for row in rows:
        by_ticket[row.ticket_id].append(row)
    alone = [pk for pk in tickets if any(_changes_the_ticket(row) for row in by_ticket[pk])]
    done = _raise_in_order([ticket for pk, ticket in tickets.items() if pk not in alone], by_ticket, now=now)
    if alone:
        aside = set(Escalation.objects.due(now).filter(ticket__in=alone).values_list("pk", flat=True))
        aside -= {row.pk for row in rows}
        done += sum(_raise_one_by_one(pk, now=now, passed=aside) for pk in alone)
    return done


def _raise_one_by_one(ticket_id: int, *, now: datetime, passed: set[int]) -> int:
    rules = EscalationRules.current()
    done = 0
    while (pk := _first_due(ticket_id, now=now, passed=passed)) is not None:
        if not _claim_and_turn(pk, ticket_id=ticket_id, rules=rules, now=now):
            break
        done += 1
    return done


def _raise_in_order(tickets: Sequence[Ticket], due: dict[int, list[Escalation]], *, now: datetime) -> int:
    rules = EscalationRules.current()
    known: dict[int, Escalation] = {}
    for ticket in tickets:
        for row in due[ticket.pk]:
            known[row.pk], row.ticket = row, ticket
    following = next_rungs([row for row in known.values() if _climbs(row, now=now)])
    for missed, rung in following.items():
        # A step that is due as well is one object, so that it is raised once.
        following[missed] = [known.setdefault(row.pk, row) for row in rung]
    lacking = [row for rung in following.values() for row in rung]
    of_ticket = {ticket.pk: ticket for ticket in tickets}
    for row in lacking:
        row.ticket = of_ticket[row.ticket_id]
    _put_beside(lacking)
    _put_people(tickets, known.values())
    done = 0
    with Volley(rules=rules, at=now) as volley:
        volley.expect((row, row.ticket) for row in known.values())
        for ticket in tickets:
            while (first := _first_of(due[ticket.pk], now=now)) is not None:
                _turn_to(first, ticket, volley=volley, following=following.get(first.pk, []), now=now)
                done += 1
    return done


def _first_of(rows: Iterable[Escalation], *, now: datetime) -> Escalation | None:
    due = [(row.next_at, row.pk, row) for row in rows if row.next_at is not None and row.next_at <= now]
    return min(due)[2] if due else None


def _put_beside(rows: Sequence[Escalation]) -> None:
    """The steps with their ladders and the clocks of escalations, once for all of them."""
    put_what_is_kept([(row, "step") for row in rows], known_ladders().steps)
    put_in_place([(row, "clock") for row in rows], Clock.objects.all())
    put_in_place([(row, "raised_by") for row in rows], Person.objects.all())


def _put_people(tickets: Sequence[Ticket], rows: Iterable[Escalation]) -> None:
    """Read owners and units, and who was told of what is reminded of."""
    put_in_place([(ticket, "owner") for ticket in tickets], Person.objects.all())
    owners = [(ticket.owner, "unit") for ticket in tickets if ticket.owner is not None]
    units = [(ticket, name) for ticket in tickets for name in UNITS]
    assisting = [(row.clock, "unit") for row in rows if row.clock is not None and row.clock.assistance_id is not None]
    put_what_is_kept([*owners, *units, *assisting], known_units().by_pk)
    prefetch_related_objects([row for row in rows if row.state == Standing.OPEN], "recipients")


def _is_missed(row: Escalation, *, now: datetime) -> bool:
    return (
        row.state == Standing.OPEN
        and row.ack_missed_at is None
        and row.ack_due_at is not None
        and row.ack_due_at <= now
    )


def _climbs(row: Escalation, *, now: datetime) -> bool:
    """Whether its missed acknowledgement brings the next rung forward."""
    is_held = row.clock is not None and row.clock.held_since is not None
    return _is_missed(row, now=now) and not is_held and _is_owed(row, row.ticket)


def _changes_the_ticket(row: Escalation) -> bool:
    """Whether raising it, or those that its missed acknowledgement brings forward, does something to the ticket."""
    steps = [row.step] if row.state == Standing.PLANNED else rung_after(row)
    return any(step.what in CHANGES_THE_TICKET for step in steps)


def _turn_to_one_by_one(ticket_id: int, now: datetime, passed: set[int]) -> tuple[int, int]:
    """All that is due on one ticket, in order, one transaction each; stops where somebody else works on it."""
    rules = EscalationRules.current()
    done = failed = 0
    while (pk := _first_due(ticket_id, now=now, passed=passed)) is not None:
        won = None
        with apart(ESCALATION, pk, now=now):
            won = _claim_and_turn(pk, ticket_id=ticket_id, rules=rules, now=now)
        if won is None:
            passed.add(pk)
            failed += 1
        elif not won:
            break
        else:
            done += 1
    return done, failed


def _first_due(ticket_id: int, *, now: datetime, passed: set[int]) -> int | None:
    due = Escalation.objects.due(now, resting=passed).filter(ticket=ticket_id)
    return due.values_list("pk", flat=True).first()


def _claim_and_turn(pk: int, *, ticket_id: int, rules: EscalationRules, now: datetime) -> bool:
    """Lock the ticket, then the escalation, and deal with it; says whether it was there to be dealt with."""
    ticket = Ticket.objects.with_people().select_for_update(of=("self",), skip_locked=True).filter(pk=ticket_id).first()
    if ticket is None:
        return False
    escalation = (
        Escalation.objects.due(now)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("step__ladder", "step__to_unit", "step__calendar", "clock__policy", "raised_by")
        .filter(pk=pk)
        .first()
    )
    if escalation is None:
        return False
    escalation.ticket = ticket
    following = next_rungs([escalation]).get(pk, []) if _climbs(escalation, now=now) else []
    for each in following:
        each.ticket = ticket
    with Volley(rules=rules, at=now) as volley:
        _turn_to(escalation, ticket, volley=volley, following=following, now=now)
    return True


def _turn_to(
    escalation: Escalation, ticket: Ticket, *, volley: Volley, following: Iterable[Escalation], now: datetime
) -> None:
    clock = escalation.clock
    if not _is_owed(escalation, ticket):
        # Nobody is told of what is no longer owed, however it came to be left behind.
        because = Closing.OBLIGATION_ENDED if ticket.is_live else Closing.TICKET_ENDED
        move = escalation.cancel if escalation.state == Standing.PLANNED else escalation.close
        volley.move(escalation, move, because=because)
    elif clock is not None and clock.held_since is not None:
        volley.hold(escalation, since=clock.held_since)
    elif escalation.state == Standing.PLANNED:
        volley.fire(escalation, ticket)
    elif _is_missed(escalation, now=now):
        volley.miss_acknowledgement(escalation, ticket, following=following)
    else:
        volley.remind(escalation, ticket)


def _is_owed(escalation: Escalation, ticket: Ticket) -> bool:
    """Whether what was escalated still waits for somebody: the matter, its limit, or the decision after its end."""
    if escalation.reason == Reason.ROUNDS_USED_UP:
        return ticket.callbacks.filter(awaits_decision=True).exists()
    return ticket.is_live and (escalation.clock is None or escalation.clock.is_running)


SWEEP: Sweep[Escalation] = Sweep(
    kind=ESCALATION,
    due=Escalation.objects.due,
    lock=_locked,
    do_all=_turn_to_all,
    do_each=_turn_to_one_by_one,
    belongs_to="ticket",
)
