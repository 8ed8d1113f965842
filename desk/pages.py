"""Long lists by the page."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from accounts.models import Authority
from complaints.querysets import TicketQuerySet
from desk.entrance import DeskRequest

LINES = 50

Tabs = Mapping[str, tuple[Any, Callable[[Authority], Q]]]
"""The tabs of a page: key to label and the condition of its tickets."""


def page_of(request: DeskRequest, tickets: TicketQuerySet, loader: Callable[[Any], Any]) -> Page:
    """The asked-for page of a list; beyond the last one the last, before the first the first."""
    return Paginator(loader(tickets), LINES).get_page(request.GET.get("page"))


def tabs_with_counts(tabs: Tabs, tickets: TicketQuerySet, authority: Authority) -> list[tuple[str, Any, int]]:
    """Each tab with its label and how many tickets stand under it, in one query."""
    counts = tickets.aggregate(
        **{key: Count("pk", filter=condition(authority), distinct=True) for key, (_label, condition) in tabs.items()}
    )
    return [(key, label, counts[key]) for key, (label, _condition) in tabs.items()]
