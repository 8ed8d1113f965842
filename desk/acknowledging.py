"""Who acknowledged what was escalated, and how fast (R91, R94)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q

from accounts.models import Person
from escalation.models import Escalation
from escalation.querysets import EscalationQuerySet

TOOK = ExpressionWrapper(F("acknowledged_at") - F("noticed_at"), output_field=DurationField())


class Median(Aggregate):
    """The middle one: half took less, half took more."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


class NinetyPercent(Aggregate):
    """Nine of ten took less."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.9) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class Line:
    """What one person acknowledged."""

    person: Person
    number: int
    late: int
    median: timedelta
    ninety_percent: timedelta


def acknowledgements(reader: Person, *, since: datetime, now: datetime) -> list[Line]:
    """A line for each person who acknowledged something since then that the reader may see; most first, two queries."""
    counted = (
        _acknowledged(reader, since=since, now=now)
        .order_by()
        .values("acknowledged_by")
        .annotate(
            number=Count("pk"),
            late=Count("pk", filter=Q(acknowledged_at__gt=F("ack_due_at"))),
            median=Median(TOOK, output_field=DurationField()),
            ninety_percent=NinetyPercent(TOOK, output_field=DurationField()),
        )
        .order_by("-number", "acknowledged_by")
    )
    rows = list(counted)
    people = Person.objects.in_bulk({row["acknowledged_by"] for row in rows})
    return [
        Line(people[row["acknowledged_by"]], row["number"], row["late"], row["median"], row["ninety_percent"])
        for row in rows
    ]


def those_of(reader: Person, *, person: int, since: datetime, now: datetime) -> EscalationQuerySet:
    """What stands behind one person's numbers, the slowest first."""
    theirs = _acknowledged(reader, since=since, now=now).filter(acknowledged_by=person)
    return theirs.with_people().annotate(took=TOOK).order_by("-took", "pk")


def _acknowledged(reader: Person, *, since: datetime, now: datetime) -> EscalationQuerySet:
    asked = Escalation.objects.filter(acknowledged_at__gte=since, acknowledged_at__lte=now, ack_due_at__isnull=False)
    return asked.visible_to(reader, now)
