"""Customers to watch (关注客户): raising flags, lifting them, acting against their handling rule (section 9, R80)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import SYSTEM, Person, Role
from common.events import publish
from common.refusals import Malformed, NotPossible, NotYours
from common.text import optional_text, require_text
from customers.events import FlagLifted, FlagRaised
from customers.models import HANDLING_RULES, Customer, Flag, FlagKind, RuleOverride, WatchRules
from customers.models.flags import AUTOMATIC, DISSATISFIED

LONGEST_REASON = 300
SUPERVISING = (Role.SUPERVISOR, Role.DUTY_DIRECTOR, Role.DIRECTOR, Role.DEPUTY_GENERAL_MANAGER)
MEETING_CUSTOMERS = (
    Role.AGENT,
    Role.EXPERT,
    Role.API_CLIENT,
    Role.CALLBACK_AGENT,
    Role.CUSTOMER_MANAGER,
    Role.BRANCH_CONTACT,
    *SUPERVISING,
)


@transaction.atomic
def raise_flag(
    customer: Customer,
    *,
    kind: str,
    reason: str,
    by: Person,
    at: datetime,
    expires_at: datetime | None = None,
    handling_rule: str = "",
) -> Flag:
    """Mark a customer by hand as one to watch. Flags of the C kinds expire after a year unless said otherwise.

    Raises Malformed without a reason or with an expiry that is past, NotPossible `automatic` for kinds that only the
    system counts, NotYours for who does not meet customers.
    """
    _require(by, *MEETING_CUSTOMERS, at=at, deed=_("raise a flag"), who=_("whoever speaks with customers"))
    if kind not in FlagKind.values:
        message = _("Choose one of: %(choices)s.") % {"choices": ", ".join(FlagKind.values)}
        raise Malformed(message, errors={"kind": [message]})
    if kind in AUTOMATIC:
        raise NotPossible(_("Flag %(kind)s is raised by counting, not by hand.") % {"kind": kind}, code="automatic")
    if expires_at is not None and expires_at <= at:
        message = _("A flag expires at a time that lies ahead.")
        raise Malformed(message, errors={"expires_at": [message]})
    return mark(
        customer,
        kind=FlagKind(kind),
        reason=require_text(
            reason, field="reason", message=_("Say why the customer is watched."), limit=LONGEST_REASON
        ),
        by=by,
        at=at,
        expires_at=expires_at,
        handling_rule=optional_text(handling_rule, field="handling_rule", limit=LONGEST_REASON),
    )


@transaction.atomic
def mark(
    customer: Customer,
    *,
    kind: FlagKind,
    reason: str,
    by: Person | None,
    at: datetime,
    expires_at: datetime | None = None,
    handling_rule: str = "",
) -> Flag:
    """Put a flag on a customer, by a rule or by hand; it replaces one of its kind, so that each says who, when, why."""
    if expires_at is None and kind in DISSATISFIED:
        expires_at = at + WatchRules.current().c_lasts
    _lock(customer)
    for old in customer.flags.unlifted().filter(kind=kind):
        _end(old, by=by, at=at)
    flag = Flag.objects.create(
        customer=customer,
        kind=kind,
        raised_at=at,
        raised_by=by,
        reason=reason,
        handling_rule=handling_rule,
        expires_at=expires_at,
    )
    publish(FlagRaised(flag=flag, by=by, at=at))
    return flag


@transaction.atomic
def lift_flag(flag: Flag, *, by: Person | None, at: datetime) -> Flag:
    """Watch the customer no longer for this reason. Raises NotYours for other than supervisors, NotPossible if over."""
    _require(by, *SUPERVISING, at=at, deed=_("lift a flag"), who=_("a supervisor"))
    _lock(flag.customer)
    current = Flag.objects.select_related("customer").get(pk=flag.pk)
    if not current.is_in_force(at):
        raise NotPossible(_("Flag %(kind)s is no longer in force.") % {"kind": current.kind}, code="flag_over")
    _end(current, by=by, at=at)
    publish(FlagLifted(flag=current, by=by, at=at))
    return current


@dataclass(frozen=True)
class Counted:
    """What counting has found about one kind of flag: until when it holds (None: not at all), and why."""

    kind: FlagKind
    until: datetime | None
    reason: str


@transaction.atomic(savepoint=False)
def count(customer: Customer, *found: Counted, at: datetime) -> None:
    """The system has counted: each flag holds until then, or not at all. What stands right already is left alone.

    Most customers have no flag and do not come to one: that is seen without locking them.
    """
    carried = customer.flags.in_force(at).filter(kind__in=[one.kind for one in found])
    if all(one.until is None for one in found) and not carried.exists():
        return
    _lock(customer)
    held = {flag.kind: flag for flag in carried.all()}
    for one in found:
        flag = held.get(one.kind)
        if one.until is None:
            if flag is not None:
                lift_flag(flag, by=None, at=at)
        elif flag is None:
            mark(customer, kind=one.kind, reason=one.reason, by=None, at=at, expires_at=one.until)
        elif flag.expires_at != one.until:
            flag.expires_at = one.until
            flag.save(update_fields=["expires_at"])


@transaction.atomic
def override_rule(flag: Flag, *, reason: str, by: Person, at: datetime) -> RuleOverride:
    """Note that somebody acts against a handling rule, and why (R80). Raises Malformed, NotYours, NotPossible."""
    _require(by, *MEETING_CUSTOMERS, at=at, deed=_("override a handling rule"), who=_("whoever speaks with customers"))
    why = require_text(
        reason, field="reason", message=_("Say why you act against the handling rule."), limit=LONGEST_REASON
    )
    if not flag.is_in_force(at):
        raise NotPossible(_("Flag %(kind)s is no longer in force.") % {"kind": flag.kind}, code="flag_over")
    return RuleOverride.objects.create(flag=flag, reason=why, by=by, at=at)


def handling_rules(customer: Customer, *, at: datetime) -> list[tuple[Flag, str]]:
    """The flags in force, each with its handling rule: its own, else the one of its kind (R80)."""
    flags = list(customer.flags.in_force(at).select_related("raised_by").order_by("kind", "pk"))
    return [(flag, flag.handling_rule) for flag in with_rules(flags)]


def with_rules(flags: list[Flag]) -> list[Flag]:
    """The same flags, each with the rule of its kind where it has none of its own; to be shown, not to be saved."""
    shared = {kind: rule.text for kind, rule in HANDLING_RULES.get().items()}
    for flag in flags:
        flag.handling_rule = flag.handling_rule or shared.get(flag.kind, "")
    return flags


def _end(flag: Flag, *, by: Person | None, at: datetime) -> None:
    """A flag that had expired by itself ended then, not now, and was lifted by nobody."""
    expired = flag.expires_at is not None and flag.expires_at <= at
    flag.lifted_at = flag.expires_at if expired else at
    flag.lifted_by = None if expired else by
    flag.save(update_fields=["lifted_at", "lifted_by"])


def _lock(customer: Customer) -> None:
    """One customer's flags change one after the other."""
    Customer.objects.select_for_update(no_key=True, of=("self",)).get(pk=customer.pk)


def _require(by: Person | None, *roles: str, at: datetime, deed: str, who: str) -> None:
    authority = by.authority(at) if by is not None else SYSTEM
    if not authority.holds(*roles):
        raise NotYours(
            _("It is not yours to %(deed)s. It can be done by: %(who)s.") % {"deed": deed, "who": who}, code="not_yours"
        )
