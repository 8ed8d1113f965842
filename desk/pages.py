"""Long lists by the page. Nothing is counted beyond a bound: who has more than a thousand lines narrows the list."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from accounts.models import Authority, Person
from common.bounds import MOST, count_some
from complaints.models import Ticket
from complaints.querysets import TicketQuerySet
from desk.counting import Counts
from desk.entrance import DeskRequest

LINES = 30
"""On one page: two screens of a usual desk. What is not looked at costs as much to make as what is."""
DIGITS = 19
"""Longer numbers are no key of a row."""

Condition = Callable[[Authority], Q]


class Tabs:
    """The tabs of a page: under each key a label and the condition of its tickets."""

    def __init__(self, **tabs: tuple[Any, Condition]) -> None:
        self._tabs = tabs
        self._counts = Counts(self._questions)

    def __contains__(self, key: object) -> bool:
        return key in self._tabs

    def condition(self, key: str, authority: Authority) -> Q:
        """What the tickets of a tab have in common."""
        _label, condition = self._tabs[key]
        return condition(authority)

    def counted(self, person: Person, at: datetime) -> list[tuple[str, Any, int]]:
        """Each tab with its label and how many tickets this person sees under it, up to the bound, in one query."""
        counts = self._counts.of(person, at)
        return [(key, label, counts[key]) for key, (label, _condition) in self._tabs.items()]

    def _questions(self, person: Person, at: datetime) -> dict[str, QuerySet]:
        visible, authority = Ticket.objects.visible_to(person, at), person.authority(at)
        return {key: visible.filter(condition(authority)) for key, (_label, condition) in self._tabs.items()}


class PageInSight(Page):
    """A page that may be on somebody's screen already, in an older state."""

    elsewhere: frozenset[int] | None = None
    """Which of the lines on that screen are still in the list, on another page; None where nobody asked."""

    @property
    def elsewhere_as_text(self) -> str:
        """For the script that asked."""
        return " ".join(map(str, sorted(self.elsewhere or ())))


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

    def _get_page(self, *args: Any, **kwargs: Any) -> PageInSight:
        return PageInSight(*args, **kwargs)


def page_of(
    request: DeskRequest, tickets: TicketQuerySet, loader: Callable[[Any], Any], *, found: int | None = None
) -> Page:
    """The asked-for page of a list; beyond the last one the last, before the first the first.

    Where a list of several pages is drawn anew, the header `Shown` names the lines that stand on the screen.
    """
    page: Any = BoundedPages(loader(tickets), found).get_page(request.GET.get("page"))
    shown = _shown(request)
    if shown and page.has_other_pages():
        missing = shown - {line.pk for line in page.object_list}
        page.elsewhere = frozenset(tickets.order_by().filter(pk__in=missing).values_list("pk", flat=True))
    return page


def _shown(request: DeskRequest) -> set[int]:
    """The lines that a screen says it shows; what is no line's number is passed by."""
    numbers = request.headers.get("Shown", "").split(",")[:LINES]
    return {int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < DIGITS}
