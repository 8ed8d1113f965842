"""The events of a log, one by one, as its map reads them; lines that cannot be read are named and left out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from django.utils.translation import gettext as _

from common.csv_lines import Line, Problem
from common.csv_map import BadValue
from replay.mapping import COUNTED, FACING, Map
from replay.terms import Book
from replay.words import Verdict, Word
from sla.precedence import Selectors

Blame = Callable[[Problem], None]
NOTHING_SAID = Selectors()


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Event:
    """One line of a log: what became of a case, when, and what the log says about it there."""

    case: str
    at: datetime
    line: int
    word: Word
    facing: Selectors = NOTHING_SAID
    unit: str = ""
    person: str = ""
    raised_at: datetime | None = None
    reopenings: int | None = None
    reassignments: int | None = None
    verdict: Verdict = Verdict.UNKNOWN


class Reader:
    """Reads events by a map. Moments and selectors repeat a lot, so the last few thousand are kept."""

    def __init__(self, meaning: Map, book: Book) -> None:
        self.meaning = meaning
        self.moment = lru_cache(maxsize=4096)(self._moment)
        self.facing = lru_cache(maxsize=4096)(self._facing)
        self.book = book

    def events(self, lines: Iterable[Line], blame: Blame) -> Iterator[Event]:
        """The events of the lines that can be read; every problem of the others is told to `blame`."""
        for line in lines:
            if not line.problems:
                event = self._event(line)
                if event is not None:
                    yield event
                    continue
            for problem in line.problems:
                blame(problem)

    def _event(self, line: Line) -> Event | None:
        try:
            raised_at = self._read(line, "raised_at")
            return Event(
                case=self._needed(line, "case"),
                at=self.moment("at", self._needed(line, "at")),
                line=line.number,
                word=Word(self._needed(line, "activity")),
                facing=self.facing(*[self._read(line, name) for name in FACING]),
                unit=self._read(line, "unit"),
                person=self._read(line, "person"),
                raised_at=self.moment("raised_at", raised_at) if raised_at else None,
                verdict=Verdict(self._read(line, "verdict") or Verdict.UNKNOWN),
                **{name: self._count(line, name) for name in COUNTED},
            )
        except BadValue as problem:
            line.blame(self.meaning.columns_of(problem.field), problem.reason)
            return None

    def _read(self, line: Line, name: str) -> str:
        return self.meaning.read(name, line.cells) if name in self.meaning.fields else ""

    def _needed(self, line: Line, name: str) -> str:
        text = self._read(line, name)
        if not text:
            raise BadValue(name, _("is empty"))
        return text

    def _moment(self, name: str, text: str) -> datetime:
        try:
            return self.meaning.moments.read(name, text).astimezone(UTC)
        except OverflowError as error:
            raise BadValue(name, _("'%(text)s' lies beyond all calendars") % {"text": text[:60]}) from error

    def _count(self, line: Line, name: str) -> int | None:
        text = self._read(line, name)
        if not text:
            return None
        if not text.isdecimal() or len(text) > 9:
            raise BadValue(name, _("'%(text)s' is no count") % {"text": text[:60]})
        return int(text)

    def _facing(self, *values: str) -> Selectors:
        given = dict(zip(FACING, values, strict=True))
        category = given.pop("category")
        try:
            return Selectors(category=self.book.path_of(category), **given)
        except KeyError as error:
            raise BadValue("category", _("the desk has no category '%(code)s'") % {"code": category[:60]}) from error
