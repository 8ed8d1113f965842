"""Watching the customer of a ticket (关注客户): raising a flag, lifting it, acting against its rule (R76, R80)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Person
from api.endpoints import TicketInput, TicketOperation
from api.fields import Choice, Line
from common.refusals import NotPossible
from complaints.actions import flagging
from complaints.models import Ticket
from customers.models import Flag, FlagKind
from customers.models.flags import BY_HAND


class RaiseFlag(TicketOperation):
    """Flag the customer by hand, at any contact; a survey of another programme sets C3 so (R76)."""

    class Input(TicketInput):
        """Which, why, and how they are to be dealt with."""

        kind = Choice(BY_HAND, help_text="A and B2 are counted by the desk itself.")
        reason = Line()
        handling_rule = Line(optional=True, help_text="Empty: the rule of the kind.")

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        flagging.raise_flag(ticket, **asked, by=by, at=at)


class LiftFlag(TicketOperation):
    """Watch the customer no longer for this reason."""

    class Input(TicketInput):
        """Which."""

        kind = Choice(FlagKind.choices)

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        flagging.lift_flag(ticket, _carried(ticket, asked["kind"], at=at), by=by, at=at)


class OverrideRule(TicketOperation):
    """Act against the handling rule of a flag, and say why (R80)."""

    class Input(TicketInput):
        """Which, and why."""

        kind = Choice(FlagKind.choices)
        reason = Line()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        flagging.override_rule(ticket, _carried(ticket, asked["kind"], at=at), reason=asked["reason"], by=by, at=at)


def _carried(ticket: Ticket, kind: str, *, at: datetime) -> Flag:
    """The flag of this kind that the customer carries now. Raises NotPossible `no_such_flag`."""
    flag = Flag.objects.in_force(at).select_related("customer").filter(customer=ticket.customer_id, kind=kind).first()
    if flag is None:
        raise NotPossible(_("The customer does not carry flag %(kind)s.") % {"kind": kind}, code="no_such_flag")
    return flag
