"""Feedback (反馈): the unit's findings, handed back for the reply (R30)."""

from auditlog.registry import auditlog
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.kept import Kept, counts


class FillerPhrase(models.Model):
    """A one-line filler that is no feedback, such as 'in progress' (R30)."""

    phrase = models.CharField(_("phrase"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("filler phrase")
        verbose_name_plural = _("filler phrases")
        ordering = ["phrase"]

    def __str__(self) -> str:
        return self.phrase


def filler_phrases() -> frozenset[str]:
    """All of them, case folded."""
    return _fillers.get()


_fillers = Kept(lambda: frozenset(one.casefold() for one in FillerPhrase.objects.values_list("phrase", flat=True)))
counts(FillerPhrase)


class Feedback(models.Model):
    """When handled, process, cause, result, person, advice for reply and callback."""

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.CASCADE, related_name="feedbacks")
    round = models.PositiveSmallIntegerField(_("round"))
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    handled_at = models.DateTimeField(_("when handled"))
    process = models.TextField(_("process"))
    cause = models.TextField(_("cause"))
    result = models.TextField(_("result"))
    person = models.CharField(_("person"), max_length=120)
    advice = models.TextField(_("advice for reply and callback"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    rejected_at = models.DateTimeField(_("rejected"), null=True)
    rejected_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    rejection = models.TextField(_("why rejected"), blank=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedbacks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.round} {self.person}"


auditlog.register(FillerPhrase)
