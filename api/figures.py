"""The figures of section 14: each over a period, in its parts and groups, and the tickets behind every number."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from api.endpoints import Endpoint
from api.fields import Choice, Count
from api.output import TicketLine
from complaints.models import Ticket
from complaints.models.permissions import SUPERVISING
from figures import counting
from figures.catalogue import FIGURES
from figures.counting import Line, Scope
from figures.dimensions import DIMENSIONS
from figures.measures import Figure
from figures.periods import A_DAY, Grain, Period, zone

REPORTING = (*SUPERVISING, Role.QUALITY_INSPECTOR, Role.AUDITOR, Role.API_CLIENT)
PAGE = 50
USUAL = timedelta(days=7)


class CountsFigures(BasePermission):
    """Who reports: supervisors and above, who inspects and who audits, and machines; within their scope."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether one of these roles is held."""
        return bool(view.person.authority(view.now).holds(*REPORTING))


class Day(serializers.DateField):
    """A day, within the years that can be meant."""

    def to_internal_value(self, value: Any) -> date:
        """The day."""
        day = super().to_internal_value(value)
        if not date(1990, 1, 1) <= day <= date(2100, 1, 1):
            self.fail("invalid", format="YYYY-MM-DD")
        return day


class PeriodInput(serializers.Serializer):
    """Which days, in what parts."""

    since = Day(required=False, help_text="The first day; a week before `last` where nothing is said.")
    last = Day(required=False, help_text="The last day; today where nothing is said.")
    grain = Choice(Grain.choices, default=Grain.DAY)


class GroupInput(PeriodInput):
    """And broken down by what."""

    by = Choice([(key, key) for key in DIMENSIONS], default="unit")


class BehindInput(PeriodInput):
    """Which number."""

    part = serializers.CharField(max_length=30, help_text="Its key under `numbers`.")
    by = Choice([(key, key) for key in DIMENSIONS], optional=True)
    group = serializers.CharField(max_length=30, required=False, default="", help_text="The `key` of its group.")
    page = Count(required=False, default=1)

    def to_internal_value(self, data: Any) -> Any:
        """An address holds text only."""
        typed = data.dict() if hasattr(data, "dict") else dict(data)
        if str(typed.get("page", "")).isdigit():
            typed["page"] = int(typed["page"])
        return super().to_internal_value(typed)


class LineOut(serializers.Serializer):
    """The numbers of a part of the period, or of a group."""

    name = serializers.CharField()
    key = serializers.CharField(help_text="Asks for this group; empty for a part of the period.")
    since = serializers.DateField(source="period.since")
    last = serializers.SerializerMethodField()
    numbers = serializers.DictField(child=serializers.IntegerField())
    share = serializers.FloatField(allow_null=True, help_text="In percent; nothing where nothing was counted.")
    spread = serializers.SerializerMethodField(help_text="P50 and P90 in seconds, where it has them.")

    def get_last(self, line: Line) -> date:
        """The last day."""
        return line.period.until - A_DAY

    def get_spread(self, line: Line) -> dict[str, float | None]:
        """In seconds."""
        return {name: None if took is None else took.total_seconds() for name, took in line.spread.items()}


class FigureOut(serializers.Serializer):
    """What a figure is."""

    key = serializers.CharField()
    name = serializers.CharField()
    formula = serializers.CharField()
    target = serializers.IntegerField(allow_null=True, help_text="In percent.")
    less_is_better = serializers.BooleanField()
    hit = serializers.CharField(help_text="The key of the number that is divided.")
    whole = serializers.CharField(help_text="The key of the number by which it is divided.")


class FigureEndpoint(Endpoint):
    """What all addresses of figures share."""

    permission_classes = [*Endpoint.permission_classes, CountsFigures]

    def asked(self, form: Callable[..., serializers.Serializer]) -> dict[str, Any]:
        """What the address asks for, with its period. Raises ValidationError, Malformed (400)."""
        checked = form(data=self.request.query_params)
        checked.is_valid(raise_exception=True)
        said = dict(checked.validated_data)
        last = said.get("last") or self.now.astimezone(zone()).date()
        since = said.get("since") or last - USUAL + A_DAY
        return said | {"period": Period.checked(since, last + A_DAY, Grain(said["grain"]))}

    @property
    def scope(self) -> Scope:
        """Within what they may see, as of now."""
        return Scope(self.person, self.now)

    def figure(self, key: str) -> Figure:
        """The one that is asked for. Raises Http404."""
        if key not in FIGURES:
            raise Http404
        return FIGURES[key]


class Figures(FigureEndpoint):
    """Every figure over one period."""

    class Output(serializers.Serializer):
        """As of when, and each figure with its numbers."""

        as_of = serializers.DateTimeField()
        figures = serializers.ListField(child=serializers.JSONField())

    @extend_schema(operation_id="figures_list", parameters=[PeriodInput])
    def get(self, request: Request) -> Response:
        """Count them."""
        period = self.asked(PeriodInput)["period"]
        counted = [
            {**FigureOut(figure).data, "total": LineOut(counting.total(figure, self.scope, period)).data}
            for figure in FIGURES.values()
        ]
        return Response(self.Output({"as_of": self.now, "figures": counted}).data)


class FigureDetail(FigureEndpoint):
    """One figure: over time, and by unit, person, category or medium."""

    class Output(serializers.Serializer):
        """As of when, what it is, and its lines."""

        as_of = serializers.DateTimeField()
        figure = FigureOut()
        total = LineOut()
        parts = LineOut(many=True, help_text="Of the period; none for what counts what is there now.")
        groups = LineOut(many=True)

    @extend_schema(parameters=[GroupInput])
    def get(self, request: Request, key: str) -> Response:
        """Count it."""
        figure, asked = self.figure(key), self.asked(GroupInput)
        groups = counting.by_group(figure, self.scope, asked["period"], DIMENSIONS[asked["by"]])
        parts = [] if figure.is_standing else counting.over_time(figure, self.scope, asked["period"]).lines
        shown = {"as_of": self.now, "figure": figure, "total": groups.total, "parts": parts, "groups": groups.lines}
        return Response(self.Output(shown).data)


class FigureTickets(FigureEndpoint):
    """The tickets behind one number: one row for each time that a ticket counted, latest first."""

    class Output(serializers.Serializer):
        """As of when, how many there are, and one page of them."""

        class Row(serializers.Serializer):
            """A ticket, and when it counted."""

            counted_at = serializers.DateTimeField()
            ticket = TicketLine()

        as_of = serializers.DateTimeField()
        count = serializers.IntegerField()
        results = Row(many=True)

    @extend_schema(parameters=[BehindInput])
    def get(self, request: Request, key: str) -> Response:
        """Show them."""
        figure, asked = self.figure(key), self.asked(BehindInput)
        if asked["part"] not in figure.parts:
            message = _("Choose one of: %(choices)s.") % {"choices": ", ".join(figure.parts)}
            raise serializers.ValidationError({"part": [message]})
        dimension = DIMENSIONS.get(asked["by"])
        group = dimension.value(asked["group"]) if dimension is not None else None
        rows: models.QuerySet[Any] = counting.rows_behind(
            figure, asked["part"], self.scope, asked["period"], dimension=dimension, group=group
        )
        first = (asked["page"] - 1) * PAGE
        page = list(rows[first : first + PAGE])
        found = {each.pk: each for each in Ticket.objects.filter(pk__in={pk for pk, _at in page}).for_queue()}
        results = [{"counted_at": at, "ticket": found[pk]} for pk, at in page]
        return Response(
            self.Output({"as_of": self.now, "count": rows.count(), "results": results}, context=self.context()).data
        )
