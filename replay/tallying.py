"""What a replay adds up to. Nothing here grows with the length of the log: counts, tables of sizes, a few examples."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from replay.playing import PlayedCase, PlayedClock
from replay.spread import Spread
from replay.terms import Book
from replay.verdicts import REASONS, in_one_line, ours, why_otherwise
from replay.words import Verdict
from sla.kinds import Kind, Outcome

GROUPS = 500
"""So many units are told apart, those that come first; the rest are one group."""
EXAMPLES = 3
"""So many cases are shown for each reason of a disagreement."""
OTHERS = "(others)"


@dataclass
class KindTally:
    """The clocks of one kind."""

    outcomes: Counter[str] = field(default_factory=Counter)
    took: Spread = field(default_factory=Spread)
    counted: Spread = field(default_factory=Spread)
    late: Spread = field(default_factory=Spread)

    def add(self, clock: PlayedClock) -> None:
        """Count a clock: how it ended, how long it took, how much of that counted, by how much it was late."""
        self.outcomes[_outcome(clock)] += 1
        if clock.ended_at is None or clock.outcome == Outcome.CANCELLED:
            return
        stood = sum((end - begin for begin, end in clock.held), timedelta(0))
        took = clock.ended_at - clock.starts_at
        self.took.add(took.total_seconds())
        self.counted.add((took - stood).total_seconds())
        if clock.breached_at is not None and clock.due_at is not None:
            self.late.add(max(0.0, (clock.ended_at - clock.due_at).total_seconds()))

    def as_data(self) -> dict[str, Any]:
        """For the report: the share in time is met ÷ (met + missed), as everywhere (section 14)."""
        met = self.outcomes["met"]
        missed = self.outcomes["met_late"] + self.outcomes["missed_and_running"]
        return {
            "clocks": self.outcomes.total(),
            "outcomes": dict(sorted(self.outcomes.items())),
            "timeliness": round(met / (met + missed), 4) if met + missed else None,
            "took_seconds": self.took.as_data(),
            "counted_seconds": self.counted.as_data(),
            "late_seconds": self.late.as_data(),
        }


def _outcome(clock: PlayedClock) -> str:
    if clock.outcome == Outcome.CANCELLED:
        return "cancelled"
    if clock.outcome is None:
        return "missed_and_running" if clock.breached_at is not None else "running"
    return str(clock.outcome) if clock.terms is not None else "without_limit"


@dataclass
class Tally:
    """Everything that the report says."""

    book: Book
    judged: str
    cases: int = 0
    events: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    closed: int = 0
    events_of_a_case: Counter[int] = field(default_factory=Counter)
    kinds: dict[str, KindTally] = field(default_factory=dict)
    units: dict[str, Counter[str]] = field(default_factory=dict)
    policies: dict[str, Counter[str]] = field(default_factory=dict)
    holds: int = 0
    cases_held: int = 0
    held: Spread = field(default_factory=Spread)
    reopenings: Counter[str] = field(default_factory=lambda: Counter(seen=0, cases=0))
    reassignments: Counter[str] = field(default_factory=lambda: Counter(unit_changes_seen=0, person_changes_seen=0))
    lasted: Spread = field(default_factory=Spread)
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)

    def add(self, case: PlayedCase) -> None:
        """Count a case in."""
        self.cases += 1
        self.events += case.events
        self.first_at = min(self.first_at or case.raised_at, case.raised_at)
        self.last_at = max(self.last_at or case.ends_at, case.ends_at)
        self.events_of_a_case[min(case.events, GROUPS)] += 1
        if case.closed_at is not None:
            self.closed += 1
            self.lasted.add((case.closed_at - case.raised_at).total_seconds())
        for clock in case.clocks:
            self.kinds.setdefault(clock.kind, KindTally()).add(clock)
            if clock.terms is not None:
                self.policies.setdefault(clock.terms.name, Counter())[_outcome(clock)] += 1
        self._add_movements(case)
        self._add_unit(case)
        self._add_verdict(case)

    def _add_movements(self, case: PlayedCase) -> None:
        if case.held:
            self.cases_held += 1
            self.holds += len(case.held)
            self.held.add(sum((end - begin for begin, end in case.held), timedelta(0)).total_seconds())
        self.reopenings["seen"] += case.reopenings
        self.reopenings["cases"] += case.reopenings > 0
        self.reassignments["unit_changes_seen"] += case.unit_changes
        self.reassignments["person_changes_seen"] += case.person_changes
        if case.reopenings_told is not None:
            self.reopenings["told"] += case.reopenings_told
        if case.reassignments_told is not None:
            self.reassignments["told"] += case.reassignments_told
            self.reassignments["cases"] += case.reassignments_told > 0

    def _add_unit(self, case: PlayedCase) -> None:
        unit = case.unit if case.unit in self.units or len(self.units) < GROUPS else OTHERS
        counts = self.units.setdefault(unit, Counter())
        counts["cases"] += 1
        counts["reopenings"] += case.reopenings
        for clock in case.clocks:
            if clock.kind == Kind.HANDLE:
                counts[_outcome(clock)] += 1

    def _add_verdict(self, case: PlayedCase) -> None:
        mine, theirs = ours(case, self.judged), case.verdict_told
        self.verdicts[mine, theirs] += 1
        if Verdict.UNKNOWN in {mine, theirs} or mine == theirs:
            return
        key = (f"ours_{mine}_log_{theirs}", why_otherwise(case, self.judged, self.book))
        self.reasons[key] += 1
        examples = self.examples.setdefault(key, [])
        if len(examples) < EXAMPLES:
            examples.append({"case": case.case, "ours": in_one_line(case, self.judged)})

    def as_data(self) -> dict[str, Any]:
        """The whole report for machines; lengths are in seconds, moments have an offset."""
        return {
            "cases": self.cases,
            "events": self.events,
            "closed": self.closed,
            "first_at": self.first_at.isoformat() if self.first_at else None,
            "last_at": self.last_at.isoformat() if self.last_at else None,
            "lasted_seconds": self.lasted.as_data(),
            "events_of_a_case": self._events_of_a_case(),
            "clocks": {kind: self.kinds[kind].as_data() for kind in Kind if kind in self.kinds},
            "policies": {name: dict(sorted(counts.items())) for name, counts in sorted(self.policies.items())},
            "holds": {"holds": self.holds, "cases": self.cases_held, "held_seconds_of_a_case": self.held.as_data()},
            "reopenings": dict(sorted(self.reopenings.items())),
            "reassignments": dict(sorted(self.reassignments.items())),
            "units": self._units(),
            "verdicts": self._verdicts(),
        }

    def _events_of_a_case(self) -> dict[str, int]:
        reached, told = 0, {}
        for count in sorted(self.events_of_a_case):
            reached += self.events_of_a_case[count]
            for name, share in (("p50", 0.5), ("p90", 0.9)):
                if name not in told and reached >= share * self.cases:
                    told[name] = count
        return told

    def _units(self) -> list[dict[str, Any]]:
        busiest = sorted(self.units.items(), key=lambda unit: (-unit[1]["cases"], unit[0]))
        return [{"unit": unit, **dict(sorted(counts.items()))} for unit, counts in busiest]

    def _verdicts(self) -> dict[str, Any]:
        return {
            "clock": self.judged,
            "agree": sum(count for (mine, theirs), count in self.verdicts.items() if mine == theirs != Verdict.UNKNOWN),
            "differ": self.reasons.total(),
            "table": {f"ours_{mine}_log_{theirs}": count for (mine, theirs), count in sorted(self.verdicts.items())},
            "reasons": [
                {
                    "between": between,
                    "reason": reason,
                    "meaning": REASONS[reason],
                    "cases": count,
                    "examples": self.examples[between, reason],
                }
                for (between, reason), count in self.reasons.most_common()
            ],
        }
