"""How many tickets came in by the hour, today and on the same weekday before."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Count, Q
from django.db.models.functions import ExtractHour, TruncDate
from django.utils import timezone

from complaints.querysets import TicketQuerySet

WEEKS = 4


@dataclass(frozen=True)
class Hour:
    """One hour of the day: how many came today, None where it is still to come, and how many usually come."""

    hour: int
    today: int | None
    usual: float


def by_hour(tickets: TicketQuerySet, now: datetime) -> list[Hour]:
    """The hours of today on the business clock beside the median of the same weekday in the last four weeks."""
    zone = timezone.get_current_timezone()
    today = timezone.localdate(now)
    days = [today - timedelta(weeks=week) for week in range(WEEKS + 1)]
    within = Q(pk__in=[])
    for day in days:
        begins = datetime.combine(day, time.min, zone)
        within |= Q(accepted_at__gte=begins, accepted_at__lt=min(begins + timedelta(days=1), now))
    counted = (
        tickets.filter(within)
        .order_by()
        .values_list(TruncDate("accepted_at"), ExtractHour("accepted_at"))
        .annotate(number=Count("pk"))
    )
    counts: dict[tuple[date, int], int] = {(on, hour): number for on, hour, number in counted}
    present = timezone.localtime(now).hour
    return [
        Hour(
            hour=hour,
            today=counts.get((today, hour), 0) if hour <= present else None,
            usual=median(counts.get((day, hour), 0) for day in days[1:]),
        )
        for hour in range(24)
    ]
