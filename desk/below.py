"""What an agent has before them beside the call: mine by what is due next, replies to make, what came back."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Authority, Person
from common.bounds import count_each
from complaints.models import Ticket
from complaints.querysets import TicketQuerySet
from complaints.states import State
from desk import queries

ROOM = 8
COLUMNS = ("category",)


@dataclass(frozen=True)
class Short:
    """The first few lines of a list, and the page that has all of them."""

    name: str
    title: Any
    nothing: Any
    whole: str
    """The name of the page's route."""
    lines: tuple[Ticket, ...] | None = None
    """None where nobody has asked for them yet."""
    number: int = 0
    columns: tuple[str, ...] = COLUMNS

    @property
    def goes_on(self) -> bool:
        """Whether there are more than fit."""
        return self.number > len(self.lines or ())


LISTS = (
    Short("mine", _("My tickets, due next"), _("Whatever you accept is yours until it is closed."), "desk:mine"),
    Short("replies", _("Replies to make"), _("Nobody waits for your reply."), "desk:replies"),
    Short("returned", _("Came back for completion"), _("Nothing came back."), "desk:mine"),
)


def short_lists(person: Person, authority: Authority, at: datetime) -> list[Short]:
    """Each list with its first lines and how many there are; the lines of all come together."""
    tickets = Ticket.objects.visible_to(person, at)
    asked: dict[str, TicketQuerySet] = {
        "mine": tickets.filter(queries.live_of(authority)).exclude(state=State.RETURNED),
        "replies": tickets.filter(queries.to_answer(authority)),
        "returned": tickets.filter(queries.returned_to(authority)),
    }
    counts = count_each(asked)
    first = {
        name: list(rows.by_due().values_list("pk", flat=True)[:ROOM]) if counts[name] else []
        for name, rows in asked.items()
    }
    wanted = {pk for keys in first.values() for pk in keys}
    lines = {ticket.pk: ticket for ticket in queries.as_lines(Ticket.objects.filter(pk__in=wanted))}
    return [
        replace(each, number=counts[each.name], lines=tuple(lines[pk] for pk in first[each.name] if pk in lines))
        for each in LISTS
    ]
