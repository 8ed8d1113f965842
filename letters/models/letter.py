"""Letters, faxes and e-mails to a customer: their versions, and who agreed to which (R41)."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Authority, Person, keys_under
from complaints.states import Medium
from letters.kinds import DECIDERS, OPEN, Language, Standing, Step

MEDIA = (Medium.LETTER, Medium.FAX, Medium.EMAIL)
CHOICES = [(medium.value, medium.label) for medium in MEDIA]


class LetterQuerySet(models.QuerySet["Letter"]):
    """Questions to letters."""

    def open(self) -> Self:
        """Neither sent nor withdrawn."""
        return self.filter(standing__in=sorted(OPEN))

    def to_decide_for(self, person: Person, at: datetime) -> Self:
        """Those that wait for this person's agreement: by role over the letter's unit, never one they wrote at."""
        mine = _decidable(person.authority(at))
        return self.filter(mine).exclude(pk__in=Version.objects.filter(written_by=person).values("letter"))

    def decided_by(self, *people: int) -> Self:
        """Those about which one of these people has decided."""
        return self.filter(pk__in=Review.objects.filter(by__in=people).values("letter"))

    def with_people(self) -> Self:
        """All that a line of a list shows."""
        return self.select_related(
            "ticket__category", "ticket__customer", "unit", "drafted_by", "submitted_by", "sent_by", "template"
        )

    def whole(self) -> Self:
        """With its versions and reviews, newest version first."""
        return self.with_people().prefetch_related(
            models.Prefetch("versions", Version.objects.select_related("written_by").order_by("-number")),
            models.Prefetch("reviews", Review.objects.select_related("by", "version").order_by("pk")),
        )


def _decidable(authority: Authority) -> Q:
    mine = Q(pk__in=[])
    for step, roles in DECIDERS.items():
        paths = authority.paths(*roles)
        if paths:
            mine |= Q(awaits=step, unit__in=keys_under(*paths))
    return mine


class Letter(models.Model):
    """One written reply in the making: who it is from, how far it has come. Its words stand in its versions."""

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.CASCADE, related_name="letters")
    round = models.PositiveSmallIntegerField(_("round"))
    medium = models.CharField(_("medium"), max_length=20, choices=CHOICES)
    language = models.CharField(_("language"), max_length=10, choices=Language)
    template = models.ForeignKey(
        "letters.LetterTemplate",
        verbose_name=_("template"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="letters",
    )
    unit = models.ForeignKey(
        "accounts.Unit", verbose_name=_("whose lead agrees"), on_delete=models.PROTECT, related_name="+"
    )
    needs_legal = models.BooleanField(_("needs the legal adviser"), default=True)
    standing = models.CharField(_("how it stands"), max_length=20, choices=Standing, default=Standing.DRAFT)
    awaits = models.CharField(_("awaits"), max_length=10, choices=Step, blank=True)
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    drafted_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("drafted"))
    submitted_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("put up for approval"), null=True)
    asked_at = models.DateTimeField(_("waits since"), null=True)
    sent_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("written reply")
        verbose_name_plural = _("written replies")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(standing__in=sorted(OPEN)), name="a_ticket_has_one_letter_in_the_making"
            ),
            models.CheckConstraint(
                condition=Q(standing=Standing.IN_APPROVAL, asked_at__isnull=False) & ~Q(awaits="")
                | (~Q(standing=Standing.IN_APPROVAL) & Q(awaits="")),
                name="a_letter_in_approval_says_whom_it_awaits",
            ),
            models.CheckConstraint(
                condition=~Q(standing=Standing.SENT) | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="a_sent_letter_says_when_and_by_whom",
            ),
        ]
        indexes = [models.Index(fields=["awaits", "asked_at"], condition=~Q(awaits=""), name="letters_to_decide")]

    def __str__(self) -> str:
        return f"{self.ticket.reference} {self.get_medium_display()}"

    @property
    def is_open(self) -> bool:
        """Neither sent nor withdrawn."""
        return self.standing in OPEN

    def get_current(self) -> "Version":
        """The words as they are now."""
        return self.versions.get(number=self.number)


class Version(models.Model):
    """The words of a letter as somebody left them; never changed, only followed by another."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    addressee = models.CharField(_("to"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    written_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("version of a letter")
        verbose_name_plural = _("versions of letters")
        ordering = ["letter", "number"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "number"], name="versions_of_a_letter_are_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.letter_id}/{self.number}"


class Review(models.Model):
    """Somebody agreed to a version, or did not."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="reviews")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="reviews")
    step = models.CharField(_("for"), max_length=10, choices=Step)
    approves = models.BooleanField(_("agreed"))
    note = models.TextField(_("reason"), blank=True)
    asked_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("decision about a letter")
        verbose_name_plural = _("decisions about letters")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("asked_by")), name="nobody_approves_their_own_letter"),
            models.CheckConstraint(condition=Q(approves=True) | ~Q(note=""), name="a_refused_letter_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.get_step_display()}"

    @property
    def took(self) -> timedelta:
        """How long it waited for this decision."""
        return self.at - self.asked_at
