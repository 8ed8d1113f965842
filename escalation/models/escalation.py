"""Escalations: one step of a ladder on one ticket, planned, raised, and dealt with (R91, R92)."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, Q, When
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from accounts.models import Authority
from complaints.models import permissions as may
from escalation.kinds import CALLED, LIVE, NEVER_FIRED, Closing, Reason, Severity, Standing
from escalation.models.ladder import Step
from escalation.querysets import EscalationQuerySet

MOVES: dict[str, tuple[Any, Any]] = {
    # move: what it is called, who makes it
    "fire": (_("raise"), _("the system")),
    "acknowledge": (_("acknowledge"), _("whoever was told, or a supervisor")),
    "resolve": (_("resolve"), _("whoever was told, or a supervisor")),
    "close": (_("close"), _("the system")),
    "cancel": (_("cancel"), _("the system")),
}


def is_the_system(escalation: "Escalation", authority: Authority) -> bool:
    """Only the system itself."""
    return authority.is_system


def is_addressed(escalation: "Escalation", authority: Authority) -> bool:
    """Who was told, or stands in for them; whoever holds the role now; a supervisor over the ticket."""
    told = {person.pk for person in escalation.recipients.all()}
    if authority.is_system or told & authority.persons:
        return True
    if escalation.to_unit is not None and authority.holds(escalation.to_role, over=escalation.to_unit):
        return True
    return may.supervises(escalation.ticket, authority)


class Escalation(FSMModelMixin, models.Model):
    """Somebody higher hears of an obligation in danger or of a grave matter; it stays until dealt with.

    `planned_at` is when it was due by its ladder, `brought_forward_at` when a missed acknowledgement pulled it, and
    `noticed_at` when the system got round to it. `occasion` names what set the ladder off, once for each ticket.
    """

    # Much is written here, and an index costs each row: `each_step_of_a_ladder_happens_once` finds those of a ticket,
    # `escalations_of_a_clock` those of a clock, and people are looked for among the few rows that name one. That a step
    # or a unit cannot be deleted may be found out slowly.
    ticket = models.ForeignKey(
        "complaints.Ticket",
        verbose_name=_("ticket"),
        on_delete=models.PROTECT,
        related_name="escalations",
        db_index=False,
    )
    clock = models.ForeignKey(
        "sla.Clock",
        verbose_name=_("limit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="escalations",
        db_index=False,
    )
    step = models.ForeignKey(
        Step, verbose_name=_("step"), on_delete=models.PROTECT, related_name="escalations", db_index=False
    )
    occasion = models.CharField(_("occasion"), max_length=60)
    reason = models.CharField(_("reason"), max_length=30, choices=Reason)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity)
    raised_by = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("raised by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    state = FSMField(_("state"), max_length=20, choices=Standing, default=Standing.PLANNED, protected=True)

    planned_at = models.DateTimeField(_("planned for"))
    brought_forward_at = models.DateTimeField(_("brought forward to"), null=True, blank=True)
    noticed_at = models.DateTimeField(_("raised"), null=True, blank=True)

    to_role = models.CharField(_("to the role"), max_length=30, blank=True)
    to_unit = models.ForeignKey(
        "accounts.Unit",
        verbose_name=_("at"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    recipients = models.ManyToManyField(
        "accounts.Person", verbose_name=_("told"), blank=True, related_name="escalations"
    )
    gap = models.BooleanField(
        _("gap"), default=False, help_text=_("Nobody holds the role that the step names, so somebody else was told.")
    )

    ack_due_at = models.DateTimeField(_("to be acknowledged by"), null=True, blank=True)
    ack_missed_at = models.DateTimeField(_("acknowledgement missed"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("acknowledged by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("resolved by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_because = models.CharField(_("closed because"), max_length=20, choices=Closing, blank=True)

    held_since = models.DateTimeField(_("held since"), null=True, blank=True)
    next_at = models.DateTimeField(_("next to be called"), null=True, blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["planned_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "occasion", "step"], name="each_step_of_a_ladder_happens_once"),
            models.CheckConstraint(condition=Q(state__in=list(Standing)), name="an_escalation_is_in_a_known_state"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(NEVER_FIRED), noticed_at__isnull=True)
                | (~Q(state__in=sorted(NEVER_FIRED)) & Q(noticed_at__isnull=False)),
                name="a_raised_escalation_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(next_at__isnull=True) | Q(state__in=sorted(CALLED), held_since__isnull=True),
                name="only_what_is_planned_or_open_is_called",
            ),
            models.CheckConstraint(
                condition=~Q(state=Standing.ACKNOWLEDGED)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="an_acknowledgement_says_whose_it_is",
            ),
            models.CheckConstraint(
                condition=~Q(state=Standing.RESOLVED) | Q(resolved_at__isnull=False),
                name="a_resolved_escalation_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[Standing.CLOSED, Standing.CANCELLED])
                | (Q(closed_at__isnull=False) & ~Q(closed_because="")),
                name="a_closed_escalation_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="escalations_to_call"),
            # For whoever counts what was not raised, apart from the sweep (pulse/overdue.py).
            models.Index(
                Case(
                    When(state=Standing.PLANNED, then="planned_at"), When(ack_missed_at__isnull=True, then="ack_due_at")
                ),
                condition=Q(state__in=sorted(CALLED), held_since__isnull=True),
                name="escalations_by_what_they_owe",
            ),
            models.Index(fields=["clock", "state"], name="escalations_of_a_clock"),
            models.Index(
                fields=["-severity", "noticed_at"], condition=Q(state__in=sorted(LIVE)), name="live_escalations"
            ),
            # With the key, so that by itself it tells which are waiting at all.
            models.Index(
                fields=["to_unit", "to_role"],
                include=["id"],
                condition=Q(state__in=sorted(LIVE), ack_due_at__isnull=False),
                name="escalations_waiting_for_a_role",
            ),
            models.Index(fields=["raised_by"], condition=Q(raised_by__isnull=False), name="escalations_raised_by"),
            models.Index(
                fields=["acknowledged_by"],
                condition=Q(acknowledged_by__isnull=False),
                name="escalations_acknowledged_by",
            ),
            models.Index(
                fields=["resolved_by"], condition=Q(resolved_by__isnull=False), name="escalations_resolved_by"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket.reference} · {self.get_reason_display()}"

    # Answers without a query

    @property
    def is_live(self) -> bool:
        """Raised, and neither resolved nor closed."""
        return self.state in LIVE

    @property
    def asks_for_acknowledgement(self) -> bool:
        """Whether it waits in somebody's inbox (R91)."""
        return self.ack_due_at is not None

    @property
    def due_since(self) -> datetime:
        """When it fell due: as planned, or as brought forward."""
        return self.brought_forward_at or self.planned_at

    @property
    def about(self) -> str:
        """By what its messages can be withdrawn."""
        return f"escalation:{self.pk}"

    # Moves

    @transition(field=state, source=Standing.PLANNED, target=Standing.OPEN, permission=is_the_system)
    def fire(
        self,
        *,
        at: datetime,
        brought_forward_at: datetime | None,
        to_role: str,
        to_unit: Any,
        gap: bool,
        ack_due_at: datetime | None,
        next_at: datetime | None,
    ) -> None:
        self.noticed_at, self.brought_forward_at = at, brought_forward_at
        self.to_role, self.to_unit, self.gap = to_role, to_unit, gap
        self.ack_due_at, self.next_at = ack_due_at, next_at

    @transition(field=state, source=Standing.OPEN, target=Standing.ACKNOWLEDGED, permission=is_addressed)
    def acknowledge(self, *, at: datetime, acknowledged_by: Any) -> None:
        self.acknowledged_at, self.acknowledged_by = at, acknowledged_by
        self._calm_down()

    @transition(field=state, source=sorted(LIVE), target=Standing.RESOLVED, permission=is_addressed)
    def resolve(self, *, at: datetime, resolved_by: Any) -> None:
        self.resolved_at, self.resolved_by = at, resolved_by
        self._calm_down()

    @transition(field=state, source=sorted(LIVE), target=Standing.CLOSED, permission=is_the_system)
    def close(self, *, at: datetime, because: str) -> None:
        self.closed_at, self.closed_because = at, because
        self._calm_down()

    @transition(field=state, source=Standing.PLANNED, target=Standing.CANCELLED, permission=is_the_system)
    def cancel(self, *, at: datetime, because: str) -> None:
        self.closed_at, self.closed_because = at, because
        self._calm_down()

    def _calm_down(self) -> None:
        self.next_at = self.held_since = None

    # What `common.transitions.make` asks of a thing with moves

    def save_move(self) -> None:
        """Save; whoever moves an escalation holds its ticket's lock."""
        self.save(force_update=True)

    def standing(self, authority: Authority) -> dict[str, Any]:
        """How it stands; goes with every refusal (R3)."""
        return {"state": self.state, "ticket": self.ticket.reference}

    def why_not(self, move: str, authority: Authority) -> str:
        """Why this move cannot be made now."""
        if self.acknowledged_by is not None and move == "acknowledge":
            return _now("%(person)s has acknowledged this escalation of %(ticket)s already.") % {
                "person": self.acknowledged_by.name,
                "ticket": self.ticket.reference,
            }
        return _now("This escalation of %(ticket)s is %(state)s; you cannot '%(move)s' it any more.") % {
            "ticket": self.ticket.reference,
            "state": self.get_state_display(),
            "move": MOVES[move][0],
        }

    def who_may(self, move: str) -> str:
        """Who makes this move, in words."""
        return str(MOVES[move][1])
