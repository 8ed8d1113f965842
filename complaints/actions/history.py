"""Writing the history (R5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import SYSTEM, Person
from common.events import publish
from common.origin import current_origin
from common.refusals import NotPossible, NotYours
from common.text import optional_text, require_text
from common.transitions import make
from common.writing import Row, write_new
from complaints.events import Moved, Resumed
from complaints.models import Entry, Note, Ticket
from complaints.models.acts import ACTS
from live import hints

__all__ = ["Line", "append", "end_hold", "entry_of", "perform", "record", "record_many", "require", "require_text"]

MOVES_WITHIN_A_HOLD = {"claim", "release", "assign"}


def record(
    ticket: Ticket,
    kind: str,
    /,
    *,
    by: Person | None,
    at: datetime,
    source: str = "",
    target: str = "",
    note: str = "",
    **data: Any,
) -> Entry:
    """Append one entry, and hint at the ticket to whoever looks at it.

    `data` holds codes and references only; personal text goes into `note`. Raises Malformed.
    """
    text = optional_text(note, field="note")
    entry = Entry(**_entry(ticket, kind, by=by, at=at, source=source, target=target, data=data))
    entry.note = Note.objects.create(text=text) if text else None
    entry.save(force_insert=True)
    hints.tell(tickets=[ticket.pk])
    return entry


@dataclass(frozen=True)
class Line:
    """What one entry of many says; `data` holds codes and references only."""

    ticket: Ticket
    kind: str
    data: dict[str, Any]


def record_many(lines: Iterable[Line], *, by: Person | None, at: datetime) -> None:
    """Append an entry for each line, in their order, in one statement; hint at their tickets as `record` does."""
    append([entry_of(line.ticket, line.kind, by=by, at=at, **line.data) for line in lines])


def entry_of(ticket: Ticket, kind: str, /, *, by: Person | None, at: datetime, **data: Any) -> Row:
    """An entry without a note, not written yet: for whoever appends those of many deeds together."""
    return _entry(ticket, kind, by=by, at=at, data=data)


def append(entries: Sequence[Row]) -> None:
    """Append these entries, in their order, in one statement; hint at their tickets as `record` does."""
    write_new(Entry, entries)
    hints.tell(tickets={entry["ticket_id"] for entry in entries})


def _entry(
    ticket: Ticket,
    kind: str,
    *,
    by: Person | None,
    at: datetime,
    source: str = "",
    target: str = "",
    data: dict[str, Any],
) -> Row:
    return {
        "ticket_id": ticket.pk,
        "kind": kind,
        "at": at,
        "by_id": by.pk if by is not None else None,
        "origin": current_origin(),
        "source": source,
        "target": target,
        "version": ticket.version,
        "data": data,
    }


def perform(
    ticket: Ticket,
    move: str,
    *,
    by: Person | None,
    at: datetime,
    kind: str,
    note: str = "",
    data: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
    **arguments: Any,
) -> None:
    """Make a move, record it, and announce it with its facts. Raises NotPossible, NotYours, Stale."""
    publish(carry_out(ticket, move, by=by, at=at, kind=kind, note=note, data=data, facts=facts, **arguments))


def carry_out(
    ticket: Ticket,
    move: str,
    *,
    by: Person | None,
    at: datetime,
    kind: str,
    note: str = "",
    data: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
    **arguments: Any,
) -> Moved:
    """Make a move and record it; what happened is given back, to be published once all that belongs to it is written.

    Raises NotPossible, NotYours, Stale.
    """
    source = ticket.state
    if ticket.is_held and move not in MOVES_WITHIN_A_HOLD:
        end_hold(ticket, by=by, at=at)
    make(getattr(ticket, move), by=by, at=at, system=SYSTEM, **arguments)
    record(ticket, kind, by=by, at=at, source=source, target=ticket.state, note=note, **(data or {}))
    return Moved(ticket=ticket, by=by, at=at, move=move, source=source, target=ticket.state, facts=facts or {})


def end_hold(ticket: Ticket, *, by: Person | None, at: datetime) -> None:
    """Book the end of a hold, by itself or because the ticket moves on; never later than it was to end (R6)."""
    held = ticket.holds.get(ended_at__isnull=True)
    held.ended_at, held.ended_by = min(at, held.ends_at), by
    held.save(update_fields=["ended_at", "ended_by"])
    ticket.held_since = ticket.held_until = None
    ticket.save_move()
    record(ticket, "resumed", by=by, at=at, hold=held.pk, ended_at=held.ended_at.isoformat())
    publish(Resumed(ticket=ticket, by=by, at=at, hold=held))


def require(ticket: Ticket, act: str, *, by: Person | None, at: datetime, who: str = "") -> None:
    """Ask what a move asks, for an act beside the state: possible now, and this person's to do.

    `who` names in the refusal who does it, where that is more than the table of acts knows.
    Raises NotPossible (409) or NotYours (403).
    """
    asked = ACTS[act]
    authority = by.authority(at) if by is not None else SYSTEM
    if ticket.state not in asked.states:
        raise NotPossible(
            _("%(ticket)s is %(state)s; it is too early or too late to %(deed)s.")
            % {"ticket": ticket.reference, "state": ticket.get_state_display(), "deed": asked.deed},
            code="not_possible_now",
            **ticket.standing(authority),
        )
    if not asked.allowed(ticket, authority):
        raise NotYours(
            _("%(ticket)s: it is not yours to %(deed)s. It can be done by: %(who)s.")
            % {"ticket": ticket.reference, "deed": asked.deed, "who": who or asked.who},
            code="not_yours",
            **ticket.standing(authority),
        )
