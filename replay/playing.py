"""One case played through its clocks: what started, stood still, was due, was met or missed (section 5, R6)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from replay.reading import Event
from replay.terms import Book, Terms, variant_of
from replay.words import ANSWERED, BEFORE_DISPATCH, HOLDS, IN_HAND, Verdict, Word
from sla.arithmetic import Deadline, Limit, Span, decide
from sla.kinds import Kind, Outcome
from sla.precedence import Selectors


@dataclass(slots=True)
class PlayedClock:
    """One obligation of a case, as far as the log tells it."""

    kind: Kind
    starts_at: datetime
    terms: Terms | None = None
    deadline: Deadline | None = None
    held: list[Span] = field(default_factory=list)
    held_since: datetime | None = None
    breached_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None

    @property
    def due_at(self) -> datetime | None:
        """When it is due; None where nothing applies."""
        return self.deadline.due if self.deadline is not None else None

    @property
    def verdict(self) -> Verdict:
        """Whether it was kept; unknown while it runs unmissed, without a limit, and where it was cancelled."""
        if self.breached_at is not None and self.outcome != Outcome.CANCELLED:
            return Verdict.MISSED
        return Verdict.MET if self.outcome == Outcome.MET and self.terms is not None else Verdict.UNKNOWN


@dataclass(slots=True)
class PlayedCase:
    """A case at the end of its log."""

    case: str
    raised_at: datetime
    ends_at: datetime
    clocks: list[PlayedClock]
    first_facing: Selectors
    last_facing: Selectors
    events: int = 0
    held: list[Span] = field(default_factory=list)
    answered: list[datetime] = field(default_factory=list)
    closed_at: datetime | None = None
    reopenings: int = 0
    reopenings_told: int | None = None
    unit: str = ""
    unit_changes: int = 0
    person: str = ""
    person_changes: int = 0
    reassignments_told: int | None = None
    verdict_told: Verdict = Verdict.UNKNOWN


class Player:
    """Plays the events of one case in order; `case` is what came of it."""

    def __init__(self, first: Event, book: Book) -> None:
        self.book = book
        # A log can show a line before the moment at which it says that the matter was raised.
        raised_at = min(first.raised_at or first.at, first.at)
        self.case = PlayedCase(first.case, raised_at, first.at, [], first.facing, first.facing)
        self.word = Word.ACCEPTED
        self.facing = first.facing
        self.hold_since: datetime | None = None
        self._start(Kind.REPLY, raised_at)
        if first.word == Word.ACCEPTED:
            self._start(Kind.DISPATCH, first.at)

    def play(self, event: Event) -> None:
        """Take in one event."""
        self._notice(event.at)
        self._count(event)
        if event.facing != self.facing:
            self._refile(event.facing, event.at)
        if event.word not in {Word.NOTE, self.word}:
            self._move(event.word, event.at)

    def _count(self, event: Event) -> None:
        case = self.case
        case.events += 1
        case.ends_at = event.at
        case.last_facing = event.facing
        case.verdict_told = event.verdict if event.verdict != Verdict.UNKNOWN else case.verdict_told
        if event.reopenings is not None:
            case.reopenings_told = max(event.reopenings, case.reopenings_told or 0)
        if event.reassignments is not None:
            case.reassignments_told = max(event.reassignments, case.reassignments_told or 0)
        if event.unit:
            case.unit_changes += case.unit not in {"", event.unit}
            case.unit = event.unit
        if event.person:
            case.person_changes += case.person not in {"", event.person}
            case.person = event.person

    # --- moves --------------------------------------------------------------------------------------------------------

    def _move(self, word: Word, at: datetime) -> None:
        before, self.word = self.word, word
        if before in HOLDS:
            self._resume(word, at)
        if before in ANSWERED and word not in ANSWERED and word != Word.CANCELLED:
            self._reopen(at)
        if word == Word.CANCELLED:
            self._end(*Kind, at=at, outcome=Outcome.CANCELLED)
        elif word in BEFORE_DISPATCH:
            self._end(Kind.HANDLE, at=at, outcome=Outcome.CANCELLED)
            if word == Word.RETURNED:
                self._end(Kind.DISPATCH, at=at)
            else:
                self._start(Kind.DISPATCH, at)
        elif word in IN_HAND:
            self._end(Kind.DISPATCH, at=at)
            self._start(Kind.HANDLE, at)
        else:
            self._answer(word, at)
        if word in HOLDS:
            self._hold(word, at)

    def _answer(self, word: Word, at: datetime) -> None:
        self._end(Kind.DISPATCH, Kind.HANDLE, at=at)
        if word == Word.REPLYING:
            return
        if self._end(Kind.REPLY, at=at):
            self.case.answered.append(at)
        if word == Word.REPLIED:
            self._start(Kind.CONCLUDE, at)
            return
        self._end(Kind.CONCLUDE, at=at)
        if word == Word.CALLBACK:
            self._start(Kind.CALLBACK, at)
            return
        self._end(Kind.CALLBACK, at=at)
        self.case.closed_at = at

    def _reopen(self, at: datetime) -> None:
        self.case.reopenings += 1
        self._end(Kind.CONCLUDE, Kind.CALLBACK, at=at, outcome=Outcome.CANCELLED)
        self._start(Kind.REPLY, at)

    # --- holds --------------------------------------------------------------------------------------------------------

    def _hold(self, word: Word, at: datetime) -> None:
        self.hold_since = self.hold_since or at
        stopped = {Kind.HANDLE, Kind.REPLY} if word == Word.AWAITING_CUSTOMER else {Kind.HANDLE}
        for clock in self._running(*stopped):
            clock.held_since = clock.held_since or at

    def _resume(self, word: Word, at: datetime) -> None:
        """End what stood still; another kind of hold that follows begins anew."""
        for clock in self._running(*Kind):
            if clock.held_since is not None:
                self._book_hold(clock, at)
                self._decide(clock, at)
        if word not in HOLDS and self.hold_since is not None:
            self.case.held.append((self.hold_since, at))
            self.hold_since = None

    def _book_hold(self, clock: PlayedClock, at: datetime) -> None:
        assert clock.held_since is not None
        clock.held.append((clock.held_since, at))
        clock.held_since = None

    # --- clocks -------------------------------------------------------------------------------------------------------

    def _running(self, *kinds: Kind) -> list[PlayedClock]:
        return [clock for clock in self.case.clocks if clock.ended_at is None and clock.kind in kinds]

    def _start(self, kind: Kind, at: datetime) -> None:
        if self._running(kind):
            return
        clock = PlayedClock(kind, at)
        self.case.clocks.append(clock)
        self._choose(clock, at)

    def _end(self, *kinds: Kind, at: datetime, outcome: Outcome | None = None) -> bool:
        """End these, met unless they were missed; says whether any ran."""
        ending = self._running(*kinds)
        for clock in ending:
            if clock.held_since is not None:
                self._book_hold(clock, at)
            clock.ended_at = at
            clock.outcome = outcome or (Outcome.MET_LATE if clock.breached_at is not None else Outcome.MET)
        return bool(ending)

    def _refile(self, facing: Selectors, at: datetime) -> None:
        """Decide running clocks again, from their original start and with the time already held (R27)."""
        self.facing = facing
        for clock in sorted(self._running(*Kind), key=lambda one: one.kind != Kind.REPLY):
            self._choose(clock, at)

    def _choose(self, clock: PlayedClock, at: datetime) -> None:
        clock.terms = choose(self.book, clock.kind, self.facing, reply=self._reply_terms())
        self._decide(clock, at)

    def _reply_terms(self) -> Terms | None:
        return next((clock.terms for clock in self._running(Kind.REPLY)), None)

    def _decide(self, clock: PlayedClock, at: datetime) -> None:
        """Work out the due; one that moves into the past is missed now (R27)."""
        reply = next(iter(self._running(Kind.REPLY)), None)
        clock.deadline = deadline_of(clock, reply)
        if clock.due_at is not None and clock.due_at < at and clock.breached_at is None:
            clock.breached_at = at

    def _notice(self, at: datetime) -> None:
        """Mark what fell due before this instant; nothing is missed while it stands still (S7)."""
        for clock in self._running(*Kind):
            due = clock.due_at
            if due is not None and clock.held_since is None and clock.breached_at is None and due < at:
                clock.breached_at = due


def play(events: Iterable[Event], book: Book) -> PlayedCase:
    """Play a case to the end of its log; it has at least one event."""
    player: Player | None = None
    for event in events:
        player = player or Player(event, book)
        player.play(event)
    assert player is not None
    return player.case


def choose(book: Book, kind: Kind, facing: Selectors, *, reply: Terms | None) -> Terms | None:
    """The terms of a clock of a case that is filed so."""
    variant = variant_of(kind, reply)
    return book.choose(kind, replace(facing, variant=variant) if variant else facing)


def deadline_of(clock: PlayedClock, reply: PlayedClock | None) -> Deadline | None:
    """When a clock is due by its terms; None where none apply, or a share of a reply that is not owed."""
    terms = clock.terms
    if terms is None:
        return None
    if terms.limit is not None:
        return decide(
            clock.starts_at, terms.limit, held=clock.held, quiet=terms.quiet, warning_share=terms.warning_share
        )
    if reply is None or reply.terms is None or reply.terms.limit is None:
        return None
    whole = reply.terms.limit
    return decide(
        reply.starts_at,
        Limit.working(whole.seconds_from(reply.starts_at) * terms.share / 100, whole.calendar),
        held=[*clock.held, *reply.held],
        floor=clock.starts_at,
        warning_share=terms.warning_share,
    )
