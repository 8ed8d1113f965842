"""Campaigns: a sample of a month's concluded matters that is called back beside the standing rule (回访活动)."""

from datetime import date

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Sample(models.TextChoices):
    """Which of a month's concluded rounds a campaign takes."""

    ALL = "all", _("all of them")
    SHARE = "share", _("a random share")
    DISSATISFIED = "dissatisfied", _("all that the customer did not accept")
    REOPENED = "reopened", _("all that were opened again")
    LIABLE = "liable", _("all with the company liable")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Questions to campaigns."""

    def past_their_end(self, today: date) -> "CampaignQuerySet":
        """Whose last day is over, and that were not ended yet."""
        return self.filter(calls_until__lt=today, ended_at__isnull=True)

    def with_progress(self) -> "CampaignQuerySet":
        """How many are drawn, open, answered, content and unreachable; answers of the standing rule count as well."""

        def of(**facts: str) -> models.Count:
            return models.Count("callbacks", filter=Q(**{f"callbacks__{name}": value for name, value in facts.items()}))

        return self.select_related("unit", "started_by").annotate(
            drawn=models.Count("callbacks"),
            still_open=of(state="open"),
            answered=of(state="answered"),
            satisfied=of(state="answered", with_result="satisfied"),
            unreachable=of(state="unreachable"),
        )


class Campaign(models.Model):
    """One draw: a month, a unit with all below it, a rule. What it drew carries its key."""

    month = models.DateField(_("month"), help_text=_("Its first day."))
    unit = models.ForeignKey("accounts.Unit", verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+")
    sample = models.CharField(_("sample"), max_length=20, choices=Sample)
    share = models.PositiveSmallIntegerField(_("share in per cent"), null=True, blank=True)
    seed = models.BigIntegerField(_("seed of the draw"), help_text=_("By which a random draw can be made again."))
    calls_from = models.DateField(_("calls from"), null=True, blank=True, help_text=_("Empty: at once."))
    calls_until = models.DateField(
        _("calls until"),
        null=True,
        blank=True,
        help_text=_("Its last day; who was not called by then is called no more. Empty: until everybody was."),
    )
    started_at = models.DateTimeField(_("started"))
    started_by = models.ForeignKey(
        "accounts.Person", verbose_name=_("started by"), on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("callback campaign")
        verbose_name_plural = _("callback campaigns")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sample=Sample.SHARE, share__isnull=False, share__range=(1, 100))
                | (~Q(sample=Sample.SHARE) & Q(share__isnull=True)),
                name="a_random_share_says_how_large",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="a_campaign_begins_with_its_month"),
            models.CheckConstraint(
                condition=Q(calls_from__isnull=True)
                | Q(calls_until__isnull=True)
                | Q(calls_until__gte=models.F("calls_from")),
                name="a_campaign_ends_after_it_begins",
            ),
            models.UniqueConstraint(fields=["month", "unit", "sample"], name="a_campaign_is_drawn_once"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} · {self.unit} · {self.get_sample_display()}"


auditlog.register(Campaign)
