"""What people own and hold when their shift ends, and passing it on to whoever comes next (R13, 日清日结)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import Authority, Person, Role, Unit
from complaints.actions import handling, owning
from complaints.models import Ticket
from complaints.models.permissions import SUPERVISING
from complaints.querysets import TicketQuerySet
from complaints.states import AWAITING_AN_ANSWER, AWAITING_THE_UNIT, LIVE
from desk import queries

LEADING = (Role.UNIT_LEAD, *SUPERVISING)
AT_MOST = 300


@dataclass(frozen=True)
class Line:
    """One ticket of somebody who leaves, and in which parts it is theirs."""

    person: Person
    ticket: Ticket
    is_owned: bool
    is_in_hand: bool
    is_to_be_replied: bool

    @property
    def key(self) -> str:
        """What a form picks it by."""
        return f"{self.person.pk}:{self.ticket.reference}"


@dataclass(frozen=True)
class Shift:
    """The lines of each person who has any, first due first; `is_cut` where there are more than a page shows."""

    lines: list[tuple[Person, list[Line]]]
    is_cut: bool

    def picked(self, keys: Collection[str]) -> list[Line]:
        """Of these lines, those with these keys; `7:all` picks all of person 7."""
        return [
            line for person, lines in self.lines for line in lines if line.key in keys or f"{person.pk}:all" in keys
        ]


def desks_of(authority: Authority) -> list[Unit]:
    """The units whose people's lists somebody with this authority may see and pass on: those that they lead."""
    led = {grant.unit_id for grant in authority.grants if grant.role in LEADING}
    return list(Unit.objects.filter(pk__in=led).order_by("path"))


def people_of(unit: Unit) -> list[Person]:
    """Who works at a unit or below it."""
    working = Person.objects.filter(is_active=True, unit__path__startswith=unit.path)
    return list(working.select_related("unit").order_by("unit__path", "username"))


def left_by(people: Iterable[Person], visible: TicketQuerySet) -> Shift:
    """What these people own, hold or are to reply to, of the tickets that are visible."""
    by_pk = {person.pk: person for person in people}
    theirs = (
        Q(owner__in=by_pk, state__in=LIVE)
        | Q(handler__in=by_pk, state__in=AWAITING_THE_UNIT)
        | Q(replier__in=by_pk, state__in=AWAITING_AN_ANSWER)
    )
    tickets = list(queries.as_lines(visible.filter(theirs))[: AT_MOST + 1])
    lines: dict[int, list[Line]] = {pk: [] for pk in by_pk}
    for ticket in tickets[:AT_MOST]:
        for pk in by_pk.keys() & {ticket.owner_id, ticket.handler_id, ticket.replier_id}:
            line = _line(by_pk[pk], ticket)
            if line.is_owned or line.is_in_hand or line.is_to_be_replied:
                lines[pk].append(line)
    return Shift([(by_pk[pk], found) for pk, found in lines.items() if found], is_cut=len(tickets) > AT_MOST)


def pass_on(line: Line, *, to: Person, reason: str, by: Person, at: datetime) -> None:
    """Give all parts that somebody has in a ticket to somebody else.

    Raises NotYours for who may not, Malformed for who cannot take it, Stale when somebody else was faster.
    """
    ticket = line.ticket
    if line.is_owned:
        owning.hand_over(ticket, to=to, reason=reason, by=by, at=at)
    if line.is_in_hand:
        handling.assign(ticket, to=to, by=by, at=at)
    if line.is_to_be_replied:
        owning.name_replier(ticket, to=to, by=by, at=at)


def _line(person: Person, ticket: Ticket) -> Line:
    return Line(
        person=person,
        ticket=ticket,
        is_owned=ticket.owner_id == person.pk,
        is_in_hand=ticket.handler_id == person.pk and ticket.state in AWAITING_THE_UNIT,
        is_to_be_replied=ticket.replier_id == person.pk and ticket.state in AWAITING_AN_ANSWER,
    )
