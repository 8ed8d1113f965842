"""The callback (回访): one for each concluded round, and each try at it (R70–R74)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from callbacks.answers import SAID_BY_CUSTOMERS, Exemption, Mode, Satisfaction, Standing
from callbacks.models.rules import CallbackRules
from callbacks.querysets import CallbackQuerySet
from common.text import refuse_control_characters
from complaints.states import AttemptResult, Medium


class Callback(models.Model):
    """Whether the customer is content with one round of a ticket: asked once, by people who had no part in it."""

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.CASCADE, related_name="callbacks")
    round = models.PositiveSmallIntegerField(_("round"))
    mode = models.CharField(_("by"), max_length=20, choices=Mode)
    state = models.CharField(_("state"), max_length=20, choices=Standing, default=Standing.OPEN)
    exemption = models.CharField(_("exempt because"), max_length=30, choices=Exemption, blank=True)
    campaign = models.ForeignKey(
        "callbacks.Campaign",
        verbose_name=_("campaign"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="callbacks",
        help_text=_("Which drew it; nothing for the standing rule (R70)."),
    )
    desk = models.ForeignKey(
        "accounts.Unit",
        verbose_name=_("callback desk"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    opened_at = models.DateTimeField(_("opened"))
    planned_for = models.DateTimeField(_("planned for"))
    not_by = models.ManyToManyField(
        "accounts.Person", verbose_name=_("not by"), blank=True, related_name="callbacks_not_to_make"
    )
    taken_by = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("taken by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="taken_callbacks",
    )
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    taken_until = models.DateTimeField(_("given back"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    with_result = models.CharField(_("with the result"), max_length=20, choices=Satisfaction, blank=True)
    with_handling = models.CharField(_("with the handling"), max_length=20, choices=Satisfaction, blank=True)
    reason = models.TextField(_("reason"), blank=True, validators=[refuse_control_characters])
    blanked_at = models.DateTimeField(_("reason blanked"), null=True, blank=True)
    wants_nothing_more = models.BooleanField(_("wants nothing more"), default=False)
    answered_by = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("asked by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="answered_callbacks",
        help_text=_("Nobody where the customer used the survey's link."),
    )

    awaits_decision = models.BooleanField(_("awaits a supervisor's decision"), default=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = CallbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("callback")
        verbose_name_plural = _("callbacks")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "round"], condition=~Q(state=Standing.EXEMPT), name="a_round_is_called_back_once"
            ),
            models.CheckConstraint(condition=Q(state__in=list(Standing)), name="a_callback_is_in_a_known_state"),
            models.CheckConstraint(
                condition=Q(state=Standing.OPEN, ended_at__isnull=True)
                | (~Q(state=Standing.OPEN) & Q(ended_at__isnull=False)),
                name="a_callback_that_is_over_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=Standing.ANSWERED,
                    with_result__in=list(SAID_BY_CUSTOMERS),
                    with_handling__in=list(SAID_BY_CUSTOMERS),
                )
                | Q(
                    state=Standing.UNREACHABLE,
                    with_result=Satisfaction.UNREACHABLE,
                    with_handling=Satisfaction.UNREACHABLE,
                )
                | (~Q(state__in=[Standing.ANSWERED, Standing.UNREACHABLE]) & Q(with_result="", with_handling="")),
                name="two_answers_or_unreachable_or_none",
            ),
            models.CheckConstraint(
                condition=~(Q(with_result=Satisfaction.DISSATISFIED) | Q(with_handling=Satisfaction.DISSATISFIED))
                | ~Q(reason="")
                | Q(blanked_at__isnull=False),
                name="who_is_dissatisfied_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state=Standing.EXEMPT) ^ Q(exemption=""), name="an_exempt_callback_says_why"
            ),
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True, taken_at__isnull=True, taken_until__isnull=True)
                | Q(taken_by__isnull=False, taken_at__isnull=False, taken_until__gt=F("taken_at")),
                name="a_taken_callback_says_from_when_until_when",
            ),
            models.CheckConstraint(
                condition=Q(awaits_decision=False) | Q(state=Standing.ANSWERED, decided_at__isnull=True),
                name="only_an_answer_awaits_a_decision",
            ),
        ]
        indexes = [
            models.Index(
                fields=["planned_for", "id"], condition=Q(state="open", mode="phone"), name="callbacks_to_make"
            ),
            models.Index(fields=["ended_at", "id"], condition=Q(awaits_decision=True), name="callbacks_to_decide"),
            models.Index(
                fields=["ended_at"], condition=Q(with_result=Satisfaction.DISSATISFIED), name="callbacks_dissatisfied"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket} · {self.round}"

    @property
    def is_open(self) -> bool:
        """Neither answered nor ended otherwise."""
        return self.state == Standing.OPEN

    def put_in_hand(self, by: Person, *, at: datetime, until: datetime) -> None:
        """It is this person's to make until then; sets fields, saves nothing."""
        self.taken_by, self.taken_at, self.taken_until = by, at, until

    def take_out_of_hand(self) -> None:
        """Anybody may make it again; sets fields, saves nothing."""
        self.taken_by = self.taken_at = self.taken_until = None

    def end(self, state: Standing, *, at: datetime) -> None:
        """It is over; sets fields, saves nothing."""
        self.state, self.ended_at = state, at
        if state == Standing.UNREACHABLE:
            self.with_result = self.with_handling = Satisfaction.UNREACHABLE

    def get_attempts_are_used_up(self, rules: CallbackRules) -> bool:
        """Whether it was tried as often, and on as many days, as the rules ask before 'unreachable' (R73)."""
        zone = ZoneInfo(settings.BUSINESS_TIME_ZONE)
        made = list(self.attempts.values_list("at", flat=True))
        return len(made) >= rules.attempts and len({at.astimezone(zone).date() for at in made}) >= rules.days


class Attempt(models.Model):
    """One try at a callback that did not bring an answer (R73)."""

    callback = models.ForeignKey(Callback, on_delete=models.CASCADE, related_name="attempts")
    medium = models.CharField(_("medium"), max_length=20, choices=Medium, default=Medium.PHONE)
    result = models.CharField(_("result"), max_length=20, choices=AttemptResult)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    next_at = models.DateTimeField(_("next attempt planned"), null=True, blank=True)

    class Meta:
        verbose_name = _("attempt at a callback")
        verbose_name_plural = _("attempts at callbacks")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(result=AttemptResult.REACHED), name="an_attempt_that_reached_is_an_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_result_display()}"
