"""Policies as versions: drafted, published, replaced; what was published never changes (R27)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Person
from common.refusals import Malformed, NotPossible
from complaints.actions.history import require_text
from sla.actions.recomputing import ask_for_policy, cancel_for_policy
from sla.models import Policy

NOT_COPIED = {
    "id",
    "version",
    "status",
    "effective_from",
    "effective_until",
    "published_at",
    "published_by",
    "reason",
    "for_running",
}


@transaction.atomic
def draft_from(policy: Policy) -> Policy:
    """A new draft of the same policy, to be changed and published."""
    latest = Policy.objects.filter(code=policy.code).aggregate(latest=Max("version"))["latest"]
    copied = {
        field.attname: getattr(policy, field.attname)
        for field in Policy._meta.concrete_fields
        if field.name not in NOT_COPIED
    }
    return Policy.objects.create(**copied, version=latest + 1)


@transaction.atomic
def publish(
    draft: Policy,
    *,
    reason: str,
    by: Person | None,
    at: datetime,
    effective_from: datetime | None = None,
    for_running: bool = False,
) -> Policy:
    """Put a draft in force from `effective_from` (now, if none is given), in the place of the version before it.

    It holds for clocks started from then on; `for_running` has running ones decided anew as well, in the background,
    from when it is in force (R27). Raises NotPossible for what is no draft, Malformed for a time that has
    passed, ValidationError for a tie or a handle limit that does not fit its reply limit, with the rivals named.
    """
    policy = Policy.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if policy.is_published:
        raise NotPossible(_("%(policy)s is published already.") % {"policy": policy}, code="published_already")
    begins = effective_from or at
    if begins < at:
        message = _("A policy comes into force now or later.")
        raise Malformed(message, errors={"effective_from": [message]})
    policy.reason = require_text(reason, field="reason", message=_("Say why it changes."))
    for before in Policy.objects.published().filter(code=policy.code).overlapping(begins, None):
        _end(before, begins, at=at)
    policy.status = Policy.Status.PUBLISHED
    policy.effective_from, policy.published_at, policy.published_by = begins, at, by
    policy.for_running = for_running
    policy.full_clean(validate_unique=False, validate_constraints=False)
    policy.save()
    if for_running:
        ask_for_policy(policy, by=by, at=at)
    return policy


@transaction.atomic
def retire(policy: Policy, *, at: datetime) -> None:
    """End a published policy without another in its place. Raises NotPossible for what is not in force."""
    if policy.status != Policy.Status.PUBLISHED:
        raise NotPossible(_("%(policy)s is not in force.") % {"policy": policy}, code="not_in_force")
    _end(policy, at, at=at)


def _end(policy: Policy, ends: datetime, *, at: datetime) -> None:
    """In force no longer; one that had yet to begin never begins, and nothing is decided by it."""
    policy.status = Policy.Status.RETIRED
    policy.effective_until = max(ends, policy.effective_from) if policy.effective_from else ends
    policy.save(update_fields=["status", "effective_until"])
    if policy.effective_until == policy.effective_from:
        cancel_for_policy(policy, at=at)
