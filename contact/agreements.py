"""What is agreed with the customer: consents and promises (R22, R23, R29)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from common.refusals import Malformed
from common.text import optional_text, require_text
from contact.models import Consent, Matter, Promise

LONGER_LIMIT_DAYS = range(4, 8)
LONGER_LIMIT_REFUSED = gettext_lazy("Choose 4, 5, 6 or 7 working days.")
"""What every edge says to any other number (R22)."""
FURTHEST_AHEAD = timedelta(days=366)
LONGEST_WORDS = 300
LONGEST_NAME = 120


@transaction.atomic
def consent(
    matter: Matter, *, what: str, evidence: str, by: Person | None, at: datetime, days: int | None = None
) -> Consent:
    """Record that the customer said yes. Raises Malformed without evidence, or for other than 4 to 7 working days."""
    proof = require_text(evidence, field="evidence", message=_("Name the evidence."), limit=LONGEST_WORDS)
    if what not in Consent.What.values:
        message = _("Choose one of: %(choices)s.") % {"choices": ", ".join(Consent.What.values)}
        raise Malformed(message, errors={"what": [message]})
    if what == Consent.What.LONGER_LIMIT and days not in LONGER_LIMIT_DAYS:
        raise Malformed(
            _("A longer limit is 4 to 7 working days; the normal limit holds."),
            errors={"days": [str(LONGER_LIMIT_REFUSED)]},
            code="longer_limit_out_of_range",
        )
    return Consent.objects.create(
        matter=matter,
        what=what,
        evidence=proof,
        days=days if what == Consent.What.LONGER_LIMIT else None,
        given_at=at,
        recorded_by=by,
    )


@transaction.atomic
def promise(
    matter: Matter,
    *,
    agreed_for: datetime,
    reason: str,
    evidence: str,
    by: Person | None,
    at: datetime,
    agreed_with: str = "",
) -> Promise:
    """Record a time agreed with the customer; it replaces the one before.

    Raises Malformed for a time that does not lie ahead, or further than a year, and without evidence.
    """
    errors: dict[str, list[str]] = {}
    kept: dict[str, str] = {}
    if agreed_for <= at:
        errors["agreed_for"] = [_("Agree on a time that lies ahead.")]
    elif agreed_for > at + FURTHEST_AHEAD:
        errors["agreed_for"] = [_("Agree on a time within a year; check the date.")]
    for field, text, limit in (
        ("reason", reason, LONGEST_WORDS),
        ("evidence", evidence, LONGEST_WORDS),
        ("agreed_with", agreed_with, LONGEST_NAME),
    ):
        try:
            kept[field] = optional_text(text, field=field, limit=limit)
        except Malformed as problem:
            errors.update(problem.errors)
    if not kept.get("evidence", "…"):
        errors["evidence"] = [_("Name the evidence.")]
    if errors:
        raise Malformed(_("This cannot be promised as it stands."), errors=errors)
    matter.promises.filter(withdrawn_at__isnull=True).update(withdrawn_at=at)
    return Promise.objects.create(
        matter=matter,
        agreed_for=agreed_for,
        agreed_at=at,
        **kept,
        recorded_by=by,
    )
