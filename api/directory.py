"""What clients choose from: categories, units, people; and who they are themselves."""

from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Left, Length
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person, Role, Unit
from accounts.models.units import UnitKind
from api.endpoints import Endpoint, ListEndpoint
from api.filters import AllowedFilters, CategoryFilter, PersonFilter
from api.output import CategoryOut, PersonOut, UnitOut
from api.paging import By, Order
from complaints.models import Category
from complaints.models.category import FIELD_KINDS

BY_TREE: Order = (By("path"),)


class RequiredFieldOut(serializers.Serializer):
    """A field that a record has to have (R12)."""

    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    kind = serializers.ChoiceField(sorted(FIELD_KINDS))
    choices = serializers.JSONField(required=False, help_text="A list, where the kind is choice.")


class LeafOut(CategoryOut):
    """A category of the last level, with all that a form needs."""

    lead_unit = UnitOut(allow_null=True)
    required_fields = RequiredFieldOut(many=True)
    template = serializers.CharField()
    guidance = serializers.CharField()

    class Meta(CategoryOut.Meta):
        fields = (
            *CategoryOut.Meta.fields, "name_zh", "name_en", "urgency", "lead_unit", "direct_routing", "special_scope",
            "service_failure", "on_site", "required_fields", "template", "guidance",
        )  # fmt: skip


class Categories(ListEndpoint):
    """The categories that a ticket can be filed under."""

    Output = LeafOut
    queryset = Category.objects.none()
    filter_backends = [AllowedFilters]
    filterset_class = CategoryFilter
    orders = {"tree": BY_TREE}

    def get_queryset(self) -> models.QuerySet[Category]:
        """The active leaves."""
        return Category.objects.choosable().select_related("lead_unit")


class UnitLine(UnitOut):
    """A unit and where it stands."""

    parent = serializers.CharField(  # type: ignore[assignment]
        allow_null=True, help_text="The code of the unit above."
    )
    kind = serializers.ChoiceField(UnitKind.choices)

    class Meta(UnitOut.Meta):
        fields = (*UnitOut.Meta.fields, "name_zh", "name_en", "kind", "parent")


class Units(ListEndpoint):
    """The organisation, from the top."""

    Output = UnitLine
    queryset = Unit.objects.none()
    filter_backends = [AllowedFilters]
    orders = {"tree": BY_TREE}

    def get_queryset(self) -> models.QuerySet[Unit]:
        """The active units, each with the code of the one above."""
        above = Unit.objects.filter(path=Left(OuterRef("path"), Length(OuterRef("path")) - Unit.steplen))
        return Unit.objects.filter(is_active=True).annotate(parent=Subquery(above.values("code")))


class People(ListEndpoint):
    """Who works here: ids and names, nothing else (A11)."""

    Output = PersonOut
    queryset = Person.objects.none()
    filter_backends = [AllowedFilters]
    filterset_class = PersonFilter

    def get_queryset(self) -> models.QuerySet[Person]:
        """Active people."""
        return Person.objects.filter(is_active=True)


class GrantOut(serializers.Serializer):
    """A role over a unit and everything below it."""

    role = serializers.ChoiceField(Role.choices)
    unit = UnitOut()
    held_for = PersonOut(allow_null=True, help_text="Whom you stand in for; nobody: your own.")


class MeOut(PersonOut):
    """Who you are and what you may do now."""

    unit = UnitOut(allow_null=True)
    roles = serializers.SerializerMethodField()

    class Meta(PersonOut.Meta):
        fields = (*PersonOut.Meta.fields, "username", "language", "unit", "roles")

    @extend_schema_field(GrantOut(many=True))
    def get_roles(self, person: Person) -> Any:
        """Those in force, one's own and those held for others."""
        grants = self.context["authority"].grants
        units = Unit.objects.in_bulk({grant.unit_id for grant in grants})
        people = Person.objects.in_bulk({grant.person_id for grant in grants if grant.person_id != person.pk})
        rows = [
            {"role": grant.role, "unit": units[grant.unit_id], "held_for": people.get(grant.person_id)}
            for grant in grants
        ]
        return GrantOut(rows, many=True).data


class Me(Endpoint):
    """Who you are and what you may do now."""

    Output = MeOut

    def get(self, request: Request) -> Response:
        """Show it."""
        return Response(MeOut(self.person, context=self.context()).data)
