"""Ladders: who hears when, step by step (R90)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from auditlog.registry import auditlog
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, Unit, UnitKind
from calendars.models import Calendar
from calendars.worktime import Pause, WorkingCalendar
from common.bilingual import Named
from common.kept import Kept, counts
from escalation.kinds import Counting, Pace, Severity, Start, Trigger, What, When, Who
from notifications.kinds import Channel
from notifications.models import Endpoint
from sla.arithmetic import ALWAYS
from sla.kinds import Kind
from sla.models import Policy
from sla.models.policy import hours_of

ON_A_CLOCK = frozenset({When.SHARE, When.WARNING, When.BREACH})


class Ladder(Named):
    """What follows when one kind of obligation is in danger, or when a matter is grave."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    trigger = models.CharField(_("started by"), max_length=20, choices=Trigger, default=Trigger.CLOCK)
    clock_kind = models.CharField(_("limit"), max_length=20, choices=Kind, blank=True)
    pace = models.CharField(_("pace"), max_length=10, choices=Pace, default=Pace.ANY)
    policy_code = models.CharField(
        _("policy"), max_length=80, blank=True, help_text=_("Code of the only policy it serves; empty: any.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("ladder")
        verbose_name_plural = _("ladders")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["trigger", "clock_kind", "pace", "policy_code"],
                condition=Q(is_active=True),
                name="an_obligation_has_one_ladder",
                violation_error_message=_("Another active ladder serves the same limit; change that one."),
            ),
            models.CheckConstraint(
                condition=Q(trigger=Trigger.CLOCK) & ~Q(clock_kind="")
                | ~Q(trigger=Trigger.CLOCK) & Q(clock_kind="", pace=Pace.ANY, policy_code=""),
                name="only_a_limits_ladder_names_a_limit",
                violation_error_message=_("A ladder started by a limit names it; any other names none."),
            ),
        ]

    def clean(self) -> None:
        """Refuse a policy that there is not, or that is of another limit. Raises ValidationError."""
        known = Policy.objects.filter(code=self.policy_code, kind=self.clock_kind)
        if self.policy_code and not known.exists():
            raise ValidationError({"policy_code": _("There is no policy with this code for this limit.")})

    def get_rungs(self) -> list[list["Step"]]:
        """The steps in use in their order; those with the same number are one rung and are due together."""
        used = [step for step in self.steps.all() if step.is_active]
        return [list(rung) for _order, rung in groupby(used, key=lambda step: step.order)]


class Step(models.Model):
    """One rung, or one of several on the same rung: when, who, what, how."""

    ladder = models.ForeignKey(Ladder, verbose_name=_("ladder"), on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField(_("number"), help_text=_("Steps with the same number are due together."))
    when = models.CharField(_("when"), max_length=20, choices=When)
    share_percent = models.PositiveSmallIntegerField(
        _("share of the limit (%)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("For a step at a share of the limit: how much of it has passed, counted as the limit counts."),
    )
    delay_minutes = models.PositiveIntegerField(_("minutes after the previous step"), default=0)
    delay_counts = models.CharField(_("counted in"), max_length=10, choices=Counting, default=Counting.ELAPSED)
    calendar = models.ForeignKey(
        Calendar,
        verbose_name=_("calendar"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Of working time; empty: the hours of the unit that holds the ticket."),
    )
    who = models.CharField(_("who"), max_length=20, choices=Who, default=Who.ROLE)
    role = models.CharField(_("role"), max_length=30, choices=Role, blank=True)
    start = models.CharField(_("upwards from"), max_length=20, choices=Start, default=Start.HOLDING_UNIT)
    level = models.CharField(
        _("at the level"), max_length=20, choices=UnitKind, blank=True, help_text=_("Empty: the nearest upwards.")
    )
    what = models.CharField(_("what"), max_length=20, choices=What, default=What.NOTIFY)
    to_unit = models.ForeignKey(
        Unit,
        verbose_name=_("pass it to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    acknowledge_within_minutes = models.PositiveIntegerField(
        _("acknowledge or answer within (min)"), null=True, blank=True, help_text=_("Empty: as the rules say.")
    )
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity, default=Severity.WARNING)
    channels = ArrayField(
        models.CharField(max_length=10, choices=Channel), verbose_name=_("by"), default=list, blank=True
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["ladder", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(when=When.AFTER_PREVIOUS) | Q(order__gt=1), name="the_first_step_follows_no_other"
            ),
            models.CheckConstraint(
                condition=Q(when=When.SHARE, share_percent__isnull=False, share_percent__range=(1, 99))
                | (~Q(when=When.SHARE) & Q(share_percent__isnull=True)),
                name="only_a_step_at_a_share_says_at_which",
                violation_error_message=_(
                    "Give 1 to 99 per cent for a step at a share of the limit, none for any other."
                ),
            ),
            models.CheckConstraint(
                condition=Q(who=Who.OWNER, role="") | (~Q(who=Who.OWNER) & ~Q(role="")),
                name="a_step_says_whom_it_tells",
            ),
            models.CheckConstraint(
                condition=Q(what=What.REASSIGN, to_unit__isnull=False)
                | (~Q(what=What.REASSIGN) & Q(to_unit__isnull=True)),
                name="a_step_that_passes_on_says_to_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ladder.code} {self.order}"

    def clean(self) -> None:
        """Refuse a step that could never be due, or that nobody would hear. Raises ValidationError."""
        errors: dict[str, Any] = {}
        on_a_clock = self.ladder.trigger == Trigger.CLOCK
        if self.when != When.AFTER_PREVIOUS and (self.when in ON_A_CLOCK) != on_a_clock:
            errors["when"] = _("Share, warning and breach are for the ladder of a limit, 'at once' for any other.")
        if self.when == When.AFTER_PREVIOUS and not self.delay_minutes:
            errors["delay_minutes"] = _("Say how long after the previous step.")
        if Channel.WEBHOOK in self.channels and not Endpoint.objects.any_in_use():
            errors["channels"] = _("No endpoint of webhooks is in use; add one first.")
        if self.who != Who.OWNER and not self.role:
            errors["role"] = _("Name the role that is told.")
        if errors:
            raise ValidationError(errors)

    def due_after(
        self, previous: datetime, *, unit: Unit, pauses: Sequence[Pause], hours: "Hours | None" = None
    ) -> datetime:
        """When the step is due, so long after the previous one was planned; what was held does not count (R6)."""
        return (hours or Hours()).of(self, unit).add(previous, self.delay_minutes * 60, pauses)


class Hours:
    """In what time steps count their distance; each calendar is read once by whoever plans for many tickets."""

    def __init__(self) -> None:
        self._known: dict[tuple[int | None, int], WorkingCalendar] = {}

    def of(self, step: Step, unit: Unit) -> WorkingCalendar:
        """The hours that a step counts by, where this unit holds the ticket."""
        if step.delay_counts != Counting.WORKING:
            return ALWAYS
        key = (step.calendar_id, unit.pk)
        if key not in self._known:
            self._known[key] = step.calendar.compiled(unit) if step.calendar is not None else hours_of(unit)
        return self._known[key]


def instants(
    rungs: Iterable[Sequence[Step]],
    *,
    anchors: Mapping[str, datetime],
    shares: Mapping[int, datetime] | None = None,
    unit: Unit,
    pauses: Sequence[Pause],
    hours: Hours | None = None,
) -> dict[Step, datetime]:
    """When each step is planned whose chain begins with one of the `anchors`, instants by 'when', or of the `shares`.

    A step after the previous counts from the instant for which that was planned, whenever it was noticed (R90).
    """
    hours, shares = hours or Hours(), shares or {}
    planned: dict[Step, datetime] = {}
    previous: datetime | None = None
    for rung in rungs:
        reached = None
        for step in rung:
            if step.when in anchors:
                planned[step] = anchors[step.when]
            elif step.share_percent is not None and step.share_percent in shares:
                planned[step] = shares[step.share_percent]
            elif step.when == When.AFTER_PREVIOUS and previous is not None:
                planned[step] = step.due_after(previous, unit=unit, pauses=pauses, hours=hours)
            if step in planned:
                reached = planned[step] if reached is None else max(reached, planned[step])
        previous = reached
    return planned


class Ladders:
    """All ladders with their steps: those of obligations in use, those of R93's causes in use, and every step."""

    def __init__(self, ladders: Iterable[Ladder]) -> None:
        known = list(ladders)
        used = [ladder for ladder in known if ladder.is_active]
        self.of_clocks = [ladder for ladder in used if ladder.trigger == Trigger.CLOCK]
        self.by_trigger = {ladder.trigger: ladder for ladder in used if ladder.trigger != Trigger.CLOCK}
        self.steps = {step.pk: step for ladder in known for step in ladder.steps.all()}
        # Those that are switched off too: what was planned by them is still there.
        self.kinds_with_shares = {
            ladder.clock_kind for ladder in known for step in ladder.steps.all() if step.when == When.SHARE
        }


def known_ladders() -> Ladders:
    """The ladders as they are now, to be read only: they are kept in the process as long as they stay the same."""
    return LADDERS.get()


LADDERS = Kept(lambda: Ladders(Ladder.objects.prefetch_related("steps")))
counts(Ladder)
counts(Step)
auditlog.register(Ladder)
auditlog.register(Step)
