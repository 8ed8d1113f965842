"""A person has dealt with a message from which nothing followed by itself (R10)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.refusals import NotPossible, NotYours
from inbound.models import Outcome, ShortMessage


@transaction.atomic
def settle(message: ShortMessage, *, by: Person, at: datetime) -> None:
    """Take a message off the list. Raises NotYours for others than its desk, NotPossible where somebody was faster."""
    current = ShortMessage.objects.select_for_update().get(pk=message.pk)
    if not ShortMessage.objects.visible_to(by, at).filter(pk=current.pk).exists():
        raise NotYours(
            _("This message is not yours to deal with. It can be done by: whoever answers customers at its desk."),
            code="not_yours",
        )
    if current.outcome != Outcome.UNMATCHED or current.settled_at is not None:
        raise NotPossible(_("This message is dealt with already."), code="settled_already")
    current.settled_at, current.settled_by = at, by
    current.save(update_fields=["settled_at", "settled_by"])
