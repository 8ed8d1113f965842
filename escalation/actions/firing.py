"""Raising escalations: find whom, tell them, write it down, do what the step says; many in one go (R90, R91)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import SYSTEM, Person
from common.refusals import Refusal
from common.transitions import ask
from common.writing import Row, write_back, write_new
from complaints.actions import classifying, commenting, handling
from complaints.actions.history import append, entry_of, record
from complaints.models import Ticket
from complaints.states import AWAITING_AN_ANSWER, AWAITING_THE_UNIT, Urgency
from escalation import finding
from escalation.actions.telling import remind_of, tell_of
from escalation.kinds import ASKS_FOR_ACKNOWLEDGEMENT, CHANGES_THE_TICKET, Standing, What
from escalation.models import Escalation, EscalationRules, Step
from notifications import outbox

WRITTEN = [
    "state",
    "noticed_at",
    "brought_forward_at",
    "to_role",
    "to_unit",
    "gap",
    "ack_due_at",
    "ack_missed_at",
    "reminders",
    "closed_at",
    "closed_because",
    "held_since",
    "next_at",
]
TO_BE_CALLED = "stands.next_at IS NOT NULL"
HIGHER = {Urgency.ORDINARY: Urgency.IMPORTANT, Urgency.IMPORTANT: Urgency.URGENT}


class RaisedMeanwhile(Exception):
    """An escalation was raised or ended by somebody who did not hold its ticket's lock."""


class Volley:
    """What is done about many escalations in one go: each moved in memory, in order, and all written in bulk.

    Whoever fires one holds the locks of the tickets and has asked whether each is still owed. On leaving, escalations,
    history, recipients and messages are written by one statement each; what a step does to its ticket comes after, in
    the order of the escalations.
    """

    def __init__(self, *, rules: EscalationRules, at: datetime) -> None:
        self.rules, self.at = rules, at
        self._finder = finding.Finder(at=at)
        self._changed: dict[int, Escalation] = {}
        self._entries: list[Row] = []
        self._told: list[tuple[int, int]] = []
        self._messages: list[Callable[[], None]] = []
        self._deeds: list[Callable[[], None]] = []

    def expect(self, escalations: Iterable[tuple[Escalation, Ticket]]) -> None:
        """Read whom the steps of these may tell, in one go rather than one by one."""
        asked = [(row.step, finding.start_of(row.step, ticket, row.clock)) for row, ticket in escalations]
        self._finder.bring({step.role for step, _start in asked if step.role}, starts={start for _step, start in asked})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.write()

    def fire(self, escalation: Escalation, ticket: Ticket, *, brought_forward_at: datetime | None = None) -> None:
        """Raise a planned escalation: find whom, tell them, write it down, and do what the step says (R90)."""
        step = escalation.step
        found = self._finder.whom(step, ticket, clock=escalation.clock)
        within = _acknowledge_within(step, ticket, self.rules)
        ack_due_at = self.at + within if within is not None else None
        self.move(
            escalation,
            escalation.fire,
            brought_forward_at=brought_forward_at,
            to_role=found.role,
            to_unit=found.unit,
            gap=found.gap,
            ack_due_at=ack_due_at,
            next_at=next_call(noticed_at=self.at, ack_due_at=ack_due_at, rules=self.rules),
        )
        self._tell(escalation, found.people)
        self._record(
            escalation,
            ticket,
            "escalated",
            by=escalation.raised_by,
            ladder=step.ladder.code,
            step=step.order,
            reason=escalation.reason,
            share=step.share_percent,
            clock=escalation.clock.kind if escalation.clock is not None else "",
            planned_at=escalation.planned_at.isoformat(),
            brought_forward_at=brought_forward_at.isoformat() if brought_forward_at is not None else None,
            role=found.role,
            unit=found.unit.code if found.unit is not None else "",
            told=[person.pk for person in found.people],
            gap=found.gap,
        )
        self._messages.append(partial(tell_of, escalation, people=found.people, at=self.at))
        if step.what in CHANGES_THE_TICKET:
            self._deeds.append(partial(_act, escalation, ticket, within=within, at=self.at))

    def miss_acknowledgement(self, escalation: Escalation, ticket: Ticket, *, following: Iterable[Escalation]) -> None:
        """Nobody has acknowledged it in time: the steps that follow on its ladder come now, once (R91)."""
        missed_at = escalation.ack_due_at
        assert missed_at is not None
        escalation.ack_missed_at = missed_at
        self._plan_next_call(escalation)
        self._record(escalation, ticket, "acknowledgement_missed", by=None, due_at=missed_at.isoformat())
        for each in following:
            if each.state == Standing.PLANNED and each.held_since is None:
                earlier = missed_at if missed_at < each.planned_at else None
                self.fire(each, ticket, brought_forward_at=earlier)

    def remind(self, escalation: Escalation, ticket: Ticket) -> None:
        """Remind once for all the reminders that have fallen due (R91). Those who have left since are replaced."""
        assert escalation.noticed_at is not None
        due_since = escalation.next_at or self.at
        since = self.at - escalation.noticed_at
        escalation.reminders = sum(after <= since for after in self.rules.reminders)
        people: Sequence[Person] = [person for person in escalation.recipients.all() if person.is_active]
        if not people:
            found = self._finder.whom(escalation.step, ticket, clock=escalation.clock)
            people = found.people
            self._tell(escalation, people)
            escalation.to_role, escalation.to_unit, escalation.gap = found.role, found.unit, found.gap
        self._plan_next_call(escalation)
        self._messages.append(
            partial(remind_of, escalation, people=people, number=escalation.reminders, due_since=due_since, at=self.at)
        )

    def hold(self, escalation: Escalation, *, since: datetime) -> None:
        """Its clock stands still, so nothing is due on it."""
        escalation.held_since, escalation.next_at = since, None
        self._changed[escalation.pk] = escalation

    def move(self, escalation: Escalation, move: Callable[..., None], **facts: Any) -> None:
        """Make a move of the system's, to be written with the rest. Raises NotPossible."""
        ask(move, by=None, at=self.at, system=SYSTEM)
        move(at=self.at, **facts)
        self._changed[escalation.pk] = escalation

    def write(self) -> None:
        """Write all of it. Raises RaisedMeanwhile where a row is not as it was read."""
        changed = list(self._changed.values())
        if write_back(changed, WRITTEN, guard=TO_BE_CALLED) != len(changed):
            raise RaisedMeanwhile
        through = Escalation.recipients.through
        told = [{"escalation_id": escalation, "person_id": person} for escalation, person in self._told]
        write_new(through, told, unless_there=True)
        append(self._entries)
        with outbox.in_one_go():
            for tell in self._messages:
                tell()
        for act in self._deeds:
            act()

    def _tell(self, escalation: Escalation, people: Iterable[Person]) -> None:
        self._told += [(escalation.pk, person.pk) for person in people]

    def _record(self, escalation: Escalation, ticket: Ticket, kind: str, *, by: Person | None, **data: Any) -> None:
        self._entries.append(entry_of(ticket, kind, by=by, at=self.at, escalation=escalation.pk, **data))

    def _plan_next_call(self, escalation: Escalation) -> None:
        assert escalation.noticed_at is not None
        escalation.next_at = next_call(
            noticed_at=escalation.noticed_at,
            ack_due_at=escalation.ack_due_at,
            rules=self.rules,
            is_missed=escalation.ack_missed_at is not None,
            reminders=escalation.reminders,
        )
        self._changed[escalation.pk] = escalation


def next_rungs(missed: Sequence[Escalation]) -> dict[int, list[Escalation]]:
    """For escalations that nobody acknowledged, those of the next rung, locked; made where they were not planned yet.

    The steps after a breach that has not come yet are made for it. By the number of the escalation that was missed.
    """
    followed = [(escalation, rung) for escalation in missed if (rung := rung_after(escalation))]
    if not followed:
        return {}
    write_new(
        Escalation,
        [
            {
                "ticket_id": escalation.ticket_id,
                "clock_id": escalation.clock_id,
                "step_id": step.pk,
                "occasion": escalation.occasion,
                "reason": escalation.reason,
                "severity": step.severity,
                "raised_by_id": escalation.raised_by_id,
                "planned_at": expected,
                "next_at": expected,
            }
            for escalation, rung in followed
            for expected in [_expected_after(escalation)]
            for step in rung
        ],
        unless_there=True,
    )
    rows = Escalation.objects.filter(
        ticket__in={escalation.ticket_id for escalation, _rung in followed},
        occasion__in={escalation.occasion for escalation, _rung in followed},
        step__in={step for _escalation, rung in followed for step in rung},
    )
    found = {(row.ticket_id, row.occasion, row.step_id): row for row in rows.select_for_update().order_by("pk")}
    return {
        escalation.pk: [found[escalation.ticket_id, escalation.occasion, step.pk] for step in rung]
        for escalation, rung in followed
    }


def next_call(
    *,
    noticed_at: datetime,
    ack_due_at: datetime | None,
    rules: EscalationRules,
    is_missed: bool = False,
    reminders: int = 0,
) -> datetime | None:
    """When the sweep has something to do about an open escalation; never where nobody has to acknowledge it."""
    if ack_due_at is None:
        return None
    ahead = [noticed_at + after for after in rules.reminders[reminders:]]
    if not is_missed:
        ahead.append(ack_due_at)
    return min(ahead, default=None)


def _acknowledge_within(step: Step, ticket: Ticket, rules: EscalationRules) -> timedelta | None:
    if step.what not in ASKS_FOR_ACKNOWLEDGEMENT:
        return None
    if step.acknowledge_within_minutes is not None:
        return timedelta(minutes=step.acknowledge_within_minutes)
    return rules.acknowledge_within(urgent=ticket.is_grave or ticket.urgency == Urgency.URGENT)


def rung_after(escalation: Escalation) -> list[Step]:
    """The steps that come next on its ladder; none after the last."""
    rungs = escalation.step.ladder.get_rungs()
    return next((rung for rung in rungs if rung[0].order > escalation.step.order), [])


def _expected_after(escalation: Escalation) -> datetime:
    clock = escalation.clock
    return clock.due_at if clock is not None and clock.due_at is not None else escalation.due_since


def _act(escalation: Escalation, ticket: Ticket, *, within: timedelta | None, at: datetime) -> None:
    """What the step does to the ticket. Where that is refused, the refusal is written down; people are told anyway."""
    if escalation.step.what not in CHANGES_THE_TICKET:
        return
    try:
        with transaction.atomic():
            # Read again, so that a deed undone half-way leaves nothing behind in the instance at hand.
            _do(escalation.step, Ticket.objects.with_people().get(pk=ticket.pk), within=within, at=at)
    except Refusal as refusal:
        record(
            ticket,
            "escalation_step_refused",
            by=None,
            at=at,
            escalation=escalation.pk,
            what=escalation.step.what,
            code=refusal.code,
        )


def _do(step: Step, ticket: Ticket, *, within: timedelta | None, at: datetime) -> None:
    if step.what == What.DEMAND:
        with translation.override(settings.LANGUAGE_CODE):
            minutes = int(within.total_seconds() // 60) if within is not None else 0
            text = _("An answer is demanded within %(minutes)d minutes.") % {"minutes": minutes}
        commenting.demand(ticket, text=text, by=None, at=at)
    elif step.what == What.RAISE_URGENCY:
        higher = HIGHER.get(Urgency(ticket.urgency))
        if higher is not None and ticket.state in AWAITING_AN_ANSWER:
            classifying.reclassify(ticket, urgency=higher, by=None, at=at)
    elif step.what == What.REASSIGN and ticket.state in AWAITING_THE_UNIT and ticket.lead_unit_id != step.to_unit_id:
        assert step.to_unit is not None
        with translation.override(settings.LANGUAGE_CODE):
            reason = _("Passed on by a ladder.")
        handling.transfer(ticket, to=step.to_unit, reason=reason, by=None, at=at)
