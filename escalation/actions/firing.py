"""Raising an escalation: find whom, do what the step says, tell them, write it down (R90)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import SYSTEM
from common.refusals import Refusal
from common.transitions import make
from complaints.actions import classifying, commenting, handling
from complaints.actions.history import record
from complaints.models import Ticket
from complaints.states import AWAITING_AN_ANSWER, AWAITING_THE_UNIT, Urgency
from escalation import finding
from escalation.actions.telling import remind_of, tell_of
from escalation.kinds import ASKS_FOR_ACKNOWLEDGEMENT, CHANGES_THE_TICKET, Standing, What
from escalation.models import Escalation, EscalationRules, Step

HIGHER = {Urgency.ORDINARY: Urgency.IMPORTANT, Urgency.IMPORTANT: Urgency.URGENT}


def fire(
    escalation: Escalation,
    ticket: Ticket,
    *,
    rules: EscalationRules,
    at: datetime,
    brought_forward_at: datetime | None = None,
) -> None:
    """Raise a planned escalation. Whoever calls holds the ticket's lock and has asked whether it is still owed."""
    step = escalation.step
    found = finding.whom(step, ticket, clock=escalation.clock, at=at)
    within = _acknowledge_within(step, ticket, rules)
    ack_due_at = at + within if within is not None else None
    make(
        escalation.fire,
        by=None,
        at=at,
        system=SYSTEM,
        brought_forward_at=brought_forward_at,
        to_role=found.role,
        to_unit=found.unit,
        gap=found.gap,
        ack_due_at=ack_due_at,
        next_at=next_call(noticed_at=at, ack_due_at=ack_due_at, rules=rules),
    )
    escalation.recipients.add(*found.people)
    record(
        ticket,
        "escalated",
        by=escalation.raised_by,
        at=at,
        escalation=escalation.pk,
        ladder=step.ladder.code,
        step=step.order,
        reason=escalation.reason,
        clock=escalation.clock.kind if escalation.clock is not None else "",
        planned_at=escalation.planned_at.isoformat(),
        brought_forward_at=brought_forward_at.isoformat() if brought_forward_at is not None else None,
        role=found.role,
        unit=found.unit.code if found.unit is not None else "",
        told=[person.pk for person in found.people],
        gap=found.gap,
    )
    tell_of(escalation, people=found.people, at=at)
    _act(escalation, ticket, within=within, at=at)


def miss_acknowledgement(escalation: Escalation, ticket: Ticket, *, rules: EscalationRules, at: datetime) -> None:
    """Nobody has acknowledged it in time: the next step of its ladder comes now, once (R91)."""
    missed_at = escalation.ack_due_at
    assert missed_at is not None
    escalation.ack_missed_at = missed_at
    _plan_next_call(escalation, rules)
    escalation.save(update_fields=["ack_missed_at", "next_at"])
    record(ticket, "acknowledgement_missed", by=None, at=at, escalation=escalation.pk, due_at=missed_at.isoformat())
    for following in _next_rung(escalation, ticket):
        if following.state == Standing.PLANNED and following.held_since is None:
            earlier = missed_at if missed_at < following.planned_at else None
            fire(following, ticket, rules=rules, at=at, brought_forward_at=earlier)


def remind(escalation: Escalation, ticket: Ticket, *, rules: EscalationRules, at: datetime) -> None:
    """Remind once for all the reminders that have fallen due (R91). Those who have left since are replaced."""
    assert escalation.noticed_at is not None
    since = at - escalation.noticed_at
    escalation.reminders = sum(after <= since for after in rules.reminders)
    if not escalation.recipients.filter(is_active=True).exists():
        found = finding.whom(escalation.step, ticket, clock=escalation.clock, at=at)
        escalation.recipients.add(*found.people)
        escalation.to_role, escalation.to_unit, escalation.gap = found.role, found.unit, found.gap
    _plan_next_call(escalation, rules)
    escalation.save(update_fields=["reminders", "to_role", "to_unit", "gap", "next_at"])
    remind_of(escalation, number=escalation.reminders, at=at)


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


def _plan_next_call(escalation: Escalation, rules: EscalationRules) -> None:
    assert escalation.noticed_at is not None
    escalation.next_at = next_call(
        noticed_at=escalation.noticed_at,
        ack_due_at=escalation.ack_due_at,
        rules=rules,
        is_missed=escalation.ack_missed_at is not None,
        reminders=escalation.reminders,
    )


def _acknowledge_within(step: Step, ticket: Ticket, rules: EscalationRules) -> timedelta | None:
    if step.what not in ASKS_FOR_ACKNOWLEDGEMENT:
        return None
    if step.acknowledge_within_minutes is not None:
        return timedelta(minutes=step.acknowledge_within_minutes)
    return rules.acknowledge_within(urgent=ticket.is_grave or ticket.urgency == Urgency.URGENT)


def _next_rung(escalation: Escalation, ticket: Ticket) -> list[Escalation]:
    """The escalations of the next rung; those of a breach that has not come yet are made for it."""
    step = escalation.step
    rungs = [rung for rung in step.ladder.get_rungs() if rung[0].order > step.order]
    if not rungs:
        return []
    clock = escalation.clock
    expected = clock.due_at if clock is not None and clock.due_at is not None else escalation.due_since
    Escalation.objects.bulk_create(
        [
            Escalation(
                ticket=ticket,
                clock=clock,
                step=following,
                occasion=escalation.occasion,
                reason=escalation.reason,
                severity=following.severity,
                raised_by=escalation.raised_by,
                planned_at=expected,
                next_at=expected,
            )
            for following in rungs[0]
        ],
        ignore_conflicts=True,
    )
    return list(
        Escalation.objects.filter(ticket=ticket, occasion=escalation.occasion, step__in=rungs[0])
        .select_for_update(of=("self",))
        .select_related("step__ladder", "clock")
        .order_by("pk")
    )


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
