"""Questions to ladders and escalations."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from accounts.models import Person
from complaints.models import Ticket
from escalation.kinds import LIVE, UNFINISHED, Pace, Standing
from sla.kinds import Variant
from sla.models import Clock

if TYPE_CHECKING:
    from escalation.models import Escalation, Ladder  # noqa: F401


def best_for(clock: Clock, ladders: Iterable["Ladder"]) -> "Ladder | None":
    """Of some ladders the one that serves a clock best: one of its policy before one of its pace before any (R90)."""
    paces = {Pace.ANY, pace_of(clock)}
    policies = {"", clock.policy.code if clock.policy is not None else ""}
    fitting = [
        ladder
        for ladder in ladders
        if ladder.clock_kind == clock.kind and ladder.pace in paces and ladder.policy_code in policies
    ]
    return max(fitting, key=_precision, default=None)


def _precision(ladder: "Ladder") -> tuple[bool, bool]:
    return ladder.policy_code != "", ladder.pace != Pace.ANY


def pace_of(clock: Clock) -> Pace:
    """Whether an obligation is owed in hours or in days; handling goes by the reply that it is for (R24, R90)."""
    if clock.variant in {Variant.REPLY_IN_DAYS, Variant.REPLY_IN_HOURS}:
        return Pace.DAYS if clock.variant == Variant.REPLY_IN_DAYS else Pace.HOURS
    return Pace.DAYS if clock.policy is not None and clock.policy.owed_in_days else Pace.HOURS


class EscalationQuerySet(models.QuerySet["Escalation"]):
    """Everything that lists, counts or sweeps escalations starts here."""

    def due(self, now: datetime, *, resting: Collection[int] = ()) -> Self:
        """What the sweep turns to: longest due first, so in order for each ticket (R2A)."""
        return self.filter(next_at__lte=now).exclude(pk__in=resting).order_by("next_at", "pk")

    def planned(self) -> Self:
        """Not raised yet."""
        return self.filter(state=Standing.PLANNED)

    def unfinished(self) -> Self:
        """Planned, or raised and neither resolved nor closed."""
        return self.filter(state__in=sorted(UNFINISHED))

    def live(self) -> Self:
        """Raised, and neither resolved nor closed."""
        return self.filter(state__in=sorted(LIVE))

    def unacknowledged(self) -> Self:
        """Raised, and nobody has said that they see to it, though somebody has to."""
        return self.filter(state=Standing.OPEN, ack_due_at__isnull=False)

    def with_gaps(self) -> Self:
        """Raised to somebody else than the step names, because nobody was there."""
        return self.filter(gap=True)

    def visible_to(self, person: Person, at: datetime) -> Self:
        """Those on tickets that this person may see (R1)."""
        return self.filter(ticket__in=Ticket.objects.visible_to(person, at).order_by().values("pk"))

    def inbox(self, person: Person, at: datetime) -> Self:
        """What waits for this person: told to them, to whom they stand in for, or to a role that they hold there now.

        It stays until resolved or closed (R91); what asks for no acknowledgement waits for nobody.
        """
        by_name, *by_role = (rows.values("pk") for rows in self._waiting_for(person, at))
        return self.filter(pk__in=by_name.union(*by_role)).visible_to(person, at)

    def first_of_inbox(self, person: Person, at: datetime, most: int) -> models.QuerySet:
        """Some keys of what waits for this person: all of them, or at least so many; to count no further."""
        by_name, *by_role = (rows.visible_to(person, at).values("pk")[:most] for rows in self._waiting_for(person, at))
        return by_name.union(*by_role)

    def _waiting_for(self, person: Person, at: datetime) -> list[Self]:
        """What waits for them by name, and what waits for a role that they hold; some may be in both.

        Two questions side by side, each by an index of its own: joined by "or" they would read all that is live.
        """
        authority = person.authority(at)
        waiting = self.live().filter(ack_due_at__isnull=False).order_by()
        told = self.model.recipients.through.objects.filter(person__in=sorted(authority.persons))
        parts = [waiting.filter(pk__in=told.values("escalation"))]
        if authority.grants:
            held = [Q(to_role=grant.role, to_unit=grant.unit_id) for grant in authority.grants]
            parts.append(waiting.filter(reduce(or_, held)))
        return parts

    def by_weight(self) -> Self:
        """Unacknowledged before acknowledged, the gravest first, then the oldest."""
        return self.order_by(F("acknowledged_at").asc(nulls_first=True), "-severity", "noticed_at", "pk")

    def with_people(self) -> Self:
        """All that one line of a list and the permissions need: two queries, however many lines."""
        return self.select_related(
            "step",
            "step__ladder",
            "clock",
            "to_unit",
            "acknowledged_by",
            "resolved_by",
            "raised_by",
            *(f"ticket__{name}" for name in TICKET_PEOPLE),
        ).prefetch_related("recipients")


# What a line says of the ticket, and what decides whose it is to act on.
TICKET_PEOPLE = (
    "customer",
    "category",
    "owner",
    "handler",
    "replier",
    "accepting_unit",
    "desk",
    "lead_unit",
)
