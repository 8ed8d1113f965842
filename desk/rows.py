"""The lines of lists of tickets as markup.

A list has thirty lines of up to fifteen columns, and a template takes longer to find out whether a column is shown than
to show it; these lines were a third of what a page took. Their heads stand in the templates that they stand in.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
class Offer:
    """Something that is done to a ticket from its line with one press."""

    deed: str
    label: str
    allowed: Collection[int]
    """The keys of the tickets to which this person may do it."""
    token: str
    """The one against forged requests."""

    def cell(self, ticket: Ticket) -> str:
        """The form, on the version of the ticket that is seen; empty where it is not allowed."""
        if ticket.pk not in self.allowed:
            return "<td></td>"
        return (
            f'<td><form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{escaped(self.token)}">'
            f'<input type="hidden" name="ticket" value="{escaped(ticket.reference)}">'
            f'<input type="hidden" name="version" value="{ticket.version}">'
            f'<button type="submit" class="small" name="deed" value="{escaped(self.deed)}" data-row-key="a">'
            f"{escaped(self.label)}</button></form></td>"
        )


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
    offer: Offer | None = None

    def lines(self, tickets: Iterable[Ticket]) -> SafeString:
        """A row of the table for each ticket."""
        wanted = {*self.columns, *ALWAYS, *(("happened",) if self.excerpts else ())}
        cells = [cell for name, cell in CELLS.items() if name in wanted]
        return joined(
            f'<tr data-line="{ticket.pk}">{"".join(cell(ticket, self) for cell in cells)}'
            f"{self.offer.cell(ticket) if self.offer else ''}</tr>"
            for ticket in tickets
        )


@dataclass(frozen=True)
class Beside:
    """What the lines of a short list have in common, which stands beside one of its tickets."""

    now: datetime
    address: str
    """How the address of a line begins, up to the reference."""
    chosen: str
    """The reference of the ticket that the list stands beside."""
    picked: Collection[str] | None = None
    """References whose boxes are ticked; None where nothing is picked."""

    def lines(self, tickets: Iterable[Ticket]) -> SafeString:
        """A row of the table for each ticket, with the few cells for which there is room."""
        return joined(map(self._line, tickets))

    def _line(self, ticket: Ticket) -> str:
        reference = escaped(ticket.reference)
        here = ' class="here" aria-current="true"' if ticket.reference == self.chosen else ""
        return (
            f'<tr data-line="{ticket.pk}"{here}>{self._box(ticket)}'
            f'<td class="chipcell">{signs.clock(chips.of_ticket(ticket, self.now), with_kind=False)}</td>'
            f'<td class="nowrap"><a class="row" href="{escaped(self.address)}{reference}#beside">{reference}</a>'
            f"{_grave(ticket)}</td><td>{signs.urgency(ticket.urgency)}</td>"
            f'<td class="category">{escaped(ticket.category.name)}</td>'
            f'<td class="number nowrap">{signs.age(ticket.raised_at, self.now)}</td></tr>'
        )

    def _box(self, ticket: Ticket) -> str:
        if self.picked is None:
            return ""
        reference, ticked = escaped(ticket.reference), " checked" if ticket.reference in self.picked else ""
        return (
            f'<td><input type="checkbox" name="pick" form="several" value="{reference}.{ticket.version}" '
            f'aria-label="{reference}"{ticked}></td>'
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
    if not ticket.is_grave:
        return ""
    word = _("grave")  # within the text it would not be found for translation
    return f' <span class="tag outline">{escaped(word)}</span>'


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
