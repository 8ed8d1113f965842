"""What decides a limit besides the ticket itself: policies, calendars, quiet hours, bounds over all policies.

One ticket asks each time, and mostly finds it kept in the process. Whoever decides about many tickets in one go reads
it all once.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from accounts.models import Unit
from calendars.worktime import WorkingCalendar
from contact.models import QuietHours
from sla.models import ClockRules, Policy, known_policies
from sla.models.policy import Policies, hours_of
from sla.querysets import Situation


class Grounds:
    """What holds now, asked for each time."""

    def choose(self, situation: Situation, *, at: datetime) -> Policy | None:
        """The policy that applies, of those in force at an instant (R27)."""
        return known_policies().choose(situation, at=at)

    def hours_of(self, unit: Unit | None) -> WorkingCalendar:
        """The hours of a unit, where a policy names no calendar (R24)."""
        return hours_of(unit)

    @property
    def quiet_hours(self) -> QuietHours:
        """The night (R23)."""
        return QuietHours.current()

    @property
    def clock_rules(self) -> ClockRules:
        """The bounds over all policies (R21)."""
        return ClockRules.current()


ASKED_EACH_TIME = Grounds()


class GroundsInHand(Grounds):
    """What holds now, read once for many tickets; it must not outlive the transaction that it was read in."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        """With the policies to choose from, their categories and calendars loaded; who is in force is not asked."""
        self._policies = Policies(policies)
        self._chosen: dict[Situation, Policy | None] = {}
        self._hours: dict[int | None, WorkingCalendar] = {}

    @property
    def offers_a_choice(self) -> bool:
        """Whether there are policies to choose from at all."""
        return bool(self._policies.by_pk)

    def choose(self, situation: Situation, *, at: datetime) -> Policy | None:
        """The first by precedence that covers the situation, found once for all that are alike.

        The instant was decided when the policies were read.
        """
        if situation not in self._chosen:
            self._chosen[situation] = next(self._policies.covering(situation), None)
        return self._chosen[situation]

    def hours_of(self, unit: Unit | None) -> WorkingCalendar:
        """The hours of a unit, compiled at its first turn."""
        key = None if unit is None else unit.pk
        if key not in self._hours:
            self._hours[key] = hours_of(unit)
        return self._hours[key]

    @cached_property
    def quiet_hours(self) -> QuietHours:
        """The night (R23)."""
        return QuietHours.current()

    @cached_property
    def clock_rules(self) -> ClockRules:
        """The bounds over all policies (R21)."""
        return ClockRules.current()
