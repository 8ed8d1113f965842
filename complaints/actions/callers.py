"""Taking in whoever calls: known to us or not (R14), for themselves or for somebody else (R10)."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, Unit
from common.refusals import NotYours
from complaints.actions.acceptance import Contacting, Matters, accept
from complaints.models import Ticket
from complaints.models.permissions import ACCEPTING
from customers.actions import contact_person, known_or_new
from customers.models import Standing


@dataclass(frozen=True)
class Caller:
    """The subscriber whose matter it is, and who speaks for them if another."""

    number: str
    name: str = ""
    speaker: str = ""
    speaker_number: str = ""
    standing: str = Standing.SUBSCRIBER


@transaction.atomic
def accept_from(
    caller: Caller,
    *,
    matter: Matters,
    contacting: Contacting,
    unit: Unit,
    by: Person | None,
    at: datetime,
    raised_at: datetime | None = None,
    duplicate_reason: str = "",
    external_id: str = "",
    routes: bool = True,
) -> Ticket:
    """Accept the matter of a number, whoever it belongs to; a refused one leaves no customer behind.

    `routes` is as `accept` takes it. Raises what `accept` raises, and Malformed for what is no number.
    """
    customer = known_or_new(caller.number, name=caller.name)
    speaker = contact_person(customer, name=caller.speaker, number=caller.speaker_number, standing=caller.standing)
    return accept(
        customer,
        matter=matter,
        contacting=replace(contacting, person=speaker, number=contacting.number or caller.speaker_number),
        unit=unit,
        by=by,
        at=at,
        raised_at=raised_at,
        duplicate_reason=duplicate_reason,
        external_id=external_id,
        routes=routes,
    )


def desk_of(by: Person, *, at: datetime) -> Unit:
    """The unit at which this person accepts: their own, or where else they may. Raises NotYours for who may nowhere."""
    authority = by.authority(at)
    if by.unit is not None and authority.holds(*ACCEPTING, over=by.unit):
        return by.unit
    for grant in authority.grants:
        if grant.role in ACCEPTING:
            return Unit.objects.get(pk=grant.unit_id)
    raise NotYours(
        _("It is not yours to accept a matter. It can be done by: the front line of a desk."), code="not_yours"
    )
