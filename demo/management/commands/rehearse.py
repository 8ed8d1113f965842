"""`manage rehearse`: limits and ladders of minutes, so that a rehearsal sees within minutes what else takes hours."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from complaints.models import Ticket
from escalation.models import EscalationRules, Step
from sla.actions import publishing
from sla.kinds import Kind
from sla.models import Policy


class Command(BaseCommand):
    """Publishes new versions of the dispatch limits; refuses where there are tickets."""

    help = "Make the dispatch limits one minute and their ladder two, on a desk without tickets, for a rehearsal."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or refuse."""
        if Ticket.objects.exists():
            raise CommandError("There are tickets here; rehearse on a desk that has none.")
        now = timezone.now()
        for policy in Policy.objects.published().filter(kind=Kind.DISPATCH):
            draft = publishing.draft_from(policy)
            draft.limit, draft.warning_share = 1, 0.5
            draft.save()
            publishing.publish(draft, reason="rehearsal", by=None, at=now)
        Step.objects.filter(ladder__clock_kind=Kind.DISPATCH, delay_minutes__gt=0).update(delay_minutes=1)
        EscalationRules.objects.update_or_create(
            pk=1, defaults={"acknowledge_urgent_minutes": 1, "acknowledge_minutes": 1, "reminder_minutes": []}
        )
        for person in Person.objects.filter(mobile=""):
            person.mobile = f"1205555{person.pk:04d}"
            person.save(update_fields=["mobile"])
        self.stdout.write("Dispatch is due within a minute and climbs a minute later; everybody has a mobile number.")
