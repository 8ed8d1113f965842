"""Finding that a ticket is a repeat, confirming and rejecting it, and saying which one it repeats (R81)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.refusals import Malformed, NotPossible
from complaints.actions.history import record, require, require_text
from complaints.models import Ticket
from repeats.chains import first_of
from repeats.finding import Candidate, candidates, judged
from repeats.models import Match, Repeat, Standing


def find(ticket: Ticket, *, at: datetime) -> Repeat | None:
    """Note the likeliest earlier ticket, where the customer or their number says that it is theirs.

    An address alone proposes, and a person decides. Nothing is found again about which somebody has decided.
    """
    sure = [each for each in candidates(ticket, at=at) if each.match in {Match.CUSTOMER, Match.NUMBER}]
    if sure:
        decided = judged(ticket)
        sure = [each for each in sure if each.ticket.pk not in decided]
    if not sure or Repeat.objects.standing().filter(ticket=ticket).exists():
        return None
    repeat = _chain(ticket, sure[0], standing=Standing.FOUND, by=None, at=at)
    record(ticket, "repeat_found", by=None, at=at, earlier=sure[0].ticket.reference, ground=repeat.ground)
    return repeat


def look_again(ticket: Ticket, *, at: datetime) -> None:
    """It was filed otherwise: what the system had found and nobody confirmed is looked for anew."""
    found = Repeat.objects.filter(ticket=ticket, standing=Standing.FOUND).first()
    if found is not None:
        found.delete()
        _begin_chain_at(ticket, found.first_id)
    find(ticket, at=at)


@transaction.atomic
def confirm(ticket: Ticket, *, by: Person, at: datetime) -> Repeat:
    """Say that it is a repeat, as the system found. Raises NotPossible where nothing is to be confirmed, NotYours."""
    repeat = _found(ticket, by=by, at=at)
    if repeat.standing == Standing.CONFIRMED:
        raise NotPossible(
            _("It is confirmed already that %(ticket)s repeats %(earlier)s.")
            % {"ticket": ticket.reference, "earlier": repeat.earlier.reference},
            code="decided_already",
            state=ticket.state,
        )
    _decide(repeat, Standing.CONFIRMED, by=by, at=at)
    ticket.save_move()
    record(ticket, "repeat_confirmed", by=by, at=at, earlier=repeat.earlier.reference)
    return repeat


@transaction.atomic
def reject(ticket: Ticket, *, reason: str, by: Person, at: datetime) -> None:
    """Say that it is no repeat of that ticket; what repeated it begins a chain of its own.

    Raises NotPossible where there is nothing to reject, NotYours, and Malformed without a reason.
    """
    why = require_text(reason, field="reason", message=_("Say why it is no repeat."))
    repeat = _found(ticket, by=by, at=at)
    _decide(repeat, Standing.REJECTED, by=by, at=at)
    _begin_chain_at(ticket, repeat.first_id)
    ticket.save_move()
    record(ticket, "repeat_rejected", by=by, at=at, note=why, earlier=repeat.earlier.reference)


@transaction.atomic
def link(ticket: Ticket, *, earlier: Ticket, by: Person, at: datetime) -> Repeat:
    """Say which ticket it repeats: one of the candidates that this person sees. Raises Malformed, NotYours."""
    require(ticket, "judge_repeat", by=by, at=at)
    wanted = {each.ticket.pk: each for each in candidates(ticket, at=at, by=by)}.get(earlier.pk)
    if wanted is None:
        message = _("%(earlier)s is not among the earlier tickets of this customer and kind.") % {
            "earlier": earlier.reference
        }
        raise Malformed(message, errors={"earlier": [message]})
    before = Repeat.objects.of(ticket)
    if before is not None:
        if before.earlier_id == earlier.pk:
            return confirm(ticket, by=by, at=at)
        _decide(before, Standing.REJECTED, by=by, at=at)
        _begin_chain_at(ticket, before.first_id)
    Repeat.objects.filter(ticket=ticket, earlier=earlier).delete()  # rejected once, and thought of better
    repeat = _chain(ticket, wanted, standing=Standing.CONFIRMED, by=by, at=at)
    ticket.save_move()
    record(ticket, "repeat_linked", by=by, at=at, earlier=earlier.reference, ground=repeat.ground)
    return repeat


def _found(ticket: Ticket, *, by: Person, at: datetime) -> Repeat:
    require(ticket, "judge_repeat", by=by, at=at)
    repeat = Repeat.objects.of(ticket)
    if repeat is None:
        raise NotPossible(
            _("%(ticket)s repeats no other ticket as far as is known; link it to one first.")
            % {"ticket": ticket.reference},
            code="no_repeat",
            state=ticket.state,
        )
    return repeat


def _decide(repeat: Repeat, standing: Standing, *, by: Person, at: datetime) -> None:
    repeat.standing, repeat.decided_by, repeat.decided_at = standing, by, at
    repeat.save(update_fields=["standing", "decided_by", "decided_at"])


def _chain(ticket: Ticket, candidate: Candidate, *, standing: Standing, by: Person | None, at: datetime) -> Repeat:
    """Link a ticket to an earlier one; what repeats it comes with it into the earlier one's chain."""
    first = first_of(candidate.ticket)
    repeat = Repeat.objects.create(
        ticket=ticket,
        earlier=candidate.ticket,
        first_id=first,
        ground=candidate.ground,
        match=candidate.match,
        standing=standing,
        found_at=at,
        decided_by=by,
        decided_at=at if by is not None else None,
    )
    Repeat.objects.standing().filter(first=ticket).update(first=first)
    return repeat


def _begin_chain_at(ticket: Ticket, before: int) -> None:
    """All that repeat this ticket, however far, begin with it and no longer with the first of the chain before."""
    followers: dict[int, list[int]] = {}
    for later, earlier in Repeat.objects.standing().filter(first=before).values_list("ticket", "earlier"):
        followers.setdefault(earlier, []).append(later)
    reached, waiting = set(), [ticket.pk]
    while waiting:
        found = [each for each in followers.get(waiting.pop(), []) if each not in reached]
        reached.update(found)
        waiting.extend(found)
    Repeat.objects.standing().filter(ticket__in=reached).update(first=ticket)
