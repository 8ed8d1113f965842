"""Which policy wins for a case, and for each other one why it does not (R27)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sla.models import Policy
from sla.querysets import Situation


class Standing(StrEnum):
    """How a policy fares."""

    WINS = "wins"
    OUTWEIGHED = "outweighed"
    """It matches, but another one says more in a weightier selector."""
    DIFFERS = "differs"
    """It asks for something else than the case is."""
    TOO_FEW_DAYS = "too_few_days"
    """It allows fewer days than the customer agreed to."""
    NOT_YET = "not_yet"
    NO_LONGER = "no_longer"
    """Replaced, or ended, before the instant."""


@dataclass(frozen=True)
class Contender:
    """One published version, how it fares, and in which selectors that is decided."""

    policy: Policy
    standing: Standing
    selectors: tuple[str, ...] = ()


def compare(situation: Situation, *, at: datetime) -> list[Contender]:
    """Every published version for this clock: the winner first, then those that matched, then the others (R27).

    Without a winner none applies. Versions that have never been in force are left out.
    """
    published = Policy.objects.published().filter(kind=situation.kind).with_selectors().order_by("code", "-version")
    versions = [
        each for each in published if each.effective_from is None or each.effective_from != each.effective_until
    ]
    excluded = {each.pk: _excluded(each, situation, at) for each in versions}
    matching = [each for each in versions if excluded[each.pk] is None]
    winner = max(matching, key=lambda each: (each.selectors.weight, each.pk), default=None)
    found = [excluded[each.pk] or _matching(each, winner) for each in versions]
    order = list(Standing)
    return sorted(found, key=lambda each: order.index(each.standing))


def _excluded(policy: Policy, situation: Situation, at: datetime) -> Contender | None:
    """Why a version does not come into question; None where it does."""
    in_time = _standing_in_time(policy, at)
    if in_time is not None:
        return Contender(policy, in_time)
    differing = policy.selectors.differing_from(situation.selectors)
    if differing:
        return Contender(policy, Standing.DIFFERS, tuple(differing))
    if not policy.allows(situation.consented_days):
        return Contender(policy, Standing.TOO_FEW_DAYS)
    return None


def _matching(policy: Policy, winner: Policy | None) -> Contender:
    if policy == winner or winner is None:
        return Contender(policy, Standing.WINS)
    return Contender(policy, Standing.OUTWEIGHED, (policy.selectors.outweighed_in(winner.selectors),))


def _standing_in_time(policy: Policy, at: datetime) -> Standing | None:
    if policy.effective_from is not None and policy.effective_from > at:
        return Standing.NOT_YET
    if policy.effective_until is not None and policy.effective_until <= at:
        return Standing.NO_LONGER
    return None
