"""The delivery log: one row for each try to take a message out of the house."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.kinds import Outcome
from notifications.models.message import Message


class Attempt(models.Model):
    """One try: when, how long it took, what was answered. Rows are written once and go with their message."""

    message = models.ForeignKey(Message, verbose_name=_("message"), on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("number"))
    at = models.DateTimeField(_("when"))
    took_ms = models.PositiveIntegerField(_("took (ms)"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    code = models.PositiveIntegerField(_("answer's code"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("attempt to deliver")
        verbose_name_plural = _("attempts to deliver")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome=Outcome.SENT, error="")
                | (~models.Q(outcome=Outcome.SENT) & ~models.Q(error="")),
                name="an_attempt_that_failed_says_why",
            )
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="attempts_by_time")]

    def __str__(self) -> str:
        return f"{self.message_id} · {self.number} · {self.get_outcome_display()}"
