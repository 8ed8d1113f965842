"""A ladder on a ticket: planned step by step, held, resumed, and taken down (R90–R92)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import SYSTEM, Person, known_units
from calendars.worktime import Pause
from common.transitions import make
from common.writing import Row, write_new
from complaints.actions.history import record
from complaints.models import Ticket
from complaints.querysets import put_what_is_kept
from escalation.kinds import Closing, Reason, Standing, When
from escalation.models import Escalation, Ladder, known_ladders
from escalation.models.ladder import Hours, instants
from escalation.querysets import EscalationQuerySet, best_for
from notifications import outbox
from sla.actions.deciding import at_shares
from sla.kinds import Stretch
from sla.models import Clock, ClockInterval

HOLDING = ("accepting_unit", "desk", "lead_unit")
CLOCK_REASONS = {When.WARNING: Reason.WARNING, When.BREACH: Reason.BREACH}


@transaction.atomic(savepoint=False)
def climb(clock: Clock, *, when: When, since: datetime) -> None:
    """Plan the steps of one clock that begin with a warning or a breach; see `climb_all`."""
    climb_all([(clock, since)], when=when)


@transaction.atomic(savepoint=False)
def climb_all(called: Sequence[tuple[Clock, datetime]], *, when: When) -> None:
    """Plan the steps that begin with a warning or a breach: that one at its instant, those after it from there on.

    The sweep raises them. A step that was brought forward earlier stays as it is: each happens once. The questions to
    the database are the same however many clocks there are.
    """
    ladders = known_ladders().of_clocks
    climbing = [(clock, since, ladder) for clock, since in called if (ladder := best_for(clock, ladders)) is not None]
    if not climbing:
        return
    _bring_units([clock.ticket for clock, _since, _ladder in climbing])
    pauses = _all_held_spans([clock for clock, _since, _ladder in climbing])
    hours = Hours()
    _plan_all(
        {
            "ticket_id": clock.ticket_id,
            "clock_id": clock.pk,
            "step_id": step.pk,
            "occasion": f"clock:{clock.pk}",
            "reason": CLOCK_REASONS[when],
            "severity": step.severity,
            "planned_at": instant,
            "next_at": instant,
        }
        for clock, since, ladder in climbing
        for step, instant in instants(
            ladder.get_rungs(),
            anchors={when: since},
            unit=clock.ticket.holding_unit,
            pauses=pauses.get(clock.pk, ()),
            hours=hours,
        ).items()
    )


@transaction.atomic(savepoint=False)
def plan_shares(clock: Clock) -> None:
    """Plan the steps at shares of a clock's limit and those after them, or move them to where the limit has moved.

    What was raised stays where it was, and what follows it goes by that. After a breach nothing new is planned.
    """
    ladders = known_ladders()
    if clock.kind not in ladders.kinds_with_shares:
        return
    known = list(_of(clock).select_related("step__ladder"))
    ladder = next(
        (each.step.ladder for each in known if each.reason == Reason.SHARE), best_for(clock, ladders.of_clocks)
    )
    if ladder is None:
        return
    planned = instants(
        ladder.get_rungs(),
        anchors={},
        shares=_at_shares(clock, ladder, known),
        unit=clock.ticket.holding_unit,
        pauses=held_spans(clock),
    )
    for each in known:
        moved_to = planned.get(each.step, each.planned_at)
        if each.state == Standing.PLANNED and each.reason == Reason.SHARE and moved_to != each.planned_at:
            each.planned_at, each.next_at = moved_to, moved_to if each.held_since is None else None
            each.save(update_fields=["planned_at", "next_at"])
    if clock.is_breached:
        return
    _plan_all(
        {
            "ticket_id": clock.ticket_id,
            "clock_id": clock.pk,
            "step_id": step.pk,
            "occasion": f"clock:{clock.pk}",
            "reason": Reason.SHARE,
            "severity": step.severity,
            "planned_at": instant,
            "next_at": instant if clock.held_since is None else None,
            "held_since": clock.held_since,
        }
        for step, instant in planned.items()
    )


@transaction.atomic(savepoint=False)
def start(trigger: str, ticket: Ticket, *, occasion: str, reason: str, at: datetime, by: Person | None = None) -> None:
    """Plan the ladder of one of R93's causes, from this instant on; once for each occasion on a ticket."""
    ladder = known_ladders().by_trigger.get(trigger)
    if ladder is None:
        return
    planned = instants(ladder.get_rungs(), anchors={When.AT_ONCE: at}, unit=ticket.holding_unit, pauses=())
    _plan_all(
        {
            "ticket_id": ticket.pk,
            "step_id": step.pk,
            "occasion": occasion,
            "reason": reason,
            "severity": step.severity,
            "raised_by_id": by.pk if by is not None else None,
            "planned_at": instant,
            "next_at": instant,
        }
        for step, instant in planned.items()
    )


@transaction.atomic(savepoint=False)
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


@transaction.atomic(savepoint=False)
def hold(clock: Clock, *, at: datetime) -> None:
    """A held clock holds its ladder: nothing falls due on it until it runs again (R6)."""
    for escalation in _of(clock).filter(next_at__isnull=False):
        escalation.held_since, escalation.next_at = at, None
        escalation.save(update_fields=["held_since", "next_at"])


@transaction.atomic(savepoint=False)
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


def _plan_all(escalations: Iterable[Row]) -> None:
    write_new(Escalation, list(escalations), unless_there=True)


def _bring_units(tickets: Iterable[Ticket]) -> None:
    """The units that tickets may be held by, for those whose were not read with them."""
    lacking = [
        (ticket, name)
        for ticket in {ticket.pk: ticket for ticket in tickets}.values()
        for name in HOLDING
        if name not in ticket._state.fields_cache
    ]
    put_what_is_kept(lacking, known_units().by_pk)


def _all_held_spans(clocks: Iterable[Clock]) -> dict[int, list[Pause]]:
    """The closed stretches in which clocks stood still, by clock."""
    spans: dict[int, list[Pause]] = {}
    held = ClockInterval.objects.filter(clock__in=list(clocks), kind=Stretch.HELD, ends_at__isnull=False)
    for clock_id, starts_at, ends_at in held.order_by("starts_at").values_list("clock_id", "starts_at", "ends_at"):
        assert ends_at is not None
        spans.setdefault(clock_id, []).append((starts_at, ends_at))
    return spans


def held_spans(clock: Clock) -> list[Pause]:
    """The closed stretches in which a clock stood still, as they are recorded now."""
    return _all_held_spans([clock]).get(clock.pk, [])


def _at_shares(clock: Clock, ladder: Ladder, known: Iterable[Escalation]) -> dict[int, datetime]:
    """The instants of the shares of a ladder: as raised where they were, else as the limit stands."""
    asked = {step.share_percent for rung in ladder.get_rungs() for step in rung if step.share_percent is not None}
    raised = {
        each.step.share_percent: each.planned_at
        for each in known
        if each.step.share_percent is not None and each.state != Standing.PLANNED
    }
    return at_shares(clock, asked) | raised


def _of(clock: Clock) -> EscalationQuerySet:
    return Escalation.objects.filter(clock=clock).select_for_update(of=("self",)).order_by("pk")


def _instants_again(clock: Clock, held: Sequence[Escalation], *, pauses: Sequence[Pause]) -> dict[int, datetime]:
    """When the planned steps are due now that the clock has stood still a while longer."""
    known = Escalation.objects.filter(clock=clock).select_related("step")
    whens = {
        escalation.step.when: escalation.planned_at
        for escalation in known
        if escalation.step.when not in {When.AFTER_PREVIOUS, When.SHARE}
    }
    ladder = held[0].step.ladder
    again = instants(
        ladder.get_rungs(),
        anchors=whens,
        shares=_at_shares(clock, ladder, known),
        unit=clock.ticket.holding_unit,
        pauses=pauses,
    )
    return {step.pk: instant for step, instant in again.items()}
