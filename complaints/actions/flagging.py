"""Watching a customer from their ticket (section 9): raising a flag, lifting it, acting against its rule (R80)."""

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from complaints.actions.history import record
from complaints.models import Ticket
from customers import watching
from customers.models import Flag


@transaction.atomic
def raise_flag(ticket: Ticket, *, kind: str, reason: str, handling_rule: str = "", by: Person, at: datetime) -> Flag:
    """Flag the customer by hand, at any contact. Raises what `customers.watching.raise_flag` raises."""
    flag = watching.raise_flag(ticket.customer, kind=kind, reason=reason, handling_rule=handling_rule, by=by, at=at)
    record(ticket, "flag_raised", by=by, at=at, note=flag.reason, flag=flag.kind)
    return flag


@transaction.atomic
def lift_flag(ticket: Ticket, flag: Flag, *, by: Person, at: datetime) -> None:
    """Watch the customer no longer for this reason. Raises what `customers.watching.lift_flag` raises."""
    lifted = watching.lift_flag(flag, by=by, at=at)
    record(ticket, "flag_lifted", by=by, at=at, flag=lifted.kind)


@transaction.atomic
def override_rule(ticket: Ticket, flag: Flag, *, reason: str, by: Person, at: datetime) -> None:
    """Act against a flag's handling rule on this ticket, and say why (R80). Raises Malformed, NotYours, NotPossible."""
    overridden = watching.override_rule(flag, reason=reason, by=by, at=at)
    record(ticket, "rule_overridden", by=by, at=at, note=overridden.reason, flag=flag.kind, override=overridden.pk)
