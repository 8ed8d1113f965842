"""What is told on the way: to the customer how it stands (R34), to the owner what helps at once (R31)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.states import Medium


class Progress(models.Model):
    """The customer was told how it stands (主动沟通); it ends no clock."""

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.CASCADE, related_name="progress")
    round = models.PositiveSmallIntegerField(_("round"))
    medium = models.CharField(_("medium"), max_length=20, choices=Medium)
    text = models.TextField(_("what was said"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("progress told to a customer")
        verbose_name_plural = _("progress told to customers")
        ordering = ["pk"]
        indexes = [models.Index(fields=["ticket", "at"], name="progress_of_a_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.at:%Y-%m-%d %H:%M}"


class InterimRemedy(models.Model):
    """What helps the customer before the cause is known (处理问题先于原因核实)."""

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.CASCADE, related_name="interim_remedies")
    round = models.PositiveSmallIntegerField(_("round"))
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("what was done at once"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("interim remedy")
        verbose_name_plural = _("interim remedies")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.at:%Y-%m-%d %H:%M}"
