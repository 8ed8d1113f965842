"""Questions to tickets: who may see which, what is live, what a list needs."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.query import ModelIterable

from accounts.models import UNITS, Authority, Person, Role, keys_under
from common.kept import get_both
from complaints.states import AWAITING_THE_UNIT, LIVE, State

if TYPE_CHECKING:
    from complaints.models.ticket import Ticket

OWN_TICKETS = (Role.AGENT, Role.EXPERT, Role.API_CLIENT)
WHOLE_SUBTREE = (
    Role.SUPERVISOR,
    Role.DUTY_DIRECTOR,
    Role.DIRECTOR,
    Role.DEPUTY_GENERAL_MANAGER,
    Role.QUALITY_INSPECTOR,
    Role.ARBITER,
    Role.LEGAL_ADVISER,
    Role.AUDITOR,
)
MAY_BE_NAMED_TO_REPLY = (Role.AGENT, Role.EXPERT, Role.BRANCH_CONTACT, Role.CUSTOMER_MANAGER)
UNIT_QUEUE = (Role.HANDLER, Role.UNIT_LEAD, Role.BRANCH_CONTACT, Role.EXPERT)


PEOPLE = ("owner", "replier", "handler", "last_handler", "replying_by", "accepted_by", "replied_by")
PLACES = ("accepting_unit", "desk", "lead_unit", "last_unit")


def put_in_place(references: Iterable[tuple[models.Model, str]], rows: models.QuerySet[Any]) -> None:
    """Read the rows that references lead to, all at once, and fill them; a reference is its holder and its name."""
    led_to = _leading_somewhere(references)
    wanted = {pk for _holder, _name, pk in led_to}
    _fill(led_to, rows.in_bulk(wanted) if wanted else {})


def put_what_is_kept(references: Iterable[tuple[models.Model, str]], known: Mapping[int, models.Model]) -> None:
    """Fill references with what the process keeps anyway; what is not there is left to be read."""
    _fill(_leading_somewhere(references), known)


def _leading_somewhere(references: Iterable[tuple[models.Model, str]]) -> list[tuple[models.Model, str, int]]:
    led_to = [(holder, name, getattr(holder, f"{name}_id")) for holder, name in references]
    return [(holder, name, pk) for holder, name, pk in led_to if pk is not None]


def _fill(led_to: Iterable[tuple[models.Model, str, int]], found: Mapping[int, models.Model]) -> None:
    """As Django's own prefetching does it; assigning would check each of hundreds again, and set its key."""
    for holder, name, pk in led_to:
        if pk in found:
            holder._state.fields_cache[name] = found[pk]


def people_of(tickets: Iterable["Ticket"]) -> list[tuple[models.Model, str]]:
    """Every reference of these tickets, and of their customers, that leads to a person."""
    people: list[tuple[models.Model, str]] = []
    for ticket in tickets:
        people += [(ticket, name) for name in PEOPLE]
        people.append((ticket.customer, "manager"))
    return people


def put_places_and_categories(tickets: Collection["Ticket"]) -> None:
    """Fill the references to units and categories, which are kept in the process anyway."""
    if tickets:
        units, categories = get_both(UNITS, apps.get_model("complaints", "Category").kept)
        put_what_is_kept([(ticket, name) for ticket in tickets for name in PLACES], units.by_pk)
        put_what_is_kept([(ticket, "category") for ticket in tickets], categories)


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Everything that lists, searches, counts or exports tickets starts here."""

    _has_people = False

    def visible_to(self, person: Person, at: datetime) -> Self:
        """The tickets that the units of this person's roles cover (R1); none for nobody."""
        authority = person.authority(at) if isinstance(person, Person) else Authority(person_id=None)
        return self.filter(self._seen_by(authority))

    def _seen_by(self, authority: Authority) -> Q:
        seen = Q(pk__in=[])
        repliers = {grant.person_id for grant in authority.grants if grant.role in MAY_BE_NAMED_TO_REPLY}
        if repliers:
            seen |= Q(replier__in=repliers)
        own = {grant.person_id for grant in authority.grants if grant.role in OWN_TICKETS}
        if own:
            desks = keys_under(*authority.paths(*OWN_TICKETS))
            seen |= Q(owner__in=own) | Q(accepted_by__in=own)
            seen |= Q(owner__isnull=True, accepting_unit__in=desks)
        if paths := authority.paths(Role.DISPATCHER):
            seen |= Q(desk__in=keys_under(*paths))
        if paths := authority.paths(*UNIT_QUEUE):
            units = keys_under(*paths)
            assistances = apps.get_model("complaints", "Assistance").objects.filter(
                ticket=OuterRef("pk"), unit__in=units
            )
            seen |= Q(lead_unit__in=units) | Q(Exists(assistances))
        if paths := authority.paths(*WHOLE_SUBTREE):
            units = keys_under(*paths)
            seen |= Q(accepting_unit__in=units) | Q(lead_unit__in=units) | Q(desk__in=units)
        managers = {grant.person_id for grant in authority.grants if grant.role == Role.CUSTOMER_MANAGER}
        if managers:
            follow_ups = apps.get_model("complaints", "FollowUp").objects.filter(manager__in=managers)
            seen |= Q(customer__manager__in=managers) | Q(pk__in=follow_ups.values("ticket"))
        if paths := authority.paths(Role.CALLBACK_AGENT):
            units = keys_under(*paths)
            acted = apps.get_model("complaints", "Entry").objects.filter(
                ticket=OuterRef("pk"), by=authority.person_id, kind__in=["callback_finished", "callback_attempted"]
            )
            seen |= Q(state=State.CALLBACK, accepting_unit__in=units) | Q(Exists(acted))
            drawn = apps.get_model("complaints", "Entry").objects.filter(ticket=OuterRef("pk"), kind="campaign_drew")
            seen |= Q(state=State.CLOSED, accepting_unit__in=units) & Q(Exists(drawn))
        return seen

    def live(self) -> Self:
        """Neither closed nor cancelled."""
        return self.filter(state__in=LIVE)

    def of_number(self, number: str) -> Self:
        """The tickets of this subscriber's number, and those that gave it as the number to be reached under."""
        customers = apps.get_model("customers", "Customer").objects.filter(number=number)
        known = list(customers.values_list("pk", flat=True))  # looked up apart, so that both sides use their index
        return self.filter(Q(contact_number__in=[number, f"+86{number}"]) | Q(customer__in=known))

    def awaiting_the_unit(self) -> Self:
        """Dispatched or being handled."""
        return self.filter(state__in=AWAITING_THE_UNIT)

    def held(self) -> Self:
        """On hold (R6)."""
        return self.filter(held_until__isnull=False)

    def by_due(self) -> Self:
        """What is due first comes first; what has no due time comes last, oldest first."""
        return self.order_by(models.F("next_due_at").asc(nulls_last=True), "raised_at", "pk")

    def with_people(self) -> Self:
        """All that permissions and one line of a list need, in four queries however many tickets there are.

        A dozen of the references lead to people and units. As joins they cost the database more to plan than to run
        (16 ms against 0.7 ms), so people are read once for all tickets and put in their places; units and categories
        are kept in the process anyway.
        """
        tickets = self.select_related("customer", "matter")
        tickets._has_people = True
        return tickets

    def locked(self) -> Self:
        """With their people, and locked until the end of the transaction: for deeds that begin at a ticket's child."""
        return self.with_people().select_for_update(of=("self",))

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]  # the stubs leave it out
        clone._has_people = self._has_people
        return clone

    def _fetch_all(self) -> None:
        is_fresh = self._result_cache is None
        super()._fetch_all()
        if is_fresh and self._has_people and issubclass(self._iterable_class, ModelIterable):
            tickets = self._result_cache or []
            put_in_place(people_of(tickets), Person.objects.using(self.db))
            put_places_and_categories(tickets)

    def for_queue(self) -> Self:
        """What a list shows, first due first; the matter, which says how to contact somebody, is not among it."""
        return self.with_people().select_related(None).select_related("customer").by_due()
