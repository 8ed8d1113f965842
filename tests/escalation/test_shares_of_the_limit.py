"""A step at a share of the limit of its own: in the clock's own time, once, with the limit (R90, R92, R6)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from complaints.actions import dispatching, holding
from complaints.models import Entry
from escalation.actions.sweeping import fire_due
from escalation.drawing import BREACH, LEFT, draw
from escalation.kinds import Closing, Reason, Standing, When
from escalation.models import Escalation, Ladder, Step
from notifications.models import Message
from sla.actions import extending
from tests.escalation.playing import clock, play, raised, wake_up
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    fresh,
    local,
    person,
    unit,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def a_step_at(percent, *, ladder="dispatch", **facts):
    """One more step, before all others of a ladder."""
    of = Ladder.objects.get(code=ladder)
    of.steps.update(order=F("order") + 2)
    return of.steps.create(
        order=1, when=When.SHARE, share_percent=percent, role="dispatcher", channels=["in_app"], **facts
    )


def of_step(ticket, step):
    return Escalation.objects.get(ticket=ticket, step=step)


def test_r90_a_step_stands_at_a_share_of_the_limit_and_is_raised_once():
    half = a_step_at(50)
    ticket = a_ticket(at=MONDAY_NINE)
    assert of_step(ticket, half).planned_at == MONDAY_NINE + 30 * MINUTE

    fire_due(MONDAY_NINE + 29 * MINUTE)
    assert not raised(ticket)
    for _time in range(2):
        fire_due(MONDAY_NINE + 30 * MINUTE)

    (told,) = raised(ticket)
    assert (told.step, told.reason, told.noticed_at) == (half, Reason.SHARE, MONDAY_NINE + 30 * MINUTE)
    assert Entry.objects.get(ticket=ticket, kind="escalated").data["share"] == 50
    assert Message.objects.filter(about=told.about).exists()


@pytest.mark.parametrize("at", ["2026-03-02 09:00", "2026-03-02 19:50", "2026-03-06 19:30", "2026-03-07 11:00"])
@pytest.mark.parametrize(
    ("ladder", "kind"), [("dispatch", "dispatch"), ("reply", "reply"), ("handle-in-hours", "handle")]
)
def test_r90_a_share_counts_as_the_warning_of_the_policy_does(at, ladder, kind):
    step = a_step_at(80, ladder=ladder)

    ticket = a_dispatched_ticket(at=local(at)) if kind == "handle" else a_ticket(at=local(at))

    warned = clock(ticket, kind)
    assert warned.warn_at is not None
    assert warned.policy.warning_share * 100 == 80
    assert of_step(ticket, step).planned_at == warned.warn_at


def test_r90_what_follows_a_share_counts_from_where_that_was_planned():
    half = a_step_at(50)
    next_one = half.ladder.steps.create(
        order=2, when=When.AFTER_PREVIOUS, delay_minutes=10, role="supervisor", channels=["in_app"]
    )

    ticket = a_ticket(at=MONDAY_NINE)
    wake_up(MONDAY_NINE + 45 * MINUTE)

    assert [each.step for each in raised(ticket)] == [half, next_one]
    assert of_step(ticket, next_one).planned_at == MONDAY_NINE + 40 * MINUTE


def test_r90_a_share_moves_with_the_limit_until_it_is_raised():
    half, most = a_step_at(50), a_step_at(75)
    ticket = a_ticket(at=MONDAY_NINE)
    play(MONDAY_NINE + 47 * MINUTE)
    was = of_step(ticket, half).planned_at

    extending.extend(
        fresh(ticket),
        kind="dispatch",
        until=MONDAY_TEN + 60 * MINUTE,
        reason="the network is down",
        by=person("lin"),
        at=MONDAY_NINE + 48 * MINUTE,
    )

    assert of_step(ticket, half).planned_at == was
    assert Escalation.objects.filter(ticket=ticket, step=most).count() == 1
    assert raised(ticket)[-1].step == most
    later = a_ticket(at=MONDAY_NINE)
    extending.extend(
        later, kind="dispatch", until=MONDAY_TEN + 60 * MINUTE, reason="x", by=person("lin"), at=MONDAY_NINE + MINUTE
    )
    moved = of_step(later, half)
    assert moved.planned_at == moved.next_at == MONDAY_NINE + 60 * MINUTE


def test_r6_a_held_clock_holds_its_shares_and_they_count_without_the_hold(wei):
    half = a_step_at(50, ladder="handle-in-hours")
    ticket = a_ticket_in_hand(at=MONDAY_NINE)
    was = of_step(ticket, half).planned_at
    begins = MONDAY_NINE + 30 * MINUTE

    holding.hold(ticket, reason="parts", text="awaiting a part", until=begins + 120 * MINUTE, by=wei, at=begins)
    held = of_step(ticket, half)
    assert (held.next_at, held.held_since) == (None, begins)
    holding.resume(fresh(ticket), by=wei, at=begins + 60 * MINUTE)

    again = of_step(ticket, half)
    assert (again.planned_at, again.next_at, again.held_since) == (was + 60 * MINUTE, was + 60 * MINUTE, None)


def test_r92_an_obligation_met_before_any_warning_takes_its_shares_down(sam):
    half = a_step_at(50)
    ticket = a_ticket(at=MONDAY_NINE)

    dispatching.dispatch(ticket, to=unit("network"), by=sam, at=MONDAY_NINE + 10 * MINUTE)

    ended = of_step(ticket, half)
    assert (ended.state, ended.closed_because) == (Standing.CANCELLED, Closing.OBLIGATION_ENDED)
    play(MONDAY_TEN)
    assert not raised(ticket, clock__kind="dispatch")


def test_r92_what_was_planned_by_a_step_that_is_switched_off_since_is_taken_down_too(sam):
    half = a_step_at(50)
    ticket = a_ticket(at=MONDAY_NINE)
    Step.objects.filter(pk=half.pk).update(is_active=False)

    dispatching.dispatch(ticket, to=unit("network"), by=sam, at=MONDAY_NINE + 10 * MINUTE)

    assert of_step(ticket, half).state == Standing.CANCELLED


def test_r2a_after_an_outage_share_warning_and_breach_come_in_their_order_each_once():
    half = a_step_at(50)
    ticket = a_ticket(at=MONDAY_NINE)

    wake_up(MONDAY_TEN + 5 * MINUTE)
    wake_up(MONDAY_TEN + 5 * MINUTE)

    told = raised(ticket)
    assert told[0].step == half
    assert [each.reason for each in told] == [Reason.SHARE, Reason.WARNING, Reason.BREACH]
    assert [each.planned_at for each in told] == sorted(each.planned_at for each in told)


@pytest.mark.parametrize("percent", [None, 0, 100])
def test_a_step_at_a_share_says_at_which(percent):
    step = a_step_at(50)
    step.share_percent = percent

    with pytest.raises(ValidationError):
        step.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        step.save()


def test_only_a_limit_has_shares():
    of = Ladder.objects.get(code="grave")
    step = Step(ladder=of, order=5, when=When.SHARE, share_percent=50, role="supervisor", channels=["in_app"])

    with pytest.raises(ValidationError) as refused:
        step.full_clean()

    assert set(refused.value.message_dict) == {"when"}


def test_a_share_is_drawn_where_it_stands():
    a_step_at(40)

    mark = draw(Ladder.objects.get(code="dispatch")).marks[0]

    assert mark.x == pytest.approx(LEFT + (BREACH - LEFT) * 0.4, abs=0.1)
    assert "40 %" in mark.words
