"""The running clocks of one ticket, changed together: started, held, deferred, decided anew, called, ended.

Whoever opens a ledger holds the lock on the ticket's row (the action that has just saved it, or the sweep), so nobody
else changes these clocks meanwhile. Clocks are changed by conditional updates nevertheless: what has ended stays ended,
and a warning or a breach is called once (R2A).

Events are told when the ledger closes and everything stands in the database: whoever follows one may act on the same
ticket, which opens another ledger.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from accounts.models import UNITS, Person, Unit
from common.events import publish
from common.kept import get_both
from complaints.actions.history import record
from complaints.models import Assistance, ChaseUp, Hold, Ticket
from complaints.querysets import put_what_is_kept
from sla.actions.deciding import choose_policy, decide_due
from sla.events import (
    Breached,
    ClockEnded,
    ClockEvent,
    ClockHeld,
    ClockMoved,
    ClockResumed,
    ClockStarted,
    OutcomeDecided,
    Warned,
)
from sla.kinds import BOUND_TO_THE_REPLY, HELD_WITH_THE_TICKET, Cause, Kind, Outcome, Stretch
from sla.models import Clock, ClockInterval
from sla.models.policy import POLICIES

DECIDED = ["policy", "variant", "ceiling_at", "nominal_due_at", "limit_due_at", "due_at", "warn_at", "next_at"]


def due_columns(running: Iterable[Clock]) -> dict[str, Any]:
    """What a ticket's own columns say, by which lists sort: what is due first, and the reply; nothing that is held."""
    owed = [clock for clock in running if clock.due_at is not None and not clock.is_held]
    first = min(owed, key=lambda clock: (clock.due_at, clock.pk), default=None)
    reply = next((clock for clock in owed if clock.kind == Kind.REPLY), None)
    return {
        "next_due_at": first.due_at if first else None,
        "next_due_kind": first.kind if first else "",
        "reply_due_at": reply.due_at if reply else None,
    }


class Ledger:
    """A ticket's running clocks, read once."""

    def __init__(self, ticket: Ticket, clocks: Iterable[Clock], *, by: Person | None, at: datetime) -> None:
        self.ticket, self.by, self.at = ticket, by, at
        self.clocks = list(clocks)
        for clock in self.clocks:
            clock.ticket = ticket
        self._reply: Clock | None = None
        self._happened: list[ClockEvent] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()

    @classmethod
    def of_new(cls, ticket: Ticket, *, by: Person | None, at: datetime) -> Self:
        """Of a ticket accepted this moment, which has no clocks yet."""
        return cls(ticket, [], by=by, at=at)

    @classmethod
    def of(cls, ticket: Ticket, *, by: Person | None, at: datetime) -> Self:
        """Of a ticket that an action has just saved; what fell due before is called first, in order (R2A)."""
        ledger = cls.locked(ticket, by=by, at=at)
        ledger.call_overdue()
        return ledger

    @classmethod
    def locked(cls, ticket: Ticket, *, by: Person | None, at: datetime) -> Self:
        """Of a ticket whose row is locked, as it stands."""
        return cls(ticket, _in_full(Clock.objects.running().filter(ticket=ticket).order_by("pk")), by=by, at=at)

    # Finding

    def running(self, *kinds: str) -> list[Clock]:
        """The running clocks of these kinds; all of them when none is named."""
        return [clock for clock in self.clocks if clock.is_running and (not kinds or clock.kind in kinds)]

    @property
    def reply(self) -> Clock | None:
        """The reply clock of this round, running or not."""
        running = self.running(Kind.REPLY)
        if running:
            return running[0]
        if self._reply is None or self._reply.round != self.ticket.round:
            replies = Clock.objects.filter(ticket=self.ticket, kind=Kind.REPLY, round=self.ticket.round)
            self._reply = next(iter(_in_full(replies.order_by("-pk")[:1])), None)
            if self._reply is not None:
                self._reply.ticket = self.ticket
        return self._reply

    # Starting and ending

    def start(
        self,
        kind: str,
        *,
        unit: Unit | None,
        since: datetime | None = None,
        assistance: Assistance | None = None,
        chase_up: ChaseUp | None = None,
        **facts: Any,
    ) -> Clock:
        """Start a clock for whoever owes it: the unit named, or the one that has the ticket in hand."""
        clock = Clock(
            ticket=self.ticket,
            kind=kind,
            round=self.ticket.round,
            unit=unit or self.ticket.holding_unit,
            assistance=assistance,
            chase_up=chase_up,
            opened_at=self.at,
            started_at=since or self.at,
            **facts,
        )
        reply = self.reply if kind in BOUND_TO_THE_REPLY else None
        clock.policy = choose_policy(clock, reply=reply, at=self.at)
        decide_due(clock, reply=reply)
        clock.save(force_insert=True)
        self.clocks.append(clock)
        ClockInterval.objects.create(
            clock=clock, kind=Stretch.RUNNING, starts_at=clock.started_at, cause=Cause.STARTED, by=self.by
        )
        self._happened.append(ClockStarted(clock=clock, by=self.by, at=self.at))
        if self.ticket.is_held and kind in HELD_WITH_THE_TICKET:
            self.hold(clock, self.ticket.holds.get(ended_at__isnull=True))
        return clock

    def meet(self, *clocks: Clock) -> None:
        """What was owed is done: met, or met late where it was missed before."""
        for clock in clocks:
            self.end(clock, Outcome.MET_LATE if clock.is_breached else Outcome.MET)

    def cancel(self, *clocks: Clock) -> None:
        """What was owed is owed no more."""
        for clock in clocks:
            self.end(clock, Outcome.CANCELLED)

    def end(self, clock: Clock, outcome: str) -> None:
        """End a clock, its stretches with it; one that was overdue when it began this moment is breached first."""
        if clock.next_at is not None and self._due(clock) < self.at:
            self._breach(clock)
            outcome = Outcome.MET_LATE if outcome == Outcome.MET else outcome
        self._settle(clock, until=self.at)
        clock.intervals.filter(ends_at__isnull=True).update(ends_at=max(self.at, clock.started_at))
        clock.ended_at, clock.outcome, clock.held_since = self.at, outcome, None
        clock.plan_next_call()
        ended = Clock.objects.filter(pk=clock.pk, ended_at__isnull=True).update(
            ended_at=clock.ended_at, outcome=outcome, held_since=None, next_at=None
        )
        if ended:
            self._happened.append(ClockEnded(clock=clock, by=self.by, at=self.at))

    def decide_outcome(self, clock: Clock, *, accepted: bool) -> None:
        """The verdict on a reply is known: it counts as met, in time or late, or apart as ineffective (R21)."""
        outcome = Outcome.INEFFECTIVE
        if accepted:
            outcome = Outcome.MET_LATE if clock.is_breached else Outcome.MET
        clock.outcome = outcome
        Clock.objects.filter(pk=clock.pk).update(outcome=outcome)
        self._happened.append(OutcomeDecided(clock=clock, by=self.by, at=self.at))

    def pass_on(self, *clocks: Clock, to: Unit) -> None:
        """Another unit owes it from now on; the clock is not renewed."""
        for clock in clocks:
            clock.unit = to
            clock.save(update_fields=["unit"])

    def take_over(self, clock: Clock, *, since: datetime, due: datetime | None) -> None:
        """Take the earlier start and due of a merged ticket's clock."""
        clock.started_at = min(clock.started_at, since)
        bounds = [each for each in (clock.ceiling_at, due) if each is not None]
        clock.ceiling_at = min(bounds, default=None)
        clock.save(update_fields=["started_at", "ceiling_at"])
        first = clock.intervals.order_by("starts_at", "pk").first()
        if first is not None and first.starts_at > clock.started_at:
            first.starts_at = clock.started_at
            first.save(update_fields=["starts_at"])

    # Standing still

    def hold(self, clock: Clock, hold: Hold) -> None:
        """The clock stands still while the ticket is held (R6)."""
        self._switch(clock, Stretch.HELD, at=self.at, cause=Cause.HOLD, planned_until=hold.ends_at, hold=hold)
        clock.held_since = self.at
        clock.plan_next_call()
        clock.save(update_fields=["held_since", "next_at"])
        self._happened.append(ClockHeld(clock=clock, by=self.by, at=self.at))

    def resume(self, clock: Clock, *, since: datetime) -> None:
        """The clock runs again, from when the hold ended; its due moves by as much as did not count."""
        self._switch(clock, Stretch.RUNNING, at=since, cause=Cause.RESUMED)
        clock.held_since = None
        clock.save(update_fields=["held_since"])
        self._happened.append(ClockResumed(clock=clock, by=self.by, at=self.at))

    def defer(self, clock: Clock, *, until: datetime) -> None:
        """The customer was not reached in time: the reply is due not before the next planned attempt (R43)."""
        self._settle(clock, until=self.at)
        self._switch(clock, Stretch.DEFERRED, at=self.at, cause=Cause.NOT_REACHED, planned_until=until)

    # Deciding anew

    def decide_again(self, *clocks: Clock, because: str, choosing: bool = False) -> None:
        """Decide when running clocks are due, from their original start and with the time held before (R27).

        `choosing` looks for the policy anew. A due that moves into the past breaches now; a called breach stays.
        What is bound to the reply follows it.
        """
        asked = list(clocks)
        if any(clock.kind == Kind.REPLY for clock in asked):
            bound = self.running(*BOUND_TO_THE_REPLY)
            asked += [clock for clock in bound if clock not in asked]
        asked.sort(key=lambda clock: clock.kind != Kind.REPLY)
        for clock in asked:
            before = clock.due_at
            reply = self.reply if clock.kind in BOUND_TO_THE_REPLY else None
            if choosing:
                clock.policy = choose_policy(clock, reply=reply, at=self.at)
            decide_due(clock, reply=reply)
            clock.save(update_fields=DECIDED)
            if clock.due_at == before:
                continue
            record(
                self.ticket,
                "due_moved",
                by=self.by,
                at=self.at,
                clock=clock.kind,
                clock_id=clock.pk,
                old=before.isoformat() if before else None,
                new=clock.due_at.isoformat() if clock.due_at else None,
                because=because,
            )
            self._happened.append(ClockMoved(clock=clock, by=self.by, at=self.at, old_due=before, new_due=clock.due_at))
        self.call_overdue()

    # Calling

    def call_overdue(self) -> None:
        """Call what fell due before this instant, in order; what began this very moment is not overdue yet."""
        while overdue := [
            clock
            for clock in self.clocks
            if clock.next_at is not None and clock.next_at < self.at and clock.opened_at < self.at
        ]:
            self.call(min(overdue, key=lambda clock: (clock.next_at, clock.pk)))

    def call(self, clock: Clock) -> bool:
        """Call a warning or a breach that is due, once; says whether it was ours to call (R2A)."""
        return self._warn(clock) if clock.is_warning_next else self._breach(clock)

    def _warn(self, clock: Clock) -> bool:
        planned = clock.next_at
        clock.warned_at, clock.warning_noticed_at = planned, self.at
        clock.plan_next_call()
        won = Clock.objects.filter(pk=clock.pk, warned_at__isnull=True, ended_at__isnull=True).update(
            warned_at=planned, warning_noticed_at=self.at, next_at=clock.next_at
        )
        if won:
            self._happened.append(Warned(clock=clock, at=self.at, planned_at=planned))
        return bool(won)

    def _breach(self, clock: Clock) -> bool:
        # A due that lay in the past when the obligation arose, or was moved there, broke at that due nevertheless.
        broke_at = self._due(clock)
        self._settle(clock, until=self.at)
        clock.breached_at, clock.breach_noticed_at = broke_at, self.at
        clock.plan_next_call()
        won = Clock.objects.filter(pk=clock.pk, breached_at__isnull=True, ended_at__isnull=True).update(
            breached_at=broke_at, breach_noticed_at=self.at, next_at=None
        )
        if won:
            record(
                self.ticket,
                "breached",
                by=None,
                at=broke_at,
                clock=clock.kind,
                clock_id=clock.pk,
                due=broke_at.isoformat(),
                noticed=self.at.isoformat(),
            )
            self._happened.append(Breached(clock=clock, at=self.at, broke_at=broke_at))
        return bool(won)

    def _due(self, clock: Clock) -> datetime:
        assert clock.due_at is not None, "a clock without a due is never called"
        return clock.due_at

    # Stretches

    def _switch(self, clock: Clock, kind: str, *, at: datetime, cause: str, **facts: Any) -> None:
        clock.intervals.filter(ends_at__isnull=True).update(ends_at=at)
        ClockInterval.objects.create(clock=clock, kind=kind, starts_at=at, cause=cause, by=self.by, **facts)

    def _settle(self, clock: Clock, *, until: datetime) -> None:
        """A deferral whose planned attempt has come is over: the clock runs on from there."""
        if clock.kind != Kind.REPLY:
            return
        deferred = clock.intervals.filter(kind=Stretch.DEFERRED, ends_at__isnull=True, planned_until__lt=until).first()
        if deferred is not None:
            assert deferred.planned_until is not None
            self._switch(clock, Stretch.RUNNING, at=deferred.planned_until, cause=Cause.ATTEMPT_DUE)

    # The ticket's own columns

    def close(self) -> None:
        """Bring the ticket's due columns up to date, by which lists sort; then tell what has happened."""
        facts = due_columns(self.running())
        if any(getattr(self.ticket, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(self.ticket, name, value)
            Ticket.objects.filter(pk=self.ticket.pk).update(**facts)
        happened, self._happened = self._happened, []
        for event in happened:
            publish(event)


def _in_full(clocks: Iterable[Clock]) -> list[Clock]:
    """The clocks with their policies and with the units that owe them, which are kept in the process anyway."""
    found = list(clocks)
    if found:
        units, policies = get_both(UNITS, POLICIES)
        put_what_is_kept([(clock, "unit") for clock in found], units.by_pk)
        put_what_is_kept([(clock, "policy") for clock in found], policies.by_pk)
    return found
