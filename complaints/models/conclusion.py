"""The conclusion (报结): the customer's verdict and the company's liability (R60)."""

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.bilingual import Named
from complaints.states import LIABLE, Liability, Nature, Verdict


class CauseCode(Named):
    """Why things like this happen, as a code for figures."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        ordering = ["code"]


class Conclusion(models.Model):
    """How one round of a ticket ended."""

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.CASCADE, related_name="conclusions")
    round = models.PositiveSmallIntegerField(_("round"))
    verdict = models.CharField(_("the customer"), max_length=20, choices=Verdict)
    liability = models.CharField(_("liability"), max_length=20, choices=Liability)
    nature = models.CharField(_("nature"), max_length=20, choices=Nature)
    cause = models.ForeignKey(CauseCode, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    remedy = models.TextField(_("remedy given"), blank=True)
    on_site = models.BooleanField(_("solved in the first contact"), default=False)
    established = models.BooleanField(_("established"), default=True)
    solved = models.BooleanField(_("with a solution"), default=True)
    unreachable = models.BooleanField(_("customer unreachable"), default=False)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    confirmed_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("conclusion")
        verbose_name_plural = _("conclusions")
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "round"], name="a_round_is_concluded_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(confirmed_by__isnull=False),
                name="a_confirmed_conclusion_names_its_supervisor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}, {self.get_liability_display()}"

    @property
    def is_liable(self) -> bool:
        """Whether the company bears all or part of it."""
        return self.liability in LIABLE


def final_nature(provisional: str, *, verdict: str, liability: str) -> str:
    """What the matter turns out to be: 'accepts' and not liable is an opinion, every other combination a complaint.

    Suggestions and enquiries stay what they are (R60).
    """
    if provisional not in {Nature.COMPLAINT, Nature.OPINION}:
        return provisional
    if verdict == Verdict.ACCEPTS and liability not in LIABLE:
        return Nature.OPINION
    return Nature.COMPLAINT


auditlog.register(CauseCode)
