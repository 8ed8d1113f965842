"""The events of one case together, in order of time, however long the log is.

A log that is sorted by case is read straight through. Any other one is sorted first, on disk: runs that fit into memory
are sorted and written down, then merged, never more than a few at once. So memory holds one run, whatever the length.
"""

import heapq
import json
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from common.csv_lines import Problem
from replay.reading import Blame, Event
from replay.words import Verdict, Word
from sla.precedence import Selectors

RUN = 20_000
"""So many events are in memory at once while sorting."""
FAN_IN = 32
"""So many runs are merged at once."""


class NotSorted(ValueError):
    """A log that was said to be sorted by case and is not."""


def cases(
    events: Iterable[Event], *, is_sorted: bool, blame: Blame, run: int = RUN, fan_in: int = FAN_IN
) -> Iterator[tuple[str, Iterator[Event]]]:
    """Each case with its events in order of time; a case is to be used up before the next is asked for.

    Raises NotSorted where `is_sorted` was said and cases do not ascend. In a sorted log an event that is earlier than
    the one before it of the same case is told to `blame` and left out; other logs are sorted by time as well.
    """
    if is_sorted:
        yield from groupby(_in_time(_ascending(events), blame), key=_case)
        return
    with TemporaryDirectory(prefix="replay-") as folder:
        yield from groupby(_sorted(events, Path(folder), run=run, fan_in=fan_in), key=_case)


def _case(event: Event) -> str:
    return event.case


def _order(event: Event) -> tuple[str, datetime, int]:
    return event.case, event.at, event.line


def _ascending(events: Iterable[Event]) -> Iterator[Event]:
    before = ""
    for event in events:
        if event.case < before:
            raise NotSorted(
                _(
                    "line %(line)d: case %(case)s comes after case %(before)s, so the log is not sorted by case; "
                    "leave sorted_by_case out of [file], and it is sorted first"
                )
                % {"line": event.line, "case": event.case, "before": before}
            )
        before = event.case
        yield event


def _in_time(events: Iterable[Event], blame: Blame) -> Iterator[Event]:
    before: Event | None = None
    for event in events:
        if before is not None and before.case == event.case and event.at < before.at:
            reason = _("is earlier than line %(line)d of the same case") % {"line": before.line}
            blame(Problem(event.line, "", reason))
            continue
        before = event
        yield event


def _sorted(events: Iterable[Event], folder: Path, *, run: int, fan_in: int) -> Iterator[Event]:
    events = iter(events)
    number = 0
    runs: list[Path] = []
    while held := sorted(islice(events, run), key=_order):
        if not runs and len(held) < run:
            yield from held
            return
        runs.append(_write(folder / f"{number}.jsonl", held))
        number += 1
        held.clear()
    while len(runs) > fan_in:
        some, runs = runs[:fan_in], runs[fan_in:]
        runs.append(_write(folder / f"{number}.jsonl", _merged(some)))
        number += 1
        for path in some:
            path.unlink()
    yield from _merged(runs)


def _merged(runs: Iterable[Path]) -> Iterator[Event]:
    return heapq.merge(*[_read(path) for path in runs], key=_order)


def _write(path: Path, events: Iterable[Event]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(_plain(event)) + "\n" for event in events)
    return path


def _read(path: Path) -> Iterator[Event]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield _event(json.loads(line))


def _plain(event: Event) -> list[Any]:
    return [
        event.case,
        event.at.isoformat(),
        event.line,
        event.word,
        astuple(event.facing),
        event.unit,
        event.person,
        event.raised_at.isoformat() if event.raised_at else None,
        event.reopenings,
        event.reassignments,
        event.verdict,
    ]


def _event(plain: list[Any]) -> Event:
    case, at, line, word, facing, unit, person, raised_at, reopenings, reassignments, verdict = plain
    scope, category, *rest = facing
    return Event(
        case=case,
        at=datetime.fromisoformat(at),
        line=line,
        word=Word(word),
        facing=Selectors(scope, tuple(category), *rest),
        unit=unit,
        person=person,
        raised_at=datetime.fromisoformat(raised_at) if raised_at else None,
        reopenings=reopenings,
        reassignments=reassignments,
        verdict=Verdict(verdict),
    )
