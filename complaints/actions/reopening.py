"""After the conclusion: the callback ends the life, or the same matter opens again (R74, R81)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.refusals import NotPossible
from complaints.actions.history import perform, require_text
from complaints.models import DeskRules, Ticket


@transaction.atomic
def reopen(ticket: Ticket, *, reason: str, by: Person | None, at: datetime, dissatisfied: bool = False) -> None:
    """Open the same matter again: to the last handling unit, a new round; never dispatched before: to the desk.

    `dissatisfied` says that it opens because the customer is not content with the reply: flag C1 follows (R44).
    Raises NotPossible `reopening_is_over` when it was closed longer ago than the desk rules allow.
    """
    why = require_text(reason, field="reason", message=_("Say why the matter opens again."))
    if is_too_late(ticket, at=at):
        raise NotPossible(
            _("%(ticket)s was closed more than %(days)d days ago; accept a new ticket.")
            % {"ticket": ticket.reference, "days": DeskRules.current().reopen_within_days},
            code="reopening_is_over",
            state=ticket.state,
        )
    last_handler = ticket.last_handler
    perform(
        ticket,
        "reopen",
        by=by,
        at=at,
        kind="reopened",
        note=why,
        data={
            "round": ticket.round + 1,
            "unit": ticket.last_unit.code if ticket.last_unit else "",
            "proposed_handler": last_handler.pk if last_handler else None,
        },
        facts={"unit": ticket.last_unit, "dissatisfied": dissatisfied},
    )


def is_too_late(ticket: Ticket, *, at: datetime) -> bool:
    """Whether the ticket was closed longer ago than the desk rules allow for opening it again (R81)."""
    within = timedelta(days=DeskRules.current().reopen_within_days)
    return ticket.closed_at is not None and at > ticket.closed_at + within


@transaction.atomic
def finish_callback(ticket: Ticket, *, how: str, by: Person | None, at: datetime, **answers: str) -> None:
    """The callback is over: answered, unreachable or exempt; the ticket is closed. `answers` go into the history."""
    perform(
        ticket,
        "finish_callback",
        by=by,
        at=at,
        kind="callback_finished",
        data={"how": how, **answers},
        facts={"how": how},
    )
