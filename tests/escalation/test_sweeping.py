"""Each step exactly once, however many sweep, and in order after an outage (R2A; Q2, Q8, Q15)."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from common.models import Heartbeat
from complaints.models import Entry, Ticket
from escalation.actions import sweeping
from escalation.models import Escalation
from escalation.tasks import sweep
from notifications.models import Message
from sla.actions.sweeping import call_due
from tests.escalation.playing import raised
from tests.people import MONDAY_NINE, MONDAY_TEN, a_customer, a_ticket

MINUTE = timedelta(minutes=1)
AFTERNOON = MONDAY_NINE + timedelta(hours=6)


def in_threads(*works):
    """Run each at the same moment on a connection of its own; the first error is raised again."""
    start, errors = threading.Barrier(len(works)), []

    def live(work):
        try:
            start.wait()
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=live, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_raise_each_step_once():
    tickets = [a_ticket(at=MONDAY_NINE, customer=a_customer(f"1205556{number:04d}")) for number in range(6)]
    call_due(AFTERNOON)

    in_threads(*[lambda: sweeping.fire_due(AFTERNOON)] * 2)
    sweeping.fire_due(AFTERNOON)

    for ticket in tickets:
        entries = Entry.objects.filter(ticket=ticket, kind="escalated").values_list("data__ladder", "data__step")
        assert sorted(entries) == [(ladder, step) for ladder in ("dispatch", "reply") for step in (1, 2, 3)]
    keys = list(Message.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))


@pytest.mark.django_db(transaction=True)
def test_two_turns_that_find_the_same_breach_plan_its_steps_once():
    ticket = a_ticket(at=MONDAY_NINE)

    in_threads(*[lambda: call_due(MONDAY_TEN)] * 2)

    steps = Escalation.objects.filter(ticket=ticket).values_list("step", flat=True)
    assert len(steps) == len(set(steps)) == 3


@pytest.mark.django_db(transaction=True)
def test_a_ticket_that_somebody_works_on_is_passed_by_and_found_again():
    ticket = a_ticket(at=MONDAY_NINE)
    call_due(MONDAY_TEN)

    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=ticket.pk)
        in_threads(lambda: sweeping.fire_due(MONDAY_TEN))
        assert not raised(ticket)
    sweeping.fire_due(MONDAY_TEN)

    assert len(raised(ticket)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_turn_that_dies_half_way_leaves_what_it_did_and_the_next_does_the_rest():
    tickets = [a_ticket(at=MONDAY_NINE) for _ in range(3)]
    call_due(MONDAY_TEN)
    first = Escalation.objects.due(MONDAY_TEN).first()
    assert first is not None

    def die():
        with transaction.atomic():
            sweeping._claim_and_turn(
                first.pk, ticket_id=first.ticket_id, rules=sweeping.EscalationRules.current(), now=MONDAY_TEN
            )
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(Exception, match=r"terminat|closed|SSL|connection"):
        in_threads(die)
    assert not Message.objects.exists()
    sweeping.fire_due(MONDAY_TEN)

    assert [len(raised(ticket)) for ticket in tickets] == [2, 2, 2]


@pytest.mark.django_db
def test_a_backlog_is_worked_off_turn_by_turn_each_once_and_in_order():
    tickets = [a_ticket(at=MONDAY_NINE + number * MINUTE) for number in range(8)]
    call_due(AFTERNOON)
    planned = Escalation.objects.due(AFTERNOON).count()

    turns = 0
    while sweeping.fire_due(AFTERNOON, at_most=5).done:
        turns += 1

    assert turns > 1
    assert Escalation.objects.filter(noticed_at=AFTERNOON).count() == planned
    for ticket in tickets:
        order = [each.planned_at for each in Escalation.objects.filter(ticket=ticket).order_by("noticed_at", "pk")]
        entries = Entry.objects.filter(ticket=ticket, kind="escalated").order_by("pk")
        assert [entry.data["planned_at"] for entry in entries] == sorted(entry.data["planned_at"] for entry in entries)
        assert order


@pytest.mark.django_db
def test_sweeping_again_does_nothing():
    a_ticket(at=MONDAY_NINE)
    call_due(MONDAY_TEN)
    sweeping.fire_due(MONDAY_TEN)
    before = Entry.objects.count()

    turn = sweeping.fire_due(MONDAY_TEN)

    assert (turn.done, turn.failed) == (0, 0)
    assert Entry.objects.count() == before


@pytest.mark.django_db
def test_the_next_instant_is_that_of_the_earliest_planned_step():
    ticket = a_ticket(at=MONDAY_NINE)
    assert sweeping.next_instant() is None

    call_due(MONDAY_TEN)
    sweeping.fire_due(MONDAY_TEN)

    assert sweeping.next_instant() == MONDAY_TEN + 10 * MINUTE  # the first reminder
    assert ticket.escalations.planned().get().planned_at == MONDAY_TEN + 15 * MINUTE


@pytest.mark.django_db(transaction=True)
def test_the_task_sweeps_by_the_databases_clock_and_says_that_it_has():
    a_ticket(at=MONDAY_NINE, raised_at=MONDAY_NINE)
    call_due(AFTERNOON)

    sweep()

    assert not Escalation.objects.filter(state="planned").exists()
    beat = Heartbeat.objects.get(name="escalation.sweep")
    assert beat.lag > timedelta(days=1)
