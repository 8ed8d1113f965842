"""What is due and was not fired is noticed apart from the sweep, told once, and told again when it is over (R2A)."""

from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Role
from common.apart import set_aside
from common.models import Heartbeat
from escalation.actions import sweeping as raising
from escalation.models import Escalation
from notifications.kinds import Channel, Kind
from notifications.models import Message
from pulse import overdue
from pulse.models import Alarm
from pulse.overdue import OWED
from pulse.reconciling import look
from pulse.tasks import reconcile
from sla.actions import sweeping as calling
from sla.models import Clock
from tests.people import MONDAY_NINE, a_ticket, person, somebody
from tests.sla.cast import clock_of, later
from tests.together import together

pytestmark = pytest.mark.django_db

WARNED_AT = later(MONDAY_NINE, minutes=48)
DUE_AT = later(MONDAY_NINE, minutes=60)
LATE = later(DUE_AT, seconds=10)


def told(kind: str, channel: str = Channel.IN_APP) -> list[str]:
    messages = Message.objects.filter(kind=kind, channel=channel).select_related("recipient")
    return sorted(message.recipient.username for message in messages if message.recipient is not None)


def sweep(now: datetime) -> None:
    calling.call_due(now)
    raising.fire_due(now)


def test_a_warning_a_breach_and_a_step_are_owed_from_their_instants_on(ticket):
    before = overdue.overdue(later(WARNED_AT, seconds=4))
    warning = overdue.overdue(later(WARNED_AT, seconds=5))
    calling.call_due(WARNED_AT)
    step = overdue.overdue(later(WARNED_AT, seconds=5))
    raising.fire_due(later(WARNED_AT, seconds=6))
    nothing = overdue.overdue(later(WARNED_AT, seconds=9))
    breach = overdue.overdue(later(DUE_AT, seconds=5))

    assert (before.number, nothing.number) == (0, 0)
    assert (warning.clocks, warning.escalations, warning.first_due_at) == (1, 0, WARNED_AT)
    assert (step.clocks, step.escalations, step.first_due_at) == (0, 1, WARNED_AT)
    assert (breach.clocks, breach.first_due_at) == (1, DUE_AT)


def test_a_missed_acknowledgement_is_owed(ticket):
    sweep(DUE_AT)
    waiting = Escalation.objects.unacknowledged().order_by("ack_due_at").first()
    assert waiting is not None and waiting.ack_due_at is not None
    due_at = waiting.ack_due_at
    Escalation.objects.exclude(pk=waiting.pk).update(held_since=DUE_AT, next_at=None)

    missed = overdue.overdue(later(due_at, seconds=5))
    raising.fire_due(later(due_at, seconds=5))
    noticed = overdue.overdue(later(due_at, seconds=5))

    assert (missed.escalations, missed.first_due_at) == (1, due_at)
    assert noticed.escalations == 0


def test_what_the_sweep_will_never_find_is_noticed_all_the_same(ticket):
    Clock.objects.update(next_at=None)
    sweep(LATE)

    found = overdue.overdue(LATE)

    assert found.clocks == 1


def test_what_is_set_aside_is_counted_apart(ticket):
    set_aside("clock", clock_of(ticket, "dispatch").pk, error=ValueError("rotten"), now=LATE)

    found = overdue.overdue(LATE)

    assert (found.number, found.aside, found.first_due_at) == (0, 1, None)


def test_the_kinds_are_those_that_the_sweeps_set_aside():
    assert set(OWED) == {calling.CLOCK, raising.ESCALATION}


def test_one_look_alone_suspects_and_the_second_raises_one_alarm_with_those_it_concerns(ticket, lin):
    administrator = somebody(Role.ADMINISTRATOR)
    look(LATE)
    suspected = Alarm.objects.get().raised_at, told(Kind.TIMERS_LATE)
    for seconds in (10, 20, 30):
        look(later(LATE, seconds=seconds))

    alarm = Alarm.objects.get()
    people = told(Kind.TIMERS_LATE)
    assert suspected == (None, [])
    assert (alarm.raised_at, alarm.looked_at) == (later(LATE, seconds=10), later(LATE, seconds=30))
    assert lin.username in people
    assert administrator.username in people
    assert person("rosa").username not in people
    assert len(people) == len(set(people))


def test_firing_ends_the_alarm_and_tells_of_it_once(ticket):
    look(LATE)
    look(later(LATE, seconds=10))
    sweep(later(LATE, seconds=11))

    look(later(LATE, seconds=20))
    look(later(LATE, seconds=30))

    alarm = Alarm.objects.get()
    assert (alarm.ended_at, alarm.clocks, alarm.most) == (later(LATE, seconds=20), 0, 1)
    assert told(Kind.TIMERS_RECOVERED) == told(Kind.TIMERS_LATE) != []


def test_what_is_fired_before_the_second_look_alarms_nobody(ticket):
    look(LATE)
    sweep(later(LATE, seconds=1))

    look(later(LATE, seconds=10))

    assert not Alarm.objects.exists()
    assert not Message.objects.filter(kind=Kind.TIMERS_LATE).exists()


def test_a_second_time_is_a_second_alarm(ticket):
    for begins in (LATE, later(LATE, hours=1)):
        look(begins)
        look(later(begins, seconds=10))
        sweep(later(begins, seconds=11))
        look(later(begins, seconds=20))
        a_ticket(at=later(begins, minutes=-3))

    assert Alarm.objects.raised().count() == 2


def test_an_older_look_that_comes_late_changes_nothing(ticket):
    look(LATE)
    look(later(LATE, seconds=10))
    sweep(later(LATE, seconds=11))

    look(later(LATE, seconds=9))

    assert Alarm.objects.open().raised().count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_look_at_once_raise_one_alarm():
    a_ticket()
    together([lambda: look(LATE), lambda: look(LATE)])
    second = later(LATE, seconds=10)

    together([lambda: look(second), lambda: look(second)])

    assert Alarm.objects.get().raised_at == second
    people = told(Kind.TIMERS_LATE)
    assert len(people) == len(set(people)) > 0


def test_there_is_one_alarm_at_a_time():
    facts = {"began_at": LATE, "looked_at": LATE, "clocks": 1, "escalations": 0, "most": 1, "first_due_at": DUE_AT}
    Alarm.objects.create(**facts)

    with pytest.raises(IntegrityError, match="there_is_one_alarm_at_a_time"), transaction.atomic():
        Alarm.objects.create(**facts)


def test_an_alarm_that_nobody_was_told_of_is_not_kept():
    with pytest.raises(IntegrityError, match="an_alarm_ends_after_it_was_raised"), transaction.atomic():
        Alarm.objects.create(
            began_at=LATE, looked_at=LATE, ended_at=LATE, clocks=1, escalations=0, most=1, first_due_at=DUE_AT
        )


def test_the_task_looks_and_says_that_it_did(ticket):
    reconcile()

    beat = Heartbeat.objects.get(name="pulse.reconcile")
    assert Alarm.objects.open().count() == 1
    assert beat.lag.total_seconds() > 0


def test_counting_goes_by_the_indexes_made_for_it(db):
    with connection.cursor() as cursor:
        # On small tables any index will do; so that it is these two that fit the question, the others go.
        cursor.execute(
            """
            DO $$ DECLARE each record; BEGIN
                FOR each IN
                    SELECT indexrelid::regclass AS name FROM pg_index
                    WHERE indrelid IN ('sla_clock'::regclass, 'escalation_escalation'::regclass)
                    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
                    AND indexrelid::regclass::text NOT LIKE '%by_what_they_owe'
                LOOP EXECUTE format('DROP INDEX %s', each.name); END LOOP;
            END $$
            """
        )
        for table in ("sla_clock", "escalation_escalation"):
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey CASCADE")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + overdue.QUESTION, ["clock", LATE, "escalation", LATE])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "clocks_by_what_they_owe" in plan, plan
    assert "escalations_by_what_they_owe" in plan, plan


def test_the_watchman_imports_nothing_of_the_sweeps():
    source = "".join(module.__loader__.get_data(module.__file__).decode() for module in (overdue,))

    assert "next_at" not in source.split('"""')[2]
    assert "import sla" not in source and "from sla" not in source
    assert "from escalation" not in source and "sweeping" not in source
