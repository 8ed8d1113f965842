"""What can change under running clocks, and what it makes of them (R27).

Each change says which clocks it concerns, from what they are decided anew, and which policy they get. Nothing here
writes: recomputing saves what comes of it, and trying shows it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Prefetch, Q

from accounts.models import Unit
from calendars.models import Calendar
from complaints.models import Assistance, Ticket
from complaints.querysets import put_in_place
from sla.actions.deciding import choose_policy, decide_due
from sla.actions.grounds import GroundsInHand
from sla.kinds import BOUND_TO_THE_REPLY, Kind
from sla.models import Clock, ClockInterval, Policy, Recomputation
from sla.querysets import COUNTED_IN_WORKING_TIME, ClockQuerySet

DECIDED = (
    "policy_id",
    "variant",
    "ceiling_at",
    "nominal_due_at",
    "limit_due_at",
    "due_at",
    "warn_at",
    "next_at",
)


class Change(Protocol):
    """Something that running clocks rest on has changed."""

    def concerned(self) -> ClockQuerySet:
        """The running clocks that may be decided otherwise now."""

    def policies(self) -> Iterable[Policy]:
        """Those to choose from; none where the change chooses no policy."""

    def decides(self, clock: Clock) -> bool:
        """Whether a clock is decided anew."""

    def choose(self, clock: Clock, chosen: Policy | None) -> Policy | None:
        """The policy that a clock gets, when `chosen` would win now."""

    def facts(self) -> dict[str, Any]:
        """What the history says of the cause: codes only."""


@dataclass(frozen=True)
class PolicyPublished:
    """A version came into force for running clocks too. Clocks of other policies that it does not beat stay."""

    policy: Policy

    def concerned(self) -> ClockQuerySet:
        """Under an earlier version of it, or covered by it and by nothing that wins over it."""
        return Clock.objects.under(self.policy, beside=self.policies())

    def policies(self) -> Iterable[Policy]:
        """Those in force when it came into force: what is published later is another change."""
        assert self.policy.effective_from is not None
        in_force = Policy.objects.in_force(self.policy.effective_from).with_selectors()
        others = [each for each in in_force if each.code != self.policy.code]
        return [*others, self.policy]

    def decides(self, clock: Clock) -> bool:
        """Of its kind, and not under something that came into force later."""
        return clock.kind == self.policy.kind and not (
            clock.policy is not None and clock.policy.is_newer_than(self.policy)
        )

    def choose(self, clock: Clock, chosen: Policy | None) -> Policy | None:
        """This one where it wins; what wins now, where an earlier version of it held; else as it was."""
        wins = chosen is not None and chosen.pk == self.policy.pk
        replaced = clock.policy is not None and clock.policy.code == self.policy.code
        return chosen if wins or replaced else clock.policy

    def facts(self) -> dict[str, Any]:
        """Which version."""
        return {"because": "policy", "policy": self.policy.code, "policy_version": self.policy.version}


@dataclass(frozen=True)
class CalendarChanged:
    """The days or hours of a calendar are others now. Clocks keep their policies."""

    calendar: Calendar

    def concerned(self) -> ClockQuerySet:
        """Counted by this calendar, or by a unit's hours."""
        return Clock.objects.counting_by(self.calendar)

    def policies(self) -> Iterable[Policy]:
        """None is chosen."""
        return []

    def decides(self, clock: Clock) -> bool:
        """Counted by this calendar, or by a unit's hours."""
        policy = clock.policy
        if policy is None:
            return False
        by_units_hours = policy.calendar_id is None and policy.limit_unit in COUNTED_IN_WORKING_TIME
        return policy.calendar_id == self.calendar.pk or by_units_hours

    def choose(self, clock: Clock, chosen: Policy | None) -> Policy | None:
        """As it was."""
        return clock.policy

    def facts(self) -> dict[str, Any]:
        """Which calendar, in which version."""
        return {"because": "calendar", "calendar": self.calendar.code, "calendar_version": self.calendar.version}


@dataclass(frozen=True)
class CustomersChanged:
    """Tier or brand of customers are others now: their running clocks are chosen and decided anew."""

    customers: Sequence[int]
    at: datetime

    def concerned(self) -> ClockQuerySet:
        """All of their running clocks."""
        return Clock.objects.running().filter(ticket__customer__in=self.customers)

    def policies(self) -> Iterable[Policy]:
        """Those in force now."""
        return Policy.objects.in_force(self.at).with_selectors()

    def decides(self, clock: Clock) -> bool:
        """Everything that is owed to them."""
        return True

    def choose(self, clock: Clock, chosen: Policy | None) -> Policy | None:
        """What wins now."""
        return chosen

    def facts(self) -> dict[str, Any]:
        """That it was the customer."""
        return {"because": "customer"}


def change_of(recomputation: Recomputation, *, at: datetime) -> Change:
    """What a recomputation is about."""
    if recomputation.policy is not None:
        return PolicyPublished(recomputation.policy)
    if recomputation.calendar is not None:
        return CalendarChanged(recomputation.calendar)
    return CustomersChanged(recomputation.customers, at)


@dataclass
class Account:
    """The clocks of one ticket as a change finds them: those that run, and the reply of its round, running or not."""

    running: list[Clock]
    reply: Clock | None


@dataclass
class Decided:
    """What came of a ticket's clocks."""

    changed: list[Clock] = field(default_factory=list)
    moved: list[tuple[Clock, datetime | None]] = field(default_factory=list)
    """Those whose due is another one now, each with the old due."""


def decide_anew(account: Account, change: Change, *, grounds: GroundsInHand, at: datetime) -> Decided:
    """Decide the clocks that a change concerns, and what is bound to the reply after it; the clocks are set, not saved.

    From their original start and with the time held before (R27); what `choose_policy` needs has to be loaded.
    """
    decided = Decided()
    reply_changed = False
    for clock in sorted(account.running, key=lambda clock: clock.kind != Kind.REPLY):
        is_bound = clock.kind in BOUND_TO_THE_REPLY
        decides = change.decides(clock)
        if not decides and not (is_bound and reply_changed):
            continue
        before = [getattr(clock, name) for name in DECIDED]
        old_due, old_case = clock.due_at, clock.variant
        reply = account.reply if is_bound else None
        if grounds.offers_a_choice:
            chosen = choose_policy(clock, reply=reply, at=at, grounds=grounds)
            if clock.variant != old_case:
                # The reply is owed in days now, or no longer, so another policy serves what is owed for it (R24).
                clock.policy = chosen
            elif decides:
                clock.policy = change.choose(clock, chosen)
        decide_due(clock, reply=reply, grounds=grounds)
        if [getattr(clock, name) for name in DECIDED] != before:
            decided.changed.append(clock)
            reply_changed = reply_changed or clock.kind == Kind.REPLY
        if clock.due_at != old_due:
            decided.moved.append((clock, old_due))
    return decided


def with_all_they_need(clocks: ClockQuerySet) -> list[Clock]:
    """The clocks with stretches, policies, calendars, units and assistances, read once and shared between them."""
    in_order = ClockInterval.objects.order_by("starts_at", "pk")
    stretches = Prefetch("intervals", queryset=in_order, to_attr="stretches")
    together: list[Clock] = list(clocks.prefetch_related(stretches))
    put_in_place([(clock, "policy") for clock in together], Policy.objects.with_selectors())
    put_in_place([(clock, "unit") for clock in together], Unit.objects.all())
    put_in_place([(clock, "assistance") for clock in together], Assistance.objects.all())
    return together


def accounts_of(tickets: Sequence[Ticket]) -> list[tuple[Ticket, Account]]:
    """The clocks of each ticket, in a few queries for all."""
    wanted = Clock.objects.filter(ticket__in=tickets).filter(Q(ended_at__isnull=True) | Q(kind=Kind.REPLY))
    found: dict[int, list[Clock]] = {ticket.pk: [] for ticket in tickets}
    for clock in with_all_they_need(wanted.order_by("pk")):
        found[clock.ticket_id].append(clock)
    accounts = []
    for ticket in tickets:
        for clock in found[ticket.pk]:
            clock.ticket = ticket
        replies = [each for each in found[ticket.pk] if each.kind == Kind.REPLY and each.round == ticket.round]
        running = [each for each in found[ticket.pk] if each.is_running]
        accounts.append((ticket, Account(running, replies[-1] if replies else None)))
    return accounts
