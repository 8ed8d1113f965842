"""What follows within the desk itself from what happens to a ticket."""

from django.utils.translation import gettext as _

from accounts.models import Role
from complaints import watching
from complaints.actions import following_up, owning
from complaints.events import Accepted, HandedOver, Moved
from complaints.states import Verdict
from customers.models import FlagKind, Tier
from customers.watching import mark
from live import hints
from notifications import outbox
from notifications.kinds import Channel, Kind


def count_for_flags(event: Accepted | Moved) -> None:
    """A ticket came or was withdrawn, so the customer's automatic flags may change (section 9)."""
    if isinstance(event, Moved) and event.move != "cancel":
        return
    watching.count(event.ticket.customer, at=event.at)


def note_dissatisfaction(event: Moved) -> None:
    """A customer who does not accept the outcome, or has the matter opened again for that, gets flag C1 (R44)."""
    if event.facts.get("verdict") != Verdict.DOES_NOT_ACCEPT and not event.facts.get("dissatisfied"):
        return
    mark(
        event.ticket.customer,
        kind=FlagKind.C1,
        reason=_("%(ticket)s: does not accept the outcome") % {"ticket": event.ticket.reference},
        by=event.by,
        at=event.at,
    )


def name_who_replies(event: Moved) -> None:
    """The findings are there, so the reply is owed: by a VIP's manager, or at a visit, rather than the owner (R40)."""
    if event.move == "feed_back":
        owning.name_replier_by_rule(event.ticket, at=event.at)


def give_follow_up(event: Moved) -> None:
    """A conclusion that the customer does not accept gives the customer manager a follow-up (R44)."""
    if event.facts.get("verdict") == Verdict.DOES_NOT_ACCEPT:
        following_up.open_follow_up(event.ticket, at=event.at)


def tell_manager_of_vip(event: Accepted) -> None:
    """A VIP's new ticket is told to their customer manager, and to who stands in for them (R16)."""
    customer = event.ticket.customer
    if customer.tier != Tier.VIP or customer.manager is None:
        return
    outbox.put(
        Kind.VIP_ACCEPTED,
        key=f"vip_accepted:{event.ticket.pk}",
        to=customer.manager.with_stand_ins(Role.CUSTOMER_MANAGER, at=event.at),
        channels=[Channel.IN_APP, Channel.EMAIL],
        context={},
        at=event.at,
        ticket=event.ticket.reference,
    )


def hint_at_lists(event: Moved | HandedOver) -> None:
    """Who has lost a ticket from their lists may not see it any more, so their pages are told of the list alone."""
    if isinstance(event, HandedOver):
        hints.tell(people=[event.old.pk] if event.old is not None else [])
    elif (left := event.facts.get("from_unit")) is not None:
        hints.tell(units=[left.pk])
