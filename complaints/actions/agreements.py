"""What is agreed with the customer about a ticket: consents and promises (R22, R23, R29)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.events import publish
from common.refusals import NotPossible
from complaints.actions.history import record, require
from complaints.events import Consented, Promised
from complaints.models import Ticket
from complaints.states import Scope
from contact import agreements
from contact.models import Consent


@transaction.atomic
def promise(
    ticket: Ticket,
    *,
    agreed_for: datetime,
    reason: str,
    evidence: str,
    by: Person | None,
    at: datetime,
    agreed_with: str = "",
) -> None:
    """Agree on a time with the customer; the original limit stays beside it (R29). Raises Malformed, NotYours."""
    require(ticket, "promise", by=by, at=at)
    ticket.save_move()
    made = agreements.promise(
        ticket.matter, agreed_for=agreed_for, reason=reason, evidence=evidence, by=by, at=at, agreed_with=agreed_with
    )
    record(ticket, "promised", by=by, at=at, note=reason, agreed_for=agreed_for.isoformat(), promise=made.pk)
    publish(Promised(ticket=ticket, by=by, at=at, agreed_for=agreed_for, reason=reason))


@transaction.atomic
def consent(
    ticket: Ticket, *, what: str, evidence: str, by: Person | None, at: datetime, days: int | None = None
) -> None:
    """Record that the customer said yes: to night contact, or to 4–7 working days in a special scope (R22, R23)."""
    require(ticket, "consent", by=by, at=at)
    if what == Consent.What.LONGER_LIMIT and ticket.category.special_scope == Scope.NONE:
        raise NotPossible(
            _("%(ticket)s is in a category without special scope; the normal limit holds.")
            % {"ticket": ticket.reference},
            code="no_special_scope",
        )
    ticket.save_move()
    given = agreements.consent(ticket.matter, what=what, evidence=evidence, days=days, by=by, at=at)
    record(ticket, "consented", by=by, at=at, what=what, days=days, consent=given.pk)
    publish(Consented(ticket=ticket, by=by, at=at, what=what, days=days))
