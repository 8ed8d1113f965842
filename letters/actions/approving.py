"""Having a letter approved: by the unit's lead, then by the legal adviser where the template wants one (R41)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.events import publish
from common.refusals import NotPossible, NotYours
from complaints.actions import replying
from complaints.actions.history import record, require_text
from complaints.models import Ticket
from letters.actions.drafting import lock, refuse_old_words, require_open, require_sendable
from letters.events import LetterDecided, LetterSubmitted
from letters.kinds import DECIDERS, Standing, Step
from letters.models import Letter, Review
from notifications import outbox
from notifications.kinds import Kind


@transaction.atomic
def submit(letter: Letter, *, seen: int | None = None, by: Person, at: datetime) -> None:
    """Put the words as they are before the unit's lead; the reply waits for the decision.

    Raises Malformed `letter_incomplete` for what the check finds, NotYours, and NotPossible for a letter that is no
    draft, that was changed meanwhile, or while a solution awaits its approval (R33).
    """
    ticket, current = lock(letter)
    replying.require_free(ticket, by=by, at=at)
    require_open(current)
    refuse_old_words(current, seen=seen)
    if current.standing != Standing.DRAFT:
        raise NotPossible(
            _("This letter is %(standing)s already.") % {"standing": current.get_standing_display()},
            code="submitted_already",
            state=ticket.state,
        )
    if ticket.open_approvals:
        raise NotPossible(
            _("%(ticket)s awaits an approval already.") % {"ticket": ticket.reference},
            code="approval_open",
            state=ticket.state,
        )
    require_sendable(current, current.get_current())
    ticket.open_approvals += 1
    ticket.replying_by, ticket.replying_since = by, at
    ticket.save_move()
    current.standing, current.awaits = Standing.IN_APPROVAL, Step.LEAD
    current.submitted_by, current.submitted_at, current.asked_at = by, at, at
    current.save(update_fields=["standing", "awaits", "submitted_by", "submitted_at", "asked_at"])
    record(ticket, "letter_submitted", by=by, at=at, letter=current.pk, number=current.number)
    _tell_deciders(ticket, current, at=at)
    publish(LetterSubmitted(ticket=ticket, by=by, at=at, letter=current))


@transaction.atomic
def decide(
    letter: Letter, *, approves: bool, note: str = "", seen: int | None = None, by: Person, at: datetime
) -> None:
    """Agree to the words as they are, or say why not; the last yes sets the letter free to be sent.

    Raises NotYours for who wrote any of it and for who may not agree, Malformed for a no without a reason, NotPossible
    when nothing is asked any more, or other words than `seen` are.
    """
    ticket, current = lock(letter)
    if current.standing != Standing.IN_APPROVAL:
        raise NotPossible(
            _("This letter is %(standing)s; nothing is to be decided about it.")
            % {"standing": current.get_standing_display()},
            code="decided_already",
            state=ticket.state,
        )
    _require_decider(current, by=by, at=at)
    refuse_old_words(current, seen=seen)
    why = note.strip() if approves else require_text(note, field="note", message=_("Say why it is refused."))
    assert current.submitted_by is not None and current.asked_at is not None
    step = Step(current.awaits)
    Review.objects.create(
        letter=current,
        version=current.get_current(),
        step=step,
        approves=approves,
        note=why,
        asked_by=current.submitted_by,
        asked_at=current.asked_at,
        by=by,
        at=at,
    )
    if approves and step == Step.LEAD and current.needs_legal:
        current.awaits, current.asked_at = Step.LEGAL, at
        current.save(update_fields=["awaits", "asked_at"])
        ticket.save_move()
        record(ticket, "letter_approved", by=by, at=at, note=why, letter=current.pk, step=step)
        _tell_deciders(ticket, current, at=at)
        return
    current.standing, current.awaits = Standing.APPROVED if approves else Standing.DRAFT, ""
    current.save(update_fields=["standing", "awaits"])
    ticket.open_approvals -= 1
    ticket.save_move()
    kind = "letter_approved" if approves else "letter_refused"
    record(ticket, kind, by=by, at=at, note=why, letter=current.pk, step=step)
    outbox.put(
        Kind.LETTER_DECIDED,
        key=f"letter_decided:{current.pk}:{current.number}:{step}:{ticket.version}",
        to=current.submitted_by,
        context={"approves": approves, "letter": current.pk},
        at=at,
        ticket=ticket.reference,
        about=about(current),
    )
    publish(LetterDecided(ticket=ticket, by=by, at=at, letter=current))


def may_decide(letter: Letter, *, by: Person, at: datetime) -> bool:
    """Whether this person is one of those whom the letter awaits."""
    try:
        _require_decider(letter, by=by, at=at)
    except NotYours:
        return False
    return letter.standing == Standing.IN_APPROVAL


def about(letter: Letter) -> str:
    """By what messages about a letter can be had back."""
    return f"letter:{letter.pk}"


def _require_decider(letter: Letter, *, by: Person, at: datetime) -> None:
    if letter.versions.filter(written_by=by).exists() or letter.submitted_by_id == by.pk:
        raise NotYours(_("Somebody else has to agree to what you wrote."), code="own_letter")
    if not letter.awaits or not by.authority(at).holds(*DECIDERS[letter.awaits], over=letter.unit):
        raise NotYours(
            _("It is not yours to decide about this letter. It can be done by: %(who)s.")
            % {"who": letter.get_awaits_display() or _("nobody any more")},
            code="not_yours",
        )


def _tell_deciders(ticket: Ticket, letter: Letter, *, at: datetime) -> None:
    """Those nearest above the letter's unit hear that they are awaited; who wrote at it does not."""
    people = _nearest(letter, at=at)
    outbox.put(
        Kind.LETTER_TO_APPROVE,
        key=f"letter_to_approve:{letter.pk}:{letter.number}:{letter.awaits}:{ticket.version}",
        to=people,
        context={"letter": letter.pk},
        at=at,
        ticket=ticket.reference,
        about=about(letter),
    )


def _nearest(letter: Letter, *, at: datetime) -> list[Person]:
    authors = set(letter.versions.values_list("written_by", flat=True))
    for role in DECIDERS[letter.awaits]:
        people = [each for each in Person.objects.over(letter.unit, role, at=at) if each.pk not in authors]
        if people:
            return people
    return []
