"""The lines of lists of tickets, cell by cell, as markup.

A list has fifty lines of up to fifteen columns, and a template takes longer to find out whether a column is shown than
to show it; these lines were a third of what a page took. Their heads stand in the templates that they stand in.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.markup import escaped, joined
from complaints.models import Ticket
from desk import chips, signs
from desk.columns import ALWAYS
from search.finding import Piece

IN_A_CELL, ON_HOVER = 200, 300
"""How many characters of what happened are shown."""


@dataclass(frozen=True)
class Showing:
    """What all lines of a list have in common."""

    now: datetime
    columns: Sequence[str]
    tickets: str
    """The address below which each ticket has its page."""
    here: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Who else has a ticket open, by its key."""
    excerpts: Mapping[int, Sequence[Piece]] = field(default_factory=dict)
    """Where on a ticket the words stand that were searched for; where there are none, nothing was searched for."""

    def lines(self, tickets: Iterable[Ticket]) -> list[tuple[Ticket, SafeString]]:
        """Each ticket with its cells."""
        wanted = {*self.columns, *ALWAYS, *(("happened",) if self.excerpts else ())}
        cells = [cell for name, cell in CELLS.items() if name in wanted]
        return [(ticket, joined(cell(ticket, self) for cell in cells)) for ticket in tickets]


def short_lines(tickets: Iterable[Ticket], *, beside: str, now: datetime) -> list[tuple[Ticket, SafeString]]:
    """The few cells that a list has room for which stands beside a ticket; `beside` is how the address begins."""
    return [
        (
            ticket,
            joined(
                (
                    f'<td class="chipcell">{signs.clock(chips.of_ticket(ticket, now), with_kind=False)}</td>',
                    f'<td class="nowrap"><a class="row" href="{escaped(beside)}{escaped(ticket.reference)}#beside">'
                    f"{escaped(ticket.reference)}</a>{_grave(ticket)}</td>",
                    f"<td>{signs.urgency(ticket.urgency)}</td>",
                    f'<td class="category">{escaped(ticket.category.name)}</td>',
                    f'<td class="number nowrap">{signs.age(ticket.raised_at, now)}</td>',
                )
            ),
        )
        for ticket in tickets
    ]


def deed_on(ticket: Ticket, deed: str, label: str, *, token: str) -> SafeString:
    """A form that does something to a ticket with one press; `token` is the one against forged requests."""
    return SafeString(
        f'<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{escaped(token)}">'
        f'<input type="hidden" name="ticket" value="{escaped(ticket.reference)}">'
        f'<input type="hidden" name="version" value="{ticket.version}">'
        f'<button type="submit" class="small" name="deed" value="{escaped(deed)}" data-row-key="a">{escaped(label)}'
        "</button></form>"
    )


def _due(ticket: Ticket, showing: Showing) -> str:
    return f'<td class="chipcell">{signs.clock(chips.of_ticket(ticket, showing.now), with_kind=True)}</td>'


def _reference(ticket: Ticket, showing: Showing) -> str:
    address = f"{showing.tickets}{escaped(ticket.reference)}/"
    tags = _grave(ticket)
    if ticket.is_escalated:
        tags += f' <span class="tag outline">{escaped(ticket.get_addressee_display())}</span>'
    if others := showing.here.get(ticket.pk):
        tags += _tag("eye", ", ".join(others), title=_("has it open"))
    if ticket.chased:
        tags += _tag("bell", ticket.chased, title=_("chase-ups"))
    return (
        f'<td class="nowrap"><a class="row" data-peek="{address}peek/" href="{address}">'
        f"{escaped(ticket.reference)}</a>{tags}</td>"
    )


def _tag(icon: str, text: object, *, title: str) -> str:
    return f' <span class="tag" title="{escaped(title)}">{signs.icon(icon)}{escaped(text)}</span>'


def _grave(ticket: Ticket) -> str:
    word = _("grave")
    return f' <span class="tag outline">{escaped(word)}</span>' if ticket.is_grave else ""


def _urgency(ticket: Ticket, _showing: Showing) -> str:
    return f'<td class="hide-small hide-beside">{signs.urgency(ticket.urgency)}</td>'


def _happened(ticket: Ticket, showing: Showing) -> str:
    excerpt = showing.excerpts.get(ticket.pk)
    words = (
        "".join(f"<mark>{escaped(text)}</mark>" if is_marked else escaped(text) for text, is_marked in excerpt)
        if excerpt
        else escaped(ticket.happened[:IN_A_CELL])
    )
    hides = "" if excerpt else " hide-small hide-beside"
    return f'<td class="words{hides}" title="{escaped(ticket.happened[:ON_HOVER])}">{words}</td>'


def _customer(ticket: Ticket, _showing: Showing) -> str:
    return f'<td class="nowrap hide-small hide-beside">{escaped(ticket.customer.masked_number)}</td>'


def _with(ticket: Ticket, _showing: Showing) -> str:
    holder = ticket.holder
    name = escaped(holder.name) if holder else f'<span class="soft">{escaped(ticket.holding_unit.name)}</span>'
    return f'<td class="category">{name}</td>'


def _age(ticket: Ticket, showing: Showing) -> str:
    return f'<td class="number hide-small hide-beside nowrap">{signs.age(ticket.raised_at, showing.now)}</td>'


def _text(css: str, read: Callable[[Ticket], object]) -> Callable[[Ticket, Showing], str]:
    """A cell of one text."""
    return lambda ticket, _showing: f'<td class="{css}">{escaped(read(ticket))}</td>'


def _instant(read: Callable[[Ticket], datetime | None]) -> Callable[[Ticket, Showing], str]:
    """A cell of one instant."""
    return lambda ticket, showing: f'<td class="nowrap hide-small">{signs.moment(read(ticket), showing.now)}</td>'


CELLS: dict[str, Callable[[Ticket, Showing], str]] = {
    "due": _due,
    "reference": _reference,
    "urgency": _urgency,
    "state": _text("nowrap", lambda ticket: ticket.get_state_display()),
    "category": _text("category", lambda ticket: ticket.category.name),
    "happened": _happened,
    "customer": _customer,
    "with": _with,
    "owner": _text("category hide-small", lambda ticket: ticket.owner.name if ticket.owner else ""),
    "unit": _text("category hide-small", lambda ticket: ticket.lead_unit.name if ticket.lead_unit else ""),
    "medium": _text("nowrap hide-small", lambda ticket: ticket.get_medium_display()),
    "nature": _text("nowrap hide-small", lambda ticket: ticket.get_nature_display()),
    "reply_due": _instant(lambda ticket: ticket.reply_due_at),
    "raised": _instant(lambda ticket: ticket.raised_at),
    "age": _age,
}
"""In the order in which they stand (`desk.columns.COLUMNS`)."""
