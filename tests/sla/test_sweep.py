"""The sweep: warnings and breaches once each, in order, whatever dies, repeats or fails (R2A)."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction

from common.apart import retry_set_aside
from common.models import Heartbeat, SetAside
from common.moment import database_now
from complaints.actions import cancelling, dispatching, holding
from complaints.models import Entry, Ticket
from sla.actions.sweeping import call_due, next_due_instant
from sla.models import Clock
from sla.tasks import sweep
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    a_customer,
    a_ticket,
    a_ticket_in_hand,
    fresh,
    local,
    person,
    unit,
)
from tests.sla.cast import clock_of, later
from tests.together import together

pytestmark = pytest.mark.django_db


def breaches(*tickets: Ticket) -> list[tuple[str, str]]:
    """The breaches in the history, as ticket and clock, in the order in which they were written."""
    entries = Entry.objects.filter(kind="breached", ticket__in=tickets).order_by("pk")
    return [(entry.ticket.reference, entry.data["clock"]) for entry in entries.select_related("ticket")]


def test_r2a_a_warning_comes_at_eighty_percent_and_a_breach_at_the_due_each_once(ticket):
    warned = call_due(later(MONDAY_NINE, minutes=48))
    again = call_due(later(MONDAY_NINE, minutes=48))
    broken = call_due(later(MONDAY_NINE, minutes=60))
    at_last = call_due(later(MONDAY_NINE, minutes=61))

    assert (warned.called, again.called, broken.called, at_last.called) == (1, 0, 1, 0)
    clock = clock_of(ticket, "dispatch")
    assert clock.warned_at == later(MONDAY_NINE, minutes=48)
    assert clock.breached_at == later(MONDAY_NINE, minutes=60)
    assert breaches(ticket) == [(ticket.reference, "dispatch")]


def test_a_breached_clock_still_runs_until_it_ends_and_counts_as_met_late(ticket, sam):
    call_due(later(MONDAY_NINE, minutes=60))

    dispatching.dispatch(fresh(ticket), to=unit("network"), by=sam, at=later(MONDAY_NINE, minutes=70))

    assert clock_of(ticket, "dispatch").outcome == "met_late"


def test_what_is_done_exactly_at_the_due_is_met_and_a_moment_later_is_not(ticket, sam):
    late = a_ticket(customer=a_customer("12055550102"))

    dispatching.dispatch(ticket, to=unit("network"), by=sam, at=later(MONDAY_NINE, minutes=60))
    dispatching.dispatch(late, to=unit("network"), by=sam, at=later(MONDAY_NINE, minutes=60, microseconds=1))

    assert clock_of(ticket, "dispatch").outcome == "met"
    assert clock_of(late, "dispatch").outcome == "met_late"
    assert clock_of(late, "dispatch").breached_at == later(MONDAY_NINE, minutes=60)


def test_r2a_after_an_outage_everything_is_caught_up_in_order_with_both_instants(ticket):
    other = a_ticket(customer=a_customer("12055550102"), at=later(MONDAY_NINE, minutes=10))
    noticed = local("2026-03-02 19:00")

    turn = call_due(noticed)

    assert turn.called == 8
    assert turn.latest == noticed - later(MONDAY_NINE, minutes=48)
    assert breaches(ticket) == [(ticket.reference, "dispatch"), (ticket.reference, "reply")]
    for clock in Clock.objects.filter(ticket__in=[ticket, other]):
        assert clock.breached_at == clock.due_at
        assert clock.warned_at == clock.warn_at
        assert clock.breach_noticed_at == clock.warning_noticed_at == noticed


def test_q8_a_long_backlog_is_worked_off_turn_by_turn():
    tickets = [a_ticket(customer=a_customer(f"1205555{number:04d}")) for number in range(6)]

    turns = [call_due(local("2026-03-02 19:00"), at_most=4) for _ in range(8)]

    assert sum(turn.called for turn in turns) == 24
    assert turns[0].called < 24 and turns[-1].called == 0
    assert len(breaches(*tickets)) == 12


def test_s7_nothing_is_called_while_a_clock_is_held():
    ticket = a_ticket_in_hand()
    holding.hold(
        ticket,
        reason="customer",
        text="They look for the bill.",
        until=local("2026-03-04 10:00"),
        by=person("wei"),
        at=MONDAY_TEN,
    )

    turn = call_due(local("2026-03-03 12:00"))

    assert turn.called == 0
    assert fresh(ticket).next_due_at is None
    assert breaches(ticket) == []


def test_s9_no_final_state_yields_anything_due(ticket, rosa):
    cancelling.cancel(ticket, reason="Withdrawn.", by=rosa, at=MONDAY_TEN)

    turn = call_due(local("2026-06-01 09:00"))

    assert turn.called == 0
    assert next_due_instant() is None


def test_the_next_due_instant_is_the_next_warning_or_breach(ticket):
    first = next_due_instant()
    call_due(later(MONDAY_NINE, minutes=48))

    assert first == later(MONDAY_NINE, minutes=48)
    assert next_due_instant() == later(MONDAY_NINE, minutes=60)


def test_the_ticket_carries_what_is_due_first_for_lists(ticket, sam):
    before = fresh(ticket)
    dispatching.dispatch(ticket, to=unit("network"), by=sam, at=MONDAY_NINE)
    after = fresh(ticket)

    assert (before.next_due_kind, before.next_due_at) == ("dispatch", later(MONDAY_NINE, minutes=60))
    assert (after.next_due_kind, after.next_due_at) == ("handle", later(MONDAY_NINE, minutes=180))
    assert before.reply_due_at == after.reply_due_at == later(MONDAY_NINE, minutes=240)


def poison(clock: Clock) -> None:
    """Make every change of one clock fail in the database, as a corrupt row would."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF NEW.id = {clock.pk} THEN RAISE EXCEPTION 'rotten'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER poisoned BEFORE UPDATE ON sla_clock FOR EACH ROW EXECUTE FUNCTION poisoned();
            """
        )


def cure() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER poisoned ON sla_clock; DROP FUNCTION poisoned()")


def test_q15_a_bad_row_in_the_middle_stops_nobody_is_shown_and_is_tried_again_later():
    first, rotten, last = (
        a_ticket(customer=a_customer(f"1205555010{number}"), at=later(MONDAY_NINE, seconds=number))
        for number in range(3)
    )
    bad = clock_of(rotten, "dispatch")
    poison(bad)
    now = later(MONDAY_NINE, minutes=50)

    turn = call_due(now)
    at_once_again = call_due(now)

    assert (turn.called, turn.failed, at_once_again.failed) == (2, 1, 0)
    assert clock_of(first, "dispatch").warned_at and clock_of(last, "dispatch").warned_at
    aside = SetAside.objects.open().get()
    assert (aside.kind, aside.object_id, aside.tries) == ("clock", bad.pk, 1)
    assert "rotten" in aside.error
    assert aside.next_try_at == now + timedelta(seconds=10)


def test_a_row_set_aside_waits_longer_each_time_and_is_resolved_when_it_works():
    ticket = a_ticket()
    poison(clock_of(ticket, "dispatch"))
    now = later(MONDAY_NINE, minutes=50)
    call_due(now)
    call_due(later(now, seconds=11))
    aside = SetAside.objects.open().get()
    pause = aside.next_try_at - aside.last_failed_at
    cure()

    retry_set_aside(aside, at=later(now, seconds=12))
    call_due(later(now, seconds=12))

    assert (aside.tries, pause) == (2, timedelta(seconds=20))
    assert not SetAside.objects.open().exists()
    assert clock_of(ticket, "dispatch").warned_at is not None


def test_a_row_given_up_is_left_alone_until_somebody_has_it_tried_again():
    ticket = a_ticket()
    poison(clock_of(ticket, "dispatch"))
    now = later(MONDAY_NINE, minutes=50)
    while not SetAside.objects.given_up().exists():
        call_due(now)
        now = later(now, hours=1)
    cure()

    left_alone = call_due(now)
    retry_set_aside(SetAside.objects.get(), at=now)
    asked_for = call_due(now)

    assert (left_alone.called, left_alone.failed) == (0, 0)
    assert asked_for.called == 2  # the warning and the breach
    assert not SetAside.objects.open().exists()


def test_the_task_works_off_everything_and_says_when_it_was_done(ticket):
    sweep()

    assert clock_of(ticket, "dispatch").breached_at == later(MONDAY_NINE, minutes=60)
    beat = Heartbeat.objects.get(name="sla.sweep")
    assert beat.lag > timedelta(0)
    assert database_now() - beat.completed_at < timedelta(minutes=1)


def test_a_turn_that_finds_nothing_asks_twice_and_one_that_calls_many_asks_as_often_as_for_one(
    django_assert_max_num_queries, django_assert_num_queries
):
    for number in range(5):
        a_ticket(customer=a_customer(f"1205555010{number}"))
    with django_assert_num_queries(2):
        call_due(MONDAY_NINE)

    with django_assert_max_num_queries(20):
        call_due(later(MONDAY_NINE, minutes=50))


# --- Several at once, and deaths --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_q2_two_sweeps_at_once_call_everything_exactly_once():
    tickets = [a_ticket(customer=a_customer(f"1205555{number:04d}")) for number in range(12)]
    now = local("2026-03-02 19:00")

    turns = together([lambda: call_due(now), lambda: call_due(now), lambda: call_due(now)])
    call_due(now)

    assert sum(turn.called for turn in turns) <= 48
    assert sorted(breaches(*tickets)) == sorted(
        (ticket.reference, kind) for ticket in tickets for kind in ("dispatch", "reply")
    )
    assert Clock.objects.filter(breached_at__isnull=True).count() == 0


@pytest.mark.django_db(transaction=True)
def test_s13_a_ticket_that_somebody_works_on_is_left_to_the_next_turn():
    ticket = a_ticket()
    free = a_ticket(customer=a_customer("12055550102"))
    now = later(MONDAY_NINE, minutes=60)

    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=ticket.pk)
        together([lambda: call_due(now)])
    meanwhile = breaches(ticket, free)
    call_due(now)

    assert meanwhile == [(free.reference, "dispatch")]
    assert sorted(breaches(ticket, free)) == sorted([(ticket.reference, "dispatch"), (free.reference, "dispatch")])


SWEEP_AND_DIE = """
import os, signal, sys
import django
django.setup()
from django.db import connection
from datetime import datetime
from common import sweeping
from sla.actions import calling
from sla.actions.sweeping import call_due

sweeping.TOGETHER = 2
publish_all = calling.publish_all
lots = 0

def publish_and_die(events):
    global lots
    publish_all(events)
    lots += 1
    if lots == 2:
        os.kill(os.getpid(), signal.SIGKILL)  # done, and not committed

calling.publish_all = publish_and_die
call_due(datetime.fromisoformat(sys.argv[1]))
"""


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_q11_a_worker_killed_in_mid_sweep_loses_nothing_and_the_next_sweep_repairs():
    tickets = [a_ticket(customer=a_customer(f"1205555{number:04d}")) for number in range(4)]
    now = later(MONDAY_NINE, minutes=60)
    database = settings.DATABASES["default"]
    url = f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"{url}/{connection.settings_dict['NAME']}",
    }

    killed = subprocess.run([sys.executable, "-c", SWEEP_AND_DIE, now.isoformat()], env=environment, check=False)
    before = breaches(*tickets)
    deadline = time.monotonic() + 30
    while Clock.objects.filter(next_at__lte=now).exists() and time.monotonic() < deadline:
        call_due(now)  # the server may take a moment to let go of the dead one's locks

    assert killed.returncode == -signal.SIGKILL
    assert len(before) < 4
    assert sorted(breaches(*tickets)) == sorted((ticket.reference, "dispatch") for ticket in tickets)
    assert not Clock.objects.filter(kind="dispatch", warned_at__isnull=True).exists()
