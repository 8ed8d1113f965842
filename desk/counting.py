"""Counts that depend on nothing but what somebody may do: put together once for each authority, then only asked.

Every page counts what waits, and most count their tabs. Django takes longer to put such questions into SQL than the
database takes to answer them. Two authorities that are equal may see the same, so they ask the same; whoever is given
or loses a role has another one, and with each edition of the configuration (the units among it) all begin anew.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Authority, Person
from common.bounds import MOST, Asked, count, put_together
from common.kept import Kept

MOST_KNOWN = 2000
"""Of how many authorities the questions are kept, some kilobytes for each."""


class Counts:
    """Questions that are the same for everybody of the same authority, whenever they are asked."""

    def __init__(self, questions: Callable[[Person, datetime], Mapping[str, QuerySet]], *, most: int = MOST) -> None:
        """`questions` may look at the person's authority and key; the instant is there only to tell the authority."""
        self._questions = questions
        self._most = most
        self._known: Kept[dict[tuple[int, Authority], dict[str, Asked]]] = Kept(dict)

    def asked(self, person: Person, at: datetime) -> dict[str, Asked]:
        """The questions of this person, put together."""
        known, who = self._known.get(), (person.pk, person.authority(at))
        found = known.get(who)
        if found is None:
            if len(known) >= MOST_KNOWN:
                known.clear()
            found = known[who] = put_together(self._questions(person, at), most=self._most)
        return found

    def of(self, person: Person, at: datetime) -> dict[str, int]:
        """The answers for this person, in one query."""
        return count(self.asked(person, at))
