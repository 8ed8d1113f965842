"""The conclusion (报结): the customer's verdict and the company's liability (R60)."""

from datetime import datetime
from typing import ClassVar, Self

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from common.bilingual import Named
from common.kept import Kept, counts
from complaints.states import LIABLE, Liability, Nature, State, Verdict


class CauseQuerySet(MP_NodeQuerySet):
    """Questions to the causes."""

    def choosable(self) -> Self:
        """The active leaves: what a conclusion can name."""
        return self.filter(numchild=0, is_active=True)


class CauseManager(MP_NodeManager.from_queryset(CauseQuerySet)):  # type: ignore[misc]
    """The tree in its order; treebeard's own manager would hand out its own querysets."""

    def get_queryset(self) -> CauseQuerySet:
        """All causes, parents before children."""
        return CauseQuerySet(self.model, using=self._db).order_by("path")


class CauseCode(Named, MP_Node):
    """Why things like this happen, as a tree of codes for figures; a conclusion names a leaf."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CauseManager()
    kept: ClassVar["Kept[dict[str, CauseCode]]"]

    class Meta:
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        ordering = ["path"]

    @property
    def is_choosable(self) -> bool:
        """Whether a conclusion can name it: an active leaf."""
        return self.numchild == 0 and self.is_active


class NatureRule(models.Model):
    """One field of the table by which complaints and opinions are re-decided (R60)."""

    verdict = models.CharField(_("the customer"), max_length=20, choices=Verdict)
    liability = models.CharField(_("liability"), max_length=20, choices=Liability)
    nature = models.CharField(
        _("it is"), max_length=20, choices=[(each.value, each.label) for each in (Nature.COMPLAINT, Nature.OPINION)]
    )

    class Meta:
        verbose_name = _("rule for the final nature")
        verbose_name_plural = _("rules for the final nature")
        ordering = ["verdict", "liability"]
        constraints = [
            models.UniqueConstraint(fields=["verdict", "liability"], name="a_conclusion_has_one_nature"),
            models.CheckConstraint(
                condition=Q(nature__in=[Nature.COMPLAINT, Nature.OPINION]), name="a_matter_turns_out_as_either"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}, {self.get_liability_display()}: {self.get_nature_display()}"


class ConclusionQuerySet(models.QuerySet["Conclusion"]):
    """Questions to conclusions."""

    def to_confirm(self, tickets: models.QuerySet, *, since: datetime) -> Self:
        """Of these tickets those that the customer does not accept and no supervisor has confirmed, oldest first (R44).

        Only those of the latest round, made since then: later nobody opens it again.
        """
        return (
            self.filter(
                verdict=Verdict.DOES_NOT_ACCEPT,
                at__gte=since,
                confirmed_at__isnull=True,
                round=models.F("ticket__round"),
                ticket__state__in=[State.CALLBACK, State.CLOSED],
                ticket__in=tickets.order_by().values("pk"),
            )
            .select_related("ticket__category", "by")
            .order_by("at", "pk")
        )


class Conclusion(models.Model):
    """How one round of a ticket ended."""

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.CASCADE, related_name="conclusions")
    round = models.PositiveSmallIntegerField(_("round"))
    verdict = models.CharField(_("the customer"), max_length=20, choices=Verdict)
    liability = models.CharField(_("liability"), max_length=20, choices=Liability)
    nature = models.CharField(_("nature"), max_length=20, choices=Nature)
    cause = models.ForeignKey(CauseCode, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    remedy = models.TextField(_("remedy given"), blank=True)
    is_repeat = models.BooleanField(_("repeat complaint"), default=False)
    on_site = models.BooleanField(_("solved in the first contact"), default=False)
    established = models.BooleanField(_("established"), default=True)
    solved = models.BooleanField(_("with a solution"), default=True)
    unreachable = models.BooleanField(_("customer unreachable"), default=False)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    confirmed_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")

    objects = ConclusionQuerySet.as_manager()

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
        indexes = [
            models.Index(fields=["at"], condition=Q(verdict=Verdict.DOES_NOT_ACCEPT), name="conclusions_not_accepted"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}, {self.get_liability_display()}"

    @property
    def is_liable(self) -> bool:
        """Whether the company bears all or part of it."""
        return self.liability in LIABLE


def final_nature(provisional: str, *, verdict: str, liability: str) -> str:
    """What the matter turns out to be, by the table of administrators; what it leaves open is as shipped.

    Suggestions and enquiries stay what they are (R60).
    """
    if provisional not in {Nature.COMPLAINT, Nature.OPINION}:
        return provisional
    rule = NatureRule.objects.filter(verdict=verdict, liability=liability).first()
    return rule.nature if rule is not None else shipped_nature(verdict, liability)


def shipped_nature(verdict: str, liability: str) -> Nature:
    """As shipped: 'accepts' and not liable is an opinion, every other combination a complaint (R60)."""
    accepted_and_free = verdict == Verdict.ACCEPTS and liability not in LIABLE
    return Nature.OPINION if accepted_and_free else Nature.COMPLAINT


# All by their places in the tree and in its order, to be read only.
CauseCode.kept = Kept(lambda: {cause.path: cause for cause in CauseCode.objects.all()})
counts(CauseCode)
auditlog.register(CauseCode, exclude_fields=["path", "depth", "numchild"])
auditlog.register(NatureRule)
