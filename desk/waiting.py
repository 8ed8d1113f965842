"""How much waits for somebody, for the rail: one query for everything, and nothing is counted beyond a bound."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Authority, Person
from approvals.models import Approval
from callbacks.models import Callback
from common.bounds import count, put_together
from complaints.models import FollowUp, Ticket
from desk import queries
from desk.counting import Counts
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
    (WORKING_IN_A_UNIT, "queue", queries.in_my_hands),
    (WORKING_IN_A_UNIT, "unclaimed", queries.unclaimed),
    (ANSWERING, "replies", queries.to_answer),
)
"""Each names the states that it is about: said twice, the database would expect next to nothing and plan for that."""
MOST = 99
"""How far the rail counts; the lists themselves count further. Who has more before them needs no exact number."""
TOGETHER = {"unclaimed": "queue", "letters": "approvals"}
"""What is counted apart, since each is found by an index of its own, and shown as one number."""


def count_waiting(person: Person, authority: Authority, at: datetime) -> dict[str, int]:
    """What waits for this person, by the key of the workplace; workplaces that are not theirs are left out."""
    asked = AT_ANY_TIME.asked(person, at)
    if authority.holds(*CALLING_BACK):
        asked = asked | put_together({"callbacks": Callback.objects.due_for(person, at)}, most=MOST)
    counts = count(asked)
    for part, whole in TOGETHER.items():
        if part in counts:
            counts[whole] += counts.pop(part)
    return counts


def _at_any_time(person: Person, at: datetime) -> dict[str, QuerySet]:
    """What waits whatever the time is: all but the callbacks, which wait from a certain time on."""
    authority = person.authority(at)
    asked: dict[str, QuerySet] = {
        key: Ticket.objects.filter(condition(authority)) for roles, key, condition in LISTS if authority.holds(*roles)
    }
    if authority.holds(*FOLLOWING_UP):
        asked["follow_ups"] = FollowUp.objects.for_person(person, at)
    if authority.holds(*WATCHING):
        asked["inbox"] = Escalation.objects.first_of_inbox(person, at, MOST + 1)
    if authority.holds(*APPROVING):
        asked |= {
            "approvals": Approval.objects.for_person(person, at),
            "letters": Letter.objects.to_decide_for(person, at),
        }
    asked["messages"] = Message.objects.for_person(person).unread()
    return asked


AT_ANY_TIME = Counts(_at_any_time, most=MOST)
