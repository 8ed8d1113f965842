"""Running clocks are decided anew in the background: a policy, a calendar or a customer has changed (R27, S6, S10)."""

import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from threading import Thread

import pytest
from django.conf import settings
from django.db import connection, transaction

from calendars.models import WORKING_DAYS, Calendar, OfficialDay, Override, UnitHours
from common.models import SetAside
from complaints.actions import agreements, assisting, cancelling, holding
from complaints.models import Entry, Ticket
from customers.facts import Facts, keep
from desk.story import story_of
from sla.actions import recomputing
from sla.actions.publishing import draft_from, publish
from sla.actions.recomputing import A_MOMENT, notice_changed_calendars, step
from sla.actions.sweeping import call_due
from sla.models import Clock, Policy, Recomputation
from sla.tasks import recompute
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    a_customer,
    a_ticket,
    a_ticket_in_hand,
    category,
    fresh,
    local,
    person,
    unit,
)
from tests.sla.cast import clock_of, later

pytestmark = pytest.mark.django_db

AFTER = later(MONDAY_NINE, minutes=30)


def work_off(now) -> int:
    """Every step that there is at an instant; says how many tickets were done."""
    done = 0
    for recomputation in Recomputation.objects.to_work_off(now):
        while (progress := step(recomputation, now=now)).went_on:
            done += progress.done
    return done


def publish_anew(code: str, *, at=MONDAY_TEN, by=None, for_running=True, effective_from=None, **facts) -> Policy:
    """A next version of a policy with other facts."""
    draft = draft_from(Policy.objects.get(code=code, status="published"))
    for name, value in facts.items():
        setattr(draft, name, value)
    draft.save()
    return publish(draft, reason="for a test", by=by, at=at, for_running=for_running, effective_from=effective_from)


def moves(ticket: Ticket) -> list[dict]:
    """What the history says of due times that moved, oldest first."""
    return [entry.data for entry in ticket.entries.filter(kind="due_moved").order_by("pk")]


def several(count: int, **given) -> list[Ticket]:
    """Tickets of different customers."""
    return [a_ticket(customer=a_customer(f"1205556{number:04d}"), **given) for number in range(count)]


# --- A policy published for running clocks ----------------------------------------------------------------------------


def test_r27_a_version_for_running_clocks_decides_them_anew_from_their_original_start(ticket, lin):
    new = publish_anew("reply-ordinary", limit=300, by=lin, at=AFTER)
    before = clock_of(ticket, "reply").due_at
    work_off(later(AFTER, seconds=5))

    clock = clock_of(ticket, "reply")
    assert before == later(MONDAY_NINE, hours=4)
    assert (clock.due_at, clock.nominal_due_at, clock.policy) == (later(MONDAY_NINE, hours=5),) * 2 + (new,)
    assert clock.warn_at == later(MONDAY_NINE, hours=4)
    assert fresh(ticket).reply_due_at == clock.due_at
    (entry,) = ticket.entries.filter(kind="due_moved")
    assert (entry.by, entry.at) == (lin, later(AFTER, seconds=5))
    assert entry.data["old"] == before.isoformat()
    assert entry.data["new"] == clock.due_at.isoformat()
    assert (entry.data["because"], entry.data["policy"], entry.data["policy_version"]) == ("policy", new.code, 2)


def test_r27_a_version_for_new_clocks_only_leaves_running_ones_alone(ticket):
    publish_anew("reply-ordinary", limit=300, for_running=False, at=AFTER)

    assert work_off(later(AFTER, seconds=5)) == 0
    assert clock_of(ticket, "reply").due_at == later(MONDAY_NINE, hours=4)


def test_r27_a_version_for_later_decides_running_clocks_when_it_comes_into_force_and_not_before(ticket):
    begins = later(MONDAY_NINE, hours=2)
    new = publish_anew("reply-ordinary", limit=300, at=AFTER, effective_from=begins)

    too_early = work_off(later(begins, seconds=1))
    then = work_off(later(begins, seconds=5))

    assert (too_early, then) == (0, 1)
    assert clock_of(ticket, "reply").policy == new


def test_r27_a_version_replaced_before_it_came_into_force_decides_nothing(ticket):
    begins = later(MONDAY_NINE, hours=2)
    publish_anew("reply-ordinary", limit=300, at=AFTER, effective_from=begins)
    first = Policy.objects.get(code="reply-ordinary", version=1)
    other = draft_from(first)
    other.limit = 200
    other.save()

    publish(other, reason="another", by=None, at=later(AFTER, minutes=1), for_running=False)
    work_off(later(begins, minutes=5))

    assert Recomputation.objects.get().cancelled_at == later(AFTER, minutes=1)
    assert clock_of(ticket, "reply").policy == first


def test_r27_a_due_that_moves_into_the_past_breaches_now_with_both_instants(ticket):
    noticed = later(AFTER, seconds=5)

    publish_anew("dispatch-ordinary", limit=10, at=AFTER)
    work_off(noticed)
    call_due(noticed)
    call_due(noticed)

    clock = clock_of(ticket, "dispatch")
    assert (clock.breached_at, clock.breach_noticed_at) == (later(MONDAY_NINE, minutes=10), noticed)


def test_r27_a_called_breach_stays_when_a_longer_limit_is_published(ticket):
    broke = later(MONDAY_NINE, minutes=60)
    call_due(broke)
    call_due(broke)

    publish_anew("dispatch-ordinary", limit=120, at=later(broke, minutes=1))
    work_off(later(broke, minutes=2))

    clock = clock_of(ticket, "dispatch")
    assert (clock.breached_at, clock.due_at, clock.next_at) == (broke, later(MONDAY_NINE, minutes=120), None)


def test_s6_time_already_held_is_kept_under_a_limit_published_meanwhile():
    ticket = a_ticket_in_hand()
    until = later(MONDAY_NINE, hours=1)
    holding.hold(ticket, reason="customer", text="The customer is away.", until=until, by=person("wei"), at=MONDAY_NINE)
    holding.resume(fresh(ticket), by=person("wei"), at=until)
    at = later(until, minutes=10)

    publish_anew("reply-ordinary", limit=300, at=at)
    work_off(later(at, seconds=5))

    assert clock_of(ticket, "reply").due_at == later(MONDAY_NINE, hours=6)


def test_r24_what_is_a_share_of_the_reply_limit_follows_it():
    ticket = a_ticket_in_hand()

    publish_anew("reply-ordinary", limit=400, at=AFTER)
    work_off(later(AFTER, seconds=5))

    assert clock_of(ticket, "handle").due_at == later(MONDAY_NINE, minutes=300)
    assert {move["clock"] for move in moves(ticket)} == {"reply", "handle"}


def test_s11_a_clock_that_no_policy_covers_any_more_has_no_due_and_its_ladder_ends(ticket):
    call_due(later(MONDAY_NINE, minutes=48))

    publish_anew("dispatch-ordinary", category=category("broadband"), at=later(MONDAY_NINE, minutes=50))
    work_off(later(MONDAY_NINE, minutes=51))

    clock = clock_of(ticket, "dispatch")
    assert (clock.policy, clock.due_at, clock.warn_at, clock.next_at) == (None,) * 4
    assert fresh(ticket).next_due_kind == "reply"
    assert not ticket.escalations.unfinished().filter(clock=clock).exists()


def test_r27_a_clock_of_another_policy_keeps_its_version_even_if_that_one_was_replaced_meanwhile(ticket):
    publish_anew("dispatch-ordinary", limit=90, at=AFTER, for_running=False)
    draft = Policy.objects.create(
        code="web-only",
        kind="dispatch",
        medium="web",
        limit=5,
        limit_unit="elapsed_minutes",
        name_en="Web",
        name_zh="网",
    )

    publish(draft, reason="for a test", by=None, at=AFTER, for_running=True)
    work_off(later(AFTER, seconds=5))

    assert clock_of(ticket, "dispatch").due_at == later(MONDAY_NINE, minutes=60)


def test_r27_only_tickets_that_the_version_may_win_are_looked_at(ticket):
    gold = a_ticket(customer=a_customer("12055560001", tier="gold"))
    special, consenting = several(2, of="mobile.coverage.indoor", urgency="ordinary")
    agreements.consent(consenting, what="longer_limit", evidence="on tape", days=7, by=person("rosa"), at=MONDAY_NINE)

    publish_anew("reply-ordinary", limit=300, at=AFTER)
    listed = work_off(later(AFTER, seconds=5))

    codes = {clock_of(each, "reply").policy.code for each in (gold, consenting)}
    assert codes == {"reply-ordinary-gold", "reply-network-coverage"}
    assert {clock_of(each, "reply").policy.version for each in (ticket, special)} == {2}
    assert listed == 2


def test_an_ended_clock_is_left_as_it_was(ticket, rosa):
    cancelling.cancel(ticket, reason="withdrawn", by=rosa, at=AFTER)
    before = list(Clock.objects.order_by("pk").values())

    publish_anew("reply-ordinary", limit=300, at=later(AFTER, minutes=1))
    work_off(later(AFTER, minutes=2))

    assert list(Clock.objects.order_by("pk").values()) == before


def test_the_same_comes_of_many_at_once_as_of_one_by_one():
    """A ticket filed otherwise is decided by the ledger, one by a recomputation in bulk; they agree."""
    mine = a_ticket_in_hand(customer=a_customer("12055560001"), of="broadband.speed.slow")
    gold = a_ticket_in_hand(customer=a_customer("12055560002", tier="gold"), of="broadband.speed.slow")
    wanted = [(clock.kind, clock.due_at, clock.warn_at) for clock in gold.clocks.order_by("kind")]

    keep([Facts(number="12055560001", tier="gold")], as_of=AFTER)
    work_off(later(AFTER, seconds=5))

    came = [(clock.kind, clock.due_at, clock.warn_at) for clock in mine.clocks.order_by("kind") if clock.is_running]
    assert came == [each for each in wanted if each[0] in {kind for kind, *_rest in came}]


def test_the_story_says_why_a_due_time_moved(ticket):
    publish_anew("reply-ordinary", limit=300, at=AFTER)
    work_off(later(AFTER, seconds=5))

    first = story_of(ticket, AFTER)[0]

    assert "Reply, ordinary v2 was published" in first.words


# --- A calendar edit --------------------------------------------------------------------------------------------------


def flooded(calendar: Calendar, day: int) -> None:
    """Closed on a day in March."""
    Override.objects.create(calendar=calendar, date=date(2026, 3, day), intervals=[], reason="Flood")


@pytest.fixture
def in_days():
    """Dispatch owed in two working days, on the calendar of working days as it was noticed."""
    notice_changed_calendars(MONDAY_NINE)
    calendar = Calendar.objects.get(code=WORKING_DAYS)
    draft = Policy.objects.create(
        code="two-days",
        kind="dispatch",
        category=category("billing"),
        urgency="ordinary",
        limit=2,
        limit_unit="working_days",
        calendar=calendar,
        name_en="Two days",
        name_zh="两天",
    )
    publish(draft, reason="for a test", by=None, at=later(MONDAY_NINE, hours=-1))
    return calendar


@pytest.mark.parametrize(
    "edit",
    [
        lambda calendar: Override.objects.create(
            calendar=calendar, date=date(2026, 3, 4), intervals=[], reason="Flood"
        ),
        lambda calendar: OfficialDay.objects.create(
            date=date(2026, 3, 4), year=2026, is_working=False, name_zh="假", name_en="Off"
        ),
        lambda calendar: Calendar.objects.filter(pk=calendar.pk).update(
            weekly={day: [["08:00", "18:00"]] for day in ("mon", "tue", "thu", "fri")}
        ),
    ],
    ids=["override", "official day", "week"],
)
def test_s10_a_calendar_edit_decides_open_tickets_anew_and_leaves_closed_ones(in_days, edit, rosa):
    ticket, closed = several(2)
    cancelling.cancel(closed, reason="withdrawn", by=rosa, at=MONDAY_NINE)
    before = clock_of(ticket, "dispatch").due_at
    old = list(closed.clocks.order_by("pk").values())

    edit(in_days)
    asked = notice_changed_calendars(AFTER)
    work_off(AFTER)

    assert len(asked) == 1
    assert (before, clock_of(ticket, "dispatch").due_at) == (local("2026-03-04 18:00"), local("2026-03-05 18:00"))
    (move,) = moves(ticket)
    assert (move["because"], move["calendar"]) == ("calendar", WORKING_DAYS)
    assert list(closed.clocks.order_by("pk").values()) == old
    assert moves(closed) == []
    assert "Working days" in story_of(ticket, AFTER)[0].words


def test_s10_edits_one_after_the_other_are_taken_into_account_once(in_days, ticket):
    for day in (4, 5):
        flooded(in_days, day)

    asked = notice_changed_calendars(AFTER)
    work_off(AFTER)
    again = notice_changed_calendars(later(AFTER, minutes=1))

    assert (len(asked), again) == (1, [])
    assert clock_of(ticket, "dispatch").due_at == local("2026-03-06 18:00")


def test_a_calendar_by_which_nothing_is_counted_asks_for_nothing():
    notice_changed_calendars(MONDAY_NINE)
    calendar = Calendar.objects.create(code="mine", name_en="Mine", weekly={"mon": [["08:00", "12:00"]]})

    flooded(calendar, 4)

    assert notice_changed_calendars(AFTER) == []


# --- A customer's tier ------------------------------------------------------------------------------------------------


def test_r27_a_customers_new_tier_decides_running_clocks_anew_and_keeps_time_held():
    ticket = a_ticket_in_hand(customer=a_customer("12055550199"))
    until = later(MONDAY_NINE, minutes=20)
    holding.hold(ticket, reason="customer", text="The customer is away.", until=until, by=person("wei"), at=MONDAY_NINE)
    holding.resume(fresh(ticket), by=person("wei"), at=until)

    keep([Facts(number="12055550199", tier="gold")], as_of=AFTER)
    work_off(AFTER)

    clock = clock_of(ticket, "reply")
    assert (clock.policy.code, clock.due_at) == ("reply-ordinary-gold", later(MONDAY_NINE, minutes=140))
    assert {move["because"] for move in moves(ticket) if move["clock"] == "reply"} >= {"customer"}


def test_facts_that_decide_no_limit_ask_for_nothing(ticket):
    keep([Facts(number="12055550101", tier="ordinary", name="Ines Lima")], as_of=AFTER)
    keep([Facts(number="12055550177", tier="gold")], as_of=AFTER)

    assert not Recomputation.objects.exists()


# --- Batches, crashes, bad rows ---------------------------------------------------------------------------------------


def test_a_recomputation_says_how_far_it_is_and_what_it_came_to():
    several(5)
    publish_anew("reply-ordinary", limit=300, at=AFTER)
    recomputation, now = Recomputation.objects.get(), later(AFTER, seconds=5)

    step(recomputation, now=now)
    step(recomputation, now=now, at_most=2)
    half = Recomputation.objects.with_progress().get()
    work_off(now)
    over = Recomputation.objects.get()

    assert (half.listed, half.done, half.moved_so_far, half.is_over) == (5, 2, 2, False)
    assert (over.tickets, over.moved, over.finished_at) == (5, 5, now)
    assert not over.items.exists()


def test_a_batch_costs_the_same_number_of_queries_however_many_tickets_it_has(django_assert_max_num_queries):
    several(6)
    publish_anew("reply-ordinary", limit=300, at=AFTER)
    recomputation, now = Recomputation.objects.get(), later(AFTER, seconds=5)
    step(recomputation, now=now)

    with django_assert_max_num_queries(22):
        assert step(recomputation, now=now).done == 6


def test_a_ticket_that_fails_is_set_aside_and_shown_and_stops_nobody(monkeypatch):
    tickets = several(3)
    bad = tickets[1]
    deciding = recomputing.decide_anew

    def fail_for_one(account, *args, **kwargs):
        if account.running[0].ticket_id == bad.pk:
            raise ZeroDivisionError("a bad row")
        return deciding(account, *args, **kwargs)

    publish_anew("reply-ordinary", limit=300, at=AFTER)
    now = later(AFTER, seconds=5)
    with monkeypatch.context() as patch:
        patch.setattr(recomputing, "decide_anew", fail_for_one)
        work_off(now)
    aside = SetAside.objects.open().get()
    meanwhile = [clock_of(ticket, "reply").due_at for ticket in tickets]
    work_off(later(now, minutes=1))

    new, old = later(MONDAY_NINE, hours=5), later(MONDAY_NINE, hours=4)
    assert meanwhile == [new, old, new]
    assert "a bad row" in aside.error
    assert clock_of(bad, "reply").due_at == new
    assert not SetAside.objects.open().exists()
    assert Recomputation.objects.get().finished_at == later(now, minutes=1)


@pytest.mark.django_db(transaction=True)
def test_a_ticket_in_somebodys_hands_is_passed_by_and_done_when_it_is_free():
    busy, free = several(2)
    publish_anew("reply-ordinary", limit=300, at=AFTER)
    now = later(AFTER, seconds=5)
    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=busy.pk)
        other = Thread(target=lambda: (work_off(now), connection.close()))
        other.start()
        other.join(10)
    meanwhile = [clock_of(each, "reply").due_at for each in (busy, free)]
    work_off(now)

    assert meanwhile == [later(MONDAY_NINE, hours=4), later(MONDAY_NINE, hours=5)]
    assert clock_of(busy, "reply").due_at == later(MONDAY_NINE, hours=5)
    assert Recomputation.objects.get().is_over


@pytest.mark.django_db(transaction=True)
def test_a_ticket_accepted_in_a_transaction_that_was_open_meanwhile_is_not_missed():
    first = a_ticket()
    now = later(AFTER, seconds=5)
    results = []

    def publish_and_work_off():
        publish_anew("reply-ordinary", limit=300, at=AFTER)
        work_off(now)
        results.append(Recomputation.objects.get().is_over)
        connection.close()

    with transaction.atomic():
        late = a_ticket(customer=a_customer("12055550133"))
        other = Thread(target=publish_and_work_off)
        other.start()
        other.join(30)
    work_off(now)

    assert results == [False]
    assert [clock_of(each, "reply").due_at for each in (first, late)] == [later(MONDAY_NINE, hours=5)] * 2
    assert Recomputation.objects.get().is_over


DIE_IN_MID_WAY = """
import os, signal, sys
import django
django.setup()
from datetime import datetime
from sla.actions import recomputing
from sla.models import Recomputation

now, job = datetime.fromisoformat(sys.argv[1]), Recomputation.objects.get()
record_many, batches = recomputing.record_many, 0

def record_and_die(*args, **kwargs):
    global batches
    record_many(*args, **kwargs)
    batches += 1
    if batches == 2:
        os.kill(os.getpid(), signal.SIGKILL)  # decided and written, and not committed

recomputing.record_many = record_and_die
while recomputing.step(job, now=now, at_most=2).went_on:
    pass
"""


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_mid_way_doubles_nothing_and_misses_nothing():
    tickets = several(6)
    publish_anew("reply-ordinary", limit=300, at=AFTER)
    now = later(AFTER, seconds=5)
    database = settings.DATABASES["default"]
    url = f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"{url}/{connection.settings_dict['NAME']}",
    }

    killed = subprocess.run([sys.executable, "-c", DIE_IN_MID_WAY, now.isoformat()], env=environment, check=False)
    half = sum(1 for ticket in tickets if moves(ticket))
    deadline = time.monotonic() + 30
    while not Recomputation.objects.get().is_over and time.monotonic() < deadline:
        work_off(now)  # the server may take a moment to let go of the dead one's locks

    assert (killed.returncode, half) == (-signal.SIGKILL, 2)
    assert [len(moves(ticket)) for ticket in tickets] == [1] * 6
    assert Recomputation.objects.get().moved == 6


def test_the_task_works_off_what_has_begun(ticket):
    now = Entry.objects.latest("pk").recorded_at
    publish_anew("reply-ordinary", limit=300, at=now - A_MOMENT - timedelta(seconds=1))

    recompute()

    assert Recomputation.objects.get().is_over


def test_r24_other_hours_of_a_unit_decide_what_it_owes_anew():
    ticket = a_ticket_in_hand()
    notice_changed_calendars(MONDAY_NINE)
    asking = assisting.ask(ticket, unit=unit("support"), question="Which tariff?", by=person("wei"), at=MONDAY_NINE)
    before = clock_of(ticket, "assist").due_at

    mornings = Calendar.objects.create(
        code="mornings",
        name_en="Mornings",
        name_zh="上午",
        weekly={day: [["08:00", "10:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    )
    UnitHours.objects.create(unit=asking.unit, calendar=mornings)
    notice_changed_calendars(AFTER)
    work_off(AFTER)

    assert before == later(MONDAY_NINE, hours=4)
    assert clock_of(ticket, "assist").due_at == local("2026-03-04 09:00")
