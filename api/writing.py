"""Written replies (R41, R46): drafted, checked, approved, sent; with their versions and the paper."""

from datetime import datetime
from typing import Any

from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from api.endpoints import Endpoint, ListEndpoint, TicketInput, refuse_old_view
from api.fields import Answer, Choice, Count, Line, Text
from api.filters import AllowedFilters
from api.output import PersonOut, UnitOut
from api.paging import BY_KEY, By
from complaints.models import Ticket
from letters import pdf
from letters.actions import approving, drafting, sending
from letters.actions.drafting import LONGEST_ADDRESS, LONGEST_NAME, LONGEST_SUBJECT, Wording
from letters.kinds import Language
from letters.models import Letter, Review, Version
from letters.models.letter import CHOICES


class VersionOut(serializers.ModelSerializer):
    """The words as somebody left them."""

    written_by = PersonOut()

    class Meta:
        model = Version
        fields = ("number", "addressee", "address", "subject", "body", "written_by", "written_at")


class ReviewOut(serializers.ModelSerializer):
    """Somebody agreed, or did not."""

    version = serializers.IntegerField(source="version.number")
    by = PersonOut()

    class Meta:
        model = Review
        fields = ("step", "version", "approves", "note", "asked_at", "by", "at")


class LetterLine(serializers.ModelSerializer):
    """A letter in a list."""

    ticket = serializers.CharField(source="ticket.reference")
    unit = UnitOut(help_text="Whose lead agrees.")
    drafted_by = PersonOut()

    class Meta:
        model = Letter
        fields: tuple[str, ...] = (
            "id", "ticket", "round", "medium", "language", "unit", "needs_legal", "standing", "awaits", "number",
            "drafted_by", "drafted_at", "submitted_at", "asked_at", "sent_at",
        )  # fmt: skip


class LetterOut(LetterLine):
    """A letter with its versions, what keeps it from being sent, and who agreed."""

    versions = VersionOut(many=True)
    reviews = ReviewOut(many=True)
    findings = serializers.SerializerMethodField()

    class Meta(LetterLine.Meta):
        fields = (*LetterLine.Meta.fields, "versions", "reviews", "findings")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_findings(self, letter: Letter) -> list[str]:
        """What is missing, open or forbidden."""
        return [drafting.describe(found) for found in drafting.check(letter, letter.get_current())]


class WordingInput(TicketInput):
    """The words; what is left out when a letter is begun comes from the template."""

    addressee = Line(max_length=LONGEST_NAME, optional=True)
    address = Line(max_length=LONGEST_ADDRESS, optional=True)
    subject = Line(max_length=LONGEST_SUBJECT, optional=True)
    body = Text(optional=True)


def wording_of(asked: dict[str, Any]) -> Wording:
    """The words that were read."""
    return Wording(**{name: asked[name] for name in ("addressee", "address", "subject", "body")})


class LettersOfTicket(ListEndpoint):
    """The written replies to a ticket; POST begins one, from the category's template where no text is given."""

    class Input(WordingInput):
        """By what way, in which language."""

        medium = Choice(CHOICES)
        language = Choice(Language.choices)

    Output = LetterOut
    Line = LetterLine
    status = status.HTTP_201_CREATED
    queryset = Letter.objects.none()
    filter_backends = [AllowedFilters]
    orders = {"oldest": BY_KEY}

    def get_queryset(self) -> models.QuerySet[Letter]:
        """Those of a ticket that this person may see."""
        visible = Ticket.objects.visible_to(self.person, self.now).only("pk", "state")
        return Letter.objects.filter(
            ticket=get_object_or_404(visible, reference=self.kwargs["reference"])
        ).with_people()

    def post(self, request: Request, reference: str) -> Response:
        """Begin a letter."""
        visible = Ticket.objects.visible_to(self.person, self.now).with_people()
        ticket = get_object_or_404(visible, reference=reference)
        asked = self.read(self.Input)
        refuse_old_view(ticket, seen=asked.get("version"))
        proposed = drafting.propose(ticket, language=asked["language"], by=self.person, at=self.now)
        given = {name: text for name, text in vars(wording_of(asked)).items() if text}
        letter = drafting.draft(
            ticket,
            medium=asked["medium"],
            language=asked["language"],
            wording=Wording(**vars(proposed) | given),
            by=self.person,
            at=self.now,
        )
        return Response(LetterOut(Letter.objects.whole().get(pk=letter.pk)).data, status=self.status)


class LettersToDecide(ListEndpoint):
    """The letters that wait for your agreement."""

    Output = LetterOut
    Line = LetterLine
    queryset = Letter.objects.none()
    filter_backends = [AllowedFilters]
    orders = {"asked": (By("asked_at"), By("pk"))}

    def get_queryset(self) -> models.QuerySet[Letter]:
        """Those in the units whose lead, or legal adviser, this person is."""
        return Letter.objects.to_decide_for(self.person, self.now).with_people()


class LetterEndpoint(Endpoint):
    """One letter on a ticket that one may see, or that one decides or decided about."""

    Output = LetterOut

    def find(self, pk: int) -> Letter:
        """The letter. Raises Http404."""
        tickets = Ticket.objects.visible_to(self.person, self.now).order_by().values("pk")
        to_decide = Letter.objects.to_decide_for(self.person, self.now).values("pk")
        decided = Letter.objects.decided_by(self.person.pk).values("pk")
        reachable = models.Q(ticket__in=tickets) | models.Q(pk__in=to_decide) | models.Q(pk__in=decided)
        return get_object_or_404(Letter.objects.whole().filter(reachable), pk=pk)


class LetterDetail(LetterEndpoint):
    """One letter, whole."""

    def get(self, request: Request, pk: int) -> Response:
        """Show it."""
        return Response(LetterOut(self.find(pk)).data)


class LetterPaper(LetterEndpoint):
    """The letter as PDF."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Draw it."""
        letter = self.find(pk)
        file = pdf.render(letter, letter.get_current(), at=self.now)
        return HttpResponse(file, content_type="application/pdf", headers={"X-Content-Type-Options": "nosniff"})


class SeenInput(serializers.Serializer):
    """Which version one has read."""

    number = Count(required=False, allow_null=True, default=None, help_text="The version of the letter that you read.")


class LetterOperation(LetterEndpoint):
    """One thing that can be done to a letter."""

    Input: type[serializers.Serializer] = SeenInput

    def post(self, request: Request, pk: int) -> Response:
        """Do it, and show the letter as it is then."""
        letter = self.find(pk)
        self.act(letter, self.read(self.Input), by=self.person, at=self.now)
        return Response(LetterOut(Letter.objects.whole().get(pk=pk)).data)

    def act(self, letter: Letter, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        raise NotImplementedError


class ReviseLetter(LetterOperation):
    """Leave other words; what was agreed to before has to be agreed to anew."""

    class Input(SeenInput, WordingInput):
        """All of the words."""

    def act(self, letter: Letter, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        drafting.revise(letter, wording=wording_of(asked), seen=asked["number"], by=by, at=at)


class SubmitLetter(LetterOperation):
    """Put it before the unit's lead; refused with all that the check finds."""

    def act(self, letter: Letter, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        approving.submit(letter, seen=asked["number"], by=by, at=at)


class DecideLetter(LetterOperation):
    """Agree to it, or say why not."""

    class Input(SeenInput):
        """The decision, and why where it is no."""

        approves = Answer()
        note = Text(optional=True)

    def act(self, letter: Letter, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        approving.decide(letter, approves=asked["approves"], note=asked["note"], seen=asked["number"], by=by, at=at)


class SendLetter(LetterOperation):
    """Send what is approved; it makes the move of a reply."""

    def act(self, letter: Letter, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        sending.send(letter, seen=asked["number"], by=by, at=at)


class WithdrawLetter(LetterOperation):
    """Give it up."""

    def act(self, letter: Letter, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        drafting.withdraw(letter, by=by, at=at)
