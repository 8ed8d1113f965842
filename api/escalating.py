"""Escalations: the inbox, and what a supervisor does about a ticket (R91–R94)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person, Unit
from api.concluding import ReasonInput
from api.endpoints import Endpoint, ListEndpoint, TicketInput, TicketOperation
from api.fields import Answer, ByCode, ById, Choice, Line, Text
from api.filters import AllowedFilters
from api.output import CategoryOut, CustomerOut, PersonOut, UnitOut
from api.paging import By, Order
from api.talking import TextInput
from complaints.models import Ticket
from complaints.states import Urgency
from escalation.actions import answering, raising, supervising
from escalation.models import Escalation

MOST_AT_ONCE = 100


class EscalationOut(serializers.ModelSerializer):
    """Somebody higher hears of it: why, how grave, and how it stands."""

    ticket = serializers.CharField(source="ticket.reference")
    category = CategoryOut(source="ticket.category")
    customer = CustomerOut(source="ticket.customer")
    ladder = serializers.CharField(source="step.ladder.code")
    step = serializers.IntegerField(source="step.order")
    to_unit = UnitOut(allow_null=True)
    recipients = PersonOut(many=True)
    raised_by = PersonOut(allow_null=True)
    acknowledged_by = PersonOut(allow_null=True)
    resolved_by = PersonOut(allow_null=True)

    class Meta:
        model = Escalation
        fields = (
            "id", "ticket", "category", "customer", "ladder", "step", "reason", "severity", "state", "planned_at",
            "noticed_at", "to_role", "to_unit", "recipients", "gap", "raised_by", "ack_due_at", "ack_missed_at",
            "acknowledged_at", "acknowledged_by", "reminders", "resolved_at", "resolved_by", "closed_at",
            "closed_because",
        )  # fmt: skip


class Inbox(ListEndpoint):
    """What waits for you: told to you, to whom you stand in for, or to a role that you hold there (R91)."""

    Output = EscalationOut
    queryset = Escalation.objects.none()
    filter_backends = [AllowedFilters]
    orders: dict[str, Order] = {"weight": (By("severity", descending=True), By("noticed_at", nullable=True), By("pk"))}

    def get_queryset(self) -> models.QuerySet[Escalation]:
        """It stays until resolved or closed."""
        return Escalation.objects.inbox(self.person, self.now).with_people()


class TicketEscalations(ListEndpoint):
    """All escalations of a ticket, planned ones included."""

    Output = EscalationOut
    queryset = Escalation.objects.none()
    filter_backends = [AllowedFilters]
    orders: dict[str, Order] = {"planned": (By("planned_at"), By("pk"))}

    def get_queryset(self) -> models.QuerySet[Escalation]:
        """Those of a ticket that this person may see."""
        ticket = get_object_or_404(
            Ticket.objects.visible_to(self.person, self.now).only("pk", "state"), reference=self.kwargs["reference"]
        )
        return ticket.escalations.with_people()


class EscalationOperation(Endpoint):
    """One thing that can be done to an escalation on a ticket that one may see."""

    Input: type[serializers.Serializer] = TicketInput
    Output = EscalationOut

    def post(self, request: Request, pk: int) -> Response:
        """Do it, and show the escalation as it is then."""
        escalation = get_object_or_404(Escalation.objects.visible_to(self.person, self.now), pk=pk)
        asked = self.read(self.Input)
        self.act(escalation, asked, by=self.person, at=self.now)
        return Response(EscalationOut(Escalation.objects.with_people().get(pk=pk)).data)

    def act(self, escalation: Escalation, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        raise NotImplementedError


class NoteInput(serializers.Serializer):
    """What was done about it."""

    note = Text(optional=True)


class NothingInput(serializers.Serializer):
    """Nothing."""


class Acknowledge(EscalationOperation):
    """Say that you see to it; it does not stop the ladder (R91)."""

    Input = NothingInput

    def act(self, escalation: Escalation, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        answering.acknowledge(escalation, by=by, at=at)


class Resolve(EscalationOperation):
    """Say that it is dealt with; it leaves the inbox (R91)."""

    Input = NoteInput

    def act(self, escalation: Escalation, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        answering.resolve(escalation, note=asked["note"], by=by, at=at)


class ManyInput(serializers.Serializer):
    """Which ones."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), allow_empty=False, max_length=MOST_AT_ONCE
    )


class OneOfManyOut(serializers.Serializer):
    """How it went for one."""

    id = serializers.IntegerField()
    done = serializers.BooleanField()
    code = serializers.CharField(help_text="Why not; empty where it was done.")
    detail = serializers.CharField()


class ManyEscalations(Endpoint):
    """The same for many at once, each on its own: what is refused for one is done for the others (R94)."""

    Input: type[serializers.Serializer] = ManyInput
    deed: ClassVar[Callable[..., Any]]

    class Output(serializers.Serializer):
        """How it went for each, in the order asked."""

        results = OneOfManyOut(many=True)

    def post(self, request: Request) -> Response:
        """Do it for each."""
        asked = self.read(self.Input)
        ids = list(dict.fromkeys(asked.pop("ids")))
        found = Escalation.objects.visible_to(self.person, self.now).in_bulk(ids)
        results = supervising.for_many(found.values(), type(self).deed, by=self.person, at=self.now, **asked)
        went = {result.subject.pk: result.refusal for result in results}
        return Response({"results": [_result(pk, known=pk in found, refusal=went.get(pk)) for pk in ids]})


def _result(pk: int, *, known: bool, refusal: Any) -> dict[str, Any]:
    if not known:
        return {"id": pk, "done": False, "code": "not_found", "detail": _("There is no such thing for you to see.")}
    if refusal is not None:
        return {"id": pk, "done": False, "code": refusal.code, "detail": str(refusal)}
    return {"id": pk, "done": True, "code": "", "detail": ""}


class AcknowledgeMany(ManyEscalations):
    """Say of many that you see to them."""

    deed = staticmethod(answering.acknowledge)


class ResolveMany(ManyEscalations):
    """Say of many that they are dealt with."""

    class Input(ManyInput):
        """Which ones, and what was done about them."""

        note = Text(optional=True)

    deed = staticmethod(answering.resolve)


class Escalate(TicketOperation):
    """Put a ticket before a supervisor now (R93)."""

    Input = ReasonInput

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        raising.escalate(ticket, reason=asked["reason"], by=by, at=at)


class TakeOver(TicketOperation):
    """See to it yourself: acknowledge what waits for you on it, and take it in hand where a unit has it (R94)."""

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        supervising.take_over(ticket, by=by, at=at)


class Reassign(TicketOperation):
    """Put a ticket into other hands: a unit's or a person's (R94)."""

    class Input(TicketInput):
        """To a unit, with a reason, or to a person."""

        unit = ByCode(queryset=Unit.objects.all(), required=False, allow_null=True, default=None)
        person = ById(queryset=Person.objects.filter(is_active=True), required=False, allow_null=True, default=None)
        reason = Line(optional=True)

        def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
            """Exactly one of the two."""
            if (asked["unit"] is None) == (asked["person"] is None):
                raise serializers.ValidationError(_("Name either a unit or a person."))
            return asked

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        supervising.reassign(ticket, to=asked["unit"] or asked["person"], reason=asked["reason"], by=by, at=at)


class Demand(TicketOperation):
    """Put a formal demand on a ticket (督办); acknowledges what waits for you on it (R94)."""

    Input = TextInput

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        supervising.demand(ticket, text=asked["text"], by=by, at=at)


class DecideGravity(TicketOperation):
    """Confirm that a ticket is grave, the recording at hand, or lower it (R93)."""

    class Input(TicketInput):
        """How grave it is, and why where it is less than marked."""

        grave = Answer()
        reason = Line(optional=True)
        urgency = Choice(Urgency.choices, optional=True, help_text="Set with it where it is lowered.")

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        if asked["grave"]:
            supervising.confirm_grave(ticket, by=by, at=at)
        else:
            supervising.lower_grave(ticket, reason=asked["reason"], urgency=asked["urgency"], by=by, at=at)
