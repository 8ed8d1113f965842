"""Questions to callbacks and surveys: what is whose to call, and what has run out."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F

from accounts.models import Person, Role, keys_under
from callbacks.answers import Mode, Standing
from complaints.models import Ticket
from complaints.states import State

if TYPE_CHECKING:
    from callbacks.models import Callback, Survey  # noqa: F401


class CallbackQuerySet(models.QuerySet["Callback"]):
    """Questions to callbacks."""

    def open(self) -> Self:
        """Neither answered nor ended otherwise."""
        return self.filter(state=Standing.OPEN)

    def by_phone(self) -> Self:
        """Those that a person calls."""
        return self.filter(mode=Mode.PHONE)

    def drawn_after_the_end(self) -> Self:
        """Those that only a campaign asks for: their ticket is closed already."""
        return self.filter(campaign__isnull=False, ticket__state=State.CLOSED)

    def within_reach_of(self, person: Person, at: datetime) -> Self:
        """On tickets accepted where this person calls back; none for others."""
        paths = person.authority(at).paths(Role.CALLBACK_AGENT)
        return self.filter(ticket__accepting_unit__in=keys_under(*paths))

    def not_own_work_of(self, person: Person) -> Self:
        """On tickets that this person neither handled nor replied to, in any round (R70)."""
        return self.exclude(not_by=person)

    def free_for(self, person: Person, at: datetime) -> Self:
        """Neither it nor another of the same customer is in somebody else's hand: one customer, one caller (R71)."""
        others = type(self)(self.model, using=self.db).in_hand_of_others(person, at)
        return self.exclude(ticket__customer__in=others.order_by().values("ticket__customer"))

    def in_hand_of_others(self, person: Person, at: datetime) -> Self:
        """Open, and taken by somebody else not so long ago that it is given back."""
        return self.open().by_phone().filter(taken_until__gt=at).exclude(taken_by=person)

    def due_for(self, person: Person, at: datetime) -> Self:
        """What this person can call now: planned, free and not their own work, what is due first first (R70)."""
        return (
            self.open()
            .by_phone()
            .filter(planned_for__lte=at)
            .within_reach_of(person, at)
            .not_own_work_of(person)
            .free_for(person, at)
            .with_people()
            .by_due()
        )

    def together(self, callback: "Callback", person: Person, at: datetime) -> Self:
        """The others of the same customer that this person can call about now, to be made in the same call (R71)."""
        others = self.due_for(person, at).filter(ticket__customer=callback.ticket.customer_id)
        return others.exclude(pk=callback.pk)

    def to_decide_for(self, person: Person, at: datetime) -> Self:
        """Whose rounds are used up, on tickets that this person sees: a supervisor decides (R74)."""
        return (
            self.filter(awaits_decision=True, ticket__in=Ticket.objects.visible_to(person, at).values("pk"))
            .with_people()
            .order_by("ended_at", "pk")
        )

    def by_due(self) -> Self:
        """What is due first comes first, oldest first among equals."""
        return self.order_by(F("ticket__next_due_at").asc(nulls_last=True), "opened_at", "pk")

    def with_people(self) -> Self:
        """All that a line of the list shows, in one query."""
        return self.select_related(
            "taken_by",
            "answered_by",
            "desk",
            "ticket__customer",
            "ticket__category",
            "ticket__accepting_unit",
            "ticket__owner",
        )


class SurveyQuerySet(models.QuerySet["Survey"]):
    """Questions to surveys."""

    def unanswered(self) -> Self:
        """Whose link was not used and whose callback is still open."""
        return self.filter(answered_at__isnull=True, ended_at__isnull=True)

    def expired(self, now: datetime) -> Self:
        """Unanswered, and their link has run out."""
        return self.unanswered().filter(expires_at__lte=now)
