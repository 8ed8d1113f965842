"""Each constraint of callbacks, and an attempt to break it."""

import pytest
from django.db import IntegrityError, transaction

from callbacks.models import Attempt, Callback, CallbackRules
from tests.callbacks.stories import a_callback
from tests.people import MONDAY_NINE, TUESDAY_NINE, person

pytestmark = pytest.mark.django_db

SAID = {"with_result": "satisfied", "with_handling": "satisfied"}


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("a_callback_is_in_a_known_state", {"state": "lost", "ended_at": MONDAY_NINE}),
        ("a_callback_that_is_over_says_since_when", {"state": "cancelled"}),
        ("a_callback_that_is_over_says_since_when", {"state": "open", "ended_at": MONDAY_NINE}),
        ("two_answers_or_unreachable_or_none", {"state": "answered", "ended_at": MONDAY_NINE}),
        (
            "two_answers_or_unreachable_or_none",
            {"state": "answered", "ended_at": MONDAY_NINE, "with_result": "satisfied"},
        ),
        ("two_answers_or_unreachable_or_none", {"state": "unreachable", "ended_at": MONDAY_NINE, **SAID}),
        ("two_answers_or_unreachable_or_none", SAID),
        (
            "who_is_dissatisfied_says_why",
            {
                "state": "answered",
                "ended_at": MONDAY_NINE,
                "with_result": "satisfied",
                "with_handling": "dissatisfied",
            },
        ),
        ("an_exempt_callback_says_why", {"state": "exempt", "ended_at": MONDAY_NINE}),
        ("an_exempt_callback_says_why", {"exemption": "nature"}),
        ("a_taken_callback_says_from_when_until_when", {"taken_at": MONDAY_NINE, "taken_until": TUESDAY_NINE}),
        ("only_an_answer_awaits_a_decision", {"awaits_decision": True}),
    ],
)
def test_a_callback_that_cannot_be_is_refused_by_the_database(constraint, values):
    callback = a_callback()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Callback.objects.filter(pk=callback.pk).update(**values)


def test_a_reason_that_retention_has_blanked_is_no_missing_reason():
    callback = a_callback()

    Callback.objects.filter(pk=callback.pk).update(
        state="answered",
        ended_at=MONDAY_NINE,
        with_result="dissatisfied",
        with_handling="neutral",
        reason="",
        blanked_at=TUESDAY_NINE,
    )


def test_an_attempt_that_reached_the_customer_is_an_answer():
    with (
        pytest.raises(IntegrityError, match="an_attempt_that_reached_is_an_answer"),
        transaction.atomic(),
    ):
        Attempt.objects.create(callback=a_callback(), result="reached", at=MONDAY_NINE, by=person("yinmei"))


@pytest.mark.parametrize("values", [{"attempts": 0}, {"days": 4}, {"survey_hours": 0}])
def test_rules_that_cannot_be_followed_are_refused(values):
    CallbackRules.objects.update_or_create(pk=1)

    with pytest.raises(IntegrityError, match="attempts_can_be_spread_over_their_days"), transaction.atomic():
        CallbackRules.objects.filter(pk=1).update(**values)


def test_there_is_one_row_of_rules():
    with pytest.raises(IntegrityError, match="there_is_one_row_of_callback_rules"), transaction.atomic():
        CallbackRules.objects.create(pk=2)
