"""Policies: what we hold ourselves to, as versions that never change once they are published (R27)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from auditlog.registry import auditlog
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from calendars.models import Calendar
from calendars.worktime import WorkingCalendar
from common.bilingual import Named
from common.kept import Kept, counts
from complaints.states import Medium, Scope, Urgency
from customers.models.customers import Brand, Tier
from sla.arithmetic import Limit
from sla.kinds import VARIANTS, Kind, LimitUnit, QuietMode, Variant
from sla.models.fitting import misfits
from sla.precedence import Selectors
from sla.querysets import SELECTORS, PolicyQuerySet, Situation, selectors_of

Hours = Callable[[Unit | None], WorkingCalendar]

FOREVER_AGO = datetime.min.replace(tzinfo=UTC)
MAY_CHANGE_WHEN_PUBLISHED = frozenset({"status", "effective_until"})


def hours_of(unit: Unit | None) -> WorkingCalendar:
    """The hours of a unit, of the nearest one above it that has some, or those of every day (R24)."""
    known, place = _hours.get(), unit.path if unit is not None else ""
    if place not in known:
        known[place] = Calendar.objects.for_unit(unit).compiled(unit)
    return known[place]


_hours: Kept[dict[str, WorkingCalendar]] = Kept(dict)


class EffectivePeriod(Func):
    """The time in which a version is in force, half-open, as the database compares it."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Policy(Named):
    """One version of a rule: for which clocks, how long, on which calendar, how at night."""

    class Status(models.TextChoices):
        """Where a version stands."""

        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        RETIRED = "retired", _("retired")

    code = models.SlugField(_("code"), max_length=80)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    kind = models.CharField(_("clock"), max_length=20, choices=Kind)
    variant = models.CharField(_("case"), max_length=20, choices=Variant, blank=True)

    category = models.ForeignKey(
        "complaints.Category",
        verbose_name=_("category and all below"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    urgency = models.CharField(_("urgency"), max_length=20, choices=Urgency, blank=True)
    brand = models.CharField(_("brand"), max_length=20, choices=Brand, blank=True)
    tier = models.CharField(_("tier"), max_length=20, choices=Tier, blank=True)
    scope = models.CharField(_("scope"), max_length=20, choices=Scope, blank=True)
    medium = models.CharField(_("medium"), max_length=20, choices=Medium, blank=True)

    limit = models.PositiveIntegerField(_("limit"), validators=[MinValueValidator(1)])
    limit_unit = models.CharField(_("counted in"), max_length=20, choices=LimitUnit)
    within_reply = models.BooleanField(_("at most what the reply leaves"), default=False)
    calendar = models.ForeignKey(
        "calendars.Calendar",
        verbose_name=_("calendar"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: the hours of the unit that owes it."),
    )
    quiet_mode = models.CharField(_("in quiet hours"), max_length=20, choices=QuietMode, default=QuietMode.DEFER)
    grace_minutes = models.PositiveIntegerField(
        _("grace after quiet hours in minutes"), null=True, blank=True, help_text=_("Empty: as the quiet hours say.")
    )
    warning_share = models.DecimalField(
        _("warning at this share"),
        max_digits=3,
        decimal_places=2,
        default="0.80",
        validators=[MinValueValidator(0.01), MaxValueValidator(1)],
    )
    hold_at_most_working_days = models.PositiveIntegerField(
        _("a hold lasts at most (working days)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: as the desk rules say."),
    )
    holds_at_most = models.PositiveIntegerField(
        _("holds of one ticket and round at most"), null=True, blank=True, help_text=_("Empty: as the desk rules say.")
    )

    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    effective_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    effective_until = models.DateTimeField(_("in force until"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("published by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    for_running = models.BooleanField(
        _("for running clocks too"), default=False, editable=False, help_text=_("Else for new ones only (R27).")
    )

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["kind", "code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="a_version_of_a_policy_is_given_once"),
            models.CheckConstraint(condition=Q(limit__gte=1), name="a_limit_is_at_least_one"),
            models.CheckConstraint(
                condition=Q(warning_share__gt=0, warning_share__lte=1), name="a_warning_comes_within_the_limit"
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_at__isnull=False), name="a_published_policy_says_when"
            ),
            models.CheckConstraint(
                condition=Q(effective_from__isnull=True)
                | Q(effective_until__isnull=True)
                | Q(effective_until__gte=F("effective_from")),
                name="a_policy_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="two_policies_never_tie",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    (Coalesce("category_id", 0), RangeOperators.EQUAL),
                    *((selector, RangeOperators.EQUAL) for selector in SELECTORS),
                    (EffectivePeriod("effective_from", "effective_until"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(status="draft"),
                violation_error_message=_("Another policy has the same selectors at the same time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    @property
    def is_published(self) -> bool:
        """In force or replaced since; it never changes any more."""
        return self.status != self.Status.DRAFT

    def is_in_force(self, at: datetime) -> bool:
        """Whether it was published and had begun and not been replaced at an instant; as `in_force` asks it."""
        begun = self.effective_from is None or self.effective_from <= at
        return self.is_published and begun and (self.effective_until is None or at < self.effective_until)

    @property
    def owed_in_days(self) -> bool:
        """Whether the limit is counted in days rather than minutes or hours (R24)."""
        return self.limit_unit in {LimitUnit.WORKING_DAYS, LimitUnit.CONSENTED_DAYS}

    def is_newer_than(self, other: "Policy") -> bool:
        """Came into force after another one; of two at the same instant, was published later."""
        return self._came_into_force > other._came_into_force

    @property
    def _came_into_force(self) -> tuple[datetime, datetime]:
        published = self.published_at or FOREVER_AGO
        return self.effective_from or FOREVER_AGO, published

    @property
    def selectors(self) -> Selectors:
        """What the policy asks for, as plain values."""
        return selectors_of(self, self.category)

    def allows(self, consented_days: int | None) -> bool:
        """Whether the days that the customer agreed to are not more than it gives; None were agreed to (R22)."""
        return consented_days is None or self.limit_unit != LimitUnit.CONSENTED_DAYS or self.limit >= consented_days

    def get_limit(self, unit: Unit | None, *, consented_days: int | None = None, hours: Hours | None = None) -> Limit:
        """The limit as plain values, for a unit that owes it. Raises ValueError for a share, which is no limit.

        `hours` tells a unit's hours where the policy names no calendar (R24); without it the database is asked.
        """
        if self.limit_unit == LimitUnit.SHARE_OF_REPLY:
            raise ValueError("a share of the reply limit is no limit by itself")
        if self.limit_unit == LimitUnit.ELAPSED_MINUTES:
            return Limit.elapsed(self.limit * 60)
        calendar = self.calendar.compiled() if self.calendar is not None else (hours or hours_of)(unit)
        if self.limit_unit == LimitUnit.WORKING_MINUTES:
            return Limit.working(self.limit * 60, calendar)
        agreed = consented_days if self.limit_unit == LimitUnit.CONSENTED_DAYS else None
        return Limit.days(agreed or self.limit, calendar)

    def get_rivals(self) -> PolicyQuerySet:
        """Published policies with equal keys whose time overlaps this one's (R27)."""
        keys = {selector: getattr(self, selector) for selector in SELECTORS}
        rivals = Policy.objects.published().filter(kind=self.kind, category=self.category, **keys)
        return rivals.overlapping(self.effective_from, self.effective_until).exclude(pk=self.pk)

    def clean(self) -> None:
        """Refuse what can never hold: a case of another kind, a share of more than all, days without a calendar."""
        errors: dict[str, str] = {}
        if self.variant and self.variant not in VARIANTS.get(self.kind, frozenset()):
            errors["variant"] = _now("This case does not belong to that clock.")
        if self.limit_unit == LimitUnit.SHARE_OF_REPLY and (self.kind != Kind.HANDLE or (self.limit or 0) > 100):
            errors["limit"] = _now("Only handling is a share of the reply limit, and of at most 100 percent.")
        if self.limit_unit == LimitUnit.CONSENTED_DAYS and self.variant != Variant.CONSENTED:
            errors["limit_unit"] = _now("Days agreed with the customer are for the case that the customer consented.")
        if (
            self.limit_unit in {LimitUnit.WORKING_DAYS, LimitUnit.CONSENTED_DAYS}
            and self.calendar_id is None
            and self.kind != Kind.ASSIST
        ):
            errors["calendar"] = _now("Name the calendar whose working days count.")
        if errors:
            raise ValidationError(errors)

    def refuse_misfits(self) -> None:
        """Refuse a handle limit that does not fit its reply limit, or the other way round (R24); a ValidationError."""
        others = [str(other) for other in misfits(self)]
        if others:
            raise ValidationError(
                _now("Feedback would be due after the reply; this does not fit: %(others)s."),
                code="misfit",
                params={"others": ", ".join(others)},
            )

    def refuse_ties(self) -> None:
        """Refuse to be published beside a policy with equal keys at the same time, naming it; a ValidationError."""
        rivals = [str(rival) for rival in self.get_rivals()]
        if rivals:
            raise ValidationError(
                _now("Equal in every selector and in force at the same time: %(rivals)s. End that one, or differ."),
                code="tie",
                params={"rivals": ", ".join(rivals)},
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a published version differs from its rivals, fits, and stays as it is. Raises ValidationError."""
        self._refuse_change()
        if self.is_published:
            self.refuse_ties()
            self.refuse_misfits()
        super().save(*args, **kwargs)

    def _refuse_change(self) -> None:
        before = Policy.objects.filter(pk=self.pk).first() if self.pk else None
        if before is None or not before.is_published:
            return
        changed = [
            str(field.verbose_name)
            for field in self._meta.concrete_fields
            if field.name not in MAY_CHANGE_WHEN_PUBLISHED
            and field.to_python(getattr(before, field.attname)) != field.to_python(getattr(self, field.attname))
        ]
        if changed or self.status == self.Status.DRAFT:
            raise ValidationError(
                _now("%(policy)s is published and does not change (%(fields)s); make a new version of it."),
                code="published",
                params={"policy": before, "fields": ", ".join(changed) or _now("status")},
            )


class Policies:
    """Published policies by their keys, and those for each kind of clock, what wins first."""

    def __init__(self, published: Iterable[Policy]) -> None:
        self.by_pk = {policy.pk: policy for policy in published}
        self._rivals: dict[str, list[tuple[Selectors, Policy]]] = {}
        for policy in self.by_pk.values():
            self._rivals.setdefault(policy.kind, []).append((policy.selectors, policy))
        for rivals in self._rivals.values():
            rivals.sort(key=lambda rival: (rival[0].weight, rival[1].pk or 0), reverse=True)

    def covering(self, situation: Situation) -> Iterator[Policy]:
        """Those that match a situation, the heaviest first, whether in force or not (R27)."""
        case = situation.selectors
        for selectors, policy in self._rivals.get(situation.kind, ()):
            if selectors.matches(case) and policy.allows(situation.consented_days):
                yield policy

    def choose(self, situation: Situation, *, at: datetime) -> Policy | None:
        """The policy that applies, or None where there is none (R27)."""
        return next((policy for policy in self.covering(situation) if policy.is_in_force(at)), None)


def known_policies() -> Policies:
    """The policies as they are now, to be read only: kept in the process as long as they stay the same."""
    return POLICIES.get()


POLICIES = Kept(lambda: Policies(Policy.objects.published().select_related("calendar", "category")))
counts(Policy)
auditlog.register(Policy)
