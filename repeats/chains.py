"""A ticket among those like it: the chain of repeats, and the other four kinds, each apart (R81)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Person
from complaints.models import ChaseUp, Entry, Ticket
from repeats.models import Match, Repeat
from sla.kinds import Kind
from sla.models import Clock


@dataclass(frozen=True)
class Kinds:
    """How often each of the five happened on one ticket, or to it."""

    chase_ups: int
    late_chase_ups: int
    """Past the limit of the reply: each counts as a repeat complaint too."""
    follow_ups: int
    reopenings: int
    is_repeat: bool
    is_escalated: bool


@dataclass(frozen=True)
class Link:
    """One ticket of a chain; the first repeats nobody."""

    ticket: Ticket
    repeat: Repeat | None


def late_chase_ups() -> Q:
    """The condition of chase-ups made after the reply's limit was missed."""
    missed = Clock.objects.filter(ticket=OuterRef("ticket"), kind=Kind.REPLY, breached_at__lt=OuterRef("at"))
    return Q(Exists(missed))


def is_repeat() -> Q:
    """The condition of tickets that count as repeat complaints: by an earlier one, or by a chase-up past the limit."""
    late = ChaseUp.objects.filter(late_chase_ups(), ticket=OuterRef("pk"))
    return Q(Exists(Repeat.objects.standing().filter(ticket=OuterRef("pk")))) | Q(Exists(late))


ASKED_FOR = frozenset({"chase_ups", "facts", "repeats"})


def kinds_of(ticket: Ticket, *, there: Collection[str] = ASKED_FOR) -> Kinds:
    """The five kinds on one ticket, in three queries at most: what is known not to be `there` is not asked for."""
    chased = {"all": 0, "late": 0}
    if "chase_ups" in there:
        asked = ChaseUp.objects.filter(ticket=ticket)
        chased = asked.aggregate(all=Count("pk"), late=Count("pk", filter=late_chase_ups()))
    told = Entry.objects.filter(ticket=ticket, kind="facts_added").count() if "facts" in there else 0
    return Kinds(
        chase_ups=chased["all"],
        late_chase_ups=chased["late"],
        follow_ups=told,
        reopenings=ticket.round - 1,
        is_repeat=bool(chased["late"])
        or ("repeats" in there and Repeat.objects.standing().filter(ticket=ticket).exists()),
        is_escalated=ticket.is_escalated,
    )


def first_of(ticket: Ticket) -> int:
    """The key of the ticket with which the chain of this one begins; its own where it repeats nobody."""
    return Repeat.objects.standing().filter(ticket=ticket).values_list("first", flat=True).first() or ticket.pk


def chain_of(ticket: Ticket, *, by: Person, at: datetime) -> list[Link]:
    """The chain in which a ticket stands, oldest first, as far as this person may see it; empty without any other."""
    first = first_of(ticket)
    repeats = {each.ticket_id: each for each in Repeat.objects.standing().filter(first=first)}
    if not repeats:
        return []
    seen = Ticket.objects.visible_to(by, at) | Ticket.objects.filter(pk=ticket.pk)
    members = seen.filter(pk__in=[first, *repeats]).select_related("category").order_by("accepted_at", "pk")
    return [Link(each, repeats.get(each.pk)) for each in members]


def chains_among(tickets: list[Ticket]) -> list[Repeat]:
    """How those of these tickets that repeat another of the same customer do so, in one query."""
    found = Repeat.objects.standing().filter(ticket__in=[each.pk for each in tickets], match=Match.CUSTOMER)
    shown = ("reference", "state")  # without its state a ticket asks for it by itself
    named = [f"{side}__{name}" for side in ("ticket", "earlier") for name in shown]
    return list(found.select_related("ticket", "earlier").only("ground", "standing", *named).order_by("ticket"))
