"""Questions to messages: what is due, what is whose."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.models import Person
from notifications.kinds import PENDING, Channel, Stage

if TYPE_CHECKING:
    from notifications.models import Message  # noqa: F401


class MessageQuerySet(models.QuerySet["Message"]):
    """Everything that lists or delivers messages starts here."""

    def pending(self) -> Self:
        """Still to be sent, or being sent."""
        return self.filter(state__in=sorted(PENDING))

    def due(self, now: datetime) -> Self:
        """What delivery takes next in each lane, longest due first; among it what a sender that died left behind."""
        return self.pending().filter(next_try_at__lte=now).order_by("next_try_at", "pk")

    def for_person(self, person: Person) -> Self:
        """What stands in this person's application, newest first."""
        return self.filter(recipient=person, channel=Channel.IN_APP, state=Stage.SENT).order_by("-sent_at", "-pk")

    def unread(self) -> Self:
        """Not yet read."""
        return self.filter(read_at__isnull=True)
