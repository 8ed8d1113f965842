"""What the system does when a time has come: end holds, give back claims, let go of begun replies (section 15)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q

from common.apart import apart, resting
from complaints.actions import handling, holding, replying
from complaints.models import DeskRules, Hold, Ticket
from complaints.states import State


def end_hold(ticket: Ticket, now: datetime) -> bool:
    """A hold comes back by itself at its end (R6)."""
    if ticket.held_until is None or ticket.held_until > now:
        return False
    holding.resume(ticket, by=None, at=now)
    return True


def give_back(ticket: Ticket, now: datetime) -> bool:
    """A claim that nobody has worked on goes back to the unit's queue."""
    return handling.give_back_untouched(ticket, at=now)


def let_go_of_reply(ticket: Ticket, now: datetime) -> bool:
    """A begun reply that has expired keeps nobody out any more (R42)."""
    if ticket.replying_since is None or ticket.replying_since + replying.begun_reply_lasts() > now:
        return False
    replying.release_reply(ticket, by=None, at=now)
    return True


@dataclass(frozen=True)
class Chore:
    """One thing to do on tickets whose time has come: which they are, and the deed, which says whether it was due."""

    name: str
    find: Callable[[datetime], list[int]]
    do: Callable[[Ticket, datetime], bool]


CHORES = (
    Chore("hold", holding.holds_to_end, end_hold),
    Chore("claim", handling.untouched_claims, give_back),
    Chore("begun_reply", replying.expired_replies, let_go_of_reply),
)


def tidy_up(now: datetime) -> int:
    """Do every chore that is due, one ticket and one transaction at a time; says how many were done.

    A ticket that somebody works on is left to the next turn; one that fails is set aside and passed by.
    """
    done = 0
    for chore in CHORES:
        passed = resting(chore.name, now)
        for ticket_id in chore.find(now):
            if ticket_id in passed:
                continue
            with apart(chore.name, ticket_id, now=now):
                done += _do(chore, ticket_id, now=now)
    return done


def next_due_instant() -> datetime | None:
    """When the next chore is due; may lie in the past. For whoever jumps from one instant to the next."""
    rules = DeskRules.current()
    claims = Ticket.objects.filter(
        state=State.HANDLING, touched_at__isnull=True, held_until__isnull=True, fed_back_at__isnull=True
    ).aggregate(first=Min("claimed_at"))["first"]
    begun = Ticket.objects.filter(Q(replying_since__isnull=False)).aggregate(first=Min("replying_since"))["first"]
    holds = Hold.objects.filter(ended_at__isnull=True).aggregate(first=Min("ends_at"))["first"]
    instants = [
        claims and claims + timedelta(minutes=rules.claim_given_back_after_minutes),
        begun and begun + timedelta(minutes=rules.begun_reply_expires_after_minutes),
        holds,
    ]
    return min((instant for instant in instants if instant is not None), default=None)


def _do(chore: Chore, ticket_id: int, *, now: datetime) -> bool:
    unlocked = Ticket.objects.with_people().select_for_update(of=("self",), skip_locked=True)
    ticket = unlocked.filter(pk=ticket_id).first()
    return ticket is not None and chore.do(ticket, now)
