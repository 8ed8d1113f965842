"""On the way to the answer, and after it: progress (R34), interim remedies (R31), follow-ups (R44)."""

from datetime import datetime
from typing import Any

from django.db import models
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from api.endpoints import Endpoint, ListEndpoint, TicketInput, TicketOperation
from api.fields import Choice, Text
from api.filters import AllowedFilters
from api.output import CustomerOut, PersonOut
from api.paging import By
from complaints.actions import following_up, progressing
from complaints.models import FollowUp, Ticket
from complaints.models.follow_up import FollowUpResult
from complaints.states import Medium

MEDIA = [(value, label) for value, label in Medium.choices if value in progressing.MEDIA]


class TellProgress(TicketOperation):
    """Record that the customer was told how it stands; it ends no clock (R34)."""

    class Input(TicketInput):
        """By what way, and what was said."""

        medium = Choice(MEDIA)
        text = Text()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        progressing.tell_progress(ticket, medium=asked["medium"], text=asked["text"], by=by, at=at)


class ReportInterim(TicketOperation):
    """Tell the owner what helps the customer at once, before the final feedback (R31)."""

    class Input(TicketInput):
        """What was done."""

        text = Text()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        progressing.report_interim(ticket, text=asked["text"], by=by, at=at)


class FollowUpOut(serializers.ModelSerializer):
    """A follow-up with a customer who does not accept the outcome."""

    ticket = serializers.CharField(source="ticket.reference")
    customer = CustomerOut(source="ticket.customer")
    manager = PersonOut(allow_null=True)
    done_by = PersonOut(allow_null=True)

    class Meta:
        model = FollowUp
        fields = (
            "id", "ticket", "round", "customer", "manager", "opened_at", "due_at", "result", "text", "done_at",
            "done_by",
        )  # fmt: skip


class FollowUps(ListEndpoint):
    """The open follow-ups that are yours, first due first."""

    Output = FollowUpOut
    queryset = FollowUp.objects.none()
    filter_backends = [AllowedFilters]
    orders = {"due": (By("due_at"), By("pk"))}

    def get_queryset(self) -> models.QuerySet[FollowUp]:
        """Those of this manager and of whom they stand in for."""
        return FollowUp.objects.for_person(self.person, self.now).for_list()


class FinishFollowUp(Endpoint):
    """Record how a follow-up went."""

    class Input(serializers.Serializer):
        """The result, by what way, and what was said."""

        result = Choice(FollowUpResult.choices)
        medium = Choice(MEDIA, default=Medium.PHONE)
        text = Text()

    Output = FollowUpOut

    def post(self, request: Request, pk: int) -> Response:
        """Record it, and show it as it is then."""
        tickets = Ticket.objects.visible_to(self.person, self.now).order_by().values("pk")
        task = get_object_or_404(FollowUp.objects.filter(ticket__in=tickets), pk=pk)
        asked = self.read(self.Input)
        following_up.finish_follow_up(task, **asked, by=self.person, at=self.now)
        return Response(FollowUpOut(FollowUp.objects.for_list().get(pk=pk)).data)
