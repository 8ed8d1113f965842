"""Which earlier tickets a ticket may repeat: the same customer, the same kind of matter, not long ago (R81)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Left

from accounts.models import Person
from callbacks.answers import Satisfaction
from callbacks.models import Callback
from complaints.models import Category, Ticket
from complaints.states import LIVE, Nature, State, Verdict
from customers.models import Customer
from repeats.models import Ground, Match, Repeat, RepeatRules
from sla.kinds import Kind
from sla.models import Clock

COMPLAINTS = (Nature.COMPLAINT, Nature.OPINION)
MOST = 20
COMPARED = 600
"""Signs of each text that are compared; what follows tells little, and long letters cost."""
LONGEST_LIFE = timedelta(days=366)
"""How long ago a ticket was accepted that can be looked at, open ones as well."""


@dataclass(frozen=True)
class Candidate:
    """An earlier ticket, why it would make the new one a repeat, and how alike the texts are, from 0 to 1."""

    ticket: Ticket
    ground: Ground
    match: Match
    likeness: float


def candidates(ticket: Ticket, *, at: datetime, by: Person | None = None) -> list[Candidate]:
    """The tickets that this one may repeat, the likeliest first; for a person, those that they may see (A5).

    Surest recognition first, then the likest text, then the latest. Few queries, however many there are.
    """
    if ticket.nature not in COMPLAINTS:
        return []
    rules = RepeatRules.current()
    visible = Ticket.objects.all() if by is None else Ticket.objects.visible_to(by, at)
    same, sureness = _of_the_same(ticket, rules)
    # Asked for first and alone: beside the category, the database would read the index of that for all customers.
    asked = Ticket.objects.filter(same, pk__lt=ticket.pk, accepted_at__gte=at - LONGEST_LIFE).order_by()
    earlier = list(asked.values_list("pk", flat=True))
    if not earlier:
        return []
    found = (
        visible.alias(last_at=LAST)
        .filter(
            _of_its_kind(ticket.category, rules) & _not_long_ago(at - timedelta(days=rules.within_days)),
            pk__in=earlier,
            nature__in=COMPLAINTS,
        )
        .exclude(state=State.CANCELLED)
        .annotate(
            sureness=sureness,
            ground=GROUND,
            likeness=TrigramSimilarity(Left("happened", COMPARED), ticket.happened[:COMPARED]),
        )
        .select_related("category", "customer")
        .order_by("sureness", "-likeness", "-accepted_at", "-pk")[:MOST]
    )
    return [Candidate(each, Ground(each.ground), list(Match)[each.sureness], round(each.likeness, 2)) for each in found]


def judged(ticket: Ticket) -> set[int]:
    """The tickets about which somebody has said already that this one does not repeat them, or does."""
    return set(Repeat.objects.filter(ticket=ticket).values_list("earlier", flat=True))


def _of_the_same(ticket: Ticket, rules: RepeatRules) -> tuple[Q, Case]:
    """By the customer, by the number under which they are reached, by the address of record; and how surely."""
    customer = ticket.customer
    numbers = sorted({number for number in (ticket.contact_number, customer.number) if number})
    known = Customer.objects.filter(number__in=numbers).exclude(pk=customer.pk).order_by()
    by_number = Q(contact_number__in=numbers) | Q(customer__in=sorted(known.values_list("pk", flat=True)))
    here = Q(customer=customer.pk)
    same = here | by_number
    if neighbours := _at_the_same_address(customer, rules):
        same |= Q(customer__in=neighbours)
    return same, Case(When(here, then=Value(0)), When(by_number, then=Value(1)), default=Value(2))


def _at_the_same_address(customer: Customer, rules: RepeatRules) -> list[int]:
    if not customer.address:
        return []
    # In no order: asked for the first few by number, the database walks the numbers instead of the addresses.
    there = Customer.objects.filter(address=customer.address).order_by().values_list("pk", flat=True)
    found = sorted(there[: rules.same_address_at_most + 1])
    return found if len(found) <= rules.same_address_at_most else []


def _of_its_kind(category: Category, rules: RepeatRules) -> Q:
    return Q(category__path__startswith=category.path[: rules.levels_alike * Category.steplen])


def _not_long_ago(since: datetime) -> Q:
    """Open, or answered or closed since then."""
    return Q(state__in=sorted(LIVE)) | Q(last_at__gte=since)


GROUND = Case(
    When(
        Q(verdict=Verdict.DOES_NOT_ACCEPT)
        | Exists(
            Callback.objects.filter(
                Q(with_result=Satisfaction.DISSATISFIED) | Q(with_handling=Satisfaction.DISSATISFIED),
                ticket=OuterRef("pk"),
            )
        ),
        then=Value(Ground.DISSATISFIED),
    ),
    When(
        Exists(Clock.objects.filter(ticket=OuterRef("pk"), kind=Kind.REPLY, breached_at__isnull=False)),
        then=Value(Ground.OVERDUE),
    ),
    When(Q(replied_at__isnull=False) | Q(state=State.CLOSED), then=Value(Ground.ANSWERED)),
    default=Value(Ground.OPEN),
)
LAST = Coalesce(F("closed_at"), F("replied_at"), F("accepted_at"))
