"""The one gate to the customer (R23): every reply, progress call, callback and survey passes here, on every medium."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from common.refusals import NotPossible
from contact.models import Consent, Contact, Ground, Matter, Promise, Purpose, QuietHours

# What a customer has asked for a moment ago may reach them at any hour (R23): it answers their own deed.
ASKED_FOR = frozenset({Purpose.RECEIPT, Purpose.CODE})


@dataclass(frozen=True)
class Decision:
    """Whether contact is permitted now, why, and from when it is."""

    permitted: bool
    ground: Ground | None
    permitted_from: datetime


def decide(matter: Matter, *, at: datetime, purpose: str = "") -> Decision:
    """Whether the customer may be contacted about this matter at this instant, and from when if not.

    Permitted outside quiet hours, with a night consent that holds, or at a time agreed with the customer
    (from the agreed instant on, for the margin that quiet hours name), and for a purpose that answers their own deed.
    """
    if purpose in ASKED_FOR:
        return Decision(permitted=True, ground=Ground.ASKED, permitted_from=at)
    return decide_each([matter.pk], at=at)[matter.pk]


def decide_each(matters: Iterable[int], *, at: datetime) -> dict[int, Decision]:
    """The decision for each of these matters, as a list of customers to call needs it: three queries at the most."""
    asked = list(matters)
    hours = QuietHours.current()
    if not hours.window.covers(at):
        return dict.fromkeys(asked, Decision(permitted=True, ground=Ground.HOURS, permitted_from=at))
    held = Consent.objects.holding(at).filter(matter__in=asked, what=Consent.What.NIGHT)
    consented = set(held.values_list("matter_id", flat=True))
    made = Promise.objects.holding(at).filter(matter__in=asked).order_by("agreed_at", "pk")
    promised = dict(made.values_list("matter_id", "agreed_for"))
    return {pk: _at_night(hours, pk in consented, promised.get(pk), at=at) for pk in asked}


def decide_from(consents: Iterable[Consent], promises: Iterable[Promise], *, at: datetime) -> Decision:
    """The decision for a matter of which all consents and promises are loaded, as a page needs it that shows them."""
    hours = QuietHours.current()
    if not hours.window.covers(at):
        return Decision(permitted=True, ground=Ground.HOURS, permitted_from=at)
    is_consented = any(each.what == Consent.What.NIGHT and each.holds(at) for each in consents)
    made = sorted((each for each in promises if each.holds(at)), key=lambda each: (each.agreed_at, each.pk))
    return _at_night(hours, is_consented, made[-1].agreed_for if made else None, at=at)


def _at_night(hours: QuietHours, consented: bool, promised_for: datetime | None, *, at: datetime) -> Decision:
    if consented:
        return Decision(permitted=True, ground=Ground.CONSENT, permitted_from=at)
    morning = hours.window.next_permitted(at)
    if promised_for is not None:
        margin = timedelta(minutes=hours.promise_margin_minutes)
        if promised_for <= at < promised_for + margin:
            return Decision(permitted=True, ground=Ground.PROMISE, permitted_from=at)
        if at < promised_for < morning:
            return Decision(permitted=False, ground=None, permitted_from=promised_for)
    return Decision(permitted=False, ground=None, permitted_from=morning)


def pass_through(matter: Matter, *, purpose: str, medium: str, by: Person | None, at: datetime) -> Contact:
    """Let one contact through and record it. Raises NotPossible `quiet_hours` with `permitted_from`."""
    ground = require_permitted(matter, purpose=purpose, at=at)
    return Contact.objects.create(matter=matter, purpose=purpose, medium=medium, ground=ground, at=at, by=by)


def require_permitted(matter: Matter, *, purpose: str, at: datetime) -> Ground:
    """On what ground contact is permitted now, for what leaves by the outbox, which records it when it leaves.

    Raises NotPossible `quiet_hours` with `permitted_from`.
    """
    decision = decide(matter, at=at, purpose=purpose)
    if not decision.permitted or decision.ground is None:
        moment = timezone.localtime(decision.permitted_from)
        raise NotPossible(
            _(
                "The customer is not to be contacted in quiet hours without consent; "
                "contact is permitted from %(moment)s."
            )
            % {"moment": f"{moment:%Y-%m-%d %H:%M}"},
            code="quiet_hours",
            permitted_from=decision.permitted_from,
        )
    return decision.ground
