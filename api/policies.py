"""Which policy wins for a case, and why the others do not (R27)."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoints import Endpoint
from api.fields import ByCode, Choice, Moment
from complaints.models import Category
from complaints.states import Medium, Scope, Urgency
from contact.agreements import LONGER_LIMIT_DAYS, LONGER_LIMIT_REFUSED
from customers.models.customers import Brand, Tier
from sla.actions.comparing import Contender, Standing, compare
from sla.kinds import Kind, LimitUnit, Variant
from sla.precedence import PRECEDENCE
from sla.querysets import Situation

STANDINGS = [(standing.value, standing.value) for standing in Standing]


class Case(serializers.Serializer):
    """The case asked about; the scope is the category's unless another is named."""

    kind = Choice(Kind.choices)
    category = ByCode(queryset=Category.objects.all())
    variant = Choice(Variant.choices, optional=True)
    urgency = Choice(Urgency.choices, optional=True)
    brand = Choice(Brand.choices, optional=True)
    tier = Choice(Tier.choices, optional=True)
    scope = Choice(Scope.choices, optional=True)
    medium = Choice(Medium.choices, optional=True)
    days = serializers.IntegerField(
        required=False,
        min_value=LONGER_LIMIT_DAYS.start,
        max_value=LONGER_LIMIT_DAYS.stop - 1,
        error_messages=dict.fromkeys(["min_value", "max_value", "invalid"], LONGER_LIMIT_REFUSED),
    )
    at = Moment(required=False, help_text="Without it, now.")


class ContenderOut(serializers.Serializer):
    """One published version, and how it fares."""

    policy = serializers.CharField(source="policy.code")
    version = serializers.IntegerField(source="policy.version")
    name = serializers.CharField(source="policy.name")
    limit = serializers.IntegerField(source="policy.limit")
    limit_unit = serializers.ChoiceField(LimitUnit.choices, source="policy.limit_unit")
    effective_from = serializers.DateTimeField(source="policy.effective_from", allow_null=True)
    effective_until = serializers.DateTimeField(source="policy.effective_until", allow_null=True)
    fares = serializers.ChoiceField(STANDINGS, source="standing")
    selectors = serializers.ListField(
        child=serializers.ChoiceField(PRECEDENCE), help_text="In which it asks for something else, or is outweighed."
    )


class WhichPolicy(Endpoint):
    """Every published version for a clock: the one that wins first, and why each other one does not."""

    class Output(serializers.Serializer):
        """The winner is null where none applies."""

        winner = ContenderOut(allow_null=True)
        others = ContenderOut(many=True)

    @extend_schema(parameters=[Case])
    def get(self, request: Request) -> Response:
        """Compare them."""
        unknown = sorted(set(request.query_params) - set(Case().fields))
        if unknown:
            raise ValidationError({name: [_("There is no such field.")] for name in unknown})
        asked = Case(data=request.query_params)
        asked.is_valid(raise_exception=True)
        contenders = compare(_situation(asked.validated_data), at=asked.validated_data.get("at") or self.now)
        winner = next((each for each in contenders if each.standing == Standing.WINS), None)
        others: list[Contender] = [each for each in contenders if each is not winner]
        return Response(self.Output({"winner": winner, "others": others}).data)


def _situation(said: dict[str, Any]) -> Situation:
    category: Category = said["category"]
    return Situation(
        kind=said["kind"],
        category=category,
        urgency=said.get("urgency", ""),
        brand=said.get("brand", ""),
        tier=said.get("tier", ""),
        scope=said.get("scope") or category.special_scope,
        medium=said.get("medium", ""),
        variant=said.get("variant", ""),
        consented_days=said.get("days"),
    )
