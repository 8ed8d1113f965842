"""What should have happened against what did: worked out from the histories by plain code, with plain SQL.

A ticket's dispatch clock runs from its acceptance, one minute in a rehearsal. Left alone it is warned about after
half of it, broken at its end, and climbs once more a minute later. Nothing here is asked of the applications.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

from devtools.chaos.gateways import Received
from devtools.chaos.load import Matter

LIMIT = 60.0
STEPS = {1: 30.0, 2: 60.0, 3: 120.0}
"""Steps of the dispatch ladder in a rehearsal: seconds after acceptance at which each is planned."""
UNDECIDED = 2.0
"""Seconds around a planned instant within which a dispatch may have come first or second."""

Ask = Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Window:
    """A fault and when it was felt."""

    fault: str
    begins: float
    ends: float


@dataclass
class Verdict:
    """Everything that was found: each list names what is wrong, and is empty when nothing is."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    requests_lost: list[str] = field(default_factory=list)
    messages_lost: list[str] = field(default_factory=list)
    repeated_without_cause: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    lateness: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def wrongs(self) -> dict[str, list[str]]:
        """What is wrong, by kind."""
        return {
            name: getattr(self, name)
            for name in (
                "lost",
                "doubled",
                "unexpected",
                "out_of_order",
                "requests_lost",
                "messages_lost",
                "repeated_without_cause",
            )
        }

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong; where nothing fell due, nothing was shown."""
        return bool(self.counts.get("steps")) and not any(self.wrongs.values())


@dataclass(frozen=True)
class Life:
    """What the history of one ticket says."""

    reference: str
    began: float
    dispatched: float | None


def judge(
    ask: Ask, *, matters: Iterable[Matter], windows: list[Window], diary: list[Received], until: float
) -> Verdict:
    """Account for everything that was due by `until` (seconds since the epoch)."""
    verdict = Verdict()
    lives = {
        reference: Life(reference, began, dispatched)
        for reference, began, dispatched in ask(
            "SELECT ticket.reference, "
            "extract(epoch FROM min(entry.at) FILTER (WHERE entry.kind = 'accepted'))::float8, "
            "extract(epoch FROM min(entry.at) FILTER (WHERE entry.kind = 'dispatched'))::float8 "
            "FROM complaints_ticket AS ticket JOIN complaints_entry AS entry ON entry.ticket_id = ticket.id GROUP BY 1"
        )
    }
    _requests(verdict, ask, matters, lives)
    _breaches(verdict, ask, lives, until)
    fired = _steps(verdict, ask, lives, until, windows)
    _messages(verdict, ask, diary, windows)
    _lateness(verdict, fired, windows)
    verdict.counts |= {"tickets": len(lives), "left": sum(life.dispatched is None for life in lives.values())}
    return verdict


def _requests(verdict: Verdict, ask: Ask, matters: Iterable[Matter], lives: Mapping[str, Life]) -> None:
    """Every request that was answered with yes is there, and every matter once."""
    per_id: dict[str, int] = dict(ask("SELECT external_id, count(*) FROM complaints_ticket GROUP BY 1"))
    answered = [matter for matter in matters if matter.reference]
    for matter in answered:
        life = lives.get(matter.reference)
        if life is None or per_id.get(matter.external_id) != 1:
            verdict.requests_lost.append(f"{matter.external_id} was accepted as {matter.reference}")
        elif matter.dispatched and life.dispatched is None:
            verdict.requests_lost.append(f"{matter.reference} was dispatched")
    verdict.counts["requests_answered"] = len(answered) + sum(matter.dispatched for matter in answered)
    verdict.counts["requests_repeated"] = sum(max(0, matter.tries - 1) for matter in answered)


def _due(life: Life, after: float, until: float) -> bool | None:
    """Whether something planned so long after the beginning had to happen; None where either is right."""
    planned = life.began + after
    if life.dispatched is not None and life.dispatched < planned - UNDECIDED:
        return False
    if planned > until or (life.dispatched is not None and life.dispatched < planned + UNDECIDED):
        return None
    return True


def _breaches(verdict: Verdict, ask: Ask, lives: Mapping[str, Life], until: float) -> None:
    """One entry in the history for each limit that was missed, and none for others."""
    found = Counter(
        reference
        for (reference,) in ask(
            "SELECT ticket.reference FROM complaints_entry AS entry "
            "JOIN complaints_ticket AS ticket ON ticket.id = entry.ticket_id "
            "WHERE entry.kind = 'breached' AND entry.data ->> 'clock' = 'dispatch'"
        )
    )
    for life in lives.values():
        _compare(verdict, f"{life.reference} breach", found[life.reference], _due(life, LIMIT, until))
    verdict.counts["breaches"] = sum(found.values())


def _steps(
    verdict: Verdict, ask: Ask, lives: Mapping[str, Life], until: float, windows: list[Window]
) -> list[tuple[float, float]]:
    """Each step once, in the order of the ladder, with one entry each; says when each was planned and raised."""
    rows = ask(
        "SELECT ticket.reference, step.order, extract(epoch FROM escalation.planned_at)::float8, "
        "extract(epoch FROM escalation.noticed_at)::float8, "
        "(SELECT count(*) FROM complaints_entry AS entry WHERE entry.ticket_id = ticket.id "
        " AND entry.kind = 'escalated' AND (entry.data ->> 'escalation')::bigint = escalation.id) "
        "FROM escalation_escalation AS escalation "
        "JOIN escalation_step AS step ON step.id = escalation.step_id "
        "JOIN escalation_ladder AS ladder ON ladder.id = step.ladder_id AND ladder.code = 'dispatch' "
        "JOIN complaints_ticket AS ticket ON ticket.id = escalation.ticket_id "
        "WHERE escalation.noticed_at IS NOT NULL ORDER BY 1, 4, 2"
    )
    fired: dict[str, list[tuple[int, float, float]]] = {}
    for reference, order, planned, noticed, entries in rows:
        fired.setdefault(reference, []).append((order, planned, noticed))
        if entries != 1:
            (verdict.doubled if entries else verdict.lost).append(f"{reference} step {order}: {entries} entries")
    felt = _until_it_worked_again(windows, [noticed for *_row, noticed, _entries in rows])
    overtaken = 0
    for life in lives.values():
        of_ticket = fired.get(life.reference, [])
        orders = [order for order, _planned, _noticed in of_ticket]
        for order, after in STEPS.items():
            due = _due(life, after, until)
            if due and order not in orders and _is_overtaken(life, after, felt):
                overtaken += 1
                continue
            _compare(verdict, f"{life.reference} step {order}", orders.count(order), due)
        if orders != sorted(orders):
            verdict.out_of_order.append(f"{life.reference}: {orders}")
    for reference, order in ask(
        "SELECT ticket.reference, step.order FROM escalation_escalation AS escalation "
        "JOIN escalation_step AS step ON step.id = escalation.step_id "
        "JOIN complaints_ticket AS ticket ON ticket.id = escalation.ticket_id "
        "JOIN sla_clock AS clock ON clock.id = escalation.clock_id "
        "WHERE escalation.state = 'planned' AND clock.ended_at IS NOT NULL"
    ):
        verdict.lost.append(f"{reference} step {order} still waits on a limit that is over")
    verdict.counts |= {"steps": len(rows), "overtaken": overtaken}
    return [(planned, noticed) for of_ticket in fired.values() for _order, planned, noticed in of_ticket]


def _until_it_worked_again(windows: list[Window], noticed: list[float]) -> list[Window]:
    """The faults, each until the first step that was raised after it: only then did the sweep work again."""
    return [
        replace(window, ends=min((at for at in noticed if at >= window.ends), default=window.ends) + UNDECIDED)
        for window in windows
    ]


def _is_overtaken(life: Life, after: float, felt: list[Window]) -> bool:
    """Whether the ticket was dispatched before anything could raise its step, so that nobody has to be told (R92)."""
    planned = life.began + after
    return life.dispatched is not None and any(
        window.begins <= life.dispatched and planned <= window.ends and life.dispatched <= window.ends
        for window in felt
    )


def _compare(verdict: Verdict, what: str, found: int, due: bool | None) -> None:
    if found > 1:
        verdict.doubled.append(f"{what}: {found} times")
    elif due is True and found == 0:
        verdict.lost.append(what)
    elif due is False and found:
        verdict.unexpected.append(what)


def _messages(verdict: Verdict, ask: Ask, diary: list[Received], windows: list[Window]) -> None:
    """Every raised step told somebody; every message left; what the gateway got twice had a cause."""
    for reference, order in ask(
        "SELECT ticket.reference, step.order FROM escalation_escalation AS escalation "
        "JOIN escalation_step AS step ON step.id = escalation.step_id "
        "JOIN complaints_ticket AS ticket ON ticket.id = escalation.ticket_id "
        "WHERE escalation.noticed_at IS NOT NULL AND NOT EXISTS ("
        " SELECT 1 FROM notifications_message AS message WHERE message.about = 'escalation:' || escalation.id)"
    ):
        verdict.messages_lost.append(f"{reference} step {order} told nobody")
    for key, state in ask("SELECT key, state FROM notifications_message WHERE state NOT IN ('sent', 'cancelled')"):
        verdict.messages_lost.append(f"{key} is {state}")
    taken = Counter(one.key for one in diary if one.answered != "answers 500")
    for (key,) in ask("SELECT key FROM notifications_message WHERE channel = 'sms' AND state = 'sent'"):
        if not taken[key]:
            verdict.messages_lost.append(f"{key} never reached the gateway")
    repeats = 0
    for key, times in taken.items():
        if times == 1:
            continue
        repeats += times - 1
        earlier = sorted((one for one in diary if one.key == key), key=lambda one: one.at)[:-1]
        without = [one for one in earlier if one.answered == "well" and not _is_felt(one.at, windows)]
        if without:
            verdict.repeated_without_cause.append(f"{key}: {times} times")
    verdict.counts |= {"messages_to_the_gateway": len(taken), "repeats_after_a_fault": repeats}


def _is_felt(at: float, windows: list[Window]) -> bool:
    return any(window.begins - 1 <= at <= window.ends for window in windows)


def _lateness(verdict: Verdict, fired: list[tuple[float, float]], windows: list[Window]) -> None:
    """How late steps were, by the fault during which they were planned."""
    by_fault: dict[str, list[float]] = {}
    for planned, noticed in fired:
        fault = next((window.fault for window in windows if window.begins <= planned <= window.ends), "no fault")
        by_fault.setdefault(fault, []).append(max(0.0, noticed - planned))
    for fault, late in sorted(by_fault.items()):
        late.sort()
        verdict.lateness[fault] = {
            "steps": len(late),
            "p50": round(median(late), 2),
            "p99": round(late[min(len(late) - 1, int(len(late) * 0.99))], 2),
            "most": round(late[-1], 2),
        }
