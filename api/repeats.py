"""Repeats and the other four kinds (R81): what a ticket repeats, its chain, and saying so."""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from api.endpoints import Endpoint, TicketInput, TicketOperation
from api.fields import Answer, Line, Text
from api.output import CategoryOut, PersonOut
from complaints.actions import adding
from complaints.models import Ticket
from repeats.actions import linking
from repeats.chains import Link, chain_of, kinds_of
from repeats.finding import candidates
from repeats.models import Ground, Match, Repeat


class KindsOut(serializers.Serializer):
    """The five kinds, each apart."""

    chase_ups = serializers.IntegerField()
    late_chase_ups = serializers.IntegerField(help_text="Past the limit of the reply; each counts as a repeat too.")
    follow_ups = serializers.IntegerField(help_text="New facts to the open matter.")
    reopenings = serializers.IntegerField()
    is_repeat = serializers.BooleanField()
    is_escalated = serializers.BooleanField()


class RepeatOut(serializers.ModelSerializer):
    """By what a ticket counts as a repeat."""

    decided_by = PersonOut(allow_null=True)

    class Meta:
        model = Repeat
        fields = ("ground", "match", "standing", "found_at", "decided_by", "decided_at")


class LinkOut(serializers.Serializer):
    """One ticket of the chain."""

    reference = serializers.CharField(source="ticket.reference")
    state = serializers.CharField(source="ticket.state")
    category = CategoryOut(source="ticket.category")
    accepted_at = serializers.DateTimeField(source="ticket.accepted_at")
    repeat = serializers.SerializerMethodField(help_text="Nothing for the first of the chain.")

    @extend_schema_field(RepeatOut(allow_null=True))
    def get_repeat(self, link: Link) -> Any:
        """How it repeats the one before."""
        return RepeatOut(link.repeat).data if link.repeat is not None else None


class CandidateOut(serializers.Serializer):
    """An earlier ticket that it may repeat."""

    reference = serializers.CharField(source="ticket.reference")
    state = serializers.CharField(source="ticket.state")
    category = CategoryOut(source="ticket.category")
    accepted_at = serializers.DateTimeField(source="ticket.accepted_at")
    ground = serializers.ChoiceField(Ground.choices)
    match = serializers.ChoiceField(Match.choices)
    likeness = serializers.FloatField(help_text="How alike the texts are, from 0 to 1.")


class Repeats(Endpoint):
    """What was said before: the five kinds, the chain as far as you may see it, and what else it may repeat."""

    class Output(serializers.Serializer):
        """All of it."""

        kinds = KindsOut()
        chain = LinkOut(many=True)
        candidates = CandidateOut(many=True)

    def get(self, request: Request, reference: str) -> Response:
        """Show it."""
        visible = Ticket.objects.visible_to(self.person, self.now).with_people()
        ticket = get_object_or_404(visible, reference=reference)
        return Response(
            self.Output(
                {
                    "kinds": kinds_of(ticket),
                    "chain": chain_of(ticket, by=self.person, at=self.now),
                    "candidates": candidates(ticket, at=self.now, by=self.person),
                }
            ).data
        )


class JudgeRepeat(TicketOperation):
    """Confirm that it is a repeat, or say that it is none."""

    class Input(TicketInput):
        """Yes, or no and why."""

        is_one = Answer()
        reason = Line(optional=True, help_text="Needed where it is none.")

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        if asked["is_one"]:
            linking.confirm(ticket, by=by, at=at)
        else:
            linking.reject(ticket, reason=asked["reason"], by=by, at=at)


class LinkRepeat(TicketOperation):
    """Say which earlier ticket it repeats; one of its candidates."""

    class Input(TicketInput):
        """Which."""

        earlier = Line(max_length=20, help_text="Its reference.")

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        earlier = Ticket.objects.visible_to(by, at).filter(reference=asked["earlier"]).first()
        if earlier is None:
            raise ValidationError({"earlier": [_("There is no such ticket.")]})
        linking.link(ticket, earlier=earlier, by=by, at=at)


class AddFacts(TicketOperation):
    """Note what the customer has told beyond the record (追加)."""

    class Input(TicketInput):
        """What was told."""

        text = Text()

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        adding.add_facts(ticket, text=asked["text"], by=by, at=at)
