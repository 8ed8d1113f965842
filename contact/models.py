"""What was agreed with a customer, and every contact that was let through."""

from datetime import datetime, timedelta
from typing import Self

from auditlog.registry import auditlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.rules import OneRow
from contact.hours import QuietWindow


class Purpose(models.TextChoices):
    """Why a customer is contacted (R23)."""

    REPLY = "reply", _("reply")
    PROGRESS = "progress", _("progress")
    FOLLOW_UP = "follow_up", _("follow-up")
    CALLBACK = "callback", _("callback")
    SURVEY = "survey", _("survey")
    OUTREACH = "outreach", _("outreach")
    RECEIPT = "receipt", _("receipt")
    CODE = "code", _("code that was asked for")


class Ground(models.TextChoices):
    """What permitted a contact."""

    HOURS = "hours", _("within permitted hours")
    CONSENT = "consent", _("the customer consented")
    PROMISE = "promise", _("agreed with the customer")
    ASKED = "asked", _("the customer asked for it just now")


class QuietHours(OneRow):
    """The one row that says when customers are left alone, and the grace after it (R23)."""

    starts = models.TimeField(_("from"), default=QuietWindow.starts)
    ends = models.TimeField(_("until"), default=QuietWindow.ends)
    grace_minutes = models.PositiveIntegerField(_("grace in minutes"), default=60)
    promise_margin_minutes = models.PositiveIntegerField(
        _("margin around a promise in minutes"),
        default=30,
        help_text=_("A time agreed with the customer permits contact from that instant on, for so long."),
    )

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_row_of_quiet_hours")]

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"

    @property
    def window(self) -> QuietWindow:
        """The hours as plain values, on the business clock."""
        return QuietWindow(starts=self.starts, ends=self.ends, zone=settings.BUSINESS_TIME_ZONE)

    @property
    def grace(self) -> timedelta:
        """How long after the window a moved limit ends."""
        return timedelta(minutes=self.grace_minutes)


class Matter(models.Model):
    """What contact with a customer is about. A ticket has one; the gate knows no more of it."""

    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("matter")
        verbose_name_plural = _("matters")

    def __str__(self) -> str:
        return f"matter {self.pk}"

    def get_night_consent(self, at: datetime) -> "Consent | None":
        """The consent to be called at night that holds at this instant."""
        return self.consents.holding(at).filter(what=Consent.What.NIGHT).order_by("-given_at", "-pk").first()

    def get_promise(self, at: datetime) -> "Promise | None":
        """The time agreed last with the customer, if it holds at this instant."""
        return self.promises.holding(at).order_by("-agreed_at", "-pk").first()


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Questions to consents."""

    def holding(self, at: datetime) -> Self:
        """Given, and not withdrawn, at this instant."""
        return self.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at), given_at__lte=at)


class Consent(models.Model):
    """The customer said yes: to be called at night, or to a longer limit (R22, R23)."""

    class What(models.TextChoices):
        """To what."""

        NIGHT = "night", _("contact in quiet hours")
        LONGER_LIMIT = "longer_limit", _("a longer limit")
        HOLD = "hold", _("the matter on hold")

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="consents")
    what = models.CharField(_("to what"), max_length=20, choices=What)
    days = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=300)
    given_at = models.DateTimeField(_("given"))
    recorded_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(evidence=""), name="a_consent_names_its_evidence"),
            models.CheckConstraint(
                # Without `isnull` a longer limit without days would pass: a comparison with nothing is not false.
                condition=Q(what="longer_limit", days__isnull=False, days__range=(4, 7))
                | (~Q(what="longer_limit") & Q(days__isnull=True)),
                name="a_longer_limit_is_4_to_7_working_days",
            ),
        ]

    def __str__(self) -> str:
        return self.get_what_display()

    def holds(self, at: datetime) -> bool:
        """Whether it was given, and not withdrawn, at this instant; as `holding` asks the database."""
        return self.given_at <= at and (self.withdrawn_at is None or self.withdrawn_at > at)


class PromiseQuerySet(models.QuerySet["Promise"]):
    """Questions to promises."""

    def holding(self, at: datetime) -> Self:
        """Made, and neither replaced nor withdrawn, at this instant."""
        return self.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at), agreed_at__lte=at)


class Promise(models.Model):
    """A time agreed with the customer, with its evidence (约定时间, R29)."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="promises")
    agreed_for = models.DateTimeField(_("agreed for"))
    agreed_at = models.DateTimeField(_("agreed"))
    agreed_with = models.CharField(_("agreed with"), max_length=120, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    evidence = models.CharField(_("evidence"), max_length=300)
    recorded_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ["-agreed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(agreed_for__gt=F("agreed_at")), name="a_promise_lies_ahead"),
            models.CheckConstraint(condition=~Q(evidence=""), name="a_promise_names_its_evidence"),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(withdrawn_at__isnull=True), name="one_promise_holds_for_a_matter"
            ),
        ]

    def clean(self) -> None:
        """Refuse a promise for the past."""
        if self.agreed_for and self.agreed_at and self.agreed_for <= self.agreed_at:
            raise ValidationError({"agreed_for": _("Agree on a time that lies ahead.")})

    def __str__(self) -> str:
        return f"{self.agreed_for:%Y-%m-%d %H:%M}"

    def holds(self, at: datetime) -> bool:
        """Whether it was made, and neither replaced nor withdrawn, at this instant; as `holding` asks the database."""
        return self.agreed_at <= at and (self.withdrawn_at is None or self.withdrawn_at > at)


class Contact(models.Model):
    """One contact with a customer that the gate let through, and on what ground."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="contacts")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    medium = models.CharField(_("medium"), max_length=20)
    ground = models.CharField(_("ground"), max_length=20, choices=Ground)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("contact with a customer")
        verbose_name_plural = _("contacts with customers")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["matter", "at"], name="contacts_of_a_matter")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_purpose_display()}"


auditlog.register(QuietHours)
