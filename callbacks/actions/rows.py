"""Reading a callback in order to change it: the ticket's row first, then its own, as everywhere."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Person
from callbacks.models import Callback
from common.refusals import NotPossible
from complaints.models import Ticket


def locked(callback: Callback) -> Callback:
    """The callback and its ticket as they are now; whoever else wants to change one of them waits."""
    ticket = Ticket.objects.locked().get(pk=callback.ticket_id)
    current = (
        Callback.objects.select_for_update(of=("self",)).select_related("taken_by", "answered_by").get(pk=callback.pk)
    )
    current.ticket = ticket
    return current


def require_open(callback: Callback, *, by: Person, at: datetime) -> None:
    """Refuse what comes too late. Raises NotPossible `callback_over` with how it ended, and when."""
    if callback.is_open:
        return
    raise NotPossible(
        _("The callback of %(ticket)s is over: %(state)s.")
        % {"ticket": callback.ticket.reference, "state": callback.get_state_display()},
        code="callback_over",
        callback=callback.state,
        ended_at=callback.ended_at,
        ended_by=callback.answered_by.name if callback.answered_by else "",
        **callback.ticket.standing(by.authority(at)),
    )
