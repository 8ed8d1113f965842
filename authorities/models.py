"""Cases of outside authorities (申诉, R82): a regulator or consumer body, their number, their clocks and ours."""

from datetime import datetime
from typing import Self

from auditlog.registry import auditlog
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Authority, Person
from common.rules import OneRow
from common.text import refuse_control_characters
from complaints.models import Ticket
from complaints.models import permissions as may
from complaints.states import Addressee, Level


class Kind(models.TextChoices):
    """Which outside authority."""

    REGULATOR = Addressee.REGULATOR.value, Addressee.REGULATOR.label
    CONSUMER_BODY = Addressee.CONSUMER_BODY.value, Addressee.CONSUMER_BODY.label


class Standing(models.TextChoices):
    """How a case stands with the authority."""

    LODGED = "lodged", _("lodged, its acceptance is awaited")
    ACCEPTED = "accepted", _("accepted by the authority")
    DECLINED = "declined", _("not accepted by the authority")
    CLOSED = "closed", _("closed")


OPEN = (Standing.LODGED, Standing.ACCEPTED)


class AuthorityRules(OneRow):
    """One row: how long authorities take, how long we may, and when a customer may go to one (R82, section 15)."""

    acceptance_working_days = models.PositiveSmallIntegerField(
        _("the authority decides on acceptance within (working days)"), default=5
    )
    decision_days = models.PositiveSmallIntegerField(_("the authority answers within (days)"), default=30)
    answer_working_days = models.PositiveSmallIntegerField(
        _("we answer the authority within (working days)"), default=10
    )
    is_confirmed = models.BooleanField(
        _("our own limit is confirmed"), default=False, help_text=_("Until then it is shown as unconfirmed.")
    )
    appeal_after_days = models.PositiveSmallIntegerField(_("a customer may appeal unanswered after (days)"), default=15)
    listed_days = models.PositiveSmallIntegerField(
        _("a dissatisfied customer stands in the list for (days)"), default=30
    )
    warn_days_before = models.PositiveSmallIntegerField(
        _("the supervisor hears of an appeal or of our answer before (days)"), default=3
    )

    class Meta:
        verbose_name = _("rules for authorities")
        verbose_name_plural = _("rules for authorities")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_row_of_authority_rules"),
            models.CheckConstraint(
                condition=Q(acceptance_working_days__range=(1, 60), decision_days__range=(1, 365))
                & Q(answer_working_days__range=(1, 60), appeal_after_days__range=(1, 365))
                & Q(listed_days__range=(1, 365), warn_days_before__lt=F("appeal_after_days")),
                name="limits_of_authorities_are_sane",
            ),
        ]

    def __str__(self) -> str:
        return str(_("rules for authorities"))


class CaseQuerySet(models.QuerySet["Case"]):
    """Questions to cases."""

    def open(self) -> Self:
        """Neither declined nor closed."""
        return self.filter(state__in=OPEN)

    def unanswered(self) -> Self:
        """Open, and we have not answered the authority yet."""
        return self.open().filter(answered_at__isnull=True)

    def to_warn_of(self, soon: datetime) -> Self:
        """Our answer is owed by then, and nobody was told yet."""
        return self.unanswered().filter(answer_due_at__lte=soon, warned_at__isnull=True)

    def visible_to(self, person: Person, at: datetime) -> Self:
        """Those with a ticket that this person may see (R1)."""
        tickets = Ticket.objects.visible_to(person, at).order_by().values("pk")
        links = Case.tickets.through.objects.filter(ticket__in=tickets).values("case")
        return self.filter(pk__in=links)

    def by_due(self) -> Self:
        """What we owe first comes first."""
        return self.order_by("answer_due_at", "pk")

    def for_page(self, person: Person, at: datetime) -> Self:
        """With all that a list or a page says, of tickets those that this person may see; in four queries."""
        tickets = Ticket.objects.visible_to(person, at).order_by("pk")
        papers = Document.objects.select_related("by", "file", "withdrawn_by", "replaces").order_by("pk")
        return self.select_related("opened_by", "answered_by").prefetch_related(
            models.Prefetch("tickets", queryset=tickets), models.Prefetch("documents", queryset=papers)
        )


class Case(models.Model):
    """One case of an outside authority about one or more tickets of ours.

    `ticket` is the one with which it came on record, where a figure counts it; `tickets` are all, that one included.
    """

    kind = models.CharField(_("authority"), max_length=20, choices=Kind)
    name = models.CharField(_("name of the authority"), max_length=120, validators=[refuse_control_characters])
    number = models.CharField(_("number of the case"), max_length=60, validators=[refuse_control_characters])
    level = models.CharField(_("level"), max_length=20, choices=Level)
    ticket = models.ForeignKey(
        "complaints.Ticket", verbose_name=_("put on record with"), on_delete=models.PROTECT, related_name="+"
    )
    tickets = models.ManyToManyField("complaints.Ticket", verbose_name=_("tickets"), related_name="cases")
    state = models.CharField(_("state"), max_length=20, choices=Standing, default=Standing.LODGED)
    demand = models.TextField(_("what is asked of us"), validators=[refuse_control_characters])

    lodged_at = models.DateTimeField(_("lodged with the authority"))
    received_at = models.DateTimeField(_("received by us"))
    opened_at = models.DateTimeField(_("on record since"))
    opened_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    acceptance_due_at = models.DateTimeField(_("the authority decides on acceptance by"))
    decided_at = models.DateTimeField(_("acceptance decided"), null=True, blank=True)
    decision_due_at = models.DateTimeField(_("the authority answers by"), null=True, blank=True)
    answer_due_at = models.DateTimeField(_("we answer by"))
    answered_at = models.DateTimeField(_("we answered"), null=True, blank=True)
    answered_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(_("our answer"), blank=True, validators=[refuse_control_characters])
    warned_at = models.DateTimeField(_("the supervisor heard of our answer's due"), null=True, blank=True)
    closed_at = models.DateTimeField(_("over since"), null=True, blank=True)
    outcome = models.TextField(_("outcome"), blank=True, validators=[refuse_control_characters])

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case of an authority")
        verbose_name_plural = _("cases of authorities")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="an_authoritys_case_is_on_record_once"),
            models.CheckConstraint(condition=Q(state__in=list(Standing)), name="a_case_is_in_a_known_state"),
            models.CheckConstraint(
                condition=~Q(state=Standing.ACCEPTED) | Q(decided_at__isnull=False, decision_due_at__isnull=False),
                name="an_accepted_case_says_until_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(OPEN), closed_at__isnull=True)
                | (~Q(state__in=list(OPEN)) & Q(closed_at__isnull=False)),
                name="a_case_that_is_over_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | (Q(answered_by__isnull=False) & ~Q(answer="")),
                name="an_answer_to_an_authority_says_what_and_whose",
            ),
        ]
        indexes = [
            models.Index(fields=["answer_due_at", "id"], condition=Q(state__in=list(OPEN)), name="open_cases_by_due"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def is_open(self) -> bool:
        """Neither declined nor closed."""
        return self.state in OPEN

    def lets_work(self, tickets: "list[Ticket]", authority: Authority) -> bool:
        """Whether somebody with this authority may do something to it: by one of its tickets, read with people."""
        return any(may.deals_with_authorities(ticket, authority) for ticket in tickets)

    def readable_documents(self, *, works: bool) -> "DocumentQuerySet":
        """The documents whose content somebody may read: who works on the case also what was withdrawn."""
        documents = Document.objects.filter(case=self)
        return documents if works else documents.standing()


class DocumentQuerySet(models.QuerySet["Document"]):
    """Questions to documents."""

    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Document(models.Model):
    """A paper of a case: what it is, where it lies, what it says, or the paper itself as a file.

    What was withdrawn stays on record with who, when and why; its content is for who works on the case.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(_("title"), max_length=120, validators=[refuse_control_characters])
    link = models.URLField(_("link"), max_length=500, blank=True)
    text = models.TextField(_("text"), blank=True, validators=[refuse_control_characters])
    file = models.OneToOneField(
        "attachments.Attachment",
        verbose_name=_("file"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("added"))
    by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField(
        "self",
        verbose_name=_("in place of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_because = models.CharField(
        _("why it was withdrawn"), max_length=300, blank=True, validators=[refuse_control_characters]
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of a case")
        verbose_name_plural = _("documents of cases")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(link="") | ~Q(text="") | Q(file__isnull=False), name="a_document_says_or_shows_something"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
                name="a_withdrawn_document_says_whose_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def stands(self) -> bool:
        """Not withdrawn."""
        return self.withdrawn_at is None


class AppealWarning(models.Model):
    """The supervisor was told that the customer of this round may appeal: one row, so that it is told once (R82)."""

    ticket = models.ForeignKey("complaints.Ticket", on_delete=models.CASCADE, related_name="appeal_warnings")
    round = models.PositiveSmallIntegerField(_("round"))
    may_appeal_at = models.DateTimeField(_("the customer may appeal from"))
    at = models.DateTimeField(_("told"))

    class Meta:
        verbose_name = _("warning of an appeal")
        verbose_name_plural = _("warnings of appeals")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "round"], name="an_appeal_is_warned_of_once_in_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} · {self.round}"


auditlog.register(AuthorityRules)
