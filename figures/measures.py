"""What a figure is: the rows that it counts, as what each of them counts, and whose it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable

Rows = Callable[[datetime], QuerySet[Any]]


@dataclass(frozen=True)
class Part:
    """One number of a figure: which of its rows are counted, and what they are called."""

    name: Any
    rows: Q


@dataclass(frozen=True)
class Figure:
    """One figure of section 14, defined once for board, report, API and export.

    `rows` gives everything that it counts as of an instant, each row of one ticket, annotated with `counted_at`: the
    instant by which it falls into a period. Each row counts in whichever of `parts` it fits. The share is the number
    of `hit` over the number of `whole`; a figure without them only counts.
    """

    key: str
    name: Any
    formula: Any
    rows: Rows
    parts: Mapping[str, Part]
    ticket: str = "ticket"
    """The way from a row to its ticket; empty where the rows are tickets."""
    unit: str | Combinable = "accepting_unit"
    person: str | Combinable = "owner"
    """Whose the row is, as a column of the row or an expression over it."""
    hit: str = ""
    whole: str = ""
    target: int | None = None
    """In percent."""
    less_is_better: bool = False
    length: Combinable | None = None
    """How long the thing took, where its distribution says something; over the rows of `whole`."""
    is_standing: bool = False
    """Counts what is there now, whatever the period."""
    columns: Mapping[str, str | Combinable] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", {"unit": self.unit, "person": self.person})

    def of_ticket(self, column: str) -> str:
        """A column of the ticket as seen from a row; without a column, the ticket itself."""
        if not column:
            return self.ticket or "pk"
        return f"{self.ticket}__{column}" if self.ticket else column

    def column(self, name: str) -> Combinable:
        """Whose a row is, as an expression."""
        given = self.columns[name]
        return F(given) if isinstance(given, str) else given
