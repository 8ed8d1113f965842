"""Fields that several forms share."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Assignment, Person, Unit, known_units
from common.inputs import Line, Words
from common.kept import Kept
from common.markup import attributes, escaped, joined
from common.widgets import write_option
from complaints.models import Category, CauseCode

__all__ = [
    "AnyUnitChoice",
    "CategoryChoice",
    "CauseChoice",
    "Line",
    "Moment",
    "PersonChoice",
    "TopCategoryChoice",
    "UnitChoice",
    "UnitsChoice",
    "Words",
    "people_with",
]


class Moment(forms.DateTimeField):
    """A wall-clock moment of the business time zone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            **options,
        )


WRITTEN: Kept[dict[Any, str]] = Kept(dict)
"""Lists of options as markup, by whose they are and in which language, as long as the configuration lasts."""


class KeptChoices(ModelChoiceIterator):
    """What can be chosen of the configuration, as the process keeps it: a page with several such fields asks for none.

    Written as a list, it is kept as well, since a page has several and each takes longer than the rest of its form.
    """

    def rows(self) -> Iterable[Any]:
        """What can be chosen, in order."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for row in self.rows():
            yield self.choice(row)

    def written(self) -> str:
        """All of them as options, none of them chosen."""
        known, key = WRITTEN.get(), (type(self), type(self.field), get_language())
        if key not in known:
            known[key] = write_options(self.choice(row) for row in self.rows())
        none = write_options([("", self.field.empty_label)]) if self.field.empty_label is not None else ""
        return none + known[key]


def write_options(choices: Iterable[tuple[Any, Any]]) -> str:
    """Options of a list, none of them chosen."""
    return "".join(write_option(key, label, {}) for key, label in choices)


class LongSelect(forms.Select):
    """A list of very many options, written as it is read: what Django keeps of each takes longer than writing it."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The same markup as of any list."""
        choices = self.choices
        options = choices.written() if isinstance(choices, KeptChoices) else write_options(choices)
        for key in self.format_value(value):
            begun = f'<option value="{escaped(key)}"'
            options = options.replace(f"{begun}>", f"{begun} selected>", 1)
        several = {"multiple": True} if self.allow_multiple_selected else {}
        begun = f'<select name="{escaped(name)}"{attributes(self.build_attrs(self.attrs, several | (attrs or {})))}>'
        return joined([begun, options, "</select>"])


class LongSelectMultiple(LongSelect, forms.SelectMultiple):
    """The same for several."""


class KeptUnits(KeptChoices):
    """The active units below the top."""

    def rows(self) -> Iterable[Unit]:
        return (unit for unit in known_units().by_pk.values() if unit.is_active and unit.depth > 1)


class KeptCategories(KeptChoices):
    """The active leaves."""

    def rows(self) -> Iterable[Category]:
        return (category for category in Category.kept.get().values() if category.is_choosable)


class KeptTopCategories(KeptChoices):
    """The top types."""

    def rows(self) -> Iterable[Category]:
        return (category for category in Category.kept.get().values() if category.depth == 1)


class TopCategoryChoice(forms.ModelChoiceField):
    """A top type, by which lists are narrowed."""

    iterator = KeptTopCategories

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Category.objects.filter(depth=1).order_by("path"), **options)


class AnyUnit(KeptChoices):
    """All units below the top, closed ones too."""

    def rows(self) -> Iterable[Unit]:
        return (unit for unit in known_units().by_pk.values() if unit.depth > 1)


class AnyUnitChoice(forms.ModelChoiceField):
    """A unit, by which lists are narrowed."""

    iterator = AnyUnit

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Unit.objects.filter(depth__gt=1).order_by("path"), widget=LongSelect, **options)


class CategoryChoice(forms.ModelChoiceField):
    """What a ticket can be filed under."""

    iterator = KeptCategories

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Category.objects.choosable().order_by("path"), widget=LongSelect, **options)


class UnitChoice(forms.ModelChoiceField):
    """An active unit, shown at its place in the tree."""

    iterator = KeptUnits

    def __init__(self, **options: Any) -> None:
        wanted = Unit.objects.filter(is_active=True, depth__gt=1).order_by("path")
        super().__init__(queryset=wanted, widget=LongSelect, **options)

    def label_from_instance(self, unit: Any) -> str:
        return "　" * max(0, unit.depth - 2) + unit.name


class UnitsChoice(forms.ModelMultipleChoiceField):
    """Several active units."""

    iterator = KeptUnits

    def __init__(self, **options: Any) -> None:
        super().__init__(
            queryset=Unit.objects.filter(is_active=True, depth__gt=1).order_by("path"),
            widget=LongSelectMultiple(attrs={"size": 5}),
            **options,
        )

    def label_from_instance(self, unit: Any) -> str:
        return "　" * max(0, unit.depth - 2) + unit.name


class KeptCauses(KeptChoices):
    """The active leaves of the causes."""

    def rows(self) -> Iterable[CauseCode]:
        return (cause for cause in CauseCode.kept.get().values() if cause.is_choosable)


class CauseChoice(forms.ModelChoiceField):
    """A cause of the last level, under the name of what it belongs to."""

    iterator = KeptCauses

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=CauseCode.objects.choosable(), widget=LongSelect, **options)

    def label_from_instance(self, cause: Any) -> str:
        known, ends = CauseCode.kept.get(), range(cause.steplen, len(cause.path), cause.steplen)
        return " › ".join([*(known[cause.path[:end]].name for end in ends), cause.name])


class People(ModelChoiceIterator):
    """Those whom the form names, read with nothing but their names."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for person in self.queryset.only("username", "name_zh", "name_en", "unit"):
            yield self.choice(person)


class PersonChoice(forms.ModelChoiceField):
    """Somebody out of those whom the form names."""

    iterator = People

    def __init__(self, **options: Any) -> None:
        options.setdefault("empty_label", _("choose a person"))
        super().__init__(queryset=Person.objects.none(), widget=LongSelect, **options)

    def label_from_instance(self, person: Any) -> str:
        return f"{person.name} · {person.home_unit.name}" if person.home_unit else person.name


def people_with(*roles: str, over: Unit | None, at: datetime) -> Any:
    """Active people who hold one of these roles over a unit at an instant: at it, or at a unit above."""
    if over is None:
        return Person.objects.none()
    held = Assignment.objects.filter(role__in=roles, unit__in=Unit.objects.upwards(over).values("pk"))
    in_force = held.filter(
        Q(starts_at__isnull=True) | Q(starts_at__lte=at), Q(ends_at__isnull=True) | Q(ends_at__gt=at)
    )
    people = Person.objects.filter(is_active=True, pk__in=in_force.values("person"))
    return people.order_by("unit__path", "username", "pk")
