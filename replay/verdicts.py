"""Where the log's own verdict on a case differs from ours, and what must be judged otherwise to agree with it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from replay.playing import PlayedCase, PlayedClock, choose
from replay.terms import Book
from replay.words import Verdict
from sla.arithmetic import decide
from sla.kinds import Kind
from sla.precedence import Selectors


@dataclass(frozen=True)
class Otherwise:
    """Another way of judging a case: which stretch, by which filing, with or without the time on hold."""

    until: Callable[[PlayedCase], datetime | None]
    filed: Callable[[PlayedCase], Selectors]
    holds_count: bool = False
    rounds_apart: bool = False


def _first_answer(case: PlayedCase) -> datetime | None:
    return case.answered[0] if case.answered else case.closed_at


def _last_answer(case: PlayedCase) -> datetime | None:
    return case.answered[-1] if case.answered else case.closed_at


def _closing(case: PlayedCase) -> datetime | None:
    return case.closed_at


def _as_at_first(case: PlayedCase) -> Selectors:
    return case.first_facing


def _as_at_last(case: PlayedCase) -> Selectors:
    return case.last_facing


REASONS = {
    "last_filing": "the log takes the limit of how the case is filed at last for all of it; a breach we called stays",
    "first_filing": "the log keeps the limit of how the case was filed at first, we decide anew when that changes",
    "holds": "the log goes on counting while the case is on hold",
    "first_round": "the log judges the first answer only, we every round",
    "one_stretch": "the log counts from the beginning to the last answer, we each round by itself",
    "until_closed": "the log counts until the case is closed, we until the customer is answered",
    "until_closed_and_holds": "the log counts until the case is closed, time on hold included",
    "another_limit": "none of these: the log must hold another limit or another calendar",
}
OTHERWISE = {
    "last_filing": Otherwise(_last_answer, _as_at_last, rounds_apart=True),
    "first_filing": Otherwise(_last_answer, _as_at_first, rounds_apart=True),
    "holds": Otherwise(_last_answer, _as_at_last, holds_count=True, rounds_apart=True),
    "first_round": Otherwise(_first_answer, _as_at_last),
    "one_stretch": Otherwise(_last_answer, _as_at_last),
    "until_closed": Otherwise(_closing, _as_at_last),
    "until_closed_and_holds": Otherwise(_closing, _as_at_last, holds_count=True),
}
"""In this order; the first one that agrees with the log is taken for the reason."""


def ours(case: PlayedCase, judged: str) -> Verdict:
    """Our verdict on a case: missed if any of its clocks of that kind was, met if all were met."""
    verdicts = {clock.verdict for clock in case.clocks if clock.kind == judged}
    if Verdict.MISSED in verdicts:
        return Verdict.MISSED
    return Verdict.MET if verdicts == {Verdict.MET} else Verdict.UNKNOWN


def why_otherwise(case: PlayedCase, judged: str, book: Book) -> str:
    """Why the log says otherwise: the code of the first way of judging that agrees with it."""
    agrees = (code for code, way in OTHERWISE.items() if _judged(case, way, judged, book) == case.verdict_told)
    return next(agrees, "another_limit")


def _judged(case: PlayedCase, way: Otherwise, judged: str, book: Book) -> Verdict:
    clocks = [clock for clock in case.clocks if clock.kind == judged]
    if not clocks:
        return Verdict.UNKNOWN
    if way.rounds_apart:
        stretches = [(clock.starts_at, clock.ended_at) for clock in clocks]
    else:
        stretches = [(clocks[0].starts_at, way.until(case))]
    held = [] if way.holds_count else [span for clock in clocks for span in clock.held]
    return _all_met(_in_time(case, way, starts_at, ends_at, judged, held, book) for starts_at, ends_at in stretches)


def _in_time(
    case: PlayedCase,
    way: Otherwise,
    starts_at: datetime,
    ends_at: datetime | None,
    judged: str,
    held: Iterable[tuple[datetime, datetime]],
    book: Book,
) -> Verdict:
    kind = Kind(judged)
    reply = choose(book, Kind.REPLY, way.filed(case), reply=None)
    terms = choose(book, kind, way.filed(case), reply=reply)
    if terms is None or terms.limit is None or ends_at is None:
        return Verdict.UNKNOWN
    within = [span for span in held if span[0] >= starts_at]
    due = decide(starts_at, terms.limit, held=within, quiet=terms.quiet, warning_share=terms.warning_share).due
    return Verdict.MET if ends_at <= due else Verdict.MISSED


def _all_met(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    if Verdict.MISSED in found:
        return Verdict.MISSED
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.MET


def in_one_line(case: PlayedCase, judged: str) -> str:
    """What there is to say about a case that is judged differently, for whoever looks it up in the log."""
    clocks = [clock for clock in case.clocks if clock.kind == judged]
    return "; ".join(_clock_in_words(clock) for clock in clocks) or "no such clock"


def _clock_in_words(clock: PlayedClock) -> str:
    due = f"due {_moment(clock.due_at)} under {clock.terms.name}" if clock.terms and clock.due_at else "without a limit"
    ended = f"ended {_moment(clock.ended_at)}" if clock.ended_at else "not ended"
    return f"{clock.kind} from {_moment(clock.starts_at)} {due}, {ended}"


def _moment(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="minutes")
