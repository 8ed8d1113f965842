"""Writing a letter: begun from the template, changed version by version, or left (R41, R42, R46)."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Person
from common.events import publish
from common.refusals import Malformed, NotPossible, NotYours
from common.text import optional_text
from complaints.actions import replying
from complaints.actions.history import record
from complaints.models import Ticket
from complaints.models import permissions as may
from complaints.states import Medium
from customers.models.customers import mask
from letters.checking import Finding, findings
from letters.events import LetterTakenBack
from letters.filling import fill
from letters.kinds import Language, Standing
from letters.models import ForbiddenPhrase, Letter, LetterTemplate, Version
from letters.models.letter import MEDIA

LONGEST_SUBJECT, LONGEST_NAME, LONGEST_ADDRESS = 200, 120, 300


@dataclass(frozen=True)
class Wording:
    """The words of a letter: to whom, where to, about what, and the text."""

    addressee: str = ""
    address: str = ""
    subject: str = ""
    body: str = ""


def propose(ticket: Ticket, *, language: str, by: Person, at: datetime) -> Wording:
    """The letter that the category's template makes of this ticket; what it cannot know stands as a gap (R46)."""
    template = LetterTemplate.get_for(ticket.category)
    speaker = ticket.contact_person
    addressee = (speaker.name if speaker is not None else "") or ticket.customer.name
    wording = Wording(addressee=addressee[:LONGEST_NAME], address=_address_of(ticket))
    if template is None:
        return wording
    values = _values_of(ticket, addressee=addressee, language=language, by=by, at=at)
    subject = " ".join(fill(template.subject(language), values).split())
    return replace(wording, subject=subject[:LONGEST_SUBJECT], body=fill(template.body(language), values))


@transaction.atomic
def draft(
    ticket: Ticket, *, medium: str, language: str, wording: Wording | None = None, by: Person, at: datetime
) -> Letter:
    """Begin a letter, a fax or an e-mail, from the template unless words are given; it takes the reply (R42).

    Raises Malformed, NotYours, and NotPossible where somebody else has begun a reply, or a letter is there already.
    """
    _check_choices(medium, language)
    replying.require_free(ticket, by=by, at=at)
    if Letter.objects.open().filter(ticket=ticket).exists():
        raise NotPossible(
            _("There is a letter to the customer of %(ticket)s in the making already.") % {"ticket": ticket.reference},
            code="letter_open",
            state=ticket.state,
        )
    kept = _kept(wording or propose(ticket, language=language, by=by, at=at))
    template = LetterTemplate.get_for(ticket.category)
    _take(ticket, by=by, at=at)
    letter = Letter.objects.create(
        ticket=ticket,
        round=ticket.round,
        medium=medium,
        language=language,
        template=template,
        unit=by.unit or ticket.accepting_unit,
        needs_legal=template is None or not template.legal_exempt,
        drafted_by=by,
        drafted_at=at,
    )
    _write(letter, kept, by=by, at=at)
    record(ticket, "letter_drafted", by=by, at=at, letter=letter.pk, medium=medium)
    return letter


@transaction.atomic
def revise(letter: Letter, *, wording: Wording, seen: int | None = None, by: Person, at: datetime) -> Version:
    """Leave other words; what was agreed to holds for the words before, so these have to be agreed to anew.

    `seen` is the version that they were written on. Raises Malformed, NotYours, and NotPossible for a letter that is
    sent or withdrawn, and `changed_meanwhile` where somebody else was faster.
    """
    ticket, current = lock(letter)
    replying.require_free(ticket, by=by, at=at)
    require_open(current)
    refuse_old_words(current, seen=seen)
    kept = _kept(wording)
    latest = current.get_current()
    if kept == Wording(latest.addressee, latest.address, latest.subject, latest.body):
        return latest
    _take(ticket, by=by, at=at, lets_go_of_approval=current.standing == Standing.IN_APPROVAL)
    was_in_approval = current.standing == Standing.IN_APPROVAL
    current.number += 1
    current.standing, current.awaits = Standing.DRAFT, ""
    current.save(update_fields=["number", "standing", "awaits"])
    version = _write(current, kept, by=by, at=at)
    record(ticket, "letter_revised", by=by, at=at, letter=current.pk, number=current.number)
    if was_in_approval:
        publish(LetterTakenBack(ticket=ticket, by=by, at=at, letter=current))
    return version


@transaction.atomic
def withdraw(letter: Letter, *, by: Person, at: datetime) -> None:
    """Give a letter up: by who replies, or a supervisor. Raises NotYours, NotPossible."""
    ticket, current = lock(letter)
    authority = by.authority(at)
    if not (may.replies(ticket, authority) or may.supervises(ticket, authority)):
        raise NotYours(_("Only who replies, or a supervisor, can give a letter up."), code="not_yours")
    require_open(current)
    give_up(ticket, current, by=by, at=at)


def withdraw_with(ticket: Ticket, *, at: datetime) -> None:
    """The reply was given by another way, or is owed no more: a letter in the making is given up."""
    for letter in Letter.objects.open().filter(ticket=ticket):
        letter.ticket = ticket
        give_up(ticket, letter, by=None, at=at)


def give_up(ticket: Ticket, letter: Letter, *, by: Person | None, at: datetime) -> None:
    """Close an open letter and what was asked with it."""
    was_in_approval = letter.standing == Standing.IN_APPROVAL
    letter.standing, letter.awaits = Standing.WITHDRAWN, ""
    letter.save(update_fields=["standing", "awaits"])
    if was_in_approval:
        ticket.open_approvals -= 1
    ticket.save_move()
    record(ticket, "letter_withdrawn", by=by, at=at, letter=letter.pk)
    if was_in_approval:
        publish(LetterTakenBack(ticket=ticket, by=by, at=at, letter=letter))


def check(letter: Letter, wording: Wording | Version) -> list[Finding]:
    """What keeps these words from being sent: gaps, parts that are missing, phrases that are forbidden (R41)."""
    template = letter.template
    return findings(
        f"{wording.subject}\n{wording.body}",
        parts=template.get_parts(letter.language) if template is not None else [],
        forbidden=ForbiddenPhrase.objects.get_for(template, letter.language),
    )


def require_sendable(letter: Letter, words: Version) -> None:
    """Refuse words that lack something. Raises Malformed `letter_incomplete` with all that is wrong, by field."""
    errors: dict[str, list[str]] = {}
    for field, message in (
        ("addressee", _("Say to whom it goes.")),
        ("address", _("Say where it goes to.")),
        ("subject", _("Say what it is about.")),
        ("body", _("Write the letter.")),
    ):
        if not getattr(words, field):
            errors[field] = [message]
    if letter.medium == Medium.EMAIL and words.address:
        try:
            validate_email(words.address)
        except ValidationError as problem:
            errors["address"] = list(problem.messages)
    found = [describe(finding) for finding in check(letter, words)]
    if found:
        errors.setdefault("body", []).extend(found)
    if errors:
        raise Malformed(_("The letter cannot go out as it stands."), errors=errors, code="letter_incomplete")


def describe(finding: Finding) -> str:
    """A finding in words."""
    sentences = {
        "missing": _("Missing: %(what)s."),
        "forbidden": _("Not to be written: %(what)s."),
        "gap": _("Still to be filled in: %(what)s."),
    }
    return sentences[finding.kind] % {"what": finding.what}


def lock(letter: Letter) -> tuple[Ticket, Letter]:
    """The ticket first, then the letter, both as they are now and locked."""
    ticket = Ticket.objects.locked().get(pk=letter.ticket_id)
    current = Letter.objects.select_for_update(of=("self",)).select_related("unit", "template").get(pk=letter.pk)
    current.ticket = ticket
    return ticket, current


def require_open(letter: Letter) -> None:
    """Refuse what can be changed no more. Raises NotPossible."""
    if not letter.is_open:
        raise NotPossible(
            _("This letter is %(standing)s.") % {"standing": letter.get_standing_display()},
            code="letter_closed",
            state=letter.ticket.state,
        )


def refuse_old_words(letter: Letter, *, seen: int | None) -> None:
    """Refuse what was decided on words that were replaced meanwhile. Raises NotPossible `changed_meanwhile`."""
    if seen is not None and seen != letter.number:
        latest = letter.versions.select_related("written_by").get(number=letter.number)
        raise NotPossible(
            _("%(person)s has changed the letter meanwhile; it is at version %(number)d now. Read it again.")
            % {"person": latest.written_by.name, "number": letter.number},
            code="changed_meanwhile",
            state=letter.ticket.state,
            number=letter.number,
        )


def _take(ticket: Ticket, *, by: Person, at: datetime, lets_go_of_approval: bool = False) -> None:
    """Whoever writes has the reply in hand, from now on anew (R42)."""
    is_new = ticket.replying_by_id != by.pk
    ticket.replying_by, ticket.replying_since = by, at
    if lets_go_of_approval:
        ticket.open_approvals -= 1
    ticket.save_move()
    if is_new:
        record(ticket, "reply_begun", by=by, at=at)


def _write(letter: Letter, wording: Wording, *, by: Person, at: datetime) -> Version:
    return Version.objects.create(letter=letter, number=letter.number, **vars(wording), written_by=by, written_at=at)


def _kept(wording: Wording) -> Wording:
    errors: dict[str, list[str]] = {}
    kept: dict[str, str] = {}
    for field, limit in (("addressee", LONGEST_NAME), ("address", LONGEST_ADDRESS), ("subject", LONGEST_SUBJECT)):
        try:
            kept[field] = " ".join(optional_text(getattr(wording, field), field=field, limit=limit).split())
        except Malformed as problem:
            errors |= problem.errors
    try:
        kept["body"] = optional_text(wording.body, field="body")
    except Malformed as problem:
        errors |= problem.errors
    if errors:
        raise Malformed(_("This cannot be kept as it stands."), errors=errors)
    return Wording(**kept)


def _check_choices(medium: str, language: str) -> None:
    errors = {}
    if medium not in MEDIA:
        errors["medium"] = [_("Choose one of: %(choices)s.") % {"choices": ", ".join(MEDIA)}]
    if language not in Language.values:
        errors["language"] = [_("Choose one of: %(choices)s.") % {"choices": ", ".join(Language.values)}]
    if errors:
        raise Malformed(_("This cannot be kept as it stands."), errors=errors)


def _address_of(ticket: Ticket) -> str:
    return ticket.customer.address


def _values_of(ticket: Ticket, *, addressee: str, language: str, by: Person, at: datetime) -> dict[str, str]:
    """What the names in braces stand for, in the language of the letter."""
    feedback = ticket.feedbacks.filter(round=ticket.round, rejected_at__isnull=True).order_by("-pk").first()
    with translation.override(language):
        return {
            **{code: str(value) for code, value in ticket.record.items()},
            "reference": ticket.reference,
            "customer": addressee,
            "number": mask(ticket.customer.number),
            "category": ticket.category.name,
            "raised_on": date_format(localtime(ticket.raised_at), "DATE_FORMAT"),
            "today": date_format(localtime(at), "DATE_FORMAT"),
            "happened": ticket.happened,
            "wanted": ticket.wanted,
            "cause": feedback.cause if feedback is not None else "",
            "result": feedback.result if feedback is not None else "",
            "unit": ticket.accepting_unit.name,
            "agent": by.name,
        }
