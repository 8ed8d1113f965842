"""The SMS survey: a link that works once, for a time, and tells nothing (R73)."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from callbacks.querysets import SurveyQuerySet


class Survey(models.Model):
    """One link, sent to one customer for one callback."""

    callback = models.OneToOneField("callbacks.Callback", on_delete=models.CASCADE, related_name="survey")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)  # of the random part, see common.tokens
    sent_at = models.DateTimeField(_("sent"), help_text=_("Never in quiet hours: what is due at night goes out after."))
    expires_at = models.DateTimeField(_("works until"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended without an answer"), null=True, blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("SMS survey")
        verbose_name_plural = _("SMS surveys")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="a_survey_expires_after_it_is_sent"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(ended_at__isnull=True), name="a_survey_is_answered_or_ended"
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at", "id"],
                condition=Q(answered_at__isnull=True, ended_at__isnull=True),
                name="surveys_to_expire",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.callback}"

    def works(self, at: datetime) -> bool:
        """Whether its link still leads anywhere."""
        return self.answered_at is None and self.ended_at is None and at < self.expires_at
