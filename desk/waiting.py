"""How much waits for somebody, for the rail: one query for all tickets, one for each other app."""

from datetime import datetime

from django.db.models import Count, Q

from accounts.models import Authority, Person
from approvals.models import Approval
from callbacks.models import Callback
from complaints.models import FollowUp, Ticket
from desk import queries
from desk.workplaces import (
    ANSWERING,
    APPROVING,
    CALLING_BACK,
    DISPATCHING,
    FOLLOWING_UP,
    WATCHING,
    WORKING_IN_A_UNIT,
)
from escalation.models import Escalation
from letters.models import Letter
from notifications.models import Message

LISTS = (
    (ANSWERING, "mine", queries.returned_or_to_tell),
    (DISPATCHING, "dispatch", queries.to_review),
    (WORKING_IN_A_UNIT, "queue", queries.in_my_hands_or_unclaimed),
    (ANSWERING, "replies", queries.to_answer),
)


def count_waiting(person: Person, authority: Authority, at: datetime) -> dict[str, int]:
    """What waits for this person, by the key of the workplace; workplaces that are not theirs are left out."""
    asked = {key: condition(authority) for roles, key, condition in LISTS if authority.holds(*roles)}
    counts: dict[str, int] = {}
    if asked:
        anywhere = Q(pk__in=[])
        for condition in asked.values():
            anywhere |= condition
        numbers = {key: Count("pk", filter=condition, distinct=True) for key, condition in asked.items()}
        counts |= Ticket.objects.live().filter(anywhere).aggregate(**numbers)
    if authority.holds(*CALLING_BACK):
        counts["callbacks"] = Callback.objects.due_for(person, at).count()
    if authority.holds(*FOLLOWING_UP):
        counts["follow_ups"] = FollowUp.objects.for_person(person, at).count()
    if authority.holds(*WATCHING):
        counts["inbox"] = Escalation.objects.inbox(person, at).count()
    if authority.holds(*APPROVING):
        solutions = Approval.objects.for_person(person, at).count()
        counts["approvals"] = solutions + Letter.objects.to_decide_for(person, at).count()
    counts["messages"] = Message.objects.for_person(person).unread().count()
    return counts
