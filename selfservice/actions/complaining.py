"""A customer complains by themselves (R10, R13, R15): accepted as at the desk, or a chase-up of what is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Unit
from attachments.actions import Holder, attach_drafts
from common.refusals import NotPossible
from complaints.actions import acceptance, chasing
from complaints.actions.acceptance import Contacting, Matters
from complaints.actions.callers import Caller, accept_from
from complaints.actions.records import label_of
from complaints.models import ChaseUp, Ticket
from complaints.reaching import number_to_text
from complaints.states import AWAITING_AN_ANSWER
from customers.actions import known_or_new
from customers.models import Customer
from notifications import outbox
from notifications.kinds import Channel, Kind
from selfservice.models import Receipt


@dataclass(frozen=True)
class Files:
    """The drafts that go with a complaint: whose they are, and which of them."""

    holder: Holder
    keys: Iterable[str] = ()


@transaction.atomic
def complain(
    caller: Caller,
    *,
    matter: Matters,
    contacting: Contacting,
    files: Files | None = None,
    is_another_matter: bool = False,
    language: str = "",
    at: datetime,
) -> Receipt:
    """Take in what a customer reports without an agent; the service desk owns it (R13).

    Where they have an open ticket of the same category, it becomes a chase-up on it, unless they say that it is another
    matter (R15). Whoever sends the form is told the same either way; the reference goes to the number on record.
    Raises Malformed for what is missing, before anything is looked up. NotPossible where no service desk is set up.
    """
    acceptance.checked(matter, contacting, raised=at, at=at)
    customer = known_or_new(caller.number, name=caller.name)
    # One customer's complaints come one after the other, so that a form sent twice makes one ticket.
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    rival = acceptance.open_duplicate(customer, matter.category)
    chase: ChaseUp | None = None
    if rival is not None and rival.state in AWAITING_AN_ANSWER and not is_another_matter:
        ticket = Ticket.objects.locked().get(pk=rival.pk)
        chase = chasing.chase_up(ticket, text=_in_full(matter), medium=matter.medium, by=None, at=at)
    else:
        ticket = accept_from(
            caller,
            matter=matter,
            contacting=contacting,
            unit=unit_for(customer),
            by=None,
            at=at,
            duplicate_reason=_("the customer says that it is another matter") if rival is not None else "",
        )
    if files is not None:
        attach_drafts(ticket, files.keys, holder=files.holder, by=None, at=at)
    receipt = Receipt.objects.create(ticket=ticket, chase_up=chase, at=at)
    _tell(receipt, language=language, at=at)
    return receipt


def unit_for(customer: Customer | None) -> Unit:
    """From where the service desk is looked for: the customer's branch, else (for strangers too) the top of the tree.

    Raises NotPossible `no_service_desk` where none is set up.
    """
    branch = customer.branch if customer is not None else None
    at_branch = branch.get_nearest("service_desk") if branch is not None else None
    if at_branch is not None:
        return at_branch
    topmost = Unit.objects.filter(service_desk__isnull=False, is_active=True).select_related("service_desk").first()
    if topmost is None or topmost.service_desk is None:
        raise NotPossible(_("Nobody can take this in at the moment. Please call us."), code="no_service_desk")
    desk: Unit = topmost.service_desk
    return desk


def _in_full(matter: Matters) -> str:
    """All that was written, as the words of a chase-up."""
    asked = {field["code"]: label_of(field) for field in matter.category.required_fields}
    facts = [f"{asked[code]}: {value}" for code, value in matter.record.items() if code in asked and value]
    return "\n".join(part for part in (matter.happened, matter.wanted, *facts) if part)


def _tell(receipt: Receipt, *, language: str, at: datetime) -> None:
    """Reference and due time, to the number on record and to no other (R10)."""
    ticket = Ticket.objects.select_related("customer", "matter").get(pk=receipt.ticket_id)
    number = number_to_text(ticket)
    if not number:
        return
    due = ticket.reply_due_at
    outbox.put_to_customer(
        Kind.RECEIVED,
        key=f"received:{receipt.pk}",
        to=number,
        channel=Channel.SMS,
        matter=ticket.matter,
        context={"asked_again": receipt.chase_up_id is not None, "due_at": due.isoformat() if due else None},
        at=at,
        language=ticket.customer.language or language,
        ticket=ticket.reference,
    )
