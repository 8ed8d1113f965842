"""Which tickets come within reach of an appeal, and when (R82)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case as Choose
from django.db.models import DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest

from authorities.models import AuthorityRules, Case, Standing
from callbacks.answers import Satisfaction
from callbacks.models import Callback
from complaints.models import Conclusion, Ticket
from complaints.querysets import TicketQuerySet
from complaints.states import AWAITING_AN_ANSWER, Nature, State, Verdict

COMPLAINTS_AND_OPINIONS = (Nature.COMPLAINT, Nature.OPINION)
UNANSWERED = Q(replied_at__isnull=True, state__in=sorted(AWAITING_AN_ANSWER))
A_DAY = timedelta(days=1)


def within_reach(tickets: TicketQuerySet, *, rules: AuthorityRules, now: datetime) -> QuerySet[Any]:
    """Those of these tickets whose customer may appeal now or later, with when as `may_appeal_at`, soonest first.

    Unanswered for so many days since the matter was raised or opened again; at once when the last that the customer
    said of an answer was that they are dissatisfied, in whichever round, and for some time after. Those that an
    authority has already are left out, unless it declined.
    """
    since = now - timedelta(days=rules.listed_days)
    dissatisfied = Conclusion.objects.filter(verdict=Verdict.DOES_NOT_ACCEPT, at__gte=since)
    unhappy = Callback.objects.filter(with_result=Satisfaction.DISSATISFIED, ended_at__gte=since)
    concerned = (
        Ticket.objects.filter(UNANSWERED)
        .order_by()
        .values("pk")
        .union(dissatisfied.order_by().values("ticket"), unhappy.order_by().values("ticket"))
    )
    content = Greatest(
        _last(Conclusion.objects.filter(verdict=Verdict.ACCEPTS), "at"),
        _last(Callback.objects.filter(with_result=Satisfaction.SATISFIED), "ended_at"),
    )
    links = Case.tickets.through.objects.filter(ticket=OuterRef("pk")).exclude(case__state=Standing.DECLINED)
    return (
        tickets.filter(pk__in=concerned, nature__in=COMPLAINTS_AND_OPINIONS)
        .exclude(state=State.CANCELLED)
        .exclude(Exists(links))
        .alias(said_at=Greatest(_last(dissatisfied, "at"), _last(unhappy, "ended_at")), content_at=content)
        .annotate(
            may_appeal_at=Choose(
                When(
                    Q(said_at__isnull=False) & (Q(content_at__isnull=True) | Q(content_at__lt=F("said_at"))),
                    then="said_at",
                ),
                When(
                    UNANSWERED,
                    then=Coalesce("reopened_at", "raised_at") + timedelta(days=rules.appeal_after_days),
                ),
                output_field=DateTimeField(null=True),
            )
        )
        .filter(may_appeal_at__isnull=False)
        .order_by("may_appeal_at", "pk")
    )


def days_until(may_appeal_at: datetime, now: datetime) -> int:
    """Whole days until then, counted up; zero when it is already so."""
    return max(0, -((now - may_appeal_at) // A_DAY))


def _last(rows: QuerySet[Any], column: str) -> Subquery:
    """The latest instant in this column of a ticket's rows."""
    of_ticket = rows.filter(ticket=OuterRef("pk")).order_by().values("ticket").annotate(last=Max(column))
    return Subquery(of_ticket.values("last"))
