"""Limits: the clocks of a ticket, each explained in words, and their extension (R28, R29)."""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from api.endpoints import Endpoint, TicketInput, TicketOperation
from api.fields import Choice, Line, Moment
from api.output import ClockOut
from complaints.models import Ticket
from sla.actions.explaining import explain
from sla.actions.extending import extend
from sla.kinds import Kind
from sla.models import Clock


class StretchOut(serializers.Serializer):
    """One stretch on the way from a clock's start to its due."""

    why = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    begins_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    seconds = serializers.FloatField(help_text="That counted.")


class ExplainedClock(ClockOut):
    """A clock, and why it is due when it is."""

    policy = serializers.SerializerMethodField(help_text="Its code and version; empty without one.")
    steps = serializers.SerializerMethodField()
    sentences = serializers.SerializerMethodField()

    class Meta(ClockOut.Meta):
        fields = (*ClockOut.Meta.fields, "policy", "steps", "sentences")

    def get_policy(self, clock: Clock) -> str:
        """The version that it is bound to."""
        return f"{clock.policy.code} {clock.policy.version}" if clock.policy is not None else ""

    @extend_schema_field(StretchOut(many=True))
    def get_steps(self, clock: Clock) -> Any:
        """The stretches, without a gap."""
        return StretchOut(explain(clock).as_data(), many=True).data

    def get_sentences(self, clock: Clock) -> list[str]:
        """The same for people."""
        return explain(clock).sentences


class Clocks(Endpoint):
    """The clocks of a ticket, oldest first, each with the way to its due in steps and in words."""

    class Output(serializers.Serializer):
        """All of them; a ticket has few."""

        clocks = ExplainedClock(many=True)

    def get(self, request: Request, reference: str) -> Response:
        """Explain them."""
        ticket = get_object_or_404(Ticket.objects.visible_to(self.person, self.now), reference=reference)
        clocks = Clock.objects.filter(ticket=ticket).select_related("unit", "policy").prefetch_related("intervals")
        return Response(self.Output({"clocks": clocks}).data)


class Extend(TicketOperation):
    """Give an obligation more time, as a supervisor; its limit stays beside it (R29, R94)."""

    class Input(TicketInput):
        """Which, until when, and why."""

        clock = Choice(Kind.choices)
        until = Moment()
        reason = Line()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        extend(ticket, kind=asked["clock"], until=asked["until"], reason=asked["reason"], by=by, at=at)
