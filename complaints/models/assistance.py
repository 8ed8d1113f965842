"""What an assisting unit (协办) was asked and what it answered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.states import AssistKind


class Assistance(models.Model):
    """A request to one assisting unit."""

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.CASCADE, related_name="assistances")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="assistances")
    kind = models.CharField(_("kind"), max_length=10, choices=AssistKind)
    round = models.PositiveSmallIntegerField(_("round"))
    question = models.TextField(_("question"), blank=True)
    asked_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)
    ended_at = models.DateTimeField(_("ended without an answer"), null=True)

    class Meta:
        verbose_name = _("assistance")
        verbose_name_plural = _("assistances")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "unit"],
                condition=Q(answered_at__isnull=True, ended_at__isnull=True),
                name="a_unit_is_asked_once_at_a_time",
            )
        ]
        indexes = [
            models.Index(
                fields=["unit", "ticket"],
                condition=Q(answered_at__isnull=True, ended_at__isnull=True),
                name="open_assistances_of_a_unit",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} → {self.unit}"
