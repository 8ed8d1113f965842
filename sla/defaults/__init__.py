"""The shipped limits (R20–R24, section 15 of the domain)."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from calendars.models import Calendar
from sla.models import Policy

POLICIES = Path(__file__).parent / "policies.toml"


@transaction.atomic
def load() -> str:
    """Create the policies of which there is no version yet; says how many."""
    known = set(Policy.objects.values_list("code", flat=True))
    calendars = {calendar.code: calendar for calendar in Calendar.objects.all()}
    created = 0
    for row in tomllib.loads(POLICIES.read_text(encoding="utf-8"))["policies"]:
        if row["code"] in known:
            continue
        calendar = row.pop("calendar", None)
        policy = Policy(
            **row,
            calendar=calendars[calendar] if calendar else None,
            status=Policy.Status.PUBLISHED,
            published_at=datetime.now(UTC),
            reason="shipped",
        )
        policy.full_clean(validate_unique=False, validate_constraints=False)
        policy.save()
        created += 1
    return f"{created} policies"
