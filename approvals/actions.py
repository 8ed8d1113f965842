"""Putting a solution up for approval, and deciding (R33)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Authority, Person
from approvals.events import ApprovalEnded, ApprovalRequested
from approvals.models import Approval, AuthorityLevel, Decision, SolutionKind
from common.events import publish
from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions.history import record, require, require_text
from complaints.models import Ticket

LARGEST_AMOUNT = Decimal("99999999.99")


def deciding_roles(kind: str, amount: Decimal) -> list[str]:
    """The roles whose level covers the amount, lowest first."""
    return [level.role for level in AuthorityLevel.objects.filter(kind=kind) if level.covers(amount)]


def is_within(authority: Authority, *, kind: str, amount: Decimal) -> bool:
    """Whether somebody may grant this by themselves, at the first contact."""
    return authority.holds(*deciding_roles(kind, amount))


@transaction.atomic
def request(ticket: Ticket, *, kind: str, amount: Decimal, solution: str, by: Person, at: datetime) -> Approval:
    """Put a solution to whoever may decide about its amount; the reply waits for the decision.

    Raises Malformed for what is not well formed and for amounts within the person's own authority, NotYours, and
    NotPossible when one is open already or nobody's level covers the amount.
    """
    require(ticket, "request_approval", by=by, at=at)
    text = require_text(solution, field="solution", message=_("Describe the solution."))
    _check(kind, amount)
    roles = deciding_roles(kind, amount)
    if by.authority(at).holds(*roles):
        message = _("This is within your own authority; grant it without asking.")
        raise Malformed(message, errors={"amount": [message]}, code="within_authority")
    if not roles:
        raise NotPossible(_("Nobody's authority covers this amount."), code="above_every_authority")
    if ticket.open_approvals:
        raise NotPossible(
            _("%(ticket)s awaits an approval already.") % {"ticket": ticket.reference},
            code="approval_open",
            state=ticket.state,
        )
    ticket.open_approvals += 1
    ticket.touched_at = at
    ticket.save_move()
    approval = Approval.objects.create(
        ticket=ticket,
        round=ticket.round,
        kind=kind,
        amount=amount,
        solution=text,
        unit=ticket.holding_unit,
        roles=roles,
        requested_by=by,
        requested_at=at,
    )
    record(
        ticket,
        "approval_requested",
        by=by,
        at=at,
        note=text,
        solution_kind=kind,
        amount=str(amount),
        approval=approval.pk,
    )
    publish(ApprovalRequested(ticket=ticket, by=by, at=at, approval=approval))
    return approval


@transaction.atomic
def grant(ticket: Ticket, *, kind: str, amount: Decimal, solution: str, by: Person, at: datetime) -> Approval:
    """Grant a solution within one's own authority, on the spot; it is on record beside what others decided.

    Raises Malformed, NotYours, and NotPossible `above_authority` for an amount that somebody else decides about.
    """
    require(ticket, "request_approval", by=by, at=at)
    text = require_text(solution, field="solution", message=_("Describe the solution."))
    _check(kind, amount)
    if not is_within(by.authority(at), kind=kind, amount=amount):
        raise NotPossible(
            _("This is above your authority; put it up for approval."), code="above_authority", state=ticket.state
        )
    ticket.touched_at = at
    ticket.save_move()
    granted = Approval.objects.create(
        ticket=ticket,
        round=ticket.round,
        kind=kind,
        amount=amount,
        solution=text,
        unit=ticket.holding_unit,
        requested_by=by,
        requested_at=at,
        decision=Decision.GRANTED,
        decided_by=by,
        decided_at=at,
    )
    record(
        ticket, "solution_granted", by=by, at=at, note=text, solution_kind=kind, amount=str(amount), approval=granted.pk
    )
    return granted


@transaction.atomic
def decide(approval: Approval, *, approves: bool, note: str, by: Person, at: datetime) -> None:
    """Say yes or no. Raises NotYours for the requester and for those below, NotPossible when it is decided."""
    ticket = Ticket.objects.with_people().get(pk=approval.ticket_id)
    open_one = Approval.objects.select_for_update(of=("self",)).select_related("unit").get(pk=approval.pk)
    if not open_one.is_open:
        raise NotPossible(
            _("This was %(decision)s already.") % {"decision": open_one.get_decision_display()},
            code="decided_already",
            state=ticket.state,
        )
    if open_one.requested_by_id == by.pk:
        raise NotYours(_("Somebody else has to decide about your own proposal."), code="own_proposal")
    if not by.authority(at).holds(*open_one.roles, over=open_one.unit):
        raise NotYours(
            _("Your authority does not cover %(amount)s yuan here.") % {"amount": open_one.amount}, code="not_yours"
        )
    why = note if approves else require_text(note, field="note", message=_("Say why it is refused."))
    _end(ticket, open_one, Decision.APPROVED if approves else Decision.REFUSED, note=why, by=by, at=at)


@transaction.atomic
def withdraw(approval: Approval, *, by: Person | None, at: datetime) -> None:
    """Take the request back: by who made it, or by the system with its ticket. Raises NotYours, NotPossible."""
    ticket = Ticket.objects.with_people().get(pk=approval.ticket_id)
    open_one = Approval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
    if by is not None and not by.authority(at).is_or_stands_in_for(open_one.requested_by_id):
        raise NotYours(_("Only who has requested it can withdraw it."), code="not_yours")
    if not open_one.is_open:
        raise NotPossible(
            _("This was %(decision)s already.") % {"decision": open_one.get_decision_display()},
            code="decided_already",
            state=ticket.state,
        )
    _end(ticket, open_one, Decision.WITHDRAWN, note="", by=by, at=at)


def withdraw_with(ticket: Ticket, *, at: datetime) -> None:
    """The ticket ends or goes elsewhere: what was put up for approval is withdrawn with it."""
    for approval in Approval.objects.open().filter(ticket=ticket):
        _end(ticket, approval, Decision.WITHDRAWN, note="", by=None, at=at)


def _end(ticket: Ticket, approval: Approval, decision: Decision, *, note: str, by: Person | None, at: datetime) -> None:
    approval.decision, approval.decided_by, approval.decided_at, approval.note = decision, by, at, note.strip()
    approval.save(update_fields=["decision", "decided_by", "decided_at", "note"])
    ticket.open_approvals -= 1
    ticket.save_move()
    record(ticket, f"approval_{decision}", by=by, at=at, note=note, approval=approval.pk)
    publish(ApprovalEnded(ticket=ticket, by=by, at=at, approval=approval))


def _check(kind: str, amount: Decimal) -> None:
    errors: dict[str, list[str]] = {}
    if kind not in SolutionKind.values:
        errors["kind"] = [_("Choose one of: %(choices)s.") % {"choices": ", ".join(SolutionKind.values)}]
    if not amount.is_finite() or not 0 < amount <= LARGEST_AMOUNT:
        errors["amount"] = [_("Give an amount above zero.")]
    if errors:
        raise Malformed(_("This cannot be put up for approval as it stands."), errors=errors)
