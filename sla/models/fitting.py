"""Whether handle limits fit their reply limits (R24)."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from contact.agreements import LONGER_LIMIT_DAYS
from sla.arithmetic import decide
from sla.kinds import Kind, LimitUnit, Variant

if TYPE_CHECKING:
    from sla.models.policy import Policy

# A year of starts, six hours apart, with all its holidays: limits on different calendars are compared by trying them.
YEAR = [datetime(2025, 9, 1, tzinfo=UTC) + timedelta(hours=6 * step) for step in range(4 * 366)]
SHARED_SELECTORS = ("urgency", "brand", "tier", "scope", "medium")


def misfits(policy: "Policy") -> "list[Policy]":
    """The published reply (or handle) policies of the same cases by which feedback would be due after the reply."""
    if policy.kind not in {Kind.HANDLE, Kind.REPLY}:
        return []
    other_kind = Kind.REPLY if policy.kind == Kind.HANDLE else Kind.HANDLE
    others = (
        type(policy)
        .objects.published()
        .filter(kind=other_kind)
        .overlapping(policy.effective_from, policy.effective_until)
        .select_related("category", "calendar")
    )
    pairs = [(policy, other) if policy.kind == Kind.HANDLE else (other, policy) for other in others]
    return [
        reply if policy.kind == Kind.HANDLE else handle
        for handle, reply in pairs
        if can_meet(handle, reply) and not fits(handle, reply)
    ]


def can_meet(handle: "Policy", reply: "Policy") -> bool:
    """Whether one ticket can have both: every selector says the same, or one of them 'any'."""
    if handle.variant:
        wanted = Variant.REPLY_IN_DAYS if reply.owed_in_days else Variant.REPLY_IN_HOURS
        if handle.variant != wanted:
            return False
    for selector in SHARED_SELECTORS:
        ours, theirs = getattr(handle, selector), getattr(reply, selector)
        if ours and theirs and ours != theirs:
            return False
    ours, theirs = handle.category, reply.category
    return ours is None or theirs is None or ours.covers(theirs) or theirs.covers(ours)


def fits(handle: "Policy", reply: "Policy") -> bool:
    """Whether feedback is never due after the reply, both counted from the same instant."""
    if handle.limit_unit == LimitUnit.SHARE_OF_REPLY:
        return handle.limit <= 100
    if handle.limit_unit == reply.limit_unit == LimitUnit.ELAPSED_MINUTES:
        return handle.limit <= reply.limit
    fewest = LONGER_LIMIT_DAYS.start if reply.limit_unit == LimitUnit.CONSENTED_DAYS else None
    feedback, answer = handle.get_limit(None), reply.get_limit(None, consented_days=fewest)
    return all(decide(start, feedback).due <= decide(start, answer).due for start in YEAR)
