"""The shipped ladders fire at exactly the right instants, to exactly the right people (R90)."""

from datetime import timedelta

import pytest
from django.utils import translation

from accounts.models import Person, Role
from complaints.actions import agreements, dispatching, replying
from complaints.models import Entry
from escalation import defaults
from escalation.actions import answering
from escalation.kinds import Reason, Standing, Trigger
from escalation.models import Escalation, Ladder, known_ladders
from escalation.querysets import best_for
from notifications.models import Message
from notifications.rendering import render
from sla.kinds import Kind
from tests.escalation.playing import clock, play, raised, wake_up, whom
from tests.people import (
    MONDAY_NINE,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    local,
    person,
    unit,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def steps(ticket, kind):
    return [
        (each.noticed_at, each.planned_at, each.step.order, whom(each)) for each in raised(ticket, clock__kind=kind)
    ]


def test_dispatch_warns_the_dispatchers_and_climbs_to_shift_supervisor_and_duty_director():
    ticket = a_ticket(at=MONDAY_NINE)
    due = clock(ticket, "dispatch").due_at
    warned = clock(ticket, "dispatch").warn_at
    assert (due, warned) == (MONDAY_NINE + 60 * MINUTE, MONDAY_NINE + 48 * MINUTE)

    play(due + 15 * MINUTE)

    assert steps(ticket, "dispatch") == [
        (warned, warned, 1, {"sam", "xuliang", "heping", "lvfan", "shijun"}),
        (due, due, 2, {"lin"}),
        (due + 15 * MINUTE, due + 15 * MINUTE, 3, {"changqing"}),
    ]


def test_reply_warns_the_owner_and_climbs_to_supervisor_and_director():
    ticket = a_ticket_to_reply(at=MONDAY_NINE)
    due = clock(ticket, "reply").due_at
    warned = clock(ticket, "reply").warn_at

    play(due + 30 * MINUTE)

    assert due == MONDAY_NINE + 240 * MINUTE
    assert steps(ticket, "reply") == [
        (warned, warned, 1, {"rosa"}),
        (due, due, 2, {"lin"}),
        (due + 30 * MINUTE, due + 30 * MINUTE, 3, {"yuejin"}),
    ]


def test_handling_in_hours_warns_the_unit_lead_and_tells_two_at_the_breach():
    ticket = a_ticket_in_hand(at=MONDAY_NINE)
    handle = clock(ticket, "handle")
    assert handle.due_at == MONDAY_NINE + 180 * MINUTE

    play(handle.due_at)

    assert steps(ticket, "handle") == [
        (handle.warn_at, handle.warn_at, 1, {"douhai"}),
        (handle.due_at, handle.due_at, 2, {"gejian"}),
        (handle.due_at, handle.due_at, 2, {"lin"}),
    ]


def test_handling_in_days_climbs_in_working_time_up_to_a_demand_of_head_office():
    ticket = a_ticket(at=MONDAY_NINE, of="mobile.roaming.domestic-failure")
    agreements.consent(ticket, what="longer_limit", days=5, evidence="recording 1", by=person("rosa"), at=MONDAY_NINE)
    dispatching.dispatch(ticket, to=unit("network"), by=person("sam"), at=MONDAY_NINE)
    due = clock(ticket, "handle").due_at
    assert due == local("2026-03-04 09:00")  # 20 working hours of 08:00–18:00

    for moment, who in [(due, "gejian"), (local("2026-03-04 17:00"), "piyong")]:
        play(moment)
        answering.acknowledge(raised(ticket, clock__kind="handle")[-1], by=person(who), at=moment)
    play(local("2026-03-05 09:00"))

    assert steps(ticket, "handle") == [
        (due, due, 1, {"gejian"}),
        (local("2026-03-04 17:00"), local("2026-03-04 17:00"), 2, {"piyong"}),
        (local("2026-03-05 09:00"), local("2026-03-05 09:00"), 3, {"bianning"}),
    ]
    head_office = raised(ticket, clock__kind="handle")[-1]
    assert head_office.ack_due_at == local("2026-03-05 10:00")
    assert Entry.objects.filter(ticket=ticket, kind="demanded").count() == 1


def test_rework_climbs_like_handling_in_hours():
    ticket = a_ticket_to_reply(at=MONDAY_NINE)
    replying.reject_feedback(ticket, reason="not what was asked", by=person("rosa"), at=MONDAY_NINE)

    play(clock(ticket, "rework").due_at)

    assert [told for *_when, told in steps(ticket, "rework")] == [{"douhai"}, {"gejian"}, {"lin"}]


def test_a_clock_without_a_ladder_breaches_and_nobody_is_told():
    ticket = a_ticket_to_reply(at=MONDAY_NINE)
    Ladder.objects.filter(code="reply").update(is_active=False)

    play(clock(ticket, "reply").due_at)

    assert clock(ticket, "reply").breached_at is not None
    assert not raised(ticket, clock__kind="reply")


def test_the_ladder_of_a_policy_goes_before_that_of_a_pace():
    ticket = a_ticket(at=MONDAY_NINE)
    policy = clock(ticket, "dispatch").policy.code
    own = Ladder.objects.create(code="own", name_zh="x", name_en="x", clock_kind="dispatch", policy_code=policy)

    assert best_for(clock(ticket, "dispatch"), known_ladders().of_clocks) == own


def test_loading_the_defaults_again_changes_nothing():
    Ladder.objects.filter(code="reply").update(name_en="Changed by an administrator")

    told = defaults.load()

    assert told == "0 ladders"
    assert Ladder.objects.get(code="reply").name_en == "Changed by an administrator"
    assert set(Ladder.objects.values_list("trigger", flat=True)) == set(Trigger.values)


def test_each_escalation_is_told_once_and_written_down():
    ticket = a_ticket(at=MONDAY_NINE)
    due = clock(ticket, "dispatch").due_at

    play(due)

    [breach] = raised(ticket, reason=Reason.BREACH)
    assert breach.state == Standing.OPEN
    messages = Message.objects.filter(about=breach.about)
    lin = person("lin").pk
    assert {message.key for message in messages} == {
        f"escalation:{breach.pk}:{lin}:in_app",
        f"escalation:{breach.pk}:{lin}:email",
    }
    assert {(message.kind, message.created_at) for message in messages} == {("escalation_to_acknowledge", due)}
    entry = Entry.objects.get(ticket=ticket, kind="escalated", data__escalation=breach.pk)
    assert (entry.at, entry.data["ladder"], entry.data["step"]) == (due, "dispatch", 2)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_message_names_the_limit_and_the_missing_role_in_the_language_of_its_reader(language):
    person("changqing").assignments.all().delete()
    Person.objects.filter(username__in=["gejian", "yuejin"]).update(language=language)
    ticket, in_hand = a_ticket(at=MONDAY_NINE), a_ticket_in_hand(at=MONDAY_NINE)

    play(clock(in_hand, "handle").due_at)

    def read(login, of):
        mine = Message.objects.filter(recipient__username=login, channel="in_app", ticket=of.reference)
        return render(mine.get(kind="escalation_to_acknowledge", context__gap=(of == ticket)))

    with translation.override(language):
        assert str(Kind.HANDLE.label) in read("gejian", in_hand).subject
        assert str(Role.DUTY_DIRECTOR.label) in read("yuejin", ticket).body


def test_escalating_leaves_the_view_of_whoever_works_on_the_ticket_fresh():
    ticket = a_dispatched_ticket(at=MONDAY_NINE)
    version = ticket.version

    play(clock(ticket, "reply").due_at)

    assert type(ticket).objects.get(pk=ticket.pk).version == version


def test_after_an_outage_each_step_says_when_it_was_due_and_when_it_was_noticed():
    ticket = a_ticket(at=MONDAY_NINE)
    due = clock(ticket, "dispatch").due_at
    late = due + 20 * MINUTE

    wake_up(late)

    assert [(each.planned_at, each.noticed_at) for each in raised(ticket, clock__kind="dispatch")] == [
        (due - 12 * MINUTE, late),
        (due, late),
        (due + 15 * MINUTE, late),
    ]
    assert Escalation.objects.filter(ticket=ticket, noticed_at=None).count() == 0
