"""Replies (回复) and attempts at them (R40–R45)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.states import AttemptResult, Medium


class ReplyAttempt(models.Model):
    """One try at telling the customer the outcome; one that reached them is the reply."""

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.CASCADE, related_name="reply_attempts")
    round = models.PositiveSmallIntegerField(_("round"))
    medium = models.CharField(_("medium"), max_length=20, choices=Medium)
    result = models.CharField(_("result"), max_length=20, choices=AttemptResult)
    text = models.TextField(_("what was said"), blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    next_at = models.DateTimeField(_("next attempt planned"), null=True)

    class Meta:
        verbose_name = _("attempt at a reply")
        verbose_name_plural = _("attempts at replies")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.get_medium_display()}: {self.get_result_display()}"
