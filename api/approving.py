"""Solutions above somebody's authority: put up for approval, and decided (方案审批, R33)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from api.endpoints import Endpoint, ListEndpoint, TicketInput, TicketOperation, refuse_old_view
from api.fields import Answer, Choice, Text
from api.filters import AllowedFilters
from api.output import PersonOut, UnitOut
from api.paging import BY_KEY, By
from approvals import actions
from approvals.models import Approval, SolutionKind
from complaints.models import Ticket


class ApprovalOut(serializers.ModelSerializer):
    """A solution that waits for somebody's yes, or had it."""

    ticket = serializers.CharField(source="ticket.reference")
    unit = UnitOut()
    requested_by = PersonOut()
    decided_by = PersonOut(allow_null=True)

    class Meta:
        model = Approval
        fields = (
            "id", "ticket", "round", "kind", "amount", "solution", "unit", "requested_by", "requested_at", "decision",
            "decided_by", "decided_at", "note",
        )  # fmt: skip


class RequestApproval(TicketOperation):
    """Put a solution to whoever may decide about its amount; the reply waits for the decision."""

    class Input(TicketInput):
        """What is offered."""

        kind = Choice(SolutionKind.choices)
        amount = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=Decimal("0.01"), help_text="Yuan.")
        solution = Text()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        actions.request(ticket, kind=asked["kind"], amount=asked["amount"], solution=asked["solution"], by=by, at=at)


class GrantSolution(TicketOperation):
    """Grant a solution within your own authority, on the spot (R33)."""

    Input = RequestApproval.Input

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        actions.grant(ticket, kind=asked["kind"], amount=asked["amount"], solution=asked["solution"], by=by, at=at)


class SolutionsOfTicket(ListEndpoint):
    """Every solution on a ticket: who decided what and when."""

    Output = ApprovalOut
    queryset = Approval.objects.none()
    filter_backends = [AllowedFilters]
    orders = {"oldest": BY_KEY}

    def get_queryset(self) -> models.QuerySet[Approval]:
        """Those of a ticket that this person may see."""
        visible = Ticket.objects.visible_to(self.person, self.now).only("pk", "state")
        ticket = get_object_or_404(visible, reference=self.kwargs["reference"])
        return Approval.objects.filter(ticket=ticket).with_people()


class DecidedSolutions(ListEndpoint):
    """What was decided in the units that you lead or supervise, latest first."""

    Output = ApprovalOut
    queryset = Approval.objects.none()
    filter_backends = [AllowedFilters]
    orders = {"latest": (By("pk", descending=True),)}

    def get_queryset(self) -> models.QuerySet[Approval]:
        """Those of this person's units."""
        return Approval.objects.decided_under(self.person, self.now)


class Approvals(ListEndpoint):
    """What waits for your decision."""

    Output = ApprovalOut
    queryset = Approval.objects.none()
    filter_backends = [AllowedFilters]
    orders = {"requested": (By("requested_at"), By("pk"))}

    def get_queryset(self) -> models.QuerySet[Approval]:
        """The open ones whose amount this person's role covers."""
        return Approval.objects.for_person(self.person, self.now).with_people()


class ApprovalOperation(Endpoint):
    """One thing that can be done to an approval on a ticket that one may see, or that one may decide."""

    Input: type[serializers.Serializer] = TicketInput
    Output = ApprovalOut

    def post(self, request: Request, pk: int) -> Response:
        """Do it, and show the approval as it is then."""
        tickets = Ticket.objects.visible_to(self.person, self.now).order_by().values("pk")
        to_decide = Approval.objects.for_person(self.person, self.now).values("pk")
        reachable = Approval.objects.with_people().filter(Q(ticket__in=tickets) | Q(pk__in=to_decide))
        approval = get_object_or_404(reachable, pk=pk)
        asked = self.read(self.Input)
        refuse_old_view(approval.ticket, seen=asked.get("version"))
        self.act(approval, asked, by=self.person, at=self.now)
        return Response(ApprovalOut(Approval.objects.with_people().get(pk=pk)).data)

    def act(self, approval: Approval, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        raise NotImplementedError


class DecideApproval(ApprovalOperation):
    """Say yes or no."""

    class Input(TicketInput):
        """The decision, and why where it is no."""

        approves = Answer()
        note = Text(optional=True)

    def act(self, approval: Approval, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        actions.decide(approval, approves=asked["approves"], note=asked["note"], by=by, at=at)


class WithdrawApproval(ApprovalOperation):
    """Take the request back."""

    def act(self, approval: Approval, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        actions.withdraw(approval, by=by, at=at)
