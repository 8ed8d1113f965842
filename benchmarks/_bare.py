"""The rows that breaches and their steps brought about, written once more by bare SQL: what the database can do.

The same rows for as many other clocks, on tickets that are as cold, in lots and transactions of the same size, by as
many connections as the machine has cores. Nothing is asked, decided, put into words or said to open pages.
"""

import time
from collections.abc import Sequence
from datetime import datetime
from threading import Thread

from django.db import connection, transaction

CONNECTIONS = 2

# What was written for the clocks of a backlog, told of other clocks; `place` is the number of the clock in both.
PREPARED = (
    "DROP TABLE IF EXISTS bench_clock, bench_entry, bench_step, bench_told, bench_message",
    "CREATE UNLOGGED TABLE bench_clock AS SELECT place, was, clock.id, clock.ticket_id "
    "FROM unnest(%(was)s::bigint[], %(others)s::bigint[]) WITH ORDINALITY AS put (was, other, place) "
    "JOIN sla_clock clock ON clock.id = other",
    "CREATE UNLOGGED TABLE bench_step AS SELECT place, one.ticket_id, one.id AS clock_id, raised.id AS was, step_id, "
    "'clock:' || one.id AS occasion, reason, severity, state, planned_at, raised.noticed_at, to_role, to_unit_id, gap, "
    "ack_due_at, reminders, raised.next_at FROM bench_clock one JOIN escalation_escalation raised ON clock_id = was "
    "WHERE reason = 'breach'",
    "CREATE UNLOGGED TABLE bench_entry AS SELECT place, one.ticket_id, entry.kind, at, recorded_at, origin, source, "
    "target, entry.version, data FROM bench_clock one JOIN sla_clock clock ON clock.id = was "
    "JOIN complaints_entry entry ON entry.ticket_id = clock.ticket_id "
    "WHERE recorded_at >= %(since)s AND entry.kind IN ('breached', 'escalated')",
    "CREATE UNLOGGED TABLE bench_told AS SELECT place, clock_id, step_id, person_id FROM bench_step step "
    "JOIN escalation_escalation_recipients ON escalation_id = was",
    # By the index of keys: what is about an escalation has no index once it was sent.
    "CREATE UNLOGGED TABLE bench_message AS SELECT place, 'again:' || key AS key, kind, channel, recipient_id, "
    "to_address, ticket, about, context, language, CASE channel WHEN 'in_app' THEN 'sent' ELSE 'waiting' END AS state, "
    "created_at, CASE channel WHEN 'in_app' THEN NULL ELSE created_at END AS next_try_at, "
    "CASE channel WHEN 'in_app' THEN created_at END AS sent_at FROM bench_step step JOIN notifications_message "
    "ON key > 'escalation:' || was || ':' AND key < 'escalation:' || was || ';'",
    *(f"CREATE INDEX ON bench_{name} (place)" for name in ("clock", "entry", "step", "told", "message")),
    "ANALYZE bench_clock, bench_entry, bench_step, bench_told, bench_message",
)
LOT = "place BETWEEN %(first)s AND %(last)s"
CALLED = (
    "SELECT ticket.id FROM bench_clock one JOIN complaints_ticket ticket ON ticket.id = ticket_id "
    f"WHERE {LOT} FOR UPDATE OF ticket SKIP LOCKED",
    "UPDATE sla_clock clock SET breached_at = due_at, breach_noticed_at = now(), next_at = NULL "
    f"FROM bench_clock one WHERE {LOT} AND clock.id = one.id",
    "INSERT INTO complaints_entry (ticket_id, kind, at, recorded_at, origin, source, target, version, data) "
    "SELECT ticket_id, kind, at, recorded_at, origin, source, target, version, data FROM bench_entry "
    f"WHERE {LOT} AND kind = 'breached'",
    "INSERT INTO escalation_escalation (ticket_id, clock_id, step_id, occasion, reason, severity, state, planned_at, "
    "to_role, gap, reminders, closed_because, next_at) SELECT ticket_id, clock_id, step_id, occasion, reason, "
    f"severity, 'planned', planned_at, '', false, 0, '', planned_at FROM bench_step WHERE {LOT}",
)
RAISED = (
    "SELECT ticket.id FROM bench_clock one JOIN complaints_ticket ticket ON ticket.id = ticket_id "
    f"WHERE {LOT} FOR UPDATE OF ticket SKIP LOCKED",
    "UPDATE escalation_escalation raised SET state = step.state, noticed_at = step.noticed_at, to_role = step.to_role, "
    "to_unit_id = step.to_unit_id, gap = step.gap, ack_due_at = step.ack_due_at, next_at = step.next_at "
    f"FROM bench_step step WHERE {LOT} AND raised.clock_id = step.clock_id AND raised.step_id = step.step_id "
    "AND step.noticed_at IS NOT NULL",
    "INSERT INTO escalation_escalation_recipients (escalation_id, person_id) SELECT raised.id, person_id "
    f"FROM bench_told told JOIN escalation_escalation raised USING (clock_id, step_id) WHERE {LOT}",
    "INSERT INTO complaints_entry (ticket_id, kind, at, recorded_at, origin, source, target, version, data) "
    "SELECT ticket_id, kind, at, recorded_at, origin, source, target, version, data FROM bench_entry "
    f"WHERE {LOT} AND kind = 'escalated'",
    "INSERT INTO notifications_message (key, kind, channel, recipient_id, to_address, ticket, about, context, "
    "language, state, created_at, tries, next_try_at, sent_at, error) SELECT key, kind, channel, recipient_id, "
    "to_address, ticket, about, context, language, state, created_at, 0, next_try_at, sent_at, '' "
    f"FROM bench_message WHERE {LOT}",
)
CLEARED = "DROP TABLE bench_clock, bench_entry, bench_step, bench_told, bench_message"


def write_the_same(was: Sequence[int], others: Sequence[int], *, since: datetime, lot: int) -> float:
    """Write for other running clocks what was written for the first ones since then; gives the seconds that it took."""
    _execute(*PREPARED, was=list(was), others=list(others), since=since)
    firsts = range(1, len(was) + 1, lot)
    writers = [Thread(target=_write, args=(firsts[number::CONNECTIONS], lot)) for number in range(CONNECTIONS)]
    begun = time.monotonic()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    taken = time.monotonic() - begun
    _execute(CLEARED)
    return taken


def _write(firsts: Sequence[int], lot: int) -> None:
    for first in firsts:
        for statements in (CALLED, RAISED):
            with transaction.atomic():
                _execute(*statements, first=first, last=first + lot - 1)
    connection.close()


def _execute(*statements: str, **values: object) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
