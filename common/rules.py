"""Rules that administrators set and that are a single row."""

from functools import cache, partial
from typing import Any, Self

from django.db import models

from common.kept import Kept, counts


class OneRow(models.Model):
    """A model with one row, whose key is 1; the shipped defaults hold where none was saved."""

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        counts(cls)

    @classmethod
    def current(cls) -> Self:
        """The row in force, to be read only: it is kept in the process as long as it holds."""
        return _kept(cls).get()


@cache
def _kept(rules: type[OneRow]) -> Kept[Any]:
    return Kept(partial(_in_force, rules))


def _in_force(rules: type[OneRow]) -> OneRow:
    row = rules._default_manager.filter(pk=1).first()
    if row is None:
        row = rules()
        row.pk = 1
    return row
