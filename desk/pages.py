"""Long lists by the page."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator

from complaints.querysets import TicketQuerySet
from desk.entrance import DeskRequest

LINES = 50


def page_of(request: DeskRequest, tickets: TicketQuerySet, loader: Callable[[Any], Any]) -> Page:
    """The asked-for page of a list; beyond the last one the last, before the first the first."""
    return Paginator(loader(tickets), LINES).get_page(request.GET.get("page"))
