"""By what figures are broken down: unit, person, category, medium."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.expressions import Combinable
from django.db.models.functions import Substr
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Unit
from common.refusals import Malformed
from complaints.models import Category
from complaints.states import Medium
from figures.measures import Figure

NOBODY = "none"
"""How a group of rows that are nobody's is asked for."""


@dataclass(frozen=True)
class Dimension:
    """One way to break a figure down: the column of each row, and the names of its values."""

    key: str
    name: Any
    column: Callable[[Figure], Combinable]
    names: Callable[[Collection[Any]], Mapping[Any, str]]
    typed: Callable[[str], Any]

    def value(self, asked: str) -> Any:
        """The value that an address asks for. Raises Malformed for what cannot be one."""
        if asked == NOBODY:
            return None
        try:
            return self.typed(asked)
        except ValueError as error:
            message = _now("There is no such group.")
            raise Malformed(message, errors={"group": [message]}) from error


def _units(values: Collection[Any]) -> Mapping[Any, str]:
    return {unit.pk: unit.name for unit in Unit.objects.filter(pk__in=values)}


def _people(values: Collection[Any]) -> Mapping[Any, str]:
    return {person.pk: person.name for person in Person.objects.filter(pk__in=values)}


def _categories(values: Collection[Any]) -> Mapping[Any, str]:
    return {category.path: category.name for category in Category.objects.filter(path__in=values)}


def _media(values: Collection[Any]) -> Mapping[Any, str]:
    return {medium.value: str(medium.label) for medium in Medium}


def _number(asked: str) -> int:
    if not (asked.isascii() and asked.isdigit() and len(asked) < 16):
        raise ValueError("not the number of a row")
    return int(asked)


def _path(asked: str) -> str:
    if not (asked.isascii() and asked.isalnum() and len(asked) == Category.steplen):
        raise ValueError("not the path of a top type")
    return asked


DIMENSIONS: dict[str, Dimension] = {
    each.key: each
    for each in (
        Dimension("unit", _("unit"), lambda figure: figure.column("unit"), _units, _number),
        Dimension("person", _("person"), lambda figure: figure.column("person"), _people, _number),
        Dimension(
            "category",
            _("category"),
            lambda figure: Substr(figure.of_ticket("category__path"), 1, Category.steplen),
            _categories,
            _path,
        ),
        Dimension("medium", _("medium"), lambda figure: F(figure.of_ticket("medium")), _media, Medium),
    )
}
