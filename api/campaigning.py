"""Callback campaigns (回访活动): what was drawn, how far it has come, and drawing another."""

from django.db import models
from django.shortcuts import get_object_or_404
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Unit
from api.endpoints import Endpoint, ListEndpoint
from api.fields import ByCode, Choice, Count, Day, Month
from api.filters import AllowedFilters
from api.output import PersonOut, UnitOut
from api.paging import By
from callbacks.actions import campaigning
from callbacks.models import Campaign, Sample


class CampaignOut(serializers.ModelSerializer):
    """A campaign and how far it has come."""

    month = Month()
    unit = UnitOut()
    started_by = PersonOut()
    drawn = serializers.IntegerField(help_text="How many matters.")
    still_open = serializers.IntegerField(help_text="Of these, not called yet.")
    answered = serializers.IntegerField()
    satisfied = serializers.IntegerField(help_text="With the result.")
    unreachable = serializers.IntegerField()

    class Meta:
        model = Campaign
        fields = (
            "id", "month", "unit", "sample", "share", "calls_from", "calls_until", "started_at", "started_by",
            "ended_at", "drawn", "still_open", "answered", "satisfied", "unreachable",
        )  # fmt: skip


class Campaigns(ListEndpoint):
    """The campaigns over your units, latest first; drawing one (R70, R71)."""

    class Input(serializers.Serializer):
        """Which month, which unit, which sample, and when the calls are made."""

        month = Month()
        unit = ByCode(queryset=Unit.objects.filter(is_active=True), help_text="Accepted at or below it.")
        sample = Choice(Sample.choices)
        share = Count(required=False, allow_null=True, default=None, max_value=100, help_text="Of a random share only.")
        calls_from = Day(required=False, allow_null=True, default=None, help_text="Empty: at once.")
        calls_until = Day(required=False, allow_null=True, default=None, help_text="Empty: until everybody was called.")

    Output = CampaignOut
    status = status.HTTP_201_CREATED
    queryset = Campaign.objects.none()
    filter_backends = [AllowedFilters]
    orders = {"latest": (By("started_at", descending=True), By("pk", descending=True))}

    def get_queryset(self) -> models.QuerySet[Campaign]:
        """Those of the units that this person supervises or calls back for."""
        return campaigns_open_to(self)

    def post(self, request: Request) -> Response:
        """Draw one; a round that was asked already only counts in it."""
        asked = self.read(self.Input)
        started = campaigning.start(**asked, by=self.person, at=self.now)
        shown = Campaign.objects.with_progress().get(pk=started.pk)
        return Response(CampaignOut(shown).data, status=self.status)


class CampaignDetail(Endpoint):
    """One campaign over your units."""

    Output = CampaignOut

    def get(self, request: Request, pk: int) -> Response:
        """Show it."""
        return Response(CampaignOut(get_object_or_404(campaigns_open_to(self), pk=pk)).data)


def campaigns_open_to(endpoint: Endpoint) -> models.QuerySet[Campaign]:
    """Over the units that this person supervises or calls back for, with how far each has come."""
    paths = endpoint.person.authority(endpoint.now).paths(*campaigning.STARTING)
    return Campaign.objects.filter(unit__in=Unit.objects.under(*paths).values("pk")).with_progress()
