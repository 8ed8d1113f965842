"""Acceptance (受理): every contact is recorded, and owned from then on (R10–R15)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.models import Person, Unit
from common.events import publish
from common.refusals import Malformed, NotPossible, NotYours
from common.text import LONGEST_TEXT, optional_text, require_text
from complaints.actions import dispatching
from complaints.actions.agreements import consent, promise
from complaints.actions.concluding import Outcome, note_conclusion
from complaints.actions.history import carry_out, perform, record
from complaints.actions.records import check_record
from complaints.events import Accepted
from complaints.models import Category, Ticket
from complaints.models.permissions import ACCEPTING, FRONT_LINE
from complaints.states import Addressee, Level, Medium, Nature, Urgency
from contact.models import Consent, Matter, QuietHours
from customers.models import ContactPerson, Customer

CLOCK_SKEW = timedelta(minutes=5)
LONGEST_AGO = timedelta(days=366)
LONGEST_REFERENCE = 120
LONGEST_REASON = 300
LONGEST_NUMBER = 32
HIGHEST_LEVEL = {
    Addressee.PROVINCIAL: Level.PROVINCIAL,
    Addressee.HEAD_OFFICE: Level.NATIONAL,
    Addressee.CONSUMER_BODY: Level.PROVINCIAL,
    Addressee.REGULATOR: Level.NATIONAL,
    Addressee.MEDIA: Level.NATIONAL,
}


@dataclass(frozen=True)
class Contacting:
    """Who complains if another than the subscriber, and how they want to be answered (R10)."""

    person: ContactPerson | None = None
    number: str = ""
    preferred_medium: str = ""
    night: str = ""
    """'yes' with `night_evidence`, 'no' (a promise for the morning), or '' where it was not asked (R23)."""
    night_evidence: str = ""
    promised_for: datetime | None = None
    promise_evidence: str = ""


@dataclass(frozen=True)
class Matters:
    """What a ticket is about: what happened, what is wanted, and what the category requires."""

    category: Category
    happened: str
    wanted: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)
    nature: str = Nature.COMPLAINT
    medium: str = Medium.PHONE
    addressee: str = Addressee.CENTRE
    level: str = ""
    urgency: str = ""
    recording: str = ""


def next_reference() -> str:
    """A reference that nobody else gets: T- and the next number of a database sequence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('complaints_ticket_reference')")
        return f"T-{cursor.fetchone()[0]}"


@transaction.atomic
def accept(
    customer: Customer,
    *,
    matter: Matters,
    contacting: Contacting | None = None,
    unit: Unit,
    by: Person | None,
    at: datetime,
    raised_at: datetime | None = None,
    duplicate_reason: str = "",
    external_id: str = "",
    routes: bool = True,
) -> Ticket:
    """Accept a customer's matter at a unit; `by` owns it, or the service desk where no agent was involved (R13).

    `raised_at` is when the customer raised it, where that was earlier; the reply clock counts from there.
    `routes=False` keeps the system from sending it to a unit without review, for matters solved in the same contact.
    Raises NotYours for who is not at that unit's front line, Malformed (missing fields, absurd dates, a category that
    is no leaf), NotPossible `external_id_taken`, and `duplicate` with the open ticket of the same category where no
    reason for another is given (R15).
    """
    raised = raised_at or at
    contacting = contacting or Contacting()
    _require_front_line(unit, by=by, at=at)
    owner = by if by is not None and by.authority(at).holds(*FRONT_LINE, over=unit) else None
    if owner is None:
        unit = unit.get_nearest("service_desk") or unit
    kept = checked(matter, contacting, raised=raised, at=at, duplicate_reason=duplicate_reason, external_id=external_id)
    # One customer's tickets are accepted one after the other, so that two agents cannot both miss the duplicate.
    Customer.objects.select_for_update().get(pk=customer.pk)
    _refuse_taken(kept["external_id"])
    _refuse_silent_duplicate(customer, matter.category, reason=duplicate_reason)
    ticket = Ticket(
        reference=next_reference(),
        matter=Matter.objects.create(),
        nature=matter.nature,
        customer=customer,
        contact_person=contacting.person,
        contact_number=kept["number"] or customer.number,
        preferred_medium=contacting.preferred_medium,
        medium=matter.medium,
        addressee=matter.addressee,
        level=matter.level or HIGHEST_LEVEL.get(Addressee(matter.addressee), ""),
        category=matter.category,
        urgency=matter.urgency or matter.category.urgency,
        record=kept["record"],
        happened=kept["happened"],
        wanted=kept["wanted"],
        recording=kept["recording"],
        duplicate_reason=kept["duplicate_reason"],
        external_id=kept["external_id"] or None,
        raised_at=raised,
        accepted_at=at,
        submitted_at=at,
        accepted_by=by,
        accepting_unit=unit,
        owner=owner,
        desk=unit.get_nearest("dispatch_desk"),
    )
    try:
        with transaction.atomic():
            ticket.save(force_insert=True)
    except IntegrityError:
        _refuse_taken(kept["external_id"])  # by another customer's ticket, meanwhile
        raise
    record(
        ticket,
        "accepted",
        by=by,
        at=at,
        target=ticket.state,
        note=duplicate_reason,
        category=matter.category.code,
        urgency=ticket.urgency,
        medium=ticket.medium,
        addressee=ticket.addressee,
        unit=unit.code,
    )
    publish(Accepted(ticket=ticket, by=by, at=at))
    _agree(ticket, contacting, by=by, at=at)
    if routes:
        dispatching.route(ticket, at=at)
    return ticket


@transaction.atomic
def resolve_on_site(ticket: Ticket, *, outcome: Outcome, by: Person | None, at: datetime) -> None:
    """Solve the matter in the first contact (现场解决), without a dispatch; the outcome is its conclusion (R60)."""
    nature = outcome.nature_of(ticket)
    resolved = carry_out(
        ticket,
        "resolve_on_site",
        by=by,
        at=at,
        kind="resolved_on_site",
        note=outcome.remedy,
        data={"verdict": outcome.verdict, "liability": outcome.liability, "nature": nature},
        facts={"verdict": outcome.verdict},
        nature=nature,
        verdict=outcome.verdict,
        liability=outcome.liability,
    )
    note_conclusion(ticket, outcome, by=by, at=at, on_site=True)
    publish(resolved)


@transaction.atomic
def resubmit(ticket: Ticket, *, record_of: Mapping[str, Any], happened: str, by: Person | None, at: datetime) -> None:
    """Submit a returned ticket again, completed. Raises Malformed with what is still missing."""
    ticket.record = check_record(ticket.category, record_of)
    ticket.happened = require_text(happened, field="happened", message=_("Say what happened."))
    perform(ticket, "resubmit", by=by, at=at, kind="resubmitted")


def open_duplicate(customer: Customer, category: Category) -> Ticket | None:
    """The customer's open ticket in the same category, if there is one (R15)."""
    return Ticket.objects.live().filter(customer=customer, category=category).order_by("raised_at", "pk").first()


def _require_front_line(unit: Unit, *, by: Person | None, at: datetime) -> None:
    if by is not None and not by.authority(at).holds(*ACCEPTING, over=unit):
        raise NotYours(
            _("It is not yours to accept a matter at %(unit)s. It can be done by: its front line.")
            % {"unit": unit.name},
            code="not_yours",
        )


def _refuse_taken(external_id: str) -> None:
    if not external_id:
        return
    taken = Ticket.objects.filter(external_id=external_id).values_list("reference", flat=True).first()
    if taken is not None:
        raise NotPossible(
            _("A ticket with the external id %(id)s exists already.") % {"id": external_id},
            code="external_id_taken",
            reference=taken,
        )


def _refuse_silent_duplicate(customer: Customer, category: Category, *, reason: str) -> None:
    if reason.strip():
        return
    rival = open_duplicate(customer, category)
    if rival is not None:
        raise NotPossible(
            _(
                "The customer has an open ticket in this category, %(ticket)s (%(state)s): "
                "add a chase-up to it, or say why another is needed."
            )
            % {"ticket": rival.reference, "state": rival.get_state_display()},
            code="duplicate",
            reference=rival.reference,
        )


def checked(
    matter: Matters,
    contacting: Contacting,
    *,
    raised: datetime,
    at: datetime,
    duplicate_reason: str = "",
    external_id: str = "",
) -> dict[str, Any]:
    """The texts and the record as they are kept. Raises Malformed with everything that is wrong at once (R12)."""
    errors: dict[str, list[str]] = {}
    kept: dict[str, Any] = {}
    if not matter.category.is_leaf() or not matter.category.is_active:
        errors["category"] = [_("Choose a category of the last level.")]
    if raised > at + CLOCK_SKEW:
        errors["raised_at"] = [_("The matter cannot have been raised in the future.")]
    if raised < at - LONGEST_AGO:
        errors["raised_at"] = [_("The matter was raised more than a year ago; check the date.")]
    for name, value, choices, may_be_empty in (
        ("nature", matter.nature, Nature, False),
        ("medium", matter.medium, Medium, False),
        ("addressee", matter.addressee, Addressee, False),
        ("level", matter.level, Level, True),
        ("urgency", matter.urgency, Urgency, True),
        ("preferred_medium", contacting.preferred_medium, Medium, True),
    ):
        if value not in choices.values and not (may_be_empty and value == ""):
            errors[name] = [_("Choose one of: %(choices)s.") % {"choices": ", ".join(choices.values)}]
    for name, text, limit in (
        ("happened", matter.happened, LONGEST_TEXT),
        ("wanted", matter.wanted, LONGEST_TEXT),
        ("recording", matter.recording, LONGEST_REFERENCE),
        ("external_id", external_id, LONGEST_REFERENCE),
        ("duplicate_reason", duplicate_reason, LONGEST_REASON),
        ("number", contacting.number, LONGEST_NUMBER),
    ):
        try:
            kept[name] = optional_text(text, field=name, limit=limit)
        except Malformed as problem:
            errors.update(problem.errors)
    if not kept.get("happened", "…"):
        errors["happened"] = [_("Say what happened.")]
    try:
        kept["record"] = check_record(matter.category, matter.record)
    except Malformed as problem:
        errors.update(problem.errors)
        if list(errors) == list(problem.errors):
            raise
    if errors:
        raise Malformed(_("This cannot be accepted as it stands."), errors=errors)
    return kept


def _agree(ticket: Ticket, contacting: Contacting, *, by: Person | None, at: datetime) -> None:
    if contacting.night == "yes":
        consent(ticket, what=Consent.What.NIGHT, evidence=contacting.night_evidence, by=by, at=at)
    if contacting.promised_for is not None:
        promise(
            ticket,
            agreed_for=contacting.promised_for,
            reason=_("asked for by the customer"),
            evidence=contacting.promise_evidence,
            by=by,
            at=at,
        )
    elif contacting.night == "no":
        hours = QuietHours.current()
        night = at if hours.window.covers(at) else hours.window.next_start(at)
        promise(
            ticket,
            agreed_for=hours.window.morning_after(night + timedelta(seconds=1), hours.grace),
            reason=_("no contact at night"),
            evidence=contacting.night_evidence or _("asked at acceptance"),
            by=by,
            at=at,
        )
