"""Chase-ups (催单): the customer asks again about an open matter (R32)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.states import Medium


class ChaseUp(models.Model):
    """The customer asked again; whoever holds the ticket owes an answer."""

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.CASCADE, related_name="chase_ups")
    number = models.PositiveSmallIntegerField(_("which one"))
    medium = models.CharField(_("medium"), max_length=20, choices=Medium, default=Medium.PHONE)
    text = models.TextField(_("what was said"), blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("chase-up")
        verbose_name_plural = _("chase-ups")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["ticket", "number"], name="chase_ups_are_numbered_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.number}"
