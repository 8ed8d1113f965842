"""Finding tickets by words, within what somebody may see."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import F

from complaints.models import Ticket
from complaints.querysets import TicketQuerySet
from search.wording import as_query, excerpt

MOST = 50

Piece = tuple[str, bool]


def with_words(tickets: TicketQuerySet, asked: str) -> TicketQuerySet:
    """Those of these tickets about which all the words were said, in Chinese or English; none when there is no word."""
    query = as_query(asked)
    if not query:
        return tickets.none()
    return tickets.filter(wording__words=SearchQuery(query, search_type="raw", config="simple"))


def newest(tickets: TicketQuerySet, asked: str, most: int = MOST) -> TicketQuerySet:
    """The newest of them. Words that many tickets have are answered with the newest only, read from the newest on."""
    found = with_words(tickets, asked)
    return found.order_by(F("wording__raised_at").desc(), F("wording__ticket").desc())[:most]


def excerpts(tickets: list[Ticket], asked: str) -> dict[int, list[Piece]]:
    """For each ticket by its key, the stretch of what was said where the words stand, in pieces to mark or not.

    Reads feedbacks, replies, conclusions and notes of all of them in four queries.
    """
    said: dict[int, list[str]] = {
        ticket.pk: [ticket.happened, ticket.wanted, " ".join(str(value) for value in ticket.record.values())]
        for ticket in tickets
    }
    for name, fields in _SAID.items():
        rows = Ticket.objects.filter(pk__in=said).exclude(**{f"{name}__isnull": True})
        for pk, *texts in rows.values_list("pk", *(f"{name}__{field}" for field in fields)):
            said[pk].extend(text for text in texts if text)
    return {pk: found for pk, texts in said.items() if (found := excerpt(texts, asked))}


_SAID = {
    "feedbacks": ("process", "cause", "result", "person", "advice", "rejection"),
    "reply_attempts": ("text",),
    "conclusions": ("remedy",),
    "entries__note": ("text",),
}
