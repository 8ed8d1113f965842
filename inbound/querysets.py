"""Questions to short messages."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from accounts.models import Person, keys_under
from customers.actions import ANSWERS_CALLERS

if TYPE_CHECKING:
    from inbound.models import ShortMessage  # noqa: F401 (named in a quoted type)


class ShortMessageQuerySet(models.QuerySet["ShortMessage"]):
    """Questions to short messages."""

    def to_read(self) -> Self:
        """Those from which nothing followed by itself, and which nobody has dealt with; oldest first."""
        return self.filter(outcome="unmatched", settled_at__isnull=True).order_by("at", "pk")

    def visible_to(self, person: Person, at: datetime) -> Self:
        """Those of the service desks at which this person answers customers (R1); none for others."""
        authority = person.authority(at)
        if not authority.holds(*ANSWERS_CALLERS):
            return self.none()
        desks = keys_under(*authority.paths(*ANSWERS_CALLERS))
        return self.filter(Q(desk__in=desks) | Q(desk__isnull=True))
