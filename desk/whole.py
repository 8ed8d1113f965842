"""A ticket with all that its page shows, which asks only for the kinds of things that lie on it.

Nearly twenty tables may hold something about a ticket, and about most tickets most of them hold nothing. Whether they
do is one short question; a page then reads what is there, in a fixed number of queries for each kind.
"""

from collections.abc import Collection
from datetime import datetime
from functools import cache

from django.db import connection
from django.db.models import Model, Prefetch, prefetch_related_objects
from psycopg2.sql import SQL, Composed, Identifier, Literal, Placeholder

from accounts.models import Person, known_units
from approvals.models import Approval
from attachments.models import Attachment
from authorities.models import Case
from complaints.models import (
    Assistance,
    ChaseUp,
    Conclusion,
    Entry,
    Feedback,
    FollowUp,
    InterimRemedy,
    ReplyAttempt,
    Ticket,
)
from complaints.querysets import (
    TicketQuerySet,
    people_of,
    put_in_place,
    put_places_and_categories,
    put_what_is_kept,
)
from contact.models import Consent, Promise
from customers.models import Flag
from letters.models import Letter
from repeats.models import Repeat
from sla.models import Clock
from sla.models.policy import known_policies

KINDS: dict[str, tuple[type[Model], str]] = {
    "flags": (Flag, "customer"),
    "promises": (Promise, "matter"),
    "consents": (Consent, "matter"),
    "feedbacks": (Feedback, "ticket"),
    "interim_remedies": (InterimRemedy, "ticket"),
    "follow_ups": (FollowUp, "ticket"),
    "conclusions": (Conclusion, "ticket"),
    "assistances": (Assistance, "ticket"),
    "chase_ups": (ChaseUp, "ticket"),
    "reply_attempts": (ReplyAttempt, "ticket"),
    "repeats": (Repeat, "ticket"),
    "chain": (Repeat, "first"),
    "facts": (Entry, "ticket"),
    "approvals": (Approval, "ticket"),
    "attachments": (Attachment, "ticket"),
    "letters": (Letter, "ticket"),
    "cases": (Case.tickets.through, "ticket"),
}
"""Under which name a kind is known, the table that holds it, and what its rows hang on."""
OF_ENTRIES = {"facts": "facts_added"}
"""Kinds that are entries of the history, by the kind of entry."""


WHOSE: dict[str, tuple[str, ...]] = {
    "feedbacks": ("by", "rejected_by"),
    "interim_remedies": ("by",),
    "follow_ups": ("manager", "done_by"),
    "conclusions": ("by", "confirmed_by"),
    "assistances": ("asked_by", "answered_by"),
    "chase_ups": ("by", "answered_by"),
    "reply_attempts": ("by",),
}
"""Which references of a kind lead to people; the people of all kinds are read together."""
WHERE = ("feedbacks", "interim_remedies", "assistances", "clocks")
"""Kinds with a unit."""


def whole(tickets: TicketQuerySet, now: datetime) -> Ticket | None:
    """The first of these tickets with all that its page shows; None where there is none."""
    ticket = tickets.select_related("customer", "matter").first()
    if ticket is None:
        return None
    there = _what_lies_on(ticket)
    ticket.__dict__["lies_on_it"] = there
    wanted = _lookups(now)
    clocks = Clock.objects.prefetch_related("intervals").order_by("started_at", "pk")
    prefetch_related_objects(
        [ticket], Prefetch("clocks", clocks), *(lookup for name, lookup in wanted.items() if name in there)
    )
    for name, lookup in wanted.items():
        if name not in there:
            _leave_empty(ticket, lookup)
    _put_all_in_place(ticket, there)
    return ticket


def _put_all_in_place(ticket: Ticket, there: Collection[str]) -> None:
    """Fill what leads to people, in one query for all, and what leads to anything that is kept."""
    people = people_of([ticket])
    for kind in WHOSE.keys() & there:
        people += [(row, name) for row in getattr(ticket, kind).all() for name in WHOSE[kind]]
    put_in_place(people, Person.objects.all())
    put_places_and_categories([ticket])
    rows: list[Model] = [row for kind in WHERE for row in getattr(ticket, kind).all()]
    put_what_is_kept([(ticket.customer, "branch"), *((row, "unit") for row in rows)], known_units().by_pk)
    put_what_is_kept([(clock, "policy") for clock in ticket.clocks.all()], known_policies().by_pk)


def lies_on(ticket: Ticket) -> frozenset[str]:
    """Which kinds of things lie on a ticket that `whole` has loaded."""
    there: frozenset[str] = vars(ticket)["lies_on_it"]
    return there


def _lookups(now: datetime) -> dict[str, Prefetch]:
    return {
        "flags": Prefetch(
            "customer__flags", queryset=Flag.objects.in_force(now).order_by("kind"), to_attr="flags_in_force"
        ),
        "feedbacks": Prefetch("feedbacks", queryset=Feedback.objects.order_by("-pk")),
        "interim_remedies": Prefetch("interim_remedies", queryset=InterimRemedy.objects.order_by("-pk")),
        "follow_ups": Prefetch("follow_ups", queryset=FollowUp.objects.order_by("pk")),
        "conclusions": Prefetch("conclusions", queryset=Conclusion.objects.select_related("cause")),
        "assistances": Prefetch("assistances", queryset=Assistance.objects.all()),
        "chase_ups": Prefetch("chase_ups", queryset=ChaseUp.objects.order_by("number")),
        "repeats": Prefetch("repeats", Repeat.objects.standing().select_related("earlier"), to_attr="standing_repeats"),
        "reply_attempts": Prefetch("reply_attempts", queryset=ReplyAttempt.objects.order_by("-pk")),
        "promises": Prefetch("matter__promises", queryset=Promise.objects.order_by("-agreed_at", "-pk")),
        "consents": Prefetch("matter__consents", queryset=Consent.objects.order_by("-given_at", "-pk")),
    }


def _leave_empty(ticket: Ticket, lookup: Prefetch) -> None:
    """As if the lookup had been asked and had found nothing."""
    holder: Model = ticket
    *way, name = lookup.prefetch_through.split("__")
    for step in way:
        holder = getattr(holder, step)
    attribute = lookup.prefetch_to.split("__")[-1]
    if attribute != name:
        setattr(holder, attribute, [])
        return
    # What asks further than `all()` still asks the database: a deed on this page may have written the first row.
    nothing = getattr(holder, name).all()
    nothing._result_cache = []
    nothing._prefetch_done = True
    holder.__dict__.setdefault("_prefetched_objects_cache", {})[name] = nothing


def _what_lies_on(ticket: Ticket) -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            _question(),
            {"ticket": ticket.pk, "first": ticket.pk, "matter": ticket.matter_id, "customer": ticket.customer_id},
        )
        answers = cursor.fetchone()
    return frozenset(name for name, is_there in zip(KINDS, answers, strict=True) if is_there)


@cache
def _question() -> Composed:
    parts = []
    for name, (model, held_by) in KINDS.items():
        part = SQL("EXISTS (SELECT FROM {} WHERE {} = {}{})").format(
            Identifier(model._meta.db_table),
            Identifier(f"{held_by}_id"),
            Placeholder(held_by),
            SQL(" AND kind = {}").format(Literal(OF_ENTRIES[name])) if name in OF_ENTRIES else SQL(""),
        )
        parts.append(part)
    return SQL("SELECT {}").format(SQL(", ").join(parts))
