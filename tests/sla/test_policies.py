"""Policies: precedence, ties, versions, and limits that fit each other (R24, R27)."""

import itertools

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from common.refusals import Malformed, NotPossible
from complaints.models import Category
from sla.actions.publishing import draft_from, publish
from sla.models import Policy, known_policies
from sla.precedence import PRECEDENCE
from sla.querysets import Situation
from tests.people import MONDAY_NINE, a_ticket, person
from tests.sla.cast import clock_of, later

pytestmark = pytest.mark.django_db

LEAF = "billing.charges.monthly-fee"
ORDER = [name for name in PRECEDENCE if name != "variant"]
VALUES = {
    "scope": "partner",
    "urgency": "important",
    "brand": "gotone",
    "tier": "gold",
    "medium": "web",
    "variant": "direct",
}


def a_policy(code: str, *, kind: str = "assist", publishing: bool = True, **facts: object) -> Policy:
    """A policy of one's own, published unless said otherwise."""
    given = {"limit": 30, "limit_unit": "elapsed_minutes", "name_zh": code, "name_en": code, **facts}
    policy = Policy.objects.create(code=code, kind=kind, **given)
    return publish(policy, reason="for a test", by=None, at=MONDAY_NINE) if publishing else policy


def chosen(category: str = LEAF, **selectors: str) -> str:
    """The code of the policy for a case that has all the values."""
    situation = Situation(kind="assist", category=Category.objects.get(code=category), **(VALUES | selectors))
    policy = known_policies().choose(situation, at=later(MONDAY_NINE, hours=1))
    return policy.code if policy else ""


def with_only(*selectors: str) -> dict[str, object]:
    """Values for these selectors, 'any' for the rest."""
    category = {"category": Category.objects.get(code="billing")} if "category" in selectors else {}
    return category | {name: value for name, value in VALUES.items() if name in selectors}


@pytest.mark.parametrize(("stronger", "weaker"), list(itertools.pairwise(ORDER)))
def test_r27_selectors_are_compared_in_order(stronger, weaker):
    weaker_all = ORDER[ORDER.index(weaker) :]
    a_policy("weaker", **with_only(*weaker_all))
    a_policy("stronger", **with_only(stronger))

    assert chosen() == "stronger"


def test_r27_a_value_beats_any_and_a_deeper_category_beats_a_higher_one():
    a_policy("any-urgency", variant="", medium="web")
    a_policy("top", category=Category.objects.get(code="billing"), medium="web")
    first = chosen()
    a_policy("below", category=Category.objects.get(code="billing.charges"))

    assert first == "top"
    assert chosen() == "below"
    assert chosen("broadband.speed.slow") == "any-urgency"


def test_r27_two_policies_with_equal_keys_at_the_same_time_are_refused_with_the_rival_named():
    a_policy("first", urgency="urgent", brand="gotone")

    with pytest.raises(ValidationError, match="first v1"):
        a_policy("second", urgency="urgent", brand="gotone")


def test_r27_the_database_itself_refuses_a_tie():
    first = a_policy("first", urgency="urgent", brand="gotone")
    rival = a_policy("second", urgency="urgent", brand="gotone", publishing=False)

    with pytest.raises(IntegrityError, match="two_policies_never_tie"), transaction.atomic():
        Policy.objects.filter(pk=rival.pk).update(
            status="published", published_at=MONDAY_NINE, effective_from=first.effective_from
        )


def test_r27_equal_keys_one_after_the_other_are_no_tie():
    old = a_policy("mine", urgency="urgent", brand="gotone")
    new = draft_from(old)
    new.limit = 45
    new.save()

    publish(new, reason="faster", by=person("lin"), at=later(MONDAY_NINE, hours=2))

    old = Policy.objects.get(pk=old.pk)
    assert (old.status, old.effective_until) == ("retired", later(MONDAY_NINE, hours=2))
    assert (chosen(urgency="urgent"), new.version) == ("mine", 2)


def test_a_running_clock_keeps_its_version_when_another_is_published():
    ticket = a_ticket(of=LEAF)
    new = draft_from(Policy.objects.get(code="dispatch-ordinary"))
    new.limit = 5
    new.save()

    publish(new, reason="faster", by=None, at=later(MONDAY_NINE, minutes=1))
    next_one = a_ticket(of=LEAF, at=later(MONDAY_NINE, minutes=2))

    assert clock_of(ticket, "dispatch").due_at == later(MONDAY_NINE, minutes=60)
    assert clock_of(next_one, "dispatch").due_at == later(MONDAY_NINE, minutes=7)


def test_a_published_version_never_changes_not_even_by_sql():
    policy = Policy.objects.get(code="reply-urgent")

    policy.limit = 90
    with pytest.raises(ValidationError, match="new version"):
        policy.save()
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Policy.objects.filter(pk=policy.pk).update(limit=90)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Policy.objects.filter(pk=policy.pk).delete()


def test_r24_a_handle_policy_that_does_not_fit_its_reply_limit_is_refused_with_that_one_named():
    with pytest.raises(ValidationError, match="Reply, urgent v1"):
        a_policy("slow", kind="handle", urgency="urgent", limit=61)
    fitting = a_policy("quick", kind="handle", urgency="urgent", limit=60)

    assert fitting.is_published


def test_r24_a_reply_policy_that_is_shorter_than_its_handle_limit_is_refused_too():
    category = Category.objects.get(code="mobile")
    calendar = Policy.objects.get(code="conclude").calendar

    with pytest.raises(ValidationError, match="Handling, reply in days v1"):
        a_policy("two-days", kind="reply", category=category, limit=1, limit_unit="working_days", calendar=calendar)


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "reply", "variant": "direct"},
        {"kind": "reply", "limit_unit": "share_of_reply"},
        {"kind": "handle", "limit_unit": "share_of_reply", "limit": 101},
        {"kind": "conclude", "limit_unit": "working_days"},
        {"kind": "reply", "limit_unit": "consented_days"},
    ],
)
def test_what_can_never_hold_is_refused(facts):
    with pytest.raises(ValidationError):
        a_policy("odd", **facts)


def test_publishing_asks_why_and_for_a_time_that_has_not_passed():
    draft = a_policy("mine", brand="gotone", publishing=False)

    with pytest.raises(Malformed):
        publish(draft, reason=" ", by=None, at=MONDAY_NINE)
    with pytest.raises(Malformed):
        publish(draft, reason="x", by=None, at=MONDAY_NINE, effective_from=later(MONDAY_NINE, hours=-1))
    publish(draft, reason="x", by=None, at=MONDAY_NINE)
    with pytest.raises(NotPossible):
        publish(draft, reason="x", by=None, at=MONDAY_NINE)
