"""New facts to an open matter (追加, R81): kept with it, and told to whoever holds it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.events import publish
from complaints.actions.history import record, require, require_text
from complaints.events import FactsAdded
from complaints.models import Ticket


@transaction.atomic
def add_facts(ticket: Ticket, *, text: str, by: Person | None, at: datetime) -> None:
    """Note what the customer has told beyond the record; it asks for no answer of its own, unlike a chase-up.

    Raises NotPossible when the matter is answered, NotYours, and Malformed without a text.
    """
    require(ticket, "add_facts", by=by, at=at)
    told = require_text(text, field="text", message=_("Write what the customer has told."))
    ticket.save_move()
    record(ticket, "facts_added", by=by, at=at, note=told)
    publish(FactsAdded(ticket=ticket, by=by, at=at))
