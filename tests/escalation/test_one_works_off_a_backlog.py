"""After an outage one worker works a sweep's backlog off; the others see to what is fresh and stay free (R2A)."""

from datetime import timedelta

import pytest

from common import sweeping
from common.models import Lease
from common.moment import database_now
from common.sweeping import LENT_FOR, Backlog
from escalation import tasks as ladders
from escalation.actions.sweeping import fire_due
from escalation.models import Escalation
from notifications.models import Message
from sla import tasks as clocks
from sla.actions.sweeping import call_due
from sla.models import Clock
from tests.people import MONDAY_NINE, a_customer, a_ticket
from tests.together import together

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
AFTERNOON = MONDAY_NINE + timedelta(hours=6)


@pytest.fixture
def old():
    """Tickets whose dispatch has been late for hours."""
    return [a_ticket(at=MONDAY_NINE, customer=a_customer(f"1205557{number:04d}")) for number in range(3)]


@pytest.fixture
def just_now():
    """A ticket whose warning falls due this very moment."""
    return a_ticket(at=AFTERNOON - 48 * MINUTE, customer=a_customer("12055570009"))


def called(tickets):
    return Clock.objects.filter(ticket__in=tickets, kind="dispatch", warned_at__isnull=False).count()


def test_whoever_comes_meanwhile_calls_what_is_fresh_and_leaves_the_backlog(old, just_now):
    with Backlog("clocks") as first, Backlog("clocks") as second:
        assert first.is_ours(AFTERNOON)

        turn = call_due(AFTERNOON, backlog=second)

        assert (called([just_now]), called(old)) == (1, 0)
        assert turn.latest > timedelta(hours=5)  # it says how late the timers are all the same


def test_whoever_comes_meanwhile_raises_what_is_fresh_and_its_first_message_is_there(old, just_now):
    call_due(AFTERNOON)
    with Backlog("ladders") as first, Backlog("ladders") as second:
        assert first.is_ours(AFTERNOON)

        fire_due(AFTERNOON, backlog=second)

    raised = Escalation.objects.exclude(state="planned").values_list("ticket", flat=True)
    assert set(raised) == {just_now.pk}
    assert set(Message.objects.values_list("ticket", flat=True)) == {just_now.reference}


def test_whoever_has_the_backlog_turns_to_what_is_fresh_before_each_lot(old, just_now, monkeypatch):
    monkeypatch.setattr(sweeping, "TOGETHER", 1)

    with Backlog("clocks") as backlog:
        call_due(AFTERNOON, at_most=1, backlog=backlog)
        after_one = called([just_now]), called(old)
        call_due(AFTERNOON, backlog=backlog)

    assert after_one == (1, 0)
    assert called(old) == len(old)


def test_the_backlog_is_given_back_at_the_end():
    with Backlog("clocks") as first:
        assert first.is_ours(AFTERNOON)
        assert not Backlog("clocks").is_ours(AFTERNOON)

    assert Backlog("clocks").is_ours(AFTERNOON)


def test_who_dies_with_the_backlog_keeps_it_for_a_moment_only():
    dead, next_one = Backlog("clocks"), Backlog("clocks")
    assert dead.is_ours(AFTERNOON)

    meanwhile, later = next_one.is_ours(AFTERNOON + LENT_FOR - MINUTE / 60), next_one.is_ours(AFTERNOON + LENT_FOR)

    assert (meanwhile, later) == (False, True)
    assert not dead.is_ours(AFTERNOON + LENT_FOR)  # one that was only slow does not take it back


def test_whoever_goes_on_keeps_it():
    backlog = Backlog("clocks")

    kept = [backlog.is_ours(AFTERNOON + turn * LENT_FOR / 2) for turn in range(5)]

    assert all(kept)
    assert not Backlog("clocks").is_ours(AFTERNOON + 2 * LENT_FOR)


def test_the_backlogs_of_the_two_sweeps_are_two():
    assert Backlog("clocks").is_ours(AFTERNOON)
    assert Backlog("ladders").is_ours(AFTERNOON)


def test_where_nothing_waits_for_long_nobody_asks_for_a_backlog(just_now):
    with Backlog("clocks") as backlog:
        call_due(AFTERNOON, backlog=backlog)

    assert called([just_now]) == 1
    assert not Lease.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_workers_that_come_at_once_one_gets_it():
    answers = together([lambda: Backlog("clocks").is_ours(AFTERNOON)] * 4)

    assert sorted(answers) == [False, False, False, True]


def test_the_tasks_work_a_backlog_off_and_give_it_back(old):
    clocks.sweep()
    ladders.sweep()

    assert not Clock.objects.due(database_now()).exists()
    assert not Escalation.objects.due(database_now()).exists()
    assert list(Lease.objects.values_list("until", flat=True)) == [None, None]


def test_a_task_leaves_the_backlog_to_whoever_has_it(old):
    with Backlog("sla.sweep") as elsewhere:
        assert elsewhere.is_ours(database_now())

        clocks.sweep()

    assert called(old) == 0
