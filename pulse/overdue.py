"""What is due and has not been fired, from the facts alone (R2A).

It shares nothing with the sweeps: not their queries, nor the column `next_at` that they go by. So it sees as well what
a sweep will never find. Plain SQL, one partial index for each kind, and as cheap with a million open tickets as with
none.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

# Sweeps come every second; what has waited longer than this was not noticed in time.
GRACE = timedelta(seconds=5)

CLOCKS = """
    SELECT id, LEAST(due_at, CASE WHEN warned_at IS NULL THEN warn_at END) AS owed_at
    FROM sla_clock
    WHERE ended_at IS NULL AND breached_at IS NULL AND held_since IS NULL AND due_at IS NOT NULL
"""
# A step that is planned, and an acknowledgement that was not given, which brings the next step forward (R91).
ESCALATIONS = """
    SELECT id, CASE WHEN state = 'planned' THEN planned_at WHEN ack_missed_at IS NULL THEN ack_due_at END AS owed_at
    FROM escalation_escalation
    WHERE state IN ('open', 'planned') AND held_since IS NULL
"""
COUNTED = """
    SELECT count(*) FILTER (WHERE aside.id IS NULL), count(aside.id), min(owed_at) FILTER (WHERE aside.id IS NULL)
    FROM ({owed}) AS owed
    LEFT JOIN common_setaside AS aside
        ON aside.kind = %s AND aside.object_id = owed.id AND aside.resolved_at IS NULL
    WHERE owed_at <= %s
"""
OWED = {"clock": CLOCKS, "escalation": ESCALATIONS}
QUESTION = " UNION ALL ".join(COUNTED.format(owed=owed) for owed in OWED.values())


@dataclass(frozen=True)
class Overdue:
    """How much is due and not fired, beside what was set aside, and since when the first of it has been due."""

    clocks: int
    escalations: int
    aside: int
    first_due_at: datetime | None

    @property
    def number(self) -> int:
        """All that should have been fired."""
        return self.clocks + self.escalations


def overdue(now: datetime, *, grace: timedelta = GRACE) -> Overdue:
    """Count what has been due for longer than the grace: warnings, breaches, steps, missed acknowledgements."""
    facts = [fact for kind in OWED for fact in (kind, now - grace)]
    with connection.cursor() as cursor:
        cursor.execute(QUESTION, facts)
        (clocks, clocks_aside, first_clock), (escalations, escalations_aside, first_escalation) = cursor.fetchall()
    return Overdue(
        clocks=clocks,
        escalations=escalations,
        aside=clocks_aside + escalations_aside,
        first_due_at=min((first for first in (first_clock, first_escalation) if first is not None), default=None),
    )
