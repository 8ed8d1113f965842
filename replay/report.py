"""The report of a replay in words."""

from collections.abc import Iterator, Mapping
from typing import Any

BUSIEST = 10
HOUR, DAY = 3600, 86_400


def in_words(told: Mapping[str, Any]) -> Iterator[str]:
    """The lines of the report, from what `Tally.as_data` says."""
    yield f"{told['events']:,} events of {told['cases']:,} cases, {told['closed']:,} of them closed"
    if not told["cases"]:
        return
    yield f"from {told['first_at']} to {told['last_at']}; a case lasted {_spread(told['lasted_seconds'])}"
    yield from _clocks(told["clocks"])
    yield from _movements(told)
    yield from _units(told["units"])
    yield from _verdicts(told["verdicts"])


def _clocks(clocks: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield f"{'clock':<10}{'in time':>9}  {'how they ended':<58} took (P50, P90)"
    for kind, clock in clocks.items():
        share = "–" if clock["timeliness"] is None else f"{clock['timeliness']:.1%}"
        ended = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in clock["outcomes"].items())
        yield f"{kind:<10}{share:>9}  {ended:<58} {_spread(clock['took_seconds'])}"
        if clock["late_seconds"]["count"]:
            yield f"{'':<21}late by {_spread(clock['late_seconds'])}; counted {_spread(clock['counted_seconds'])}"


def _movements(told: Mapping[str, Any]) -> Iterator[str]:
    holds, reopened, moved = told["holds"], told["reopenings"], told["reassignments"]
    yield ""
    held = _spread(holds["held_seconds_of_a_case"])
    yield f"holds: {holds['holds']:,} in {holds['cases']:,} cases; a case was held {held}"
    yield f"reopenings: {reopened['seen']:,} in {reopened['cases']:,} cases{_told(reopened)}"
    yield (
        f"handed on: {moved['unit_changes_seen']:,} times to another unit, "
        f"{moved['person_changes_seen']:,} times to another person{_told(moved)}"
    )


def _told(counts: Mapping[str, int]) -> str:
    return f"; the log itself counts {counts['told']:,}" if "told" in counts else ""


def _units(units: list[Mapping[str, Any]]) -> Iterator[str]:
    if len(units) < 2:
        return
    yield ""
    yield f"the {min(BUSIEST, len(units))} busiest of {len(units)} units at the end of their cases"
    for unit in units[:BUSIEST]:
        met, late = unit.get("met", 0), unit.get("met_late", 0) + unit.get("missed_and_running", 0)
        share = f"{met / (met + late):.1%} of handling in time" if met + late else "no handling with a limit"
        yield f"  {unit['unit'] or '(none)':<24}{unit['cases']:>8,} cases, {unit['reopenings']:>4,} reopened, {share}"


def _verdicts(verdicts: Mapping[str, Any]) -> Iterator[str]:
    if not verdicts["agree"] and not verdicts["differ"]:
        return
    judged = verdicts["agree"] + verdicts["differ"]
    yield ""
    yield (
        f"the log's own verdict agrees with ours on the {verdicts['clock']} clock in {verdicts['agree']:,} "
        f"of {judged:,} cases ({verdicts['agree'] / judged:.1%}) and differs in {verdicts['differ']:,}:"
    )
    for reason in verdicts["reasons"]:
        between = reason["between"].replace("_", " ").replace(" log", ", log")
        yield f"  {reason['cases']:>7,}  {between}: {reason['meaning']}"
        for example in reason["examples"][:1]:
            yield f"           such as {example['case']}: {example['ours']}"


def _spread(spread: Mapping[str, Any]) -> str:
    if not spread["count"]:
        return "–"
    return f"{_length(spread['p50'])}, {_length(spread['p90'])}"


def _length(seconds: float) -> str:
    if seconds < HOUR:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / HOUR:.1f} h" if seconds < 2 * DAY else f"{seconds / DAY:.1f} d"
