"""The live sweeps, called at the instants when something is due, in the order of the live timetable."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, F, QuerySet, Value
from psycopg2.sql import SQL

from callbacks.actions import surveys
from callbacks.models import Survey
from complaints.actions import upkeep
from complaints.models import DeskRules, Hold, Ticket
from complaints.states import State
from demo.simulation.company import Company
from escalation.actions import sweeping as ladders
from escalation.models import Escalation
from sla.actions import sweeping as clocks
from sla.models import Clock


@dataclass(frozen=True)
class Sweep:
    """One part of the live timetable: what it does at an instant, and the rows and column that say when it has to."""

    name: str
    run: Callable[[datetime], object]
    rows: Callable[[], QuerySet]
    column: str
    plus: Callable[[DeskRules], timedelta] = lambda rules: timedelta(0)


SWEEPS = (
    Sweep("holds", upkeep.tidy_up, lambda: Hold.objects.filter(ended_at__isnull=True), "ends_at"),
    Sweep(
        "claims",
        upkeep.tidy_up,
        lambda: Ticket.objects.filter(
            state=State.HANDLING, touched_at__isnull=True, held_until__isnull=True, fed_back_at__isnull=True
        ),
        "claimed_at",
        lambda rules: timedelta(minutes=rules.claim_given_back_after_minutes),
    ),
    Sweep(
        "begun replies",
        upkeep.tidy_up,
        lambda: Ticket.objects.filter(replying_since__isnull=False),
        "replying_since",
        lambda rules: timedelta(minutes=rules.begun_reply_expires_after_minutes),
    ),
    Sweep("clocks", clocks.call_due, lambda: Clock.objects.filter(next_at__isnull=False), "next_at"),
    Sweep("ladders", ladders.fire_due, lambda: Escalation.objects.filter(next_at__isnull=False), "next_at"),
    Sweep("surveys", surveys.expire_due, Survey.objects.unanswered, "expires_at"),
)


class Timetable:
    """All sweeps of a play; one question tells when the next of them has something to do.

    Live, each sweep looks for itself every second. Were one forgotten here, what it does would come late, which the
    checks after a play find.
    """

    def __init__(self, company: Company) -> None:
        self.company = company
        self.due: list[Sweep] = []
        rules = DeskRules.current()
        first, *others = (self._next_of(place, sweep, rules) for place, sweep in enumerate(SWEEPS))
        # Asked after every act, so it is put into words and planned once.
        with connection.cursor() as cursor:
            question = cursor.mogrify(*first.union(*others, all=True).query.sql_with_params())
            cursor.execute(SQL("PREPARE what_is_due_next AS {}").format(SQL(question.decode())))

    def _next_of(self, place: int, sweep: Sweep, rules: DeskRules) -> QuerySet:
        instant = ExpressionWrapper(F(sweep.column) + sweep.plus(rules), output_field=DateTimeField())
        rows = sweep.rows().order_by(sweep.column).annotate(place=Value(place), instant=instant)
        return rows.values_list("place", "instant")[:1]

    def next_at(self) -> datetime | None:
        """The next instant at which one of them has something to do; None when none ever will."""
        with connection.cursor() as cursor:
            cursor.execute("EXECUTE what_is_due_next")
            answers = sorted(cursor.fetchall())
        soonest: datetime | None = min((instant for _place, instant in answers), default=None)
        self.due = [SWEEPS[place] for place, instant in answers if instant == soonest]
        return soonest

    def run(self, now: datetime) -> None:
        """Run those that have something to do, in their order; then people see what was raised."""
        due = dict.fromkeys(sweep.run for sweep in self.due)
        for run in due:
            run(now)
        if ladders.fire_due in due:
            self.company.look_around(now)
