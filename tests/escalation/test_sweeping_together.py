"""Many due at once: written together, in order, each once; a bad one falls alone (R2A; Q2, Q11, Q15)."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import sweeping
from common.models import SetAside
from complaints.models import Entry, Ticket
from escalation.actions.sweeping import fire_due
from escalation.models import Escalation
from notifications.kinds import Lane
from notifications.models import Message
from sla.actions.sweeping import call_due
from sla.models import Clock
from tests.people import MONDAY_NINE, a_customer, a_ticket
from tests.together import together

MINUTE = timedelta(minutes=1)
AFTERNOON = MONDAY_NINE + timedelta(hours=6)


def tickets_due(count):
    return [a_ticket(at=MONDAY_NINE, customer=a_customer(f"1205557{number:04d}")) for number in range(count)]


def questions(deed):
    with CaptureQueriesContext(connection) as asked:
        deed()
    return len(asked)


def poison(table, column, value):
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF NEW.{column} = {value} THEN RAISE EXCEPTION 'rotten'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER poisoned BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION poisoned();
            """
        )


@pytest.mark.django_db
def test_the_questions_of_a_turn_do_not_grow_with_what_is_due():
    first = [a_ticket(at=MONDAY_NINE)]
    call_due(AFTERNOON), fire_due(AFTERNOON)  # what a process keeps is read
    first += tickets_due(2)
    called_two, fired_two = questions(lambda: call_due(AFTERNOON)), questions(lambda: fire_due(AFTERNOON))
    more = [a_ticket(at=MONDAY_NINE, customer=a_customer(f"1205558{number:04d}")) for number in range(9)]

    called_many, fired_many = questions(lambda: call_due(AFTERNOON)), questions(lambda: fire_due(AFTERNOON))

    assert (called_many, fired_many) == (called_two, fired_two)
    assert called_many <= 30 and fired_many <= 40
    assert Entry.objects.filter(kind="breached").count() == 2 * len(first + more)
    assert not Escalation.objects.due(AFTERNOON).exists()


@pytest.mark.django_db
def test_reminders_and_missed_acknowledgements_come_together_as_well():
    tickets_due(2)
    call_due(AFTERNOON)
    fire_due(AFTERNOON)
    later = AFTERNOON + 35 * MINUTE
    two = questions(lambda: fire_due(later))
    for number in range(7):
        a_ticket(at=MONDAY_NINE, customer=a_customer(f"1205558{number:04d}"))
    call_due(AFTERNOON)
    fire_due(AFTERNOON)

    many = questions(lambda: fire_due(later))

    assert many <= two + 2
    missed = Escalation.objects.filter(ack_missed_at__isnull=False)
    assert Entry.objects.filter(kind="acknowledgement_missed").count() == missed.count() > 9
    keys = Message.objects.filter(kind="escalation_reminder").values_list("key", flat=True)
    assert len(set(keys)) == len(keys) > 9


@pytest.mark.django_db
def test_q15_a_rotten_escalation_falls_alone_out_of_those_done_together():
    tickets = tickets_due(5)
    call_due(AFTERNOON)
    bad = Escalation.objects.filter(ticket=tickets[2]).earliest("planned_at", "pk")
    poison("escalation_escalation", "id", bad.pk)

    turn = fire_due(AFTERNOON)

    assert turn.failed == 1
    assert SetAside.objects.open().get().object_id == bad.pk
    assert list(Escalation.objects.due(AFTERNOON)) == [bad]
    for ticket in tickets:
        expected = Escalation.objects.filter(ticket=ticket).exclude(pk=bad.pk).count()
        assert Entry.objects.filter(ticket=ticket, kind="escalated").count() == expected


@pytest.mark.django_db
def test_what_has_just_fallen_due_comes_before_a_backlog(monkeypatch):
    monkeypatch.setattr(sweeping, "TOGETHER", 1)
    old = tickets_due(2)
    just_now = a_ticket(at=AFTERNOON - 48 * MINUTE, customer=a_customer("12055570009"))

    call_due(AFTERNOON, at_most=1)

    assert Clock.objects.get(ticket=just_now, kind="dispatch").warned_at is not None
    assert not Clock.objects.filter(ticket__in=old, warned_at__isnull=False).exists()


@pytest.mark.django_db
def test_what_is_told_of_a_backlog_lets_what_is_on_time_leave_first():
    old = a_ticket(at=MONDAY_NINE)
    just_now = a_ticket(at=AFTERNOON - 48 * MINUTE, customer=a_customer("12055570009"))
    call_due(AFTERNOON)

    fire_due(AFTERNOON)

    told = Message.objects.filter(kind__startswith="escalation")
    assert set(told.filter(ticket=old.reference).values_list("lane", flat=True)) == {Lane.BACKLOG}
    assert set(told.filter(ticket=just_now.reference).values_list("lane", flat=True)) == {Lane.ON_TIME}


@pytest.mark.django_db(transaction=True)
def test_q2_two_sweeps_at_once_in_small_lots_raise_everything_once_and_in_order(monkeypatch):
    monkeypatch.setattr(sweeping, "TOGETHER", 2)
    tickets = tickets_due(8)

    def sweep():
        call_due(AFTERNOON)
        fire_due(AFTERNOON)

    together([sweep, sweep])
    sweep()

    for ticket in tickets:
        entries = Entry.objects.filter(ticket=ticket, kind="escalated").order_by("pk")
        steps = [(entry.data["ladder"], entry.data["step"]) for entry in entries]
        planned = [entry.data["planned_at"] for entry in entries]
        assert sorted(steps) == [(ladder, step) for ladder in ("dispatch", "reply") for step in (1, 2, 3)]
        assert planned == sorted(planned)
        assert Entry.objects.filter(ticket=ticket, kind="breached").count() == 2
    keys = list(Message.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))


SWEEP_AND_DIE = """
import os, signal, sys
import django
django.setup()
from datetime import datetime
from common import sweeping
from escalation.actions import firing
from escalation.actions.sweeping import fire_due

sweeping.TOGETHER = 2
write = firing.Volley.write
lots = 0

def write_and_die(volley):
    global lots
    write(volley)
    lots += 1
    if lots == 2:
        os.kill(os.getpid(), signal.SIGKILL)  # written, and not committed

firing.Volley.write = write_and_die
fire_due(datetime.fromisoformat(sys.argv[1]))
"""


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_q11_a_worker_killed_in_the_middle_of_a_lot_loses_nothing_and_doubles_nothing():
    tickets = tickets_due(6)
    call_due(AFTERNOON)
    database = settings.DATABASES["default"]
    url = f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"{url}/{connection.settings_dict['NAME']}",
    }

    killed = subprocess.run([sys.executable, "-c", SWEEP_AND_DIE, AFTERNOON.isoformat()], env=environment, check=False)
    before = Ticket.objects.filter(escalations__noticed_at__isnull=False).distinct().count()
    deadline = time.monotonic() + 30
    while Escalation.objects.due(AFTERNOON).exists() and time.monotonic() < deadline:
        fire_due(AFTERNOON)  # the server may take a moment to let go of the dead one's locks

    assert killed.returncode == -signal.SIGKILL
    assert before < len(tickets)
    for ticket in tickets:
        steps = Entry.objects.filter(ticket=ticket, kind="escalated").values_list("data__ladder", "data__step")
        assert sorted(steps) == [(ladder, step) for ladder in ("dispatch", "reply") for step in (1, 2, 3)]
