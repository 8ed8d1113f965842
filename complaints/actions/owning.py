"""First inquiry responsibility (首问负责): ownership, handed over and never lost (R13)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.events import publish
from common.refusals import Malformed
from complaints.actions.history import record, require
from complaints.events import HandedOver
from complaints.models import Ticket
from complaints.models import permissions as may
from complaints.repliers import replier_by_rule


@transaction.atomic
def hand_over(ticket: Ticket, *, to: Person, reason: str = "", by: Person, at: datetime) -> None:
    """Give the ownership towards the customer to somebody else. Raises Malformed for who cannot own it."""
    require(ticket, "hand_over", by=by, at=at)
    if not to.is_active or not to.authority(at).holds(*may.FRONT_LINE):
        message = _("%(person)s does not work at the front line; choose somebody who does.") % {"person": to.name}
        raise Malformed(message, errors={"to": [message]})
    was = ticket.owner
    ticket.owner = to
    ticket.save_move()
    record(ticket, "handed_over", by=by, at=at, note=reason, old=was.pk if was else None, new=to.pk)
    publish(HandedOver(ticket=ticket, by=by, at=at, old=was, new=to))


@transaction.atomic
def name_replier(ticket: Ticket, *, to: Person | None, by: Person, at: datetime) -> None:
    """Name who replies instead of the owner, or of whom the rule named; nobody gives it back to the owner (R40)."""
    require(ticket, "name_replier", by=by, at=at)
    if to is not None and not to.is_active:
        message = _("%(person)s does not work here any more.") % {"person": to.name}
        raise Malformed(message, errors={"to": [message]})
    if to is not None and not to.authority(at).holds(*may.REPLYING, *may.SUPERVISING):
        message = _("%(person)s does not speak with customers; choose somebody who does.") % {"person": to.name}
        raise Malformed(message, errors={"to": [message]})
    ticket.replier = to
    ticket.forget_begun_reply()
    ticket.save_move()
    record(ticket, "replier_named", by=by, at=at, new=to.pk if to else None)


def name_replier_by_rule(ticket: Ticket, *, at: datetime) -> None:
    """Leave the reply to the manager of a VIP, or a visit to the branch contact, unless somebody was named (R40)."""
    if ticket.replier_id is not None or ticket.entries.filter(kind="replier_named").exists():
        return
    to = replier_by_rule(ticket, at=at)
    if to is None or to.pk == ticket.owner_id:
        return
    ticket.replier = to
    ticket.save_move()
    record(ticket, "replier_named", by=None, at=at, new=to.pk)
