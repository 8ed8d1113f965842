"""Outside authorities (R82): their cases, what is done to them, and which tickets come within reach of an appeal."""

import re
from datetime import datetime
from typing import Any

from django.db import models
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from api.endpoints import Endpoint, ListEndpoint, TicketInput, TicketOperation
from api.fields import Answer, Choice, Count, Line, Moment, Text
from api.filters import AllowedFilters
from api.output import CategoryOut, PersonOut
from api.paging import By
from api.parsers import Json
from attachments.models import Attachment
from attachments.serving import as_download
from authorities.actions import cases
from authorities.appeals import days_until, within_reach
from authorities.models import AuthorityRules, Case, Document, Kind
from complaints.models import Ticket
from complaints.states import Level

PART = re.compile("[0-9]{1,18}")


class DocumentFileOut(serializers.ModelSerializer):
    """The file of a document; its content is at an address of its own."""

    class Meta:
        model = Attachment
        fields = ("key", "name", "media_type", "size", "digest")


class DocumentOut(serializers.ModelSerializer):
    """A paper of a case. What a withdrawn one holds is shown at the case itself, to who works on it."""

    file = DocumentFileOut(allow_null=True)
    by = PersonOut()
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True, help_text="The id of another.")
    withdrawn_by = PersonOut(allow_null=True)

    class Meta:
        model = Document
        fields = (
            "id", "title", "link", "text", "file", "at", "by", "replaces", "withdrawn_at", "withdrawn_by",
            "withdrawn_because",
        )  # fmt: skip

    def to_representation(self, document: Document) -> dict[str, Any]:
        """Without the content that is not for this person."""
        shown: dict[str, Any] = super().to_representation(document)
        if not document.stands and not self.context.get("works", False):
            shown |= {"link": "", "text": "", "file": None}
        return shown


class AuthorityCaseOut(serializers.ModelSerializer):
    """A case with its clocks, its papers, and its tickets as far as you may see them."""

    tickets: serializers.Field = serializers.SlugRelatedField("reference", many=True, read_only=True)
    documents = DocumentOut(many=True)
    opened_by = PersonOut()
    answered_by = PersonOut(allow_null=True)
    answer_limit_confirmed = serializers.SerializerMethodField(help_text="False: our own limit is a proposal.")

    class Meta:
        model = Case
        fields = (
            "id", "kind", "name", "number", "level", "state", "demand", "tickets", "lodged_at", "received_at",
            "opened_at", "opened_by", "acceptance_due_at", "decided_at", "decision_due_at", "answer_due_at",
            "answer_limit_confirmed", "answered_at", "answered_by", "answer", "closed_at", "outcome", "documents",
        )  # fmt: skip

    def get_answer_limit_confirmed(self, case: Case) -> bool:
        """Whether administrators have confirmed it."""
        return bool(self.context["rules"].is_confirmed)


class OpenCase(TicketOperation):
    """Put the case of an authority about this ticket on record; it counts as an escalated complaint then."""

    class Input(TicketInput):
        """What the authority wrote."""

        kind = Choice(Kind.choices)
        name = Line(max_length=cases.LONGEST_LINE, help_text="Of the authority.")
        number = Line(max_length=cases.LONGEST_NUMBER, help_text="The authority's own.")
        level = Choice(Level.choices)
        demand = Text(help_text="What is asked of us.")
        lodged_at = Moment(help_text="When the customer turned to the authority.")
        received_at = Moment(required=False, allow_null=True, default=None, help_text="Empty: now.")

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        cases.open_case(ticket, **asked | {"received_at": asked["received_at"] or at}, by=by, at=at)


class AuthorityCases(ListEndpoint):
    """The open cases with a ticket that you may see; what we owe first comes first."""

    Output = AuthorityCaseOut
    queryset = Case.objects.none()
    filter_backends = [AllowedFilters]
    orders = {"due": (By("answer_due_at"), By("pk"))}

    def get_queryset(self) -> models.QuerySet[Case]:
        """Those of this person's tickets."""
        return Case.objects.visible_to(self.person, self.now).open().for_page(self.person, self.now)

    def get_serializer_context(self) -> dict[str, Any]:
        """With the rules, read once."""
        return {**super().get_serializer_context(), "rules": AuthorityRules.current()}


class CaseEndpoint(Endpoint):
    """One case with a ticket that one may see."""

    Output = AuthorityCaseOut

    def find(self, pk: int) -> Case:
        """The case, whole. Raises Http404."""
        visible = Case.objects.visible_to(self.person, self.now).for_page(self.person, self.now)
        return get_object_or_404(visible, pk=pk)

    def works_on(self, case: Case) -> bool:
        """Whether this person may do something to it."""
        tickets = list(Ticket.objects.with_people().filter(cases=case).order_by("pk"))
        return case.lets_work(tickets, self.person.authority(self.now))

    def show(self, case: Case, status: int = 200) -> Response:
        """How it is now."""
        context = {"rules": AuthorityRules.current(), "works": self.works_on(case)}
        return Response(AuthorityCaseOut(case, context=context).data, status=status)


class AuthorityCaseDetail(CaseEndpoint):
    """One case."""

    def get(self, request: Request, pk: int) -> Response:
        """Show it."""
        return self.show(self.find(pk))


class CaseOperation(CaseEndpoint):
    """One thing that can be done to a case."""

    Input: type[serializers.Serializer]

    def post(self, request: Request, pk: int) -> Response:
        """Do it, and show the case as it is then."""
        case = self.find(pk)
        self.act(case, self.read(self.Input), by=self.person, at=self.now)
        return self.show(self.find(pk))

    def act(self, case: Case, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        raise NotImplementedError


class NoteAcceptance(CaseOperation):
    """The authority has decided whether it takes the case; if it does, its own answer is due 30 days from then."""

    class Input(serializers.Serializer):
        """Yes or no, and when."""

        accepts = Answer()
        decided_at = Moment(required=False, allow_null=True, default=None, help_text="Empty: now.")

    def act(self, case: Case, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        cases.note_acceptance(case, accepts=asked["accepts"], decided_at=asked["decided_at"] or at, by=by, at=at)


class AnswerAuthority(CaseOperation):
    """Record what we have answered; it ends our own clock."""

    class Input(serializers.Serializer):
        """The answer."""

        text = Text()

    def act(self, case: Case, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        cases.answer(case, text=asked["text"], by=by, at=at)


class PartCount(Count):
    """A whole number that may come as a part of a form, where all is text."""

    def to_internal_value(self, data: Any) -> int:
        """The number."""
        return super().to_internal_value(int(data) if isinstance(data, str) and PART.fullmatch(data) else data)


class AddDocument(CaseOperation):
    """Add a paper: its text, a link to it, or the paper itself as a file, which is sent as a form with parts."""

    parser_classes = [Json, MultiPartParser]

    class Input(serializers.Serializer):
        """The paper."""

        title = Line(max_length=cases.LONGEST_LINE)
        link = Line(max_length=cases.LONGEST_LINK, optional=True)
        text = Text(optional=True)
        file = serializers.FileField(required=False, default=None, max_length=255, allow_empty_file=True)
        replaces = PartCount(required=False, allow_null=True, default=None, help_text="Another document.")
        reason = Line(max_length=cases.LONGEST_REASON, optional=True, help_text="Why that one is withdrawn.")

    def act(self, case: Case, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        cases.add_document(case, **asked, by=by, at=at)


class WithdrawDocument(CaseOperation):
    """Withdraw a paper that does not belong here; it stays on record with the reason."""

    class Input(serializers.Serializer):
        """Which, and why."""

        document = Count(help_text="Its id.")
        reason = Line(max_length=cases.LONGEST_REASON)

    def act(self, case: Case, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        cases.withdraw_document(case, asked["document"], reason=asked["reason"], by=by, at=at)


class DocumentFile(CaseEndpoint):
    """The file of one document of a case; of one that was withdrawn, for who works on the case."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int, key: str) -> FileResponse:
        """Its content, to be saved."""
        case = self.find(pk)
        readable = case.readable_documents(works=self.works_on(case))
        return as_download(get_object_or_404(Attachment, pk__in=readable.values("file"), key=key))


class LinkTicket(CaseOperation):
    """Say that the case is about another ticket as well."""

    class Input(serializers.Serializer):
        """Which."""

        ticket = Line(max_length=20, help_text="Its reference.")

    def act(self, case: Case, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        ticket = Ticket.objects.visible_to(by, at).with_people().filter(reference=asked["ticket"]).first()
        if ticket is None:
            raise ValidationError({"ticket": [_("There is no such ticket.")]})
        cases.link_ticket(case, ticket, by=by, at=at)


class CloseCase(CaseOperation):
    """Record how the case ended."""

    class Input(serializers.Serializer):
        """The outcome."""

        outcome = Text()

    def act(self, case: Case, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        cases.close(case, outcome=asked["outcome"], by=by, at=at)


class AppealOut(serializers.ModelSerializer):
    """A ticket, and from when its customer may appeal to an authority."""

    category = CategoryOut()
    may_appeal_at = serializers.DateTimeField()
    days = serializers.SerializerMethodField(help_text="Whole days until then; 0 when it is so already.")

    class Meta:
        model = Ticket
        fields = ("reference", "state", "category", "raised_at", "may_appeal_at", "days")

    def get_days(self, ticket: Any) -> int:
        """Counted from now."""
        return days_until(ticket.may_appeal_at, self.context["view"].now)


class Appeals(ListEndpoint):
    """The tickets whose customer may appeal now or later, soonest first: unanswered, or dissatisfied."""

    Output = AppealOut
    queryset = Ticket.objects.none()
    filter_backends = [AllowedFilters]
    orders = {"soonest": (By("may_appeal_at"), By("pk"))}

    def get_queryset(self) -> models.QuerySet[Ticket]:
        """Those that this person may see."""
        visible = Ticket.objects.visible_to(self.person, self.now).select_related("category")
        return within_reach(visible, rules=AuthorityRules.current(), now=self.now)
