"""What lists can be narrowed by: an allow-list; an unknown name is refused rather than ignored."""

from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import Person, Unit
from api.fields import Moment
from complaints.models import Category, Ticket
from complaints.models.category import CategoryQuerySet
from complaints.querysets import TicketQuerySet
from complaints.states import LIVE, Nature, State, Urgency
from search.finding import with_words
from search.wording import MOST_WORDS

PAGING = frozenset({"cursor", "page_size", "order"})


class AllowedFilters(DjangoFilterBackend):
    """The filters of a view's filterset and no others."""

    def filter_queryset(self, request: Request, queryset: models.QuerySet, view: APIView) -> models.QuerySet:
        """The narrowed rows. Raises ValidationError (400) for an unknown filter or a value it cannot have."""
        filterset_class = self.get_filterset_class(view, queryset)
        known = set(filterset_class.base_filters) if filterset_class else set()
        unknown = sorted(set(request.query_params) - known - PAGING)
        if unknown:
            message = _("There is no such filter; choose of: %(filters)s.") % {"filters": ", ".join(sorted(known))}
            raise ValidationError({name: [message] for name in unknown})
        return super().filter_queryset(request, queryset, view)


class MomentFormField(IsoDateTimeField):
    """An instant in an address, with its offset."""

    def to_python(self, value: Any) -> Any:
        """The instant, as strict as in a body."""
        if value in self.empty_values:
            return None
        try:
            return Moment().run_validation(value)
        except serializers.ValidationError as error:
            raise DjangoValidationError([str(message) for message in error.detail]) from error


class MomentFilter(filters.IsoDateTimeFilter):
    """Compares with an instant."""

    field_class = MomentFormField


class TruthFormField(forms.Field):
    """`true` or `false`; anything else is refused rather than ignored."""

    def to_python(self, value: Any) -> bool | None:
        """The truth, or nothing where it was not asked."""
        if value in self.empty_values:
            return None
        if value not in {"true", "false"}:
            raise DjangoValidationError(_("Choose true or false."))
        return bool(value == "true")


class TruthFilter(filters.BooleanFilter):
    """True or false."""

    field_class = TruthFormField


class OwnerFilter(filters.CharFilter):
    """`me` or the id of a person."""

    field_class = forms.RegexField

    def __init__(self, **options: Any) -> None:
        super().__init__(regex=r"^(me|[0-9]{1,15})$", **options)


class TicketFilter(filters.FilterSet):
    """What the list of tickets can be narrowed by."""

    state = filters.MultipleChoiceFilter(choices=State.choices, help_text="May be given several times.")
    live = TruthFilter(method="by_live", help_text="Neither closed nor cancelled, or one of the two.")
    category = filters.ModelChoiceFilter(
        queryset=Category.objects.all(),
        to_field_name="code",
        method="by_category",
        help_text="The code of a category: it and everything below it.",
    )
    unit = filters.ModelChoiceFilter(
        queryset=Unit.objects.all(),
        to_field_name="code",
        method="by_unit",
        help_text="The code of a unit: what it or a unit below it leads.",
    )
    owner = OwnerFilter(method="by_owner", help_text="`me` or the id of a person.")
    urgency = filters.MultipleChoiceFilter(choices=Urgency.choices)
    nature = filters.MultipleChoiceFilter(choices=Nature.choices)
    grave = TruthFilter(field_name="is_grave")
    held = TruthFilter(field_name="held_until", lookup_expr="isnull", exclude=True)
    due_after = MomentFilter(field_name="next_due_at", lookup_expr="gte")
    due_before = MomentFilter(field_name="next_due_at", lookup_expr="lt")
    raised_after = MomentFilter(field_name="raised_at", lookup_expr="gte")
    raised_before = MomentFilter(field_name="raised_at", lookup_expr="lt")
    reference = filters.CharFilter(max_length=20)
    external_id = filters.CharFilter(max_length=120)
    q = filters.CharFilter(
        method="by_words",
        max_length=100,
        help_text=f"Up to {MOST_WORDS} words, all of which were said about the ticket; Latin ones may be beginnings.",
    )

    class Meta:
        model = Ticket
        fields: list[str] = []

    def by_live(self, tickets: models.QuerySet, name: str, value: bool) -> models.QuerySet:
        """Neither closed nor cancelled, or one of the two."""
        return tickets.filter(state__in=LIVE) if value else tickets.exclude(state__in=LIVE)

    def by_category(self, tickets: models.QuerySet, name: str, value: Category) -> models.QuerySet:
        """Filed under the category or below it."""
        return tickets.filter(category__path__startswith=value.path)

    def by_unit(self, tickets: models.QuerySet, name: str, value: Unit) -> models.QuerySet:
        """Led by the unit or one below it."""
        return tickets.filter(lead_unit__path__startswith=value.path)

    def by_owner(self, tickets: models.QuerySet, name: str, value: str) -> models.QuerySet:
        """Owned by this person."""
        return tickets.filter(owner=self.request.user.pk if value == "me" else int(value))

    def by_words(self, tickets: TicketQuerySet, name: str, value: str) -> models.QuerySet:
        """All the words were said about it."""
        return with_words(tickets, value)


class CategoryFilter(filters.FilterSet):
    """What the categories can be narrowed by."""

    under = filters.ModelChoiceFilter(
        queryset=Category.objects.all(), to_field_name="code", method="by_tree", help_text="The code of a category."
    )
    q = filters.CharFilter(
        method="by_words", max_length=60, help_text="In the names, the synonyms, the code, the pinyin or its initials."
    )

    class Meta:
        model = Category
        fields: list[str] = []

    def by_tree(self, categories: models.QuerySet, name: str, value: Category) -> models.QuerySet:
        """The category or below it."""
        return categories.filter(path__startswith=value.path)

    def by_words(self, categories: CategoryQuerySet, name: str, value: str) -> CategoryQuerySet:
        """Called so in either language."""
        return categories.called(value)


class PersonFilter(filters.FilterSet):
    """What people can be narrowed by."""

    unit = filters.ModelChoiceFilter(
        queryset=Unit.objects.all(), to_field_name="code", help_text="The code of their home unit."
    )
    q = filters.CharFilter(method="by_words", max_length=60, help_text="In the names.")

    class Meta:
        model = Person
        fields: list[str] = []

    def by_words(self, people: models.QuerySet, name: str, value: str) -> models.QuerySet:
        """Called so in either language."""
        return people.filter(Q(name_zh__icontains=value) | Q(name_en__icontains=value))
