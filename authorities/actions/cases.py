"""Putting an authority's case on record, and what becomes of it (R82)."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from attachments import actions as attachments
from attachments.models import Attachment, AttachmentRules
from authorities.events import CaseOpened
from authorities.models import AuthorityRules, Case, Document, Kind, Standing
from calendars.models import WORKING_DAYS, Calendar
from common.events import publish
from common.refusals import Malformed, NotPossible, NotYours
from common.text import optional_text, require_text
from complaints.actions.classifying import note_addressee
from complaints.actions.history import record, require
from complaints.models import Ticket
from complaints.states import Level

LONGEST_LINE, LONGEST_NUMBER, LONGEST_LINK, LONGEST_REASON = 120, 60, 500, 300
LONGEST_AGO = timedelta(days=366)


@transaction.atomic
def open_case(
    ticket: Ticket,
    *,
    kind: str,
    name: str,
    number: str,
    level: str,
    demand: str,
    lodged_at: datetime,
    received_at: datetime,
    by: Person,
    at: datetime,
) -> Case:
    """Put a case on record with its clocks; the ticket is an escalated complaint from then on, with its level (R11).

    The authority's clock runs from `lodged_at`, ours from `received_at`, both to the end of a working day.
    Raises Malformed with all that is wrong, NotPossible `case_on_record`, NotYours, Stale.
    """
    require(ticket, "open_case", by=by, at=at)
    kept = _check(
        kind=kind,
        name=name,
        number=number,
        level=level,
        demand=demand,
        lodged_at=lodged_at,
        received_at=received_at,
        at=at,
    )
    rules, days = AuthorityRules.current(), Calendar.objects.get(code=WORKING_DAYS).compiled()
    case = Case(
        kind=kind,
        level=level,
        **kept,
        ticket=ticket,
        lodged_at=lodged_at,
        received_at=received_at,
        opened_at=at,
        opened_by=by,
        acceptance_due_at=days.add_working_days(lodged_at, rules.acceptance_working_days, end_of_day=True),
        answer_due_at=days.add_working_days(received_at, rules.answer_working_days, end_of_day=True),
    )
    note_addressee(ticket, addressee=kind, level=level, by=by, at=at)
    _insert(case)
    _take_in(case, ticket, by=by, at=at)
    publish(CaseOpened(ticket=ticket, by=by, at=at, case=case))
    return case


@transaction.atomic
def link_ticket(case: Case, ticket: Ticket, *, by: Person, at: datetime) -> None:
    """Add another ticket that the case is about. Raises NotPossible for a closed case and a linked ticket, NotYours."""
    require(ticket, "open_case", by=by, at=at)
    current = _open_one(case, by=by, at=at, also=ticket)
    if current.tickets.filter(pk=ticket.pk).exists():
        raise NotPossible(
            _("%(ticket)s belongs to this case already.") % {"ticket": ticket.reference}, code="linked_already"
        )
    note_addressee(ticket, addressee=current.kind, level=current.level, by=by, at=at)
    _take_in(current, ticket, by=by, at=at)


@transaction.atomic
def add_document(
    case: Case,
    *,
    title: str,
    link: str,
    text: str,
    file: UploadedFile | None = None,
    replaces: int | None = None,
    reason: str = "",
    by: Person,
    at: datetime,
) -> Document:
    """Add a paper: a text, a link, a file, or several of them; it can stand in place of one that is withdrawn for it.

    Raises Malformed, NotYours, and NotPossible for a paper to be replaced that is not there or withdrawn already.
    """
    current = _one(case, by=by, at=at)
    kept_title = require_text(title, field="title", message=_("Say what it is."), limit=LONGEST_LINE)
    kept_link = optional_text(link, field="link", limit=LONGEST_LINK)
    kept_text = optional_text(text, field="text")
    if kept_link:
        try:
            URLValidator(schemes=["https", "http"])(kept_link)
        except ValidationError as error:
            message = _("Give a link that begins with https:// or http://.")
            raise Malformed(message, errors={"link": [message]}) from error
    if not kept_link and not kept_text and file is None:
        message = _("Give its text, a link to it, or a file.")
        raise Malformed(message, errors={"text": [message]})
    before = _withdrawn(current, replaces, reason=reason, by=by, at=at) if replaces is not None else None
    document = Document.objects.create(
        case=current,
        title=kept_title,
        link=kept_link,
        text=kept_text,
        file=_enclosed(current, file, by=by, at=at) if file is not None else None,
        at=at,
        by=by,
        replaces=before,
    )
    _note(current, "case_document_added", by=by, at=at)
    return document


@transaction.atomic
def withdraw_document(case: Case, document: int, *, reason: str, by: Person, at: datetime) -> Document:
    """Withdraw a paper that does not belong here: it stays on record with the reason, and stands for nothing.

    Raises Malformed without a reason, NotYours, NotPossible `no_such_document` and `withdrawn_already`.
    """
    return _withdrawn(_one(case, by=by, at=at), document, reason=reason, by=by, at=at)


@transaction.atomic
def note_acceptance(case: Case, *, accepts: bool, decided_at: datetime, by: Person, at: datetime) -> None:
    """The authority has decided whether it takes the case; if so, its own answer is due from then.

    Raises NotPossible for one that is decided or over, Malformed for an instant before it was lodged, NotYours.
    """
    current = _open_one(case, by=by, at=at)
    if current.state != Standing.LODGED:
        raise NotPossible(_("It is accepted already."), code="decided_already", state=current.state)
    if not current.lodged_at <= decided_at <= at:
        message = _("It was decided after the case was lodged, and not in the future.")
        raise Malformed(message, errors={"decided_at": [message]})
    current.decided_at = decided_at
    if accepts:
        current.state = Standing.ACCEPTED
        current.decision_due_at = decided_at + timedelta(days=AuthorityRules.current().decision_days)
    else:
        current.state, current.closed_at = Standing.DECLINED, at
    current.save()
    _note(current, "case_accepted" if accepts else "case_declined", by=by, at=at)


@transaction.atomic
def answer(case: Case, *, text: str, by: Person, at: datetime) -> None:
    """We have answered the authority. Raises NotPossible where it has its answer or is over, Malformed, NotYours."""
    current = _open_one(case, by=by, at=at)
    if current.answered_at is not None:
        raise NotPossible(_("This case has our answer already."), code="answered_already", state=current.state)
    current.answer = require_text(text, field="text", message=_("Write what was answered."))
    current.answered_at, current.answered_by = at, by
    current.save()
    _note(current, "case_answered", by=by, at=at)


@transaction.atomic
def close(case: Case, *, outcome: str, by: Person, at: datetime) -> None:
    """The authority has ended the case. Raises NotPossible when it is over, Malformed without an outcome, NotYours."""
    current = _open_one(case, by=by, at=at)
    current.outcome = require_text(outcome, field="outcome", message=_("Say how it ended."))
    current.state, current.closed_at = Standing.CLOSED, at
    current.save()
    _note(current, "case_closed", by=by, at=at)


def _withdrawn(case: Case, document: int, *, reason: str, by: Person, at: datetime) -> Document:
    """Withdraw a paper of a locked case, and say so in the history of its tickets."""
    why = require_text(reason, field="reason", message=_("Say why the document is withdrawn."), limit=LONGEST_REASON)
    found = case.documents.filter(pk=document).first()
    if found is None:
        raise NotPossible(_("%(case)s has no such document.") % {"case": case}, code="no_such_document")
    if not found.stands:
        raise NotPossible(_("'%(document)s' is withdrawn already.") % {"document": found}, code="withdrawn_already")
    found.withdrawn_at, found.withdrawn_by, found.withdrawn_because = at, by, why
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    _note(case, "case_document_withdrawn", by=by, at=at, note=why)
    return found


def _enclosed(case: Case, file: UploadedFile, *, by: Person, at: datetime) -> Attachment:
    """The file, where the locked case has room for it; as many as a ticket takes."""
    at_most = AttachmentRules.current().files_per_ticket
    if case.documents.standing().filter(file__isnull=False).count() >= at_most:
        message = _("At most %(count)d files on one case.") % {"count": at_most}
        raise Malformed(message, errors={"file": [message]}, code="file_refused")
    return attachments.enclose(file, by=by, at=at)


def _one(case: Case, *, by: Person, at: datetime, also: Ticket | None = None) -> Case:
    """The case as it is now, locked after its tickets, and `also` one that is to be; for who deals with authorities."""
    own = set(case.tickets.values_list("pk", flat=True))
    locked = Ticket.objects.locked().filter(pk__in=own | ({also.pk} if also is not None else set())).order_by("pk")
    tickets = [ticket for ticket in locked if ticket.pk in own]
    current = Case.objects.select_for_update().get(pk=case.pk)
    if not current.lets_work(tickets, by.authority(at)):
        raise NotYours(
            _("%(case)s: this is not yours to do. It can be done by: a supervisor or the legal adviser.")
            % {"case": current},
            code="not_yours",
        )
    return current


def _open_one(case: Case, *, by: Person, at: datetime, also: Ticket | None = None) -> Case:
    current = _one(case, by=by, at=at, also=also)
    if not current.is_open:
        raise NotPossible(
            _("%(case)s is %(state)s; nothing more can be done to it.")
            % {"case": current, "state": current.get_state_display()},
            code="case_is_over",
            state=current.state,
        )
    return current


def _take_in(case: Case, ticket: Ticket, *, by: Person, at: datetime) -> None:
    case.tickets.add(ticket)
    record(ticket, "case_opened", by=by, at=at, case=case.pk, number=case.number, addressee=case.kind, level=case.level)


def _note(case: Case, kind: str, *, by: Person, at: datetime, note: str = "") -> None:
    for ticket in case.tickets.order_by("pk"):
        record(ticket, kind, by=by, at=at, note=note, case=case.pk, number=case.number)


def _insert(case: Case) -> None:
    """Two people may put the same letter on record at once; the database lets one of them."""
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as error:
        if not Case.objects.filter(kind=case.kind, number=case.number).exists():
            raise
        raise NotPossible(
            _("The case %(number)s is on record already; link the ticket to it.") % {"number": case.number},
            code="case_on_record",
        ) from error


def _check(
    *,
    kind: str,
    name: str,
    number: str,
    level: str,
    demand: str,
    lodged_at: datetime,
    received_at: datetime,
    at: datetime,
) -> dict[str, str]:
    errors: dict[str, list[str]] = {}
    kept: dict[str, str] = {}
    for field, value, choices in (("kind", kind, Kind), ("level", level, Level)):
        if value not in choices.values:
            errors[field] = [_("Choose one of: %(choices)s.") % {"choices": ", ".join(choices.values)}]
    for field, text, message, limit in (
        ("name", name, _("Say which authority it is."), LONGEST_LINE),
        ("number", number, _("Give the authority's number of the case."), LONGEST_NUMBER),
        ("demand", demand, _("Say what is asked of us."), 10_000),
    ):
        try:
            kept[field] = require_text(text, field=field, message=message, limit=limit)
        except Malformed as problem:
            errors.update(problem.errors)
    if lodged_at > at:
        errors["lodged_at"] = [_("The case cannot have been lodged in the future.")]
    elif lodged_at < at - LONGEST_AGO:
        errors["lodged_at"] = [_("The case was lodged more than a year ago; check the date.")]
    if "lodged_at" not in errors and not lodged_at <= received_at <= at:
        errors["received_at"] = [_("It reached us after it was lodged, and not in the future.")]
    if errors:
        raise Malformed(_("This cannot be put on record as it stands."), errors=errors)
    return kept
