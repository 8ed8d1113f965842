"""Raising what has fallen due: each step exactly once, in order for each ticket (R2A).

The database is the source: a turn that dies leaves its rows due. Two turns at once take different tickets, because
each locks a ticket before it touches its escalations and passes by what another has locked.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from accounts.models import SYSTEM
from common.apart import apart, resting
from common.models import SetAside
from common.transitions import make
from complaints.models import Ticket
from escalation.actions.firing import fire, miss_acknowledgement, remind
from escalation.kinds import Closing, Reason, Standing
from escalation.models import Escalation, EscalationRules

ESCALATION = "escalation"
AT_ONCE = 500


@dataclass(frozen=True)
class Turn:
    """What one turn of the sweep did."""

    done: int
    failed: int
    latest: timedelta
    """How long the one that waited longest had been due."""


def fire_due(now: datetime, *, at_most: int = AT_ONCE) -> Turn:
    """Turn to every escalation that is due by now, oldest first; rows that fail are set aside and passed by.

    `at_most` bounds the rows looked at, so that a long backlog is worked off turn by turn.
    """
    rules = EscalationRules.current()
    passed = set(resting(ESCALATION, now))
    due = list(Escalation.objects.due(now, resting=passed).values_list("ticket_id", "next_at")[:at_most])
    done = failed = 0
    for ticket_id in dict.fromkeys(ticket_id for ticket_id, _next_at in due):
        for_ticket, bad = _turn_to_ticket(ticket_id, rules=rules, now=now, passed=passed)
        done, failed = done + for_ticket, failed + bad
    latest = max((now - next_at for _ticket_id, next_at in due if next_at is not None), default=timedelta(0))
    return Turn(done=done, failed=failed, latest=latest)


def next_instant() -> datetime | None:
    """When the next escalation, missed acknowledgement or reminder falls due; for a clock that jumps."""
    aside = dict(SetAside.objects.open().filter(kind=ESCALATION).values_list("object_id", "next_try_at"))
    waiting = Escalation.objects.filter(next_at__isnull=False)
    first = waiting.exclude(pk__in=aside).aggregate(first=Min("next_at"))["first"]
    tried_again = [
        max(next_at, aside[pk]) for pk, next_at in waiting.filter(pk__in=aside).values_list("pk", "next_at") if next_at
    ]
    return min((instant for instant in [first, *tried_again] if instant is not None), default=None)


def _turn_to_ticket(ticket_id: int, *, rules: EscalationRules, now: datetime, passed: set[int]) -> tuple[int, int]:
    """All that is due on one ticket, in order, one transaction each; stops where somebody else works on it."""
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


def _first_due(ticket_id: int, *, now: datetime, passed: Collection[int]) -> int | None:
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
    _turn_to(escalation, ticket, rules=rules, now=now)
    return True


def _turn_to(escalation: Escalation, ticket: Ticket, *, rules: EscalationRules, now: datetime) -> None:
    clock = escalation.clock
    if not _is_owed(escalation, ticket):
        # Nobody is told of what is no longer owed, however it came to be left behind.
        because = Closing.OBLIGATION_ENDED if ticket.is_live else Closing.TICKET_ENDED
        move = escalation.cancel if escalation.state == Standing.PLANNED else escalation.close
        make(move, by=None, at=now, system=SYSTEM, because=because)
    elif clock is not None and clock.held_since is not None:
        escalation.held_since, escalation.next_at = clock.held_since, None
        escalation.save(update_fields=["held_since", "next_at"])
    elif escalation.state == Standing.PLANNED:
        fire(escalation, ticket, rules=rules, at=now)
    elif escalation.ack_missed_at is None and escalation.ack_due_at is not None and escalation.ack_due_at <= now:
        miss_acknowledgement(escalation, ticket, rules=rules, at=now)
    else:
        remind(escalation, ticket, rules=rules, at=now)


def _is_owed(escalation: Escalation, ticket: Ticket) -> bool:
    """Whether what was escalated still waits for somebody: the matter, its limit, or the decision after its end."""
    if escalation.reason == Reason.ROUNDS_USED_UP:
        return ticket.callbacks.filter(awaits_decision=True).exists()
    return ticket.is_live and (escalation.clock is None or escalation.clock.is_running)
