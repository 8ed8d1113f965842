"""A draft is tried before it is published: on open tickets, and on a past month; it changes nothing (R2B)."""

from io import StringIO
from itertools import product

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from common.readonly import reading_only
from common.refusals import NotPossible
from complaints.actions import dispatching
from complaints.models import Category, Entry, Ticket
from sla.actions.grounds import GroundsInHand
from sla.actions.publishing import draft_from, publish
from sla.actions.recomputing import step
from sla.actions.sweeping import call_due
from sla.actions.trying import problems_of, try_on_open, try_on_past
from sla.models import Clock, Policy, Recomputation
from sla.querysets import Situation
from tests.people import MONDAY_NINE, TUESDAY_NINE, a_customer, a_ticket, fresh, local, person, unit
from tests.sla.cast import chosen_by_the_database, clock_of, later

pytestmark = pytest.mark.django_db

MARCH, APRIL = local("2026-03-01 00:00"), local("2026-04-01 00:00")
AFTER = later(MONDAY_NINE, minutes=30)


def a_draft(code: str, **facts) -> Policy:
    """The next version, not published."""
    draft = draft_from(Policy.objects.get(code=code, status="published"))
    for name, value in facts.items():
        setattr(draft, name, value)
    draft.save()
    return draft


def dispatched(number: int, *, after: int) -> Ticket:
    """A ticket that Sam dispatched so many minutes after it was accepted."""
    ticket = a_ticket(customer=a_customer(f"1205557{number:04d}"))
    at = later(MONDAY_NINE, minutes=after)
    call_due(at)
    dispatching.dispatch(fresh(ticket), to=unit("network"), by=person("sam"), at=at)
    return ticket


def as_it_stands() -> list:
    """Everything that a trial could have changed."""
    return [list(model.objects.order_by("pk").values()) for model in (Clock, Entry, Policy, Recomputation, Ticket)]


def test_r2b_a_draft_on_open_tickets_says_whose_due_moves_and_who_would_breach_by_unit(ticket):
    draft = a_draft("dispatch-ordinary", limit=20)

    trial = try_on_open(draft, at=AFTER)

    (moved,) = trial.examples
    assert (trial.tickets, trial.moved, trial.breaches) == (1, 1, 1)
    assert (moved.ticket, moved.old_due, moved.new_due) == (
        ticket,
        later(MONDAY_NINE, minutes=60),
        later(MONDAY_NINE, minutes=20),
    )
    assert [(line.unit, line.earlier, line.breaches) for line in trial.units] == [(ticket.desk.name, 1, 1)]


def test_r2b_what_a_trial_says_of_open_tickets_is_what_publishing_does(ticket):
    a_ticket(customer=a_customer("12055570009", tier="gold"))
    draft = a_draft("reply-ordinary", limit=300)
    trial = try_on_open(draft, at=AFTER)

    publish(draft, reason="for a test", by=None, at=AFTER, for_running=True)
    now = later(AFTER, seconds=5)
    recomputation = Recomputation.objects.get()
    while step(recomputation, now=now).went_on:
        pass

    assert [(moved.clock.pk, moved.new_due) for moved in trial.examples] == [
        (clock_of(ticket, "reply").pk, clock_of(ticket, "reply").due_at)
    ]
    assert Recomputation.objects.get().moved == trial.moved


def test_r2b_a_draft_on_the_past_shows_the_month_old_and_new_side_by_side():
    for number, after in enumerate((10, 40, 70)):
        dispatched(number, after=after)
    call_due(TUESDAY_NINE)

    trial = try_on_past(a_draft("dispatch-ordinary", limit=30), since=MARCH, until=APRIL, at=TUESDAY_NINE)

    whole = trial.whole
    assert (whole.old_met, whole.old_missed, whole.new_met, whole.new_missed) == (2, 1, 1, 2)
    assert (trial.concerned, trial.apart) == (3, 0)
    assert [(str(day), line.clocks) for day, line in trial.days.items()] == [("2026-03-02", 3)]
    assert round(whole.old_share) == 67
    assert round(whole.new_share) == 33


def test_r2b_clocks_of_other_policies_count_as_they_were():
    dispatched(1, after=40)
    draft = a_draft("dispatch-urgent", limit=1)

    trial = try_on_past(draft, since=MARCH, until=APRIL, at=TUESDAY_NINE)

    assert (trial.concerned, trial.whole.old_met, trial.whole.new_met) == (0, 1, 1)


def test_r2b_trying_changes_nothing_and_the_database_would_refuse_it(ticket):
    draft = a_draft("reply-ordinary", limit=10)
    before = as_it_stands()

    with reading_only():
        try_on_open(draft, at=AFTER)
        try_on_past(draft, since=MARCH, until=APRIL, at=AFTER)
        problems_of(draft, at=AFTER)

    assert as_it_stands() == before
    with pytest.raises(DatabaseError, match="read-only"), reading_only():
        Ticket.objects.filter(pk=ticket.pk).update(wanted="something else")


def test_a_trial_can_be_bounded_and_says_so(ticket):
    a_ticket(customer=a_customer("12055570010"))
    draft = a_draft("reply-ordinary", limit=10)

    ahead = try_on_open(draft, at=AFTER, at_most=1)
    past = try_on_past(draft, since=MARCH, until=APRIL, at=AFTER, at_most=1)

    assert (ahead.tickets, ahead.is_cut_off, past.is_cut_off) == (1, True, True)


def test_only_drafts_are_tried():
    with pytest.raises(NotPossible):
        try_on_open(Policy.objects.get(code="reply-ordinary"), at=AFTER)


def test_r27_a_draft_that_would_tie_or_not_fit_says_so_before_it_is_published():
    tie = Policy.objects.create(
        code="mine", kind="reply", urgency="urgent", limit=50, limit_unit="elapsed_minutes", name_en="Mine"
    )
    misfit = Policy.objects.create(
        code="slow", kind="handle", urgency="urgent", limit=600, limit_unit="elapsed_minutes", name_en="Slow"
    )

    assert any("Reply, urgent v1" in problem for problem in problems_of(tie, at=AFTER))
    assert any("Reply, urgent v1" in problem for problem in problems_of(misfit, at=AFTER))
    assert problems_of(a_draft("reply-urgent", limit=55), at=AFTER) == []


def test_a_trial_reads_as_many_rows_at_once_as_it_can(django_assert_max_num_queries):
    for number in range(4):
        a_ticket(customer=a_customer(f"1205557{number:04d}"))
    draft = a_draft("reply-ordinary", limit=10)

    with django_assert_max_num_queries(16):
        try_on_open(draft, at=AFTER)
    with django_assert_max_num_queries(16):
        try_on_past(draft, since=MARCH, until=APRIL, at=AFTER)


def test_the_command_says_what_the_draft_would_do(ticket):
    a_draft("dispatch-ordinary", limit=20)
    said = StringIO()

    call_command("try_policy", "dispatch-ordinary", "--month", "2026-03", stdout=said)

    assert "1 due times would move" in said.getvalue()
    assert ticket.desk.name in said.getvalue()


@pytest.mark.parametrize("arguments", [["nothing-like-it"], ["dispatch-ordinary", "--month", "last"]])
def test_the_command_refuses_what_it_cannot_try(arguments):
    a_draft("dispatch-ordinary", limit=20)

    with pytest.raises(CommandError):
        call_command("try_policy", *arguments)


def test_the_chooser_in_memory_and_the_one_of_the_database_agree():
    leaf = Category.objects.get(code="billing.charges.monthly-fee")
    extras = [
        {"medium": "web"},
        {"tier": "gold", "category": Category.objects.get_parent(leaf)},
        {"scope": "partner"},
        {"brand": "gotone", "category": Category.objects.get_root(leaf)},
    ]
    for number, facts in enumerate(extras):
        draft = Policy.objects.create(
            code=f"extra-{number}",
            kind="reply",
            limit=400,
            limit_unit="elapsed_minutes",
            name_en="Extra",
            name_zh="补充",
            **facts,
        )
        publish(draft, reason="for a test", by=None, at=MONDAY_NINE)
    in_hand = GroundsInHand(Policy.objects.in_force(AFTER).with_selectors())
    asked = 0
    for urgency, tier, brand, medium, scope, (variant, days) in product(
        ["urgent", "ordinary"],
        ["ordinary", "gold", "vip"],
        ["", "gotone"],
        ["phone", "web"],
        ["", "partner"],
        [("", None), ("consented", 5)],
    ):
        situation = Situation("reply", leaf, urgency, brand, tier, scope, medium, variant, days)
        asked += 1
        assert in_hand.choose(situation, at=AFTER) == chosen_by_the_database(situation, at=AFTER), situation

    assert asked == 96
