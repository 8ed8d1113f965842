"""Counting a customer's complaints and opinions: flags A and B2 come and go by themselves (section 9)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _

from calendars.months import month_of, months_from
from common.apart import apart, resting
from complaints.models import Ticket
from complaints.states import Addressee, Nature, State
from customers import watching
from customers.models import Customer, Flag, FlagKind, WatchRules
from customers.models.flags import AUTOMATIC
from customers.watching import Counted

COUNTED = frozenset({Nature.COMPLAINT, Nature.OPINION})


def count(customer: Customer, *, at: datetime) -> None:
    """Raise, prolong or lift the automatic flags after the customer's tickets have changed.

    A holds until the end of the month; B2 until so many months have passed since the earliest ticket that it needs.
    Withdrawn and merged tickets do not count.
    """
    rules = WatchRules.current()
    moments = list(
        Ticket.objects.filter(customer=customer, nature__in=sorted(COUNTED), accepted_at__lte=at)
        .exclude(state=State.CANCELLED)
        .order_by("-accepted_at", "-pk")
        .values_list("accepted_at", flat=True)[: max(rules.a_from, rules.b2_from)]
    )
    month_begins, month_ends = month_of(at)
    this_month = sum(moment >= month_begins for moment in moments)
    enough = len(moments) >= rules.b2_from and moments[rules.b2_from - 1] > months_from(at, -rules.b2_months)
    watching.count(
        customer,
        Counted(
            FlagKind.A,
            until=month_ends if this_month >= rules.a_from else None,
            reason=_("%(count)d complaints or opinions this month") % {"count": this_month},
        ),
        Counted(
            FlagKind.B2,
            until=months_from(moments[rules.b2_from - 1], rules.b2_months) if enough else None,
            reason=_("%(count)d complaints or opinions in %(months)d months")
            % {"count": rules.b2_from, "months": rules.b2_months},
        ),
        at=at,
    )


def recount(now: datetime) -> int:
    """Count once a day what no deed makes anybody count: the month is over, or a threshold was changed (section 9).

    Every customer who carries an automatic flag or has as many complaints in the time as would raise one, each in a
    transaction of its own. Says how many were counted.
    """
    rules = WatchRules.current()
    since = min(month_of(now)[0], months_from(now, -rules.b2_months))
    many = (
        Ticket.objects.filter(nature__in=sorted(COUNTED), accepted_at__gte=since)
        .exclude(state=State.CANCELLED)
        .order_by()
        .values("customer")
        .annotate(number=models.Count("pk"))
        .filter(number__gte=min(rules.a_from, rules.b2_from))
    )
    flagged = Flag.objects.unlifted().filter(kind__in=sorted(AUTOMATIC)).values("customer")
    concerned = Customer.objects.filter(models.Q(pk__in=many.values("customer")) | models.Q(pk__in=flagged))
    counted = 0
    for customer in concerned.exclude(pk__in=resting("flags", now)).order_by("pk").iterator():
        with apart("flags", customer.pk, now=now):
            count(customer, at=now)
        counted += 1
    return counted


def proposed_flags(customer: Customer, *, at: datetime, held: Iterable[Flag] | None = None) -> list[FlagKind]:
    """What the system proposes and a person raises by hand: B3 for who has had an escalated complaint.

    `held` are the flags in force, where they are at hand.
    """
    if held is None:
        held = customer.flags.in_force(at).filter(kind=FlagKind.B3)
    has_it = any(flag.kind == FlagKind.B3 for flag in held)
    escalated = Ticket.objects.filter(customer=customer).exclude(addressee=Addressee.CENTRE)
    return [FlagKind.B3] if not has_it and escalated.exists() else []
