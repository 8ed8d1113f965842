"""The limits that a log is held to: from its map, or the desk's own in force (R27)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from calendars.worktime import WorkingCalendar
from common.csv_map import BadMap, refuse_unknown, table_in
from complaints.models import Category
from contact.hours import QuietWindow
from contact.models import QuietHours
from sla.arithmetic import Limit, Mode, Quiet
from sla.kinds import Kind, LimitUnit, Variant
from sla.models import Policy
from sla.precedence import PRECEDENCE, Selectors

OF_A_POLICY = {"code", "kind", "limit", "limit_unit", "calendar", "quiet_mode", "warning_share", *PRECEDENCE}
REMEMBERED = 10_000


@dataclass(frozen=True)
class Terms:
    """One policy as plain values: for which cases, how long, how at night."""

    name: str
    kind: str
    selectors: Selectors
    limit: Limit | None
    """None where `share` counts."""
    share: int = 0
    """Percent of the reply limit."""
    in_days: bool = False
    quiet: Quiet | None = None
    warning_share: float = 0.8


@dataclass
class Book:
    """All terms that hold, and which of them for a case."""

    terms: list[Terms]
    way_to: Mapping[str, tuple[str, ...]] | None = None
    """The way down to each category of the desk; None where the dots of its name are the way."""
    _known: dict[tuple[str, Selectors], Terms | None] = field(default_factory=dict, repr=False)

    def choose(self, kind: str, case: Selectors) -> Terms | None:
        """What applies to a clock, or None where nothing does."""
        key = (kind, case)
        if key not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            matching = [one for one in self.terms if one.kind == kind and not one.selectors.differing_from(case)]
            self._known[key] = max(matching, key=lambda one: one.selectors.weight, default=None)
        return self._known[key]

    def path_of(self, category: str) -> tuple[str, ...]:
        """The way down to a category. Raises KeyError for one that the desk does not have."""
        if not category:
            return ()
        return tuple(category.split(".")) if self.way_to is None else self.way_to[category]


def of_the_desk(at: datetime) -> Book:
    """The policies in force on this desk at an instant; reads, and writes nothing."""
    hours = QuietHours.current()
    ways = {
        code: tuple(path[end : end + Category.steplen] for end in range(0, len(path), Category.steplen))
        for code, path in Category.objects.values_list("code", "path")
    }
    policies = Policy.objects.in_force(at).select_related("calendar", "category")
    return Book([_of_policy(policy, hours, ways) for policy in policies], way_to=ways)


def _of_policy(policy: Policy, hours: QuietHours, ways: Mapping[str, tuple[str, ...]]) -> Terms:
    grace = hours.grace if policy.grace_minutes is None else timedelta(minutes=policy.grace_minutes)
    is_share = policy.limit_unit == LimitUnit.SHARE_OF_REPLY
    return Terms(
        name=str(policy),
        kind=policy.kind,
        selectors=Selectors(
            category=ways[policy.category.code] if policy.category is not None else (),
            **{name: getattr(policy, name) for name in PRECEDENCE if name != "category"},
        ),
        limit=None if is_share else policy.get_limit(None),
        share=policy.limit if is_share else 0,
        in_days=policy.owed_in_days,
        quiet=Quiet(Mode(policy.quiet_mode), hours.window, grace) if policy.kind == Kind.REPLY else None,
        warning_share=float(policy.warning_share),
    )


def book_of(told: Mapping[str, Any]) -> Book:
    """The policies that a map brings along. Raises BadMap."""
    rows = told["policies"]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadMap(_("the policies are to be written as [[policies]]"))
    calendars = {name: _calendar(name, spec) for name, spec in table_in(told, "calendars").items()}
    quiet = _quiet(table_in(told, "quiet_hours"))
    book = Book([_terms(number, row, calendars, quiet) for number, row in enumerate(rows, start=1)])
    _refuse_ties(book.terms)
    return book


def _calendar(name: str, spec: Any) -> WorkingCalendar:
    try:
        return WorkingCalendar.from_dict(spec)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadMap(_("[calendars.%(name)s]: %(error)s") % {"name": name, "error": error}) from error


def _quiet(told: Mapping[str, Any]) -> Quiet | None:
    refuse_unknown(told, {"starts", "ends", "zone", "grace_minutes"}, where="[quiet_hours]")
    if not told:
        return None
    try:
        window = QuietWindow(
            starts=time.fromisoformat(told.get("starts", "20:00")),
            ends=time.fromisoformat(told.get("ends", "08:00")),
            zone=ZoneInfo(str(told.get("zone", settings.BUSINESS_TIME_ZONE))).key,
        )
        return Quiet(Mode.DEFER, window, timedelta(minutes=int(told.get("grace_minutes", 60))))
    except (KeyError, ValueError, TypeError) as error:
        raise BadMap(_("[quiet_hours]: %(error)s") % {"error": error}) from error


def _terms(number: int, row: Mapping[str, Any], calendars: Mapping[str, WorkingCalendar], quiet: Quiet | None) -> Terms:
    where = _("policy %(number)d") % {"number": number}
    refuse_unknown(row, OF_A_POLICY, where=where)
    try:
        code, kind, amount = str(row["code"]), Kind(row["kind"]), row["limit"]
        unit, mode = LimitUnit(row["limit_unit"]), Mode(row.get("quiet_mode", Mode.DEFER))
        share = float(row.get("warning_share", 0.8))
        if not isinstance(amount, int) or amount < 1:
            raise ValueError(_("the limit is to be a whole number from 1 on"))
        if unit == LimitUnit.CONSENTED_DAYS:
            raise ValueError(_("no log says what customers consented to"))
        limit = _limit(amount, unit, str(row.get("calendar", "")), calendars)
    except KeyError as error:
        raise BadMap(_("%(where)s lacks %(field)s") % {"where": where, "field": error}) from error
    except ValueError as error:
        raise BadMap(_("%(where)s: %(error)s") % {"where": where, "error": error}) from error
    selectors = {name: str(row.get(name, "")) for name in PRECEDENCE if name != "category"}
    category = tuple(str(row["category"]).split(".")) if row.get("category") else ()
    return Terms(
        name=code,
        kind=kind,
        selectors=Selectors(category=category, **selectors),
        limit=limit,
        share=amount if limit is None else 0,
        in_days=unit == LimitUnit.WORKING_DAYS,
        quiet=replace(quiet, mode=mode) if quiet is not None and kind == Kind.REPLY else None,
        warning_share=share,
    )


def _limit(amount: int, unit: LimitUnit, calendar: str, calendars: Mapping[str, WorkingCalendar]) -> Limit | None:
    if unit == LimitUnit.SHARE_OF_REPLY:
        return None
    if unit == LimitUnit.ELAPSED_MINUTES:
        return Limit.elapsed(amount * 60)
    if calendar not in calendars:
        raise ValueError(_("there is no [calendars.%(name)s]") % {"name": calendar or "…"})
    if unit == LimitUnit.WORKING_MINUTES:
        return Limit.working(amount * 60, calendars[calendar])
    return Limit.days(amount, calendars[calendar])


def _refuse_ties(terms: Iterable[Terms]) -> None:
    known: dict[tuple[str, Selectors], str] = {}
    for one in terms:
        key = (one.kind, one.selectors)
        if key in known:
            raise BadMap(_("the policies %(one)s and %(other)s are a tie") % {"one": known[key], "other": one.name})
        known[key] = one.name


def variant_of(kind: str, reply: Terms | None) -> str:
    """The case within a kind, as far as a log tells it (R24)."""
    if kind == Kind.HANDLE:
        return Variant.REPLY_IN_DAYS if reply is not None and reply.in_days else Variant.REPLY_IN_HOURS
    return Variant.STANDARD if kind == Kind.CALLBACK else ""
