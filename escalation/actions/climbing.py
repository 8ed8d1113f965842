"""A ladder on a ticket: planned step by step, held, resumed, and taken down (R90–R92)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import SYSTEM, Person
from calendars.worktime import Pause
from common.transitions import make
from complaints.actions.history import record
from complaints.models import Ticket
from escalation.kinds import Closing, Reason, Standing, When
from escalation.models import Escalation, Ladder
from escalation.models.ladder import instants
from escalation.querysets import EscalationQuerySet
from notifications import outbox
from sla.kinds import Stretch
from sla.models import Clock, ClockInterval

CLOCK_REASONS = {When.WARNING: Reason.WARNING, When.BREACH: Reason.BREACH}


@transaction.atomic
def climb(clock: Clock, *, when: When, since: datetime) -> None:
    """Plan the steps that begin with a warning or a breach: that one at `since`, those after it from there on.

    The sweep raises them. A step that was brought forward earlier stays as it is: each happens once.
    """
    ladder = Ladder.objects.for_clock(clock)
    if ladder is None:
        return
    occasion = f"clock:{clock.pk}"
    _plan(ladder, clock.ticket, clock=clock, occasion=occasion, reason=CLOCK_REASONS[when], anchors={when: since})


@transaction.atomic
def start(trigger: str, ticket: Ticket, *, occasion: str, reason: str, at: datetime, by: Person | None = None) -> None:
    """Plan the ladder of one of R93's causes, from this instant on; once for each occasion on a ticket."""
    ladder = Ladder.objects.for_trigger(trigger)
    if ladder is None:
        return
    _plan(ladder, ticket, clock=None, occasion=occasion, reason=reason, anchors={When.AT_ONCE: at}, by=by)


@transaction.atomic
def take_down(ticket: Ticket, concerned: EscalationQuerySet, *, because: Closing, at: datetime) -> None:
    """Of these escalations of one ticket, cancel what is planned and close what is open (R92).

    Messages that have not left are withdrawn; what was sent stays on record.
    """
    for escalation in concerned.unfinished().select_for_update(of=("self",)).order_by("pk"):
        escalation.ticket = ticket
        if escalation.state == Standing.PLANNED:
            make(escalation.cancel, by=None, at=at, system=SYSTEM, because=because)
            continue
        make(escalation.close, by=None, at=at, system=SYSTEM, because=because)
        outbox.withdraw(escalation.about)
        record(ticket, "escalation_closed", by=None, at=at, escalation=escalation.pk, because=because)


@transaction.atomic
def hold(clock: Clock, *, at: datetime) -> None:
    """A held clock holds its ladder: nothing falls due on it until it runs again (R6)."""
    for escalation in _of(clock).filter(next_at__isnull=False):
        escalation.held_since, escalation.next_at = at, None
        escalation.save(update_fields=["held_since", "next_at"])


@transaction.atomic
def resume(clock: Clock, *, at: datetime) -> None:
    """The ladder goes on where it was held: what is planned counts without the held time, and so does what is open."""
    held = list(_of(clock).filter(held_since__isnull=False).select_related("step__ladder"))
    if not held:
        return
    stood_still = held_spans(clock)
    moved = _instants_again(clock, held, pauses=stood_still)
    resumed_at = max((end for _start, end in stood_still), default=at)
    for escalation in held:
        assert escalation.held_since is not None
        if escalation.state == Standing.PLANNED:
            escalation.planned_at = moved.get(escalation.step_id, escalation.planned_at)
            escalation.next_at = escalation.planned_at
        elif escalation.ack_due_at is not None:
            escalation.ack_due_at += resumed_at - escalation.held_since
            escalation.next_at = escalation.ack_due_at
        escalation.held_since = None
        escalation.save(update_fields=["planned_at", "ack_due_at", "held_since", "next_at"])


def _plan(
    ladder: Ladder,
    ticket: Ticket,
    *,
    clock: Clock | None,
    occasion: str,
    reason: str,
    anchors: dict[str, datetime],
    by: Person | None = None,
) -> None:
    pauses = held_spans(clock) if clock is not None else []
    planned = instants(ladder.get_rungs(), anchors=anchors, unit=ticket.holding_unit, pauses=pauses)
    Escalation.objects.bulk_create(
        [
            Escalation(
                ticket=ticket,
                clock=clock,
                step=step,
                occasion=occasion,
                reason=reason,
                severity=step.severity,
                raised_by=by,
                planned_at=instant,
                next_at=instant,
            )
            for step, instant in planned.items()
        ],
        ignore_conflicts=True,
    )


def held_spans(clock: Clock) -> list[Pause]:
    """The closed stretches in which a clock stood still, as they are recorded now."""
    stretches = ClockInterval.objects.filter(clock=clock, kind=Stretch.HELD).order_by("starts_at")
    return [(stretch.starts_at, stretch.ends_at) for stretch in stretches if stretch.ends_at is not None]


def _of(clock: Clock) -> EscalationQuerySet:
    return Escalation.objects.filter(clock=clock).select_for_update(of=("self",)).order_by("pk")


def _instants_again(clock: Clock, held: Sequence[Escalation], *, pauses: Sequence[Pause]) -> dict[int, datetime]:
    """When the planned steps are due now that the clock has stood still a while longer."""
    whens = {
        escalation.step.when: escalation.planned_at
        for escalation in Escalation.objects.filter(clock=clock).select_related("step")
        if escalation.step.when != When.AFTER_PREVIOUS
    }
    again = instants(
        held[0].step.ladder.get_rungs(),
        anchors=whens,
        unit=clock.ticket.holding_unit,
        pauses=pauses,
    )
    return {step.pk: instant for step, instant in again.items()}
