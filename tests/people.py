"""The cast: Rosa accepts, Sam dispatches, Wei handles in the network department, Noor works in another unit,
Lin supervises, Ines is the customer. They come with the demonstration's staff, so every test has the whole house."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from accounts.models import Assignment, Person, Unit
from complaints.actions import acceptance, dispatching, handling
from complaints.actions.acceptance import Contacting, Matters
from complaints.actions.handling import Findings
from complaints.models import Category, Ticket
from customers.models import Customer

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    """The instant of a wall-clock moment in the business time zone, given as 'YYYY-MM-DD HH:MM[:SS]'."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


MONDAY_NINE = local("2026-03-02 09:00")
MONDAY_TEN = local("2026-03-02 10:00")
MONDAY_NIGHT = local("2026-03-02 21:30")
TUESDAY_NINE = local("2026-03-03 09:00")
FRIDAY_LAST_MINUTE = local("2026-03-06 17:59")

# Ordinary, led by the support centre, dispatched by a dispatcher.
ORDINARY = "billing.charges.monthly-fee"


def person(username: str) -> Person:
    """One of the staff, freshly read."""
    return Person.objects.select_related("unit").get(username=username)


def unit(code: str) -> Unit:
    """A unit by its code."""
    return Unit.objects.get(code=code)


def category(code: str = ORDINARY) -> Category:
    """A category by its code."""
    return Category.objects.get(code=code)


def a_customer(number: str = "12055550101", **facts: object) -> Customer:
    """A subscriber; only what the test cares about is given."""
    return Customer.objects.get_or_create(number=number, defaults={"name": "Ines", **facts})[0]


def a_record(of: Category) -> dict[str, str]:
    """Well-formed values for all that the category requires."""
    samples = {"text": "as told by the customer", "date": "2026-03-01", "number": "12", "phone": "12055550101"}
    return {
        field["code"]: field["choices"][0]["code"] if field["kind"] == "choice" else samples[field["kind"]]
        for field in of.required_fields
    }


def a_ticket(
    *,
    at: datetime = MONDAY_NINE,
    by: Person | None = None,
    customer: Customer | None = None,
    of: str = ORDINARY,
    raised_at: datetime | None = None,
    contacting: Contacting | None = None,
    routes: bool = True,
    **matter: str,
) -> Ticket:
    """An accepted ticket of Ines, taken in by Rosa unless somebody else is named."""
    agent = by or person("rosa")
    filed_under = category(of)
    return acceptance.accept(
        customer or a_customer(),
        matter=Matters(
            category=filed_under,
            happened=matter.pop("happened", "The line has been down since the morning."),
            record=a_record(filed_under),
            **matter,
        ),
        contacting=contacting,
        unit=agent.unit or unit("acceptance"),
        by=agent,
        at=at,
        raised_at=raised_at,
        duplicate_reason="another matter of the same kind",
        routes=routes,
    )


def fresh(ticket: Ticket) -> Ticket:
    """The ticket as the database has it now, with its people."""
    return Ticket.objects.with_people().get(pk=ticket.pk)


def a_dispatched_ticket(*, to: str = "network", at: datetime = MONDAY_NINE, **given: object) -> Ticket:
    """A ticket that Sam has sent to a unit."""
    ticket = a_ticket(at=at, **given)  # type: ignore[arg-type]
    dispatching.dispatch(ticket, to=unit(to), by=person("sam"), at=at)
    return ticket


def a_ticket_in_hand(*, at: datetime = MONDAY_NINE, **given: object) -> Ticket:
    """A ticket that Wei has claimed in the network department."""
    ticket = a_dispatched_ticket(at=at, **given)  # type: ignore[arg-type]
    handling.claim(ticket, by=person("wei"), at=at)
    return ticket


def findings(at: datetime = MONDAY_NINE) -> Findings:
    """A complete feedback."""
    return Findings(
        handled_at=at,
        process="Measured the line and replaced the splitter.",
        cause="A splitter had failed.",
        result="The line carries the full rate again.",
        person="Wei Qiang",
        advice="Say that the line works and ask whether it does.",
    )


def a_ticket_to_reply(*, at: datetime = MONDAY_NINE, **given: object) -> Ticket:
    """A ticket whose feedback awaits Rosa's reply."""
    ticket = a_ticket_in_hand(at=at, **given)  # type: ignore[arg-type]
    handling.feed_back(ticket, findings=findings(at), by=person("wei"), at=at)
    return ticket


def somebody(role: str, over: str = "province") -> Person:
    """A person of their own who holds exactly this role, over this unit."""
    count = Person.objects.filter(username__startswith=f"{role}-").count()
    member = Person.objects.create(username=f"{role}-{count + 1}", unit=unit(over))
    Assignment.objects.create(person=member, role=role, unit=unit(over))
    return member
