"""What was typed and not sent yet: it rests in the session, so it is private to its person and ends with it.

A page sends it while one types. The deed that it was typed for takes it away; a deed that cannot be done any more, or
belongs to an earlier round of the ticket, does not get it back.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from common.text import LONGEST_TEXT
from complaints.models import Ticket
from desk.entrance import DeskRequest
from desk.forms.deeds import Deed

CALLS, TICKETS = "drafts", "ticket_drafts"
ON_TICKETS = 12
"""A session is read with every request; older drafts than these make room."""

Kept = dict[str, Any]


class Shelf:
    """The drafts of one kind in somebody's session, by a key, the newest last."""

    def __init__(self, session: SessionBase, name: str, *, most: int | None = None) -> None:
        self.session, self.name, self.most = session, name, most

    def everything(self) -> dict[str, Kept]:
        """Each draft: what was `typed`, by field, and `at` which instant."""
        kept: dict[str, Kept] = self.session.get(self.name, {})
        return kept

    def typed(self, key: str) -> QueryDict | None:
        """What was typed so far, as if it had been sent; None where nothing was."""
        kept = self.everything().get(key)
        if kept is None:
            return None
        data = QueryDict(mutable=True)
        for name, values in kept["typed"].items():
            data.setlist(name, values)
        return data

    def keep(self, key: str, typed: Mapping[str, Sequence[str]], *, at: datetime) -> None:
        """Put it in the place of what was typed before."""
        kept = self.everything()
        kept.pop(key, None)
        kept[key] = {"typed": {name: list(values) for name, values in typed.items()}, "at": at.isoformat()}
        if self.most:
            kept = dict(list(kept.items())[-self.most :])
        self.session[self.name] = kept

    def forget(self, key: str) -> None:
        """It was sent, or is not wanted any more."""
        kept = self.everything()
        if kept.pop(key, None) is not None:
            self.session[self.name] = kept


def keep(request: DeskRequest, deed: Deed) -> bool:
    """Keep what was typed into a deed; whether there was anything beside what the form itself proposes."""
    shelf, key = _on_tickets(request), _key(deed.ticket, deed.name)
    typed = {
        name: [value.replace("\x00", "")[:LONGEST_TEXT] for value in request.POST.getlist(name)]
        for name in _visible(deed)
    }
    if any(request.POST.get(name, "").strip() not in {"", _proposed(deed, name)} for name in deed.texts):
        shelf.keep(key, typed, at=request.at)
        return True
    shelf.forget(key)
    return False


def are_kept(request: DeskRequest, ticket: Ticket) -> set[str]:
    """The names of the deeds on this ticket into which something was typed before."""
    begun = _key(ticket, "")
    return {key.removeprefix(begun) for key in _on_tickets(request).everything() if key.startswith(begun)}


def put_back(request: DeskRequest, deeds: Iterable[Deed]) -> None:
    """Fill what was typed before into these deeds."""
    shelf = _on_tickets(request)
    for deed in deeds:
        key = _key(deed.ticket, deed.name)
        typed = shelf.typed(key)
        if typed is None:
            continue
        for name in _visible(deed):
            several = isinstance(deed.fields[name], forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
            deed.initial[name] = typed.getlist(name) if several else typed.get(name)
        deed.kept_at = datetime.fromisoformat(shelf.everything()[key]["at"])


def forget(request: DeskRequest, ticket: Ticket, name: str) -> None:
    """The deed was done, or its draft is not wanted any more."""
    _on_tickets(request).forget(_key(ticket, name))


def _on_tickets(request: DeskRequest) -> Shelf:
    return Shelf(request.session, TICKETS, most=ON_TICKETS)


def _key(ticket: Ticket, name: str) -> str:
    return f"{ticket.reference}.{ticket.round}.{name}"


def _visible(deed: Deed) -> list[str]:
    return [name for name, field in deed.fields.items() if not field.widget.is_hidden]


def _proposed(deed: Deed, name: str) -> str:
    return str(deed.get_initial_for_field(deed.fields[name], name) or "").strip()
