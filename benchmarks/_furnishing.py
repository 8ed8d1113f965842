"""What a generated desk lacks for measuring pages: customers with several tickets, a word that hardly any has, and
tickets that wait for the dispatch desk."""

from django.db import connection
from django.utils import timezone

from accounts.models import Person, Role
from complaints.actions import commenting, dispatching
from complaints.models import Ticket
from complaints.states import State
from customers.models import Customer, DisclosureRules

SEVERAL = 500
EACH = 20
A_LOT = 200
RARE = "频闪"
SO_OFTEN = 3
LOOK_UPS = 100_000
TO_REVIEW = 60
"""More than a page of the dispatch desk shows, so that it is the same page whatever lies in the database."""


def furnish() -> None:
    """Give some customers several tickets, one of them very many, and put a rare word on a few tickets; once.

    One person looks up more customers in a run than an agent may in an hour.
    """
    DisclosureRules.objects.update_or_create(pk=1, defaults={"look_ups_per_hour": LOOK_UPS})
    _recall_some()
    if customers_with_several():
        return
    tickets = Ticket.objects.order_by("?")
    ended = list(tickets.filter(state=State.CLOSED).values_list("pk", flat=True)[: SEVERAL * EACH + A_LOT])
    customers = list(tickets.live().values_list("customer", flat=True)[:SEVERAL])
    theirs = [ended[number * EACH : (number + 1) * EACH] for number in range(len(customers))]
    theirs[0] = theirs[0] + ended[SEVERAL * EACH :]
    for customer, keys in zip(customers, theirs, strict=True):
        Ticket.objects.filter(pk__in=keys).update(customer=customer)
    for ticket in tickets.filter(state=State.HANDLING, held_until=None).with_people()[:SO_OFTEN]:
        if ticket.handler is not None:
            commenting.comment(ticket, text=f"光猫指示灯{RARE}，已更换。", by=ticket.handler, at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _recall_some() -> None:
    """Let the dispatch desk take back as much as it needs to have a page full before it."""
    dispatched = Ticket.objects.filter(state=State.DISPATCHED, desk__isnull=False, held_until=None)
    first = dispatched.order_by("-pk").first()
    if first is None:
        raise RuntimeError("nothing was dispatched that could be recalled")
    dispatcher = Person.objects.filter(assignments__role=Role.DISPATCHER, assignments__unit=first.desk).first()
    there = Ticket.objects.filter(state=State.ACCEPTED, desk=first.desk).count()
    for ticket in dispatched.filter(desk=first.desk).with_people().order_by("-pk")[: max(0, TO_REVIEW - there)]:
        dispatching.recall(ticket, reason="sent to the wrong place", by=dispatcher, at=timezone.now())


def customers_with_several() -> list[str]:
    """The numbers of the customers who have many tickets, those with most first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id FROM complaints_ticket GROUP BY 1 HAVING count(*) > %s ORDER BY count(*) DESC",
            [EACH // 2],
        )
        keys = [key for (key,) in cursor.fetchall()]
    known = dict(Customer.objects.filter(pk__in=keys).values_list("pk", "number"))
    return [known[key] for key in keys]
