"""Counting a customer's complaints and opinions: flags A and B2 come and go by themselves (section 9)."""

from datetime import datetime

from django.utils.translation import gettext as _

from calendars.months import month_of, months_from
from complaints.models import Ticket
from complaints.states import Addressee, Nature, State
from customers import watching
from customers.models import Customer, FlagKind, WatchRules

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
    watching.count(
        customer,
        kind=FlagKind.A,
        until=month_ends if this_month >= rules.a_from else None,
        reason=_("%(count)d complaints or opinions this month") % {"count": this_month},
        at=at,
    )
    enough = len(moments) >= rules.b2_from and moments[rules.b2_from - 1] > months_from(at, -rules.b2_months)
    watching.count(
        customer,
        kind=FlagKind.B2,
        until=months_from(moments[rules.b2_from - 1], rules.b2_months) if enough else None,
        reason=_("%(count)d complaints or opinions in %(months)d months")
        % {"count": rules.b2_from, "months": rules.b2_months},
        at=at,
    )


def proposed_flags(customer: Customer, *, at: datetime) -> list[FlagKind]:
    """What the system proposes and a person raises by hand: B3 for who has had an escalated complaint."""
    has_it = customer.flags.in_force(at).filter(kind=FlagKind.B3).exists()
    escalated = Ticket.objects.filter(customer=customer).exclude(addressee=Addressee.CENTRE)
    return [FlagKind.B3] if not has_it and escalated.exists() else []
