"""Small logs, as files and as events."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from replay.playing import PlayedCase, PlayedClock, play
from replay.reading import Event
from replay.terms import Book, book_of
from replay.words import Word
from sla.precedence import Selectors

HEADER = "case,what,when,group,who,weight"
MAP = """
[file]
missing = ["?"]

[columns]
case = "case"
activity = "what"
at = "when"
unit = "group"
person = "who"
urgency = "weight"

[moment]
zone = "Asia/Shanghai"

[activities]
"new" = "accepted"
"work" = "handling"
"wait" = "held"
"ask" = "awaiting_customer"
"answered" = "replied"
"closed" = "closed"
"gone" = "cancelled"
"remark" = "note"

[calendars.office]
tz = "UTC"
weekly = { mon = [["09:00", "17:00"]], tue = [["09:00", "17:00"]], wed = [["09:00", "17:00"]] }

[[policies]]
code = "reply"
kind = "reply"
limit = 240
limit_unit = "elapsed_minutes"

[[policies]]
code = "reply, heavy"
kind = "reply"
urgency = "heavy"
limit = 60
limit_unit = "elapsed_minutes"

[[policies]]
code = "dispatch"
kind = "dispatch"
limit = 30
limit_unit = "elapsed_minutes"

[[policies]]
code = "handle"
kind = "handle"
limit = 75
limit_unit = "share_of_reply"
"""


def at(text: str) -> datetime:
    """An instant of Monday the second of March 2026 in UTC as HH:MM, or of another day as YYYY-MM-DD HH:MM."""
    return datetime.fromisoformat(text if "-" in text else f"2026-03-02 {text}").replace(tzinfo=UTC)


def a_book(*, quiet: dict[str, object] | None = None, **reply: object) -> Book:
    """Reply in four hours, dispatch in half an hour, feedback after three quarters of the reply."""
    answer = {"code": "reply", "kind": "reply", "limit": 240, "limit_unit": "elapsed_minutes", **reply}
    heavy = {**answer, "code": "reply, heavy", "urgency": "heavy", "limit": 60, "limit_unit": "elapsed_minutes"}
    dispatch = {"code": "dispatch", "kind": "dispatch", "limit": 30, "limit_unit": "elapsed_minutes"}
    handle = {"code": "handle", "kind": "handle", "limit": 75, "limit_unit": "share_of_reply"}
    office = {"tz": "UTC", "weekly": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}
    return book_of(
        {"policies": [answer, heavy, dispatch, handle], "calendars": {"office": office}, "quiet_hours": quiet or {}}
    )


def played(
    *steps: tuple[str, Word], book: Book | None = None, raised: str = "", filed: Iterable[str] = ()
) -> PlayedCase:
    """A case of these steps; `filed` gives the urgency of each."""
    urgencies = [*filed, *[""] * len(steps)]
    return play(
        [
            Event(
                "C1",
                at(moment),
                number,
                word,
                facing=Selectors(urgency=urgency),
                raised_at=at(raised) if raised else None,
            )
            for number, ((moment, word), urgency) in enumerate(zip(steps, urgencies, strict=False), start=2)
        ],
        book or a_book(),
    )


def clock(case: PlayedCase, kind: str, number: int = 0) -> PlayedClock:
    """The clock of a kind, the first unless another is meant."""
    return [each for each in case.clocks if each.kind == kind][number]


def a_file(folder: Path, *rows: str, header: str = HEADER, name: str = "log.csv") -> Path:
    """A log of these lines."""
    path = folder / name
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def a_map(folder: Path, text: str = MAP) -> Path:
    """A map of this text."""
    path = folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    return path
