"""Clocks: one running obligation of one ticket, derived from its recorded stretches (R28)."""

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Case, F, Func, Q, When
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

from sla.kinds import Cause, Kind, Outcome, Stretch, Variant
from sla.querysets import ClockQuerySet


class Clock(models.Model):
    """One obligation: who owes it, from when, until when, how it ended; a breach is a mark with its instant."""

    # Without an index of its own: `clocks_of_a_ticket` begins with it.
    ticket = models.ForeignKey(
        "complaints.Ticket",
        verbose_name=_("ticket"),
        on_delete=models.PROTECT,
        related_name="clocks",
        db_index=False,
    )
    kind = models.CharField(_("what is owed"), max_length=20, choices=Kind)
    variant = models.CharField(_("case"), max_length=20, choices=Variant, blank=True)
    round = models.PositiveSmallIntegerField(_("round"))
    # Most clocks are for neither, so the indexes below leave those out.
    assistance = models.ForeignKey(
        "complaints.Assistance", null=True, blank=True, on_delete=models.PROTECT, related_name="clocks", db_index=False
    )
    chase_up = models.ForeignKey(
        "complaints.ChaseUp", null=True, blank=True, on_delete=models.PROTECT, related_name="clocks", db_index=False
    )
    # What is asked by the unit is asked of running clocks: `clocks_owed_by_a_unit`.
    unit = models.ForeignKey(
        "accounts.Unit",
        verbose_name=_("who owes it"),
        on_delete=models.PROTECT,
        related_name="clocks",
        db_index=False,
    )
    policy = models.ForeignKey(
        "sla.Policy", verbose_name=_("policy"), null=True, blank=True, on_delete=models.PROTECT, related_name="clocks"
    )

    opened_at = models.DateTimeField(_("known since"))
    started_at = models.DateTimeField(_("runs from"))
    nominal_due_at = models.DateTimeField(_("due by the limit alone"), null=True, blank=True)
    limit_due_at = models.DateTimeField(_("due by the limit, outside the night"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    warn_at = models.DateTimeField(_("warning planned"), null=True, blank=True)

    night_consent = models.BooleanField(_("contact at night agreed"), default=False)
    consented_days = models.PositiveSmallIntegerField(_("working days agreed"), null=True, blank=True)
    promised_for = models.DateTimeField(_("promised for"), null=True, blank=True)
    promised_at = models.DateTimeField(_("promised"), null=True, blank=True)
    extended_to = models.DateTimeField(_("extended to"), null=True, blank=True)
    extended_at = models.DateTimeField(_("extended"), null=True, blank=True)
    ceiling_at = models.DateTimeField(_("at the latest"), null=True, blank=True)

    warned_at = models.DateTimeField(_("warned as of"), null=True, blank=True)
    warning_noticed_at = models.DateTimeField(_("warning noticed"), null=True, blank=True)
    breached_at = models.DateTimeField(_("breached"), null=True, blank=True)
    breach_noticed_at = models.DateTimeField(_("breach noticed"), null=True, blank=True)
    held_since = models.DateTimeField(_("held since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    outcome = models.CharField(_("how it ended"), max_length=20, choices=Outcome, blank=True)

    next_at = models.DateTimeField(_("next to be called"), null=True, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "kind", "assistance", "chase_up"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="an_obligation_has_one_running_clock",
            ),
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="a_clock_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="an_ended_clock_says_how",
            ),
            models.CheckConstraint(
                condition=Q(next_at__isnull=True)
                | Q(ended_at__isnull=True, breached_at__isnull=True, held_since__isnull=True, due_at__isnull=False),
                name="only_a_running_clock_is_called",
            ),
            models.CheckConstraint(
                condition=Q(breached_at__isnull=True, breach_noticed_at__isnull=True)
                | Q(breached_at__isnull=False, breach_noticed_at__gte=F("breached_at")),
                name="a_breach_is_noticed_after_it_happened",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.MET) | Q(breached_at__isnull=True),
                name="a_breached_clock_is_not_met",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="clocks_to_call"),
            # For whoever counts what was not called, apart from the sweep (pulse/overdue.py).
            models.Index(
                Least("due_at", Case(When(warned_at__isnull=True, then="warn_at"))),
                condition=Q(ended_at__isnull=True, breached_at__isnull=True, held_since__isnull=True)
                & Q(due_at__isnull=False),
                name="clocks_by_what_they_owe",
            ),
            models.Index(fields=["ticket", "kind"], name="clocks_of_a_ticket"),
            models.Index(fields=["kind", "ended_at"], name="clocks_by_kind_and_end"),
            models.Index(
                F("kind"),
                Coalesce("breached_at", "ended_at"),
                name="clocks_by_what_came_of_them",
            ),
            models.Index(fields=["unit", "due_at"], condition=Q(ended_at__isnull=True), name="clocks_owed_by_a_unit"),
            models.Index(
                fields=["ticket"],
                include=["warned_at"],
                condition=Q(kind=Kind.REPLY, ended_at__isnull=True, warned_at__isnull=False),
                name="replies_that_were_warned",
            ),
            models.Index(fields=["assistance"], condition=Q(assistance__isnull=False), name="clocks_of_an_assistance"),
            models.Index(fields=["chase_up"], condition=Q(chase_up__isnull=False), name="clocks_of_a_chase_up"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket.reference} {self.get_kind_display()}"

    @property
    def is_running(self) -> bool:
        """Not ended; held clocks and breached ones run as well."""
        return self.ended_at is None

    @property
    def is_held(self) -> bool:
        """Standing still at present (R6)."""
        return self.held_since is not None

    @property
    def is_breached(self) -> bool:
        """Missed, whether it still runs or not."""
        return self.breached_at is not None

    def plan_next_call(self) -> None:
        """Set when the sweep has something to call: the warning, then the breach; nothing while held or ended."""
        if self.due_at is None or self.ended_at or self.breached_at or self.held_since:
            self.next_at = None
        else:
            self.next_at = self.warn_at if self.is_warning_next else self.due_at

    @property
    def is_warning_next(self) -> bool:
        """Whether the warning is still to come before the due (R2A)."""
        planned, due = self.warn_at, self.due_at
        return self.warned_at is None and planned is not None and due is not None and planned < due

    def note_warning(self, *, at: datetime) -> datetime:
        """The warning was called, noticed now; gives when it was due. Sets fields, saves nothing."""
        planned = self.next_at
        assert planned is not None, "a clock that is not to be called is not warned about"
        self.warned_at, self.warning_noticed_at = planned, at
        self.plan_next_call()
        return planned

    def note_breach(self, *, at: datetime) -> datetime:
        """The breach was called, noticed now; gives when it broke: at its due. Sets fields, saves nothing."""
        broke_at = self.due_at
        assert broke_at is not None, "a clock without a due is never called"
        self.breached_at, self.breach_noticed_at = broke_at, at
        self.plan_next_call()
        return broke_at

    def get_stretches(self) -> "list[ClockInterval]":
        """What it did so far, in order; nothing before it is saved."""
        if "stretches" in vars(self):
            # Read for many clocks at once; a related manager would cost each of them more than its due does.
            return list(vars(self)["stretches"])
        return list(self.intervals.all()) if self.pk else []


class Period(Func):
    """A stretch as the database compares it, half-open."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class ClockInterval(models.Model):
    """A stretch in which a clock ran, was held, or was deferred; each with its cause and person (R28)."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="intervals")
    kind = models.CharField(_("what it did"), max_length=20, choices=Stretch)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    planned_until = models.DateTimeField(_("planned until"), null=True, blank=True)
    cause = models.CharField(_("cause"), max_length=20, choices=Cause)
    hold = models.ForeignKey("complaints.Hold", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("stretch of a clock")
        verbose_name_plural = _("stretches of clocks")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="a_stretch_ends_after_its_start",
            ),
            models.UniqueConstraint(
                fields=["clock"], condition=Q(ends_at__isnull=True), name="a_clock_does_one_thing_at_a_time"
            ),
            ExclusionConstraint(
                name="stretches_of_a_clock_do_not_overlap",
                expressions=[
                    ("clock", RangeOperators.EQUAL),
                    (Period("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            # Few clocks ever stood still, and each that is called is asked whether it did.
            models.Index(fields=["clock"], condition=Q(kind=Stretch.HELD), name="stretches_held"),
            models.Index(
                fields=["clock"],
                condition=Q(kind=Stretch.DEFERRED, ends_at__isnull=True),
                name="deferrals_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_at:%Y-%m-%d %H:%M}"
