"""Which tickets lie on whose table: one condition for each list, and the counts of the rail from the same conditions.

Each is asked within `visible_to`, so a list never shows more than the person may see.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, When, prefetch_related_objects

from accounts.models import Authority, Person, Role, keys_under
from complaints.models import (
    Assistance,
    Conclusion,
    DeskRules,
    Progress,
    ReplyAttempt,
    Ticket,
)
from complaints.models.permissions import FRONT_LINE, WORKING_A_QUEUE
from complaints.querysets import TicketQuerySet
from complaints.states import AWAITING_AN_ANSWER, AWAITING_THE_UNIT, LIVE, State
from customers.models import Customer, Flag
from customers.watching import with_rules
from sla.kinds import Kind
from sla.models import Clock

ASKING_TO_TELL = AWAITING_AN_ANSWER - {State.REPLIED}
"""States in which a customer who waits for the reply is told how it stands (R34)."""


OF_A_CLOCK = (
    "ticket",
    "kind",
    "started_at",
    "due_at",
    "warn_at",
    "promised_for",
    "held_since",
    "breached_at",
    "ended_at",
    "outcome",
)
"""What a line shows of a clock."""


def as_lines(tickets: TicketQuerySet) -> TicketQuerySet:
    """Tickets as lists show them, first due first: with their people and the clock that is due next."""
    due_next = Clock.objects.running().filter(kind=F("ticket__next_due_kind")).only(*OF_A_CLOCK)
    return tickets.for_queue().prefetch_related(Prefetch("clocks", queryset=due_next, to_attr="clocks_due_next"))


def as_calls(tickets: TicketQuerySet, now: datetime) -> TicketQuerySet:
    """Tickets to be replied to, as lines, with the planned next attempt of each in this round.

    First due first; whose next attempt is planned for later comes after all whom one can call now.
    """
    planned = ReplyAttempt.objects.filter(next_at__isnull=False, round=F("ticket__round")).order_by("-pk")
    latest = planned.filter(ticket=OuterRef("pk")).values("next_at")[:1]
    is_later = Case(When(next_attempt_at__gt=now, then=1), default=0)
    lines = as_lines(tickets.alias(next_attempt_at=Subquery(latest)))
    return lines.order_by(is_later, *lines.query.order_by).prefetch_related(
        Prefetch("reply_attempts", queryset=planned, to_attr="planned")
    )


def bring_flags(customers: Iterable[Customer], now: datetime) -> None:
    """Put on each customer of a list the flags in force, with their handling rules; in two queries (R80)."""
    listed = list(customers)
    in_force = Flag.objects.in_force(now).order_by("kind")
    prefetch_related_objects(listed, Prefetch("flags", queryset=in_force, to_attr="flags_in_force"))
    with_rules([flag for customer in listed for flag in vars(customer)["flags_in_force"]])


def to_confirm(person: Person, at: datetime) -> QuerySet[Conclusion]:
    """The conclusions that this supervisor may confirm, while the ticket could still be opened again (R44)."""
    since = at - timedelta(days=DeskRules.current().reopen_within_days)
    return Conclusion.objects.to_confirm(Ticket.objects.visible_to(person, at), since=since)


def flags_of(ticket: Ticket) -> list[Flag]:
    """The flags in force on the customer of a ticket that `whole` has loaded, each with its handling rule (R80)."""
    flags: list[Flag] = vars(ticket.customer)["flags_in_force"]
    return with_rules(flags)


def holding_unit() -> Case:
    """The unit that has a ticket in hand now, as `Ticket.holding_unit` says it."""
    return Case(
        When(state__in=AWAITING_THE_UNIT, lead_unit__isnull=False, then="lead_unit"),
        When(state=State.ACCEPTED, desk__isnull=False, then="desk"),
        default="accepting_unit",
    )


def under(field: str, paths: list[str]) -> Q:
    """The unit in this field lies at or below one of these paths; nothing for no paths."""
    return Q(**{f"{field}__in": keys_under(*paths)})


def owned(authority: Authority) -> Q:
    """Owned by this person or whom they stand in for, or by the desk where they work at the front line (R13)."""
    desks = under("accepting_unit", authority.paths(*FRONT_LINE))
    return Q(owner__in=authority.persons) | (Q(owner__isnull=True) & desks)


def returned_to(authority: Authority) -> Q:
    """Came back to its owner for completion."""
    return Q(state=State.RETURNED) & owned(authority)


def progress_owed(authority: Authority) -> Q:
    """The reply's limit runs out, and the customer was not told since how it stands (R34)."""
    return owned(authority) & Q(state__in=ASKING_TO_TELL) & _is_owed()


def _is_owed() -> Q:
    running = Clock.objects.filter(ticket=OuterRef("pk"), kind=Kind.REPLY, ended_at__isnull=True)
    told = Progress.objects.filter(ticket=OuterRef("ticket"), at__gte=OuterRef("warned_at"))
    warned = running.filter(warned_at__isnull=False).exclude(Exists(told))
    return Q(Exists(warned))


def returned_or_to_tell(authority: Authority) -> Q:
    """What asks its owner to do something now."""
    # Owners and states in one: by the states of each half alone the database would go through everything that is open.
    return owned(authority) & Q(state__in=ASKING_TO_TELL | {State.RETURNED}) & (Q(state=State.RETURNED) | _is_owed())


def to_answer(authority: Authority) -> Q:
    """Awaits a reply or a conclusion from this person (R40)."""
    named = Q(replier__in=authority.persons) | (Q(replier__isnull=True) & owned(authority))
    return Q(state__in=[State.REPLYING, State.REPLIED]) & named


def live_of(authority: Authority) -> Q:
    """Everything open that this person answers for towards a customer."""
    return Q(state__in=LIVE) & (owned(authority) | Q(replier__in=authority.persons))


def to_review(authority: Authority) -> Q:
    """Submitted to a desk where this person dispatches."""
    return Q(state=State.ACCEPTED) & under("desk", authority.paths(Role.DISPATCHER))


def handled_at_desk(authority: Authority) -> Q:
    """In this dispatcher's own hands, or waiting at the desk as its lead unit."""
    at_desk = under("lead_unit", authority.paths(Role.DISPATCHER))
    return Q(state__in=[State.DISPATCHED, State.HANDLING]) & at_desk


def sent_and_unclaimed(authority: Authority) -> Q:
    """Dispatched and not yet claimed, so that it can be recalled."""
    return Q(state=State.DISPATCHED) & under("desk", authority.paths(Role.DISPATCHER))


def in_my_hands(authority: Authority) -> Q:
    """Claimed by this person or whom they stand in for."""
    return Q(state=State.HANDLING, handler__in=authority.persons)


def unclaimed(authority: Authority) -> Q:
    """Waits in a queue that this person works."""
    return Q(state=State.DISPATCHED) & under("lead_unit", authority.paths(*WORKING_A_QUEUE))


def in_colleagues_hands(authority: Authority) -> Q:
    """Claimed by somebody else of the units this person works for."""
    of_the_unit = under("lead_unit", authority.paths(*WORKING_A_QUEUE))
    return Q(state=State.HANDLING) & of_the_unit & ~Q(handler__in=authority.persons)


def assistance_asked(authority: Authority) -> Q:
    """Another unit, or the front line, awaits an answer of ours."""
    ours = under("unit", authority.paths(*WORKING_A_QUEUE))
    asked = Assistance.objects.filter(ours, answered_at__isnull=True, ended_at__isnull=True)
    return Q(pk__in=asked.values("ticket"))


def rejected(authority: Authority) -> Q:
    """Came back because the feedback was rejected."""
    of_the_unit = under("lead_unit", authority.paths(*WORKING_A_QUEUE))
    return Q(state=State.HANDLING, rejections__gt=0) & of_the_unit
