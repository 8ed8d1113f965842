"""Long lists by the page. Nothing is counted beyond a bound: who has more than a thousand lines narrows the list."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from accounts.models import Authority
from common.bounds import MOST, count_each, count_some
from complaints.querysets import TicketQuerySet
from desk.entrance import DeskRequest

LINES = 50

Tabs = Mapping[str, tuple[Any, Callable[[Authority], Q]]]
"""The tabs of a page: key to label and the condition of its tickets."""


class BoundedPages(Paginator):
    """Pages of a list as far as the bound goes."""

    def __init__(self, tickets: QuerySet, found: int | None = None) -> None:
        """Over these rows; `found` is how many there are, where `common.bounds` has counted them already."""
        super().__init__(tickets, LINES)
        self.found = count_some(tickets) if found is None else found
        """How many lines there are; one more than the bound where there are more."""

    @cached_property
    def count(self) -> int:
        """How many lines can be paged through."""
        return min(self.found, MOST)

    @property
    def has_more(self) -> bool:
        """Whether there are lines beyond the last page."""
        return self.found > MOST


def page_of(
    request: DeskRequest, tickets: TicketQuerySet, loader: Callable[[Any], Any], *, found: int | None = None
) -> Page:
    """The asked-for page of a list; beyond the last one the last, before the first the first."""
    return BoundedPages(loader(tickets), found).get_page(request.GET.get("page"))


def tabs_with_counts(tabs: Tabs, tickets: TicketQuerySet, authority: Authority) -> list[tuple[str, Any, int]]:
    """Each tab with its label and how many tickets stand under it, up to the bound, in one query."""
    counts = count_each({key: tickets.filter(condition(authority)) for key, (_label, condition) in tabs.items()})
    return [(key, label, counts[key]) for key, (label, _condition) in tabs.items()]
