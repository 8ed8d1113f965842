"""What a generated desk lacks for measuring pages: customers with several tickets, and a word that hardly any has."""

from django.db import connection
from django.utils import timezone

from complaints.actions import commenting
from complaints.models import Ticket
from complaints.states import State
from customers.models import Customer, DisclosureRules

SEVERAL = 500
EACH = 20
A_LOT = 200
RARE = "频闪"
SO_OFTEN = 3
LOOK_UPS = 100_000


def furnish() -> None:
    """Give some customers several tickets, one of them very many, and put a rare word on a few tickets; once.

    One person looks up more customers in a run than an agent may in an hour.
    """
    DisclosureRules.objects.update_or_create(pk=1, defaults={"look_ups_per_hour": LOOK_UPS})
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
