"""How lengths of time are spread, in a table whose size does not grow with their number."""

from collections import Counter
from dataclasses import dataclass, field
from math import floor, log

STEP = 1.01
"""Two lengths that differ by less than this factor count as one, so a percentile is right to within one percent."""
_LOG_STEP = log(STEP)


@dataclass
class Spread:
    """Lengths in seconds, counted by their size; at most some 2,500 sizes lie between a second and a thousand years."""

    count: int = 0
    total: float = 0.0
    longest: float = 0.0
    sizes: Counter[int] = field(default_factory=Counter, repr=False)

    def add(self, seconds: float) -> None:
        """Count one length; below a second it counts as none."""
        self.count += 1
        self.total += seconds
        self.longest = max(self.longest, seconds)
        self.sizes[floor(log(seconds) / _LOG_STEP) if seconds >= 1 else -1] += 1

    def percentile(self, share: float) -> float | None:
        """The length that this share of them does not exceed, in seconds, to within one percent; None without any."""
        reached, wanted = 0, share * self.count
        for size in sorted(self.sizes):
            reached += self.sizes[size]
            if reached >= wanted:
                return 0.0 if size < 0 else min(STEP ** (size + 0.5), self.longest)
        return None

    def as_data(self) -> dict[str, float | int | None]:
        """Count, mean, P50, P90 and the longest, in whole seconds."""
        mean = self.total / self.count if self.count else None
        found = {"mean": mean, "p50": self.percentile(0.5), "p90": self.percentile(0.9)}
        rounded = {name: None if value is None else round(value) for name, value in found.items()}
        return {"count": self.count, **rounded, "longest": round(self.longest) if self.count else None}
