"""Which of several policies wins, over plain values: no Django, no I/O (R27).

A policy says for each selector a value or nothing, which is 'any'. It matches a case where it says nothing else than
the case does. Of those that match, the first selector in the order of precedence decides: a value beats 'any', a deeper
category a higher one.
"""

from dataclasses import dataclass

PRECEDENCE = ("scope", "category", "urgency", "brand", "tier", "medium", "variant")
"""The selectors, the weightiest first."""


@dataclass(frozen=True, slots=True)
class Selectors:
    """What a policy asks for, or what a case is; the category as its way down from the root of the tree."""

    scope: str = ""
    category: tuple[str, ...] = ()
    urgency: str = ""
    brand: str = ""
    tier: str = ""
    medium: str = ""
    variant: str = ""

    def differing_from(self, case: "Selectors") -> list[str]:
        """The selectors in which a policy with these asks for something else than the case is; none: it matches."""
        differing = []
        for name in PRECEDENCE:
            asked, given = getattr(self, name), getattr(case, name)
            if asked and (given[: len(asked)] if name == "category" else given) != asked:
                differing.append(name)
        return differing

    def matches(self, case: "Selectors") -> bool:
        """Whether a policy with these asks for nothing else than the case is."""
        return not self.differing_from(case)

    @property
    def weight(self) -> tuple[int, ...]:
        """The heavier of two that match one case wins; equal weights are a tie, which is refused when saving."""
        return tuple(len(self.category) if name == "category" else bool(getattr(self, name)) for name in PRECEDENCE)

    def outweighed_in(self, winner: "Selectors") -> str:
        """The selector that decides between these and heavier ones; empty where they weigh the same."""
        pairs = zip(PRECEDENCE, self.weight, winner.weight, strict=True)
        return next((name for name, ours, theirs in pairs if ours < theirs), "")
