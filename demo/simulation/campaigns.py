"""Callback campaigns: each month a sample of what was concluded is called back beside the standing rule.

None is a random share: the desk draws one by a seed that nobody can foresee, and a play has to repeat itself.
"""

from datetime import datetime, timedelta
from functools import partial

from accounts.models import Person
from calendars.months import months_from
from callbacks.actions import campaigning
from callbacks.models import Sample
from demo.simulation.aftercare import Aftercare
from demo.simulation.company import Company, Life

SAMPLES = (Sample.ALL, Sample.LIABLE, Sample.DISSATISFIED)
CALLS_LAST = timedelta(days=10)


class Campaigns:
    """Who draws a campaign on the third of each of some months, for the month before."""

    def __init__(self, company: Company, aftercare: Aftercare) -> None:
        self.company = company
        self.aftercare = aftercare
        self.director: Person = aftercare.team[0].person
        self.is_planned = False
        company.accepted.append(self.accept)

    def accept(self, life: Life, at: datetime) -> None:
        """The first matter begins the first month."""
        if self.is_planned:
            return
        self.is_planned = True
        third = at.astimezone(self.company.zone).replace(day=3, hour=10, minute=0, second=0, microsecond=0)
        for month, sample in enumerate(SAMPLES, start=1):
            self.company.agenda.add(months_from(third, month), partial(self._draw, sample))

    def _draw(self, sample: Sample, at: datetime) -> None:
        today = at.astimezone(self.company.zone)
        campaign = campaigning.start(
            month=months_from(today, -1).date(),
            unit=self.company.units["province"],
            sample=sample,
            calls_until=(today + CALLS_LAST).date(),
            by=self.director,
            at=at,
        )
        midnight = today.replace(hour=0, minute=0) + CALLS_LAST + timedelta(days=1)
        self.company.agenda.add(midnight, campaigning.end_due)
        self.company.agenda.add(midnight + timedelta(days=1), campaigning.end_due)
        for callback in campaign.callbacks.open().drawn_after_the_end().order_by("pk"):
            self.aftercare.plan_call(self.company.lives[callback.ticket_id], callback, at=max(at, callback.planned_for))
