"""Opening customers: by number or reference for whoever answers a caller (R1), and what is masked (R2)."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoints import Endpoint, refuse_old_view
from api.fields import Choice, Line
from api.output import CustomerWhole, TicketLine, TicketOut, whole
from api.talking import ChaseUpInput
from complaints.actions import chasing
from complaints.models import Ticket
from customers import actions as customers
from customers.models import Customer, Lookup

TICKETS_SHOWN = 50


class LookUpOut(serializers.Serializer):
    """A customer as opened for a caller: who they are, and their tickets, the latest first."""

    id = serializers.IntegerField(help_text="Of the look-up.")
    at = serializers.DateTimeField()
    customer = CustomerWhole()
    tickets = TicketLine(many=True)


class LookUps(Endpoint):
    """Open a customer by number, or by the reference of one of their tickets; logged.

    For a while it shows that customer's tickets for reading and chasing up, and for nothing else (R1).
    """

    class Input(serializers.Serializer):
        """The one or the other. It is no part of an address, so that no log keeps it."""

        number = Line(max_length=32, optional=True)
        reference = Line(max_length=20, optional=True)

        def validate(self, asked: dict[str, str]) -> dict[str, str]:
            """Exactly one of the two."""
            if bool(asked["number"]) == bool(asked["reference"]):
                raise ValidationError(_("Give either a number or a reference."))
            return asked

    Output = LookUpOut
    status = status.HTTP_201_CREATED

    def post(self, request: Request) -> Response:
        """Log it, then show the customer."""
        asked = self.read(self.Input)
        if asked["number"]:
            look_up = customers.look_up(asked["number"], by=self.person, at=self.now)
        else:
            customers.refuse_who_answers_no_callers(self.person, at=self.now)
            ticket = get_object_or_404(Ticket.objects.select_related("customer"), reference=asked["reference"])
            look_up = customers.open_customer(ticket.customer, by=self.person, at=self.now)
        tickets = Ticket.objects.with_people().filter(customer=look_up.customer).order_by("-raised_at", "-pk")
        shown = {"id": look_up.pk, "at": look_up.at, "customer": look_up.customer, "tickets": tickets[:TICKETS_SHOWN]}
        return Response(LookUpOut(shown, context=self.context()).data, status=self.status)


class LookedUpTicket(Endpoint):
    """A ticket of a customer whom you have looked up a short while ago, for reading."""

    Output = TicketOut

    def get(self, request: Request, pk: int, reference: str) -> Response:
        """Show it; what could be done with it is not offered here."""
        look_up = get_object_or_404(Lookup.objects.open_for(self.person, self.now), pk=pk)
        ticket = get_object_or_404(whole(Ticket.objects.filter(customer=look_up.customer_id)), reference=reference)
        return Response(TicketOut(ticket, context={"now": self.now}).data)


class LookedUpChaseUp(Endpoint):
    """Record that a customer whom you have looked up asked again (R1, R32)."""

    Input = ChaseUpInput
    Output = TicketOut

    def post(self, request: Request, pk: int, reference: str) -> Response:
        """Add it, and show the ticket."""
        look_up = get_object_or_404(Lookup.objects.open_for(self.person, self.now), pk=pk)
        ticket = get_object_or_404(
            Ticket.objects.with_people().filter(customer=look_up.customer_id), reference=reference
        )
        asked = self.read(self.Input)
        refuse_old_view(ticket, seen=asked.get("version"))
        chasing.chase_up(ticket, text=asked["text"], medium=asked["medium"], by=self.person, at=self.now)
        return Response(TicketOut(TicketOut.load(ticket), context={"now": self.now}).data)


def customers_open_to(endpoint: Endpoint) -> models.QuerySet[Customer]:
    """Whose tickets this person may see, or whom they have looked up a short while ago."""
    tickets = Ticket.objects.visible_to(endpoint.person, endpoint.now).filter(customer=OuterRef("pk"))
    look_ups = Lookup.objects.open_for(endpoint.person, endpoint.now).filter(customer=OuterRef("pk"))
    return Customer.objects.filter(Q(Exists(tickets)) | Q(Exists(look_ups))).select_related("manager", "branch")


class CustomerDetail(Endpoint):
    """A customer, masked, with flags (R80)."""

    Output = CustomerWhole

    def get(self, request: Request, pk: int) -> Response:
        """Show them."""
        customer = get_object_or_404(customers_open_to(self), pk=pk)
        return Response(CustomerWhole(customer, context=self.context()).data)


class Reveal(Endpoint):
    """Open a full value that is masked otherwise; logged with the reason, and limited (R2)."""

    class Input(serializers.Serializer):
        """Which, and why."""

        field = Choice([(name, name) for name in customers.REVEALABLE])
        reason = Line()

    class Output(serializers.Serializer):
        """The full value."""

        field = serializers.CharField()
        value = serializers.CharField()

    def post(self, request: Request, pk: int) -> Response:
        """Log it, then show it."""
        customer = get_object_or_404(customers_open_to(self), pk=pk)
        asked = self.read(self.Input)
        value = customers.reveal(customer, field=asked["field"], reason=asked["reason"], by=self.person, at=self.now)
        return Response({"field": asked["field"], "value": value})
