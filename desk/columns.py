"""The columns of a list of tickets: what each is called, and what it says in an export."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints.models import Ticket
from lists.models import Columns


@dataclass(frozen=True)
class Column:
    """One column: its code, its heading, and its cell in a file as text, number or instant."""

    name: str
    label: Any
    cell: Callable[[Ticket], object] | None
    """None for what a file has no column for."""
    is_usual: bool = True
    is_small: bool = False
    """Whether there is room for it on a phone."""


def _iso(at: datetime | None) -> str:
    return "" if at is None else timezone.localtime(at).isoformat(timespec="seconds")


def _held_by(ticket: Ticket) -> str:
    return ticket.holder.name if ticket.holder else ticket.holding_unit.name


COLUMNS = (
    Column("due", _("due"), lambda ticket: _iso(ticket.next_due_at), is_small=True),
    Column("reference", _("ticket"), lambda ticket: ticket.reference, is_small=True),
    Column("urgency", _("urgency"), lambda ticket: ticket.get_urgency_display()),
    Column("state", _("state"), lambda ticket: ticket.get_state_display(), is_usual=False),
    Column("category", _("category"), lambda ticket: ticket.category.name, is_small=True),
    Column("happened", _("what happened"), lambda ticket: ticket.happened),
    Column("customer", _("customer"), lambda ticket: ticket.customer.masked_number),
    Column("with", _("with"), _held_by, is_small=True),
    Column("owner", _("owner"), lambda ticket: ticket.owner.name if ticket.owner else "", is_usual=False),
    Column("unit", _("lead unit"), lambda ticket: ticket.lead_unit.name if ticket.lead_unit else "", is_usual=False),
    Column("medium", _("medium"), lambda ticket: ticket.get_medium_display(), is_usual=False),
    Column("nature", _("nature"), lambda ticket: ticket.get_nature_display(), is_usual=False),
    Column("reply_due", _("reply due"), lambda ticket: _iso(ticket.reply_due_at), is_usual=False),
    Column("raised", _("raised"), lambda ticket: _iso(ticket.raised_at), is_usual=False),
    Column("age", _("age"), None),  # a file says when it was raised: it is read later
)
NAMES = [column.name for column in COLUMNS]
USUAL = [column.name for column in COLUMNS if column.is_usual]
ALWAYS = ("due", "reference")


def shown_to(person: Person) -> list[str]:
    """The names of the columns that somebody has chosen, or the usual ones; due and reference are always there."""
    chosen = Columns.objects.filter(person=person).values_list("names", flat=True).first()
    if chosen is None:
        return USUAL
    return [name for name in NAMES if name in chosen or name in ALWAYS]
