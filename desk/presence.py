"""Who else has a ticket open: told while pages say so, forgotten soon after they have stopped (R42).

A hint, never a lock: two people at once are told apart by the ticket's version (R4).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts.models import Person
from common.remembering import recall, remember
from complaints.models import Ticket

SAID_EVERY = timedelta(seconds=20)
FORGOTTEN_AFTER = timedelta(seconds=50)

Looking = dict[int, tuple[str, str, datetime]]
"""By person: their name in Chinese and in English, and when their page said so last."""


def look(ticket: Ticket, person: Person, at: datetime) -> list[str]:
    """Note that somebody has this ticket open; gives the names of the others who have."""
    key = _key(ticket.pk)
    looking: Looking = recall([key]).get(key, {})
    # Of two who say so at the same instant one may be overwritten, until their page says so again.
    looking = {who: said for who, said in looking.items() if said[2] > at - FORGOTTEN_AFTER}
    looking[person.pk] = (person.name_zh, person.name_en, at)
    remember(key, looking, seconds=FORGOTTEN_AFTER.total_seconds())
    return _names(looking, but=person, at=at)


def leave(ticket: Ticket, person: Person) -> None:
    """Forget at once who has closed it; another page of theirs that has it open says so again within moments."""
    key = _key(ticket.pk)
    looking: Looking = recall([key]).get(key, {})
    if looking.pop(person.pk, None) is not None:
        remember(key, looking, seconds=FORGOTTEN_AFTER.total_seconds())


def others_at(tickets: Iterable[Ticket], person: Person, at: datetime) -> dict[int, list[str]]:
    """For each of these tickets that others have open, their names: one question for a whole list."""
    keys = {_key(ticket.pk): ticket.pk for ticket in tickets}
    found = {keys[key]: _names(looking, but=person, at=at) for key, looking in recall(keys).items()}
    return {ticket: names for ticket, names in found.items() if names}


def _names(looking: Looking, *, but: Person, at: datetime) -> list[str]:
    others = [said for who, said in sorted(looking.items()) if who != but.pk and said[2] > at - FORGOTTEN_AFTER]
    return [Person(name_zh=name_zh, name_en=name_en).name for name_zh, name_en, _said_at in others]


def _key(ticket: int) -> str:
    return f"open:{ticket}"
