"""Questions to tickets: who may see which, what is live, what a list needs."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Authority, Person, Role, Unit
from complaints.states import AWAITING_THE_UNIT, LIVE, State

if TYPE_CHECKING:
    from complaints.models.ticket import Ticket  # noqa: F401

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


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Everything that lists, searches, counts or exports tickets starts here."""

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
            desks = Unit.objects.under(*authority.paths(*OWN_TICKETS)).values("pk")
            seen |= Q(owner__in=own) | Q(accepted_by__in=own)
            seen |= Q(owner__isnull=True, accepting_unit__in=desks)
        if paths := authority.paths(Role.DISPATCHER):
            seen |= Q(desk__in=Unit.objects.under(*paths).values("pk"))
        if paths := authority.paths(*UNIT_QUEUE):
            units = Unit.objects.under(*paths).values("pk")
            assistances = apps.get_model("complaints", "Assistance").objects.filter(
                ticket=OuterRef("pk"), unit__in=units
            )
            seen |= Q(lead_unit__in=units) | Q(Exists(assistances))
        if paths := authority.paths(*WHOLE_SUBTREE):
            units = Unit.objects.under(*paths).values("pk")
            seen |= Q(accepting_unit__in=units) | Q(lead_unit__in=units) | Q(desk__in=units)
        managers = {grant.person_id for grant in authority.grants if grant.role == Role.CUSTOMER_MANAGER}
        if managers:
            seen |= Q(customer__manager__in=managers)
        if paths := authority.paths(Role.CALLBACK_AGENT):
            units = Unit.objects.under(*paths).values("pk")
            acted = apps.get_model("complaints", "Entry").objects.filter(
                ticket=OuterRef("pk"), by=authority.person_id, kind__in=["callback_finished", "callback_attempted"]
            )
            seen |= Q(state=State.CALLBACK, accepting_unit__in=units) | Q(Exists(acted))
        return seen

    def live(self) -> Self:
        """Neither closed nor cancelled."""
        return self.filter(state__in=LIVE)

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
        """All that permissions and one line of a list need, in one query."""
        return self.select_related(
            "customer",
            "customer__manager",
            "contact_person",
            "category",
            "matter",
            "owner",
            "replier",
            "handler",
            "last_handler",
            "replying_by",
            "accepted_by",
            "accepting_unit",
            "desk",
            "lead_unit",
            "last_unit",
        )

    def locked(self) -> Self:
        """With their people, each row locked until the transaction ends; always before its children."""
        return self.with_people().select_for_update(of=("self",))

    def for_queue(self) -> Self:
        """What a list shows, in one query, first due first."""
        return self.with_people().by_due()
