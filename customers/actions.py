"""Opening customers (R1), opening what is masked (R2), and taking in who is not known yet (R14)."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import Person, Role
from common.origin import current_origin
from common.refusals import Malformed, NotYours, Refusal
from common.text import optional_text, tidy
from customers import facts
from customers.models import ContactPerson, Customer, Disclosure, DisclosureRules, Lookup, Standing
from customers.numbers import plain_number

ANSWERS_CALLERS = (
    Role.AGENT,
    Role.EXPERT,
    Role.API_CLIENT,
    Role.CALLBACK_AGENT,
    Role.CUSTOMER_MANAGER,
    Role.BRANCH_CONTACT,
    Role.SUPERVISOR,
    Role.DUTY_DIRECTOR,
    Role.DIRECTOR,
    Role.DEPUTY_GENERAL_MANAGER,
)
WORKS_FOR_CUSTOMERS = (*ANSWERS_CALLERS, Role.DISPATCHER, Role.HANDLER, Role.UNIT_LEAD, Role.LEGAL_ADVISER)
REVEALABLE = ("number", "name", "identity_number", "address")
LONGEST_REASON = 300
LONGEST_NAME = 120


class Unknown(Refusal):
    """There is no such customer."""

    status = 404


class TooMany(Refusal):
    """This person has opened as much as may be opened in an hour; `facts["retry_at"]` says when more may be."""

    status = 429


def look_up(number: str, *, by: Person, at: datetime) -> Lookup:
    """Open a customer by number, as anyone who answers a caller must, with fresh facts (R14); logged (R1).

    Raises NotYours for who answers no callers, Malformed for what is no number, Unknown, TooMany. Another system is
    asked outside of any transaction of ours, which must not wait for it.
    """
    refuse_who_answers_no_callers(by, at=at)
    plain = plain_number(number)
    customer = Customer.objects.filter(number=plain).first()
    customer = facts.refresh(customer, at=at) if customer is not None else facts.fetch(plain, at=at)
    if customer is None:
        raise Unknown(_("No customer with this number is known."), code="unknown_customer")
    return open_customer(customer, by=by, at=at)


@transaction.atomic
def open_customer(customer: Customer, *, by: Person, at: datetime) -> Lookup:
    """Open a customer who was found by a ticket's reference; logged (R1). Raises NotYours, TooMany."""
    refuse_who_answers_no_callers(by, at=at)
    _refuse_too_many(Lookup.objects.all(), at_most=DisclosureRules.current().look_ups_per_hour, by=by, at=at)
    return Lookup.objects.create(customer=customer, by=by, at=at, origin=current_origin())


def refuse_who_answers_no_callers(by: Person, *, at: datetime) -> None:
    """Before anything is said about a customer, known or not. Raises NotYours."""
    _require(by, *ANSWERS_CALLERS, at=at, who=_("whoever answers a caller"))


@transaction.atomic
def reveal(customer: Customer, *, field: str, reason: str, by: Person, at: datetime) -> str:
    """The full value of a masked field, for a reason; logged and limited (R2). Raises NotYours, Malformed, TooMany."""
    if field not in REVEALABLE:
        message = _("Choose one of: %(choices)s.") % {"choices": ", ".join(REVEALABLE)}
        raise Malformed(message, errors={"field": [message]})
    disclose(customer, what=field, reason=reason, by=by, at=at)
    return str(getattr(customer, field))


@transaction.atomic
def disclose(customer: Customer, *, what: str, reason: str, by: Person, at: datetime) -> Disclosure:
    """Log that a full value is opened, before it is shown (R2). Raises NotYours, Malformed without reason, TooMany."""
    _require(by, *WORKS_FOR_CUSTOMERS, at=at, who=_("whoever works on a customer's matter"))
    why = tidy(reason)
    if not 0 < len(why) <= LONGEST_REASON:
        message = _("Say why, in at most %(limit)d characters.") % {"limit": LONGEST_REASON}
        raise Malformed(message, errors={"reason": [message]})
    _refuse_too_many(Disclosure.objects.all(), at_most=DisclosureRules.current().disclosures_per_hour, by=by, at=at)
    return Disclosure.objects.create(customer=customer, field=what, reason=why, by=by, at=at)


def known_or_new(number: str, *, name: str = "") -> Customer:
    """The customer with this number; a new one where it is not known yet, so that nothing blocks acceptance (R14).

    Raises Malformed for what is no number, and for a name that cannot be kept.
    """
    kept = optional_text(name, field="name", limit=LONGEST_NAME)
    return Customer.objects.get_or_create(number=plain_number(number), defaults={"name": kept})[0]


def contact_person(customer: Customer, *, name: str, number: str, standing: str) -> ContactPerson | None:
    """Who speaks for the customer, kept once; None where that is the subscriber (R10). Raises Malformed."""
    if standing == Standing.SUBSCRIBER:
        return None
    kept = optional_text(name, field="speaker", limit=LONGEST_NAME)
    facts = {"name": kept, "number": plain_number(number) if number else "", "standing": standing}
    known = ContactPerson.objects.filter(customer=customer, **facts).first()
    return known or ContactPerson.objects.create(customer=customer, **facts)


def _require(by: Person, *roles: str, at: datetime, who: str) -> None:
    if not by.authority(at).holds(*roles):
        raise NotYours(
            _("It is not yours to open a customer. It can be done by: %(who)s.") % {"who": who}, code="not_yours"
        )


def _refuse_too_many(opened: models.QuerySet, *, at_most: int, by: Person, at: datetime) -> None:
    """Count what this person opened in the last hour, one after the other, so that no two slip past the limit."""
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
    since = at - timedelta(hours=1)
    newest_first = opened.filter(by=by, at__gt=since).order_by("-at").values_list("at", flat=True)
    filling = list(newest_first[max(at_most - 1, 0) : at_most])
    if filling or not at_most:
        raise TooMany(
            _("You have opened as much as may be opened in an hour (%(count)d); wait, or ask your supervisor.")
            % {"count": at_most},
            code="opened_too_many",
            retry_at=(filling[0] if filling else at) + timedelta(hours=1),
        )
