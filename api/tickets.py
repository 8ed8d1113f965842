"""Tickets: the list, one of them, its history, and accepting a new one (R10–R15)."""

from typing import Any

from django.db import models
from django.shortcuts import get_object_or_404
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.models import Unit
from api.endpoints import Endpoint, ListEndpoint
from api.fields import ByCode, Choice, Line, Moment, Record, Text
from api.filters import AllowedFilters, TicketFilter
from api.output import EntryOut, TicketLine, TicketOut, whole
from api.paging import BY_KEY, By, Order
from complaints.actions.acceptance import Contacting, Matters
from complaints.actions.callers import Caller, accept_from, desk_of
from complaints.models import Category, Entry, Ticket
from complaints.states import Addressee, Level, Medium, Nature, Urgency
from customers import actions as customers
from customers.models import Standing


class ContactInput(serializers.Serializer):
    """Who complains if another than the subscriber, and how they want to be answered."""

    name = Line(max_length=120, optional=True)
    number = Line(max_length=32, optional=True)
    standing = Choice(Standing.choices, default=Standing.SUBSCRIBER)
    preferred_medium = Choice(Medium.choices, optional=True)
    night = Choice(
        [("yes", "yes"), ("no", "no")], optional=True, help_text="May they be called at night? Empty: not asked."
    )
    night_evidence = Line(optional=True)
    promised_for = Moment(required=False, allow_null=True, default=None, help_text="A time agreed for the reply.")
    promise_evidence = Line(optional=True)


class TicketList(ListEndpoint):
    """The tickets that you may see; POST accepts a new one.

    Accepting is made repeatable by `external_id`: a second one with the same id is refused with `external_id_taken` and
    the `reference` of the first. An open ticket of the same customer and category is refused as `duplicate`, with its
    `reference`, unless `duplicate_reason` says why another is needed.
    """

    class Input(serializers.Serializer):
        """A customer's matter."""

        number = Line(max_length=32, help_text="The subscriber's number.")
        name = Line(max_length=120, optional=True, help_text="Kept where the customer is not known yet.")
        category = ByCode(queryset=Category.objects.choosable(), help_text="The code of a category of the last level.")
        happened = Text()
        wanted = Text(optional=True)
        record = Record(default=dict, help_text="The fields that the category requires.")
        nature = Choice(Nature.choices, default=Nature.COMPLAINT)
        medium = Choice(Medium.choices, default=Medium.PHONE)
        addressee = Choice(Addressee.choices, default=Addressee.CENTRE)
        level = Choice(Level.choices, optional=True)
        urgency = Choice(Urgency.choices, optional=True, help_text="Empty: the category's.")
        recording = Line(max_length=120, optional=True)
        raised_at = Moment(required=False, allow_null=True, default=None, help_text="Where it was earlier than now.")
        unit = ByCode(
            queryset=Unit.objects.filter(is_active=True), required=False, allow_null=True, default=None,
            help_text="Where it is accepted; your own desk where nothing is said.",
        )  # fmt: skip
        contact = ContactInput(required=False)
        duplicate_reason = Line(optional=True)
        external_id = Line(max_length=120, optional=True)

    Output = TicketOut
    Line = TicketLine
    status = status.HTTP_201_CREATED
    queryset = Ticket.objects.none()
    filter_backends = [AllowedFilters]
    filterset_class = TicketFilter
    orders: dict[str, Order] = {
        "due": (By("next_due_at", nullable=True), By("raised_at"), By("pk")),
        "reply_due": (By("reply_due_at", nullable=True), By("raised_at"), By("pk")),
        "raised": (By("raised_at"), By("pk")),
        "-raised": (By("raised_at", descending=True), By("pk", descending=True)),
        "accepted": (By("accepted_at"), By("pk")),
        "-accepted": (By("accepted_at", descending=True), By("pk", descending=True)),
    }

    def get_queryset(self) -> models.QuerySet[Ticket]:
        """What this person may see."""
        return Ticket.objects.visible_to(self.person, self.now).for_queue()

    def post(self, request: Request) -> Response:
        """Accept a matter."""
        asked = self.read(self.Input)
        contact: dict[str, Any] = asked.get("contact") or {}
        ticket = accept_from(
            Caller(
                number=asked["number"],
                name=asked["name"],
                speaker=contact.get("name", ""),
                speaker_number=contact.get("number", ""),
                standing=contact.get("standing", Standing.SUBSCRIBER),
            ),
            matter=Matters(
                category=asked["category"],
                happened=asked["happened"],
                wanted=asked["wanted"],
                record=asked["record"],
                nature=asked["nature"],
                medium=asked["medium"],
                addressee=asked["addressee"],
                level=asked["level"],
                urgency=asked["urgency"],
                recording=asked["recording"],
            ),
            contacting=Contacting(
                preferred_medium=contact.get("preferred_medium", ""),
                night=contact.get("night", ""),
                night_evidence=contact.get("night_evidence", ""),
                promised_for=contact.get("promised_for"),
                promise_evidence=contact.get("promise_evidence", ""),
            ),
            unit=asked["unit"] or desk_of(self.person, at=self.now),
            by=self.person,
            at=self.now,
            raised_at=asked["raised_at"],
            duplicate_reason=asked["duplicate_reason"],
            external_id=asked["external_id"],
        )
        return Response(
            TicketOut(TicketOut.load(ticket), context=self.context()).data,
            status=self.status,
            headers={"Location": reverse("api:ticket", [ticket.reference], request=request)},
        )


class TicketDetail(Endpoint):
    """One ticket, whole. Its version is the ETag, to be sent back as `If-Match` or `version` with a write."""

    Output = TicketOut

    def get(self, request: Request, reference: str) -> Response:
        """Show it."""
        ticket = get_object_or_404(whole(Ticket.objects.visible_to(self.person, self.now)), reference=reference)
        return Response(TicketOut(ticket, context=self.context()).data, headers={"ETag": f'"{ticket.version}"'})


class TicketHistory(ListEndpoint):
    """What has happened to a ticket, oldest first (R5)."""

    Output = EntryOut
    queryset = Entry.objects.none()
    filter_backends = [AllowedFilters]
    orders = {"oldest": BY_KEY, "newest": (By("pk", descending=True),)}

    def get_queryset(self) -> models.QuerySet[Entry]:
        """The entries of a ticket that this person may see."""
        ticket = get_object_or_404(
            Ticket.objects.visible_to(self.person, self.now).only("pk", "state"), reference=self.kwargs["reference"]
        )
        return ticket.entries.select_related("by", "note")


class RevealContact(Endpoint):
    """Open the full number at which the customer is to be reached about this ticket; logged with the reason (R2)."""

    class Input(serializers.Serializer):
        """Why."""

        reason = Line()

    class Output(serializers.Serializer):
        """The full number."""

        contact_number = serializers.CharField()

    def post(self, request: Request, reference: str) -> Response:
        """Log it, then show it."""
        ticket = get_object_or_404(
            Ticket.objects.visible_to(self.person, self.now).select_related("customer"), reference=reference
        )
        asked = self.read(self.Input)
        customers.disclose(
            ticket.customer, what=f"contact_number {ticket.pk}", reason=asked["reason"], by=self.person, at=self.now
        )
        return Response({"contact_number": ticket.contact_number})
