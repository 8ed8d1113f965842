"""The callback (回访): taken, tried, answered, and decided after the last round (R70–R74)."""

from datetime import datetime
from typing import Any

from django.db import models
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from api.endpoints import Endpoint, ListEndpoint, TicketInput, refuse_old_view
from api.fields import Answer, Choice, Moment, Text
from api.filters import AllowedFilters
from api.output import CategoryOut, CustomerOut, PersonOut
from api.paging import By, Order
from api.replying import MISSED
from callbacks.actions import calling, deciding
from callbacks.answers import SAID_BY_CUSTOMERS, Satisfaction
from callbacks.models import Attempt, Callback
from complaints.models import Ticket

SAID = [(value, label) for value, label in Satisfaction.choices if value in SAID_BY_CUSTOMERS]


class AttemptOut(serializers.ModelSerializer):
    """A try that brought no answer."""

    by = PersonOut()

    class Meta:
        model = Attempt
        fields = ("at", "by", "medium", "result", "next_at")


class CallbackLine(serializers.ModelSerializer):
    """A callback in a list."""

    ticket = serializers.CharField(source="ticket.reference")
    category = CategoryOut(source="ticket.category")
    customer = CustomerOut(source="ticket.customer")
    taken_by = PersonOut(allow_null=True)

    class Meta:
        model = Callback
        fields: tuple[str, ...] = (
            "id", "ticket", "round", "category", "customer", "mode", "state", "opened_at", "planned_for", "taken_by",
            "taken_until", "awaits_decision",
        )  # fmt: skip


class CallbackOut(CallbackLine):
    """A callback with its answers and attempts."""

    ticket_state = serializers.CharField(source="ticket.state")
    answered_by = PersonOut(allow_null=True)
    attempts = AttemptOut(many=True)
    together = serializers.SerializerMethodField()

    class Meta(CallbackLine.Meta):
        fields = (
            *CallbackLine.Meta.fields, "ticket_state", "exemption", "with_result", "with_handling", "reason",
            "wants_nothing_more", "answered_by", "ended_at", "decided_at", "attempts", "together",
        )  # fmt: skip

    def get_together(self, callback: Callback) -> list[int]:
        """The others of the same customer that you can call about now, to be made in the same call (R71)."""
        return [other.pk for other in Callback.objects.together(callback, self.context["person"], self.context["now"])]


class CallbackList(ListEndpoint):
    """What you can call now: planned, free, and not your own work (R70)."""

    Output = CallbackOut
    Line = CallbackLine
    queryset = Callback.objects.none()
    filter_backends = [AllowedFilters]
    orders: dict[str, Order] = {"planned": (By("planned_for"), By("pk"))}

    def get_queryset(self) -> models.QuerySet[Callback]:
        """Those due for this person."""
        return Callback.objects.due_for(self.person, self.now)


class CallbacksToDecide(CallbackList):
    """Whose rounds are used up: a supervisor decides (R74)."""

    orders = {"ended": (By("ended_at", nullable=True), By("pk"))}

    def get_queryset(self) -> models.QuerySet[Callback]:
        """Those on tickets that this person may see."""
        return Callback.objects.to_decide_for(self.person, self.now)


class CallbackEndpoint(Endpoint):
    """One callback on a ticket that one may see."""

    Output = CallbackOut

    def reachable(self) -> models.QuerySet[Callback]:
        """Those on tickets that this person may see."""
        tickets = Ticket.objects.visible_to(self.person, self.now).order_by().values("pk")
        return Callback.objects.with_people().filter(ticket__in=tickets)

    def show(self, callback: Callback) -> Response:
        """The callback as it is now."""
        current = Callback.objects.with_people().prefetch_related("attempts__by").get(pk=callback.pk)
        return Response(CallbackOut(current, context={"person": self.person, "now": self.now}).data)


class CallbackDetail(CallbackEndpoint):
    """A callback with its answers and attempts."""

    def get(self, request: Request, pk: int) -> Response:
        """Show it."""
        return self.show(get_object_or_404(self.reachable(), pk=pk))


class CallbackOperation(CallbackEndpoint):
    """One thing that can be done to a callback."""

    Input: type[serializers.Serializer] = TicketInput

    def post(self, request: Request, pk: int) -> Response:
        """Do it, and show the callback as it is then."""
        callback = get_object_or_404(self.reachable(), pk=pk)
        asked = self.read(self.Input)
        refuse_old_view(callback.ticket, seen=asked.get("version"))
        self.act(callback, asked, by=self.person, at=self.now)
        return self.show(callback)

    def act(self, callback: Callback, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        raise NotImplementedError


class TakeCallback(CallbackOperation):
    """Take a callback in hand, so that nobody else calls the same customer (R71)."""

    def act(self, callback: Callback, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        calling.take(callback, by=by, at=at)


class AttemptCallback(CallbackOperation):
    """Record a call that brought no answer, and plan the next one in permitted hours (R73)."""

    class Input(TicketInput):
        """How it ended, and when the next one is."""

        result = Choice(MISSED)
        next_at = Moment(required=False, allow_null=True, default=None, help_text="Not asked for the last attempt.")

    def act(self, callback: Callback, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        calling.attempt(callback, result=asked["result"], next_at=asked["next_at"], by=by, at=at)


class AnswerCallback(CallbackOperation):
    """Record what the customer said; dissatisfied with the result opens the ticket again (R73, R74)."""

    class Input(TicketInput):
        """Both answers, and the reason of a dissatisfied one."""

        with_result = Choice(SAID)
        with_handling = Choice(SAID)
        reason = Text(max_length=2000, optional=True)
        wants_nothing_more = Answer(default=False)

    def act(self, callback: Callback, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        calling.answer(
            callback,
            with_result=asked["with_result"],
            with_handling=asked["with_handling"],
            reason=asked["reason"],
            wants_nothing_more=asked["wants_nothing_more"],
            by=by,
            at=at,
        )


class DecideCallback(CallbackOperation):
    """Open one more round, or leave the ticket closed, as a supervisor (R74)."""

    class Input(TicketInput):
        """The decision, and why."""

        opens_again = Answer()
        reason = Text(max_length=2000)

    def act(self, callback: Callback, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        deciding.decide(callback, opens_again=asked["opens_again"], reason=asked["reason"], by=by, at=at)
