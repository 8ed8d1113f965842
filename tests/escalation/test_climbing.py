"""Acknowledge or it climbs; each step once; the obligation met ends it (R91, R92; S9, S11, S13)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Assignment, Delegation, Unit
from common.models import SetAside
from common.refusals import NotPossible, NotYours
from complaints.actions import cancelling, concluding, dispatching, handling, holding, reopening, replying
from complaints.actions.concluding import Outcome
from complaints.models import Entry
from complaints.states import State
from escalation.actions import answering, climbing, sweeping
from escalation.kinds import Closing, Reason, Standing, When
from escalation.models import Escalation, EscalationRules, Step
from notifications import delivery
from notifications.kinds import Stage
from notifications.models import Message
from tests.escalation.playing import clock, play, raised, whom
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    findings,
    fresh,
    person,
    unit,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def overdue():
    """A ticket whose dispatch was missed at ten: the supervisor has to acknowledge it by half past."""
    ticket = a_ticket(at=MONDAY_NINE)
    play(MONDAY_TEN)
    return ticket


def breach_of(ticket):
    return raised(ticket, reason=Reason.BREACH)[0]


def at_order(ticket, order, kind="dispatch"):
    return Escalation.objects.get(ticket=ticket, step__order=order, clock__kind=kind)


# --- Acknowledging ----------------------------------------------------------------------------------------------------


def test_missing_the_acknowledgement_brings_the_next_step_forward(overdue):
    Step.objects.filter(ladder__code="dispatch", order=3).update(delay_minutes=120)
    Escalation.objects.filter(step__order=3).delete()
    climbing.climb(clock(overdue, "dispatch"), when=When.BREACH, since=MONDAY_TEN)
    assert breach_of(overdue).ack_due_at == MONDAY_TEN + 30 * MINUTE

    play(MONDAY_TEN + 30 * MINUTE)

    third = at_order(overdue, 3)
    assert third.state == Standing.OPEN
    assert third.brought_forward_at == MONDAY_TEN + 30 * MINUTE
    assert third.planned_at == MONDAY_TEN + 120 * MINUTE


def test_a_step_that_was_brought_forward_does_not_fire_again_at_its_planned_instant(overdue):
    play(MONDAY_TEN + 300 * MINUTE)

    assert Escalation.objects.filter(ticket=overdue, step__ladder__code="dispatch", step__order=3).count() == 1
    assert Entry.objects.filter(ticket=overdue, kind="escalated", data__ladder="dispatch", data__step=3).count() == 1


def test_an_urgent_matter_is_to_be_acknowledged_within_ten_minutes():
    ticket = a_ticket(at=MONDAY_NINE, urgency="urgent")

    play(clock(ticket, "dispatch").due_at)

    breach = raised(ticket, reason=Reason.BREACH)[0]
    assert breach.ack_due_at == breach.noticed_at + 10 * MINUTE


def test_acknowledging_in_time_brings_nothing_forward_and_does_not_stop_the_ladder(overdue, lin):
    answering.acknowledge(breach_of(overdue), by=lin, at=MONDAY_TEN + MINUTE)

    play(MONDAY_TEN + 15 * MINUTE)

    acknowledged, third = at_order(overdue, 2), at_order(overdue, 3)
    assert (acknowledged.state, acknowledged.acknowledged_by, acknowledged.next_at) == ("acknowledged", lin, None)
    assert (third.state, third.brought_forward_at) == (Standing.OPEN, None)


def test_reminders_come_after_ten_twenty_and_forty_minutes_and_then_stop(overdue):
    play(MONDAY_TEN + 600 * MINUTE)

    about = breach_of(overdue).about
    reminded = Message.objects.filter(about=about, kind="escalation_reminder", channel="in_app")
    assert [message.created_at for message in reminded.order_by("created_at")] == [
        MONDAY_TEN + minutes * MINUTE for minutes in (10, 20, 40)
    ]


def test_after_an_outage_one_reminder_stands_for_all(overdue):
    sweeping.fire_due(MONDAY_TEN + 45 * MINUTE)

    breach = breach_of(overdue)
    assert breach.reminders == 3
    assert Message.objects.filter(about=breach.about, kind="escalation_reminder", channel="in_app").count() == 1


def test_nobody_is_reminded_of_what_was_acknowledged(overdue, lin):
    answering.acknowledge(breach_of(overdue), by=lin, at=MONDAY_TEN + MINUTE)

    play(MONDAY_TEN + 60 * MINUTE)

    assert not Message.objects.filter(about=breach_of(overdue).about, kind="escalation_reminder").exists()


def test_where_all_who_were_told_have_left_the_reminder_goes_to_who_is_there_now(overdue, lin):
    lin.is_active = False
    lin.save()

    play(MONDAY_TEN + 10 * MINUTE)

    reminders = Message.objects.filter(about=breach_of(overdue).about, kind="escalation_reminder", channel="in_app")
    assert [message.recipient.username for message in reminders] == ["anran"]


def test_the_numbers_are_data(overdue):
    EscalationRules.objects.create(pk=1, acknowledge_minutes=7, reminder_minutes=[3])
    ticket = a_ticket(at=MONDAY_NINE + MINUTE)

    play(MONDAY_TEN + 4 * MINUTE)

    breach = breach_of(ticket)
    assert breach.ack_due_at == breach.noticed_at + 7 * MINUTE
    assert breach.reminders == 1


def test_a_second_acknowledgement_is_told_whose_the_first_was(overdue, lin):
    answering.acknowledge(breach_of(overdue), by=lin, at=MONDAY_TEN + MINUTE)

    with pytest.raises(NotPossible, match="Lin"):
        answering.acknowledge(breach_of(overdue), by=person("anran"), at=MONDAY_TEN + 2 * MINUTE)


def test_only_who_was_told_or_a_supervisor_acknowledges(overdue, rosa, noor):
    for outsider in (rosa, noor):
        with pytest.raises(NotYours):
            answering.acknowledge(breach_of(overdue), by=outsider, at=MONDAY_TEN + MINUTE)


def test_what_is_only_planned_cannot_be_acknowledged(lin):
    ticket = a_ticket(at=MONDAY_NINE)
    play(MONDAY_TEN)

    with pytest.raises(NotPossible):
        answering.acknowledge(at_order(ticket, 3), by=lin, at=MONDAY_TEN)


def test_what_is_resolved_leaves_the_inbox_and_its_ladder_goes_on(overdue, lin):
    answering.resolve(breach_of(overdue), note="sent it out myself", by=lin, at=MONDAY_TEN + MINUTE)

    play(MONDAY_TEN + 15 * MINUTE)

    assert not Escalation.objects.inbox(lin, MONDAY_TEN + 15 * MINUTE).exists()
    assert at_order(overdue, 3).state == Standing.OPEN
    assert Entry.objects.get(ticket=overdue, kind="escalation_resolved").note.text == "sent it out myself"


# --- The obligation met -----------------------------------------------------------------------------------------------


def test_the_obligation_met_cancels_the_rest_and_closes_what_is_open(overdue, sam):
    dispatching.dispatch(fresh(overdue), to=unit("network"), by=sam, at=MONDAY_TEN + 5 * MINUTE)

    play(MONDAY_TEN + 20 * MINUTE)

    assert [(each.step.order, each.state, each.closed_because) for each in of_dispatch(overdue)] == [
        (1, Standing.CLOSED, Closing.OBLIGATION_ENDED),
        (2, Standing.CLOSED, Closing.OBLIGATION_ENDED),
        (3, Standing.CANCELLED, Closing.OBLIGATION_ENDED),
    ]


def of_dispatch(ticket):
    return (
        Escalation.objects.filter(ticket=ticket, clock__kind="dispatch").select_related("step").order_by("step__order")
    )


def test_what_was_sent_stays_on_record_and_what_has_not_left_is_withdrawn(overdue, sam):
    about = breach_of(overdue).about

    dispatching.dispatch(fresh(overdue), to=unit("network"), by=sam, at=MONDAY_TEN + 5 * MINUTE)

    states = dict(Message.objects.filter(about=about).values_list("channel", "state"))
    assert states == {"in_app": Stage.SENT, "email": Stage.CANCELLED}


def test_a_warned_obligation_met_in_time_never_reaches_its_breach(sam):
    ticket = a_ticket(at=MONDAY_NINE)
    play(MONDAY_NINE + 50 * MINUTE)

    dispatching.dispatch(fresh(ticket), to=unit("network"), by=sam, at=MONDAY_NINE + 55 * MINUTE)
    play(MONDAY_NINE + 120 * MINUTE)

    assert {each.reason for each in of_dispatch(ticket)} == {Reason.WARNING}


def test_no_final_state_ever_yields_a_due_escalation(overdue, lin):
    cancelling.cancel(fresh(overdue), reason="withdrawn", by=lin, at=MONDAY_TEN + MINUTE)

    assert sweeping.next_instant() is None
    assert not overdue.escalations.unfinished().exists()


def test_a_row_left_behind_on_an_ended_ticket_is_cancelled_and_nobody_is_told(overdue, lin):
    cancelling.cancel(fresh(overdue), reason="withdrawn", by=lin, at=MONDAY_TEN + MINUTE)
    before = Message.objects.count()
    left = Escalation.objects.create(
        ticket=overdue,
        clock=clock(overdue, "dispatch"),
        step=Step.objects.get(ladder__code="reply", order=2),
        occasion="left behind",
        reason=Reason.BREACH,
        severity=2,
        planned_at=MONDAY_TEN,
        next_at=MONDAY_TEN,
    )

    sweeping.fire_due(MONDAY_TEN + 2 * MINUTE)

    assert Escalation.objects.get(pk=left.pk).state == Standing.CANCELLED
    assert Message.objects.count() == before


def test_reopening_starts_anew_and_the_old_escalations_stay_closed(lin, rosa):
    ticket = a_ticket_to_reply(at=MONDAY_NINE)
    play(MONDAY_NINE + 250 * MINUTE)
    now = MONDAY_NINE + 251 * MINUTE
    ticket = fresh(ticket)
    replying.reply(ticket, medium="phone", text="it works again", by=rosa, at=now)
    concluding.conclude(ticket, outcome=Outcome(verdict="accepts", liability="company"), by=rosa, at=now)

    reopening.reopen(fresh(ticket), reason="broken again", by=rosa, at=now + MINUTE)

    states = set(ticket.escalations.filter(occasion__startswith="clock").values_list("state", flat=True))
    assert states <= {Standing.CLOSED, Standing.CANCELLED}


# --- Hold -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def late_in_hand(wei):
    """Handling was missed at noon and escalated to director and supervisor."""
    ticket = a_ticket_in_hand(at=MONDAY_NINE)
    play(MONDAY_NINE + 180 * MINUTE)
    return fresh(ticket)


def test_a_held_clock_holds_its_ladder_and_the_acknowledgement(late_in_hand, wei):
    noon = MONDAY_NINE + 180 * MINUTE
    holding.hold(
        late_in_hand, reason="parts", text="awaiting a part", until=noon + 120 * MINUTE, by=wei, at=noon + 5 * MINUTE
    )

    play(noon + 100 * MINUTE)

    of_handling = Escalation.objects.filter(ticket=late_in_hand, clock__kind="handle", ack_due_at__isnull=False)
    assert {(each.ack_missed_at, each.next_at, each.reminders) for each in of_handling} == {(None, None, 0)}


def test_after_a_hold_the_ladder_goes_on_with_what_was_left(late_in_hand, wei):
    noon = MONDAY_NINE + 180 * MINUTE
    holding.hold(
        late_in_hand, reason="parts", text="awaiting a part", until=noon + 120 * MINUTE, by=wei, at=noon + 5 * MINUTE
    )

    holding.resume(fresh(late_in_hand), by=wei, at=noon + 65 * MINUTE)

    of_handling = Escalation.objects.filter(ticket=late_in_hand, clock__kind="handle", ack_due_at__isnull=False)
    assert {each.ack_due_at for each in of_handling} == {noon + 90 * MINUTE}
    play(noon + 90 * MINUTE)
    assert all(each.ack_missed_at == noon + 90 * MINUTE for each in of_handling.all())


def test_a_planned_step_waits_as_long_as_its_clock_stood_still(wei):
    Step.objects.create(
        ladder=Step.objects.get(ladder__code="handle-in-hours", order=1).ladder,
        order=3,
        when=When.AFTER_PREVIOUS,
        delay_minutes=20,
        role="deputy_general_manager",
        what="notify",
        channels=["in_app"],
    )
    ticket = a_ticket_in_hand(at=MONDAY_NINE)
    noon = MONDAY_NINE + 180 * MINUTE
    play(noon)
    ticket = fresh(ticket)
    assert at_order(ticket, 3, "handle").planned_at == noon + 20 * MINUTE

    holding.hold(
        ticket, reason="parts", text="awaiting a part", until=noon + 120 * MINUTE, by=wei, at=noon + 5 * MINUTE
    )
    holding.resume(fresh(ticket), by=wei, at=noon + 65 * MINUTE)

    third = at_order(ticket, 3, "handle")
    assert (third.planned_at, third.next_at) == (noon + 80 * MINUTE, noon + 80 * MINUTE)


# --- Gaps -------------------------------------------------------------------------------------------------------------


def test_where_nobody_holds_the_role_the_next_level_up_is_told_and_the_gap_is_shown():
    person("changqing").assignments.all().delete()
    ticket = a_ticket(at=MONDAY_NINE)

    play(MONDAY_TEN + 15 * MINUTE)

    third = at_order(ticket, 3)
    assert whom(third) == {"yuejin"}
    assert (third.gap, third.to_role, third.to_unit.code) == (True, "director", "service-centre")
    assert third in Escalation.objects.with_gaps()
    assert Message.objects.get(about=third.about, channel="in_app").context["gap"] is True


def test_where_nobody_at_all_is_left_the_administrators_are_told():
    Assignment.objects.filter(
        role__in=["unit_lead", "supervisor", "duty_director", "director", "deputy_general_manager"]
    ).delete()
    ticket = a_ticket(at=MONDAY_NINE)

    play(MONDAY_TEN)

    breach = breach_of(ticket)
    assert breach.gap
    assert breach.to_role == "administrator"
    assert breach.state == Standing.OPEN


def test_an_inactive_holder_is_passed_by(lin):
    lin.is_active = False
    lin.save()
    ticket = a_ticket(at=MONDAY_NINE)

    play(MONDAY_TEN)

    assert whom(breach_of(ticket)) == {"anran"}


def test_a_delegate_is_told_with_the_one_they_stand_in_for(lin):
    Delegation.objects.create(
        assignment=lin.assignments.get(role="supervisor"),
        delegate=person("jiangtao"),
        starts_at=MONDAY_NINE,
        ends_at=MONDAY_NINE + timedelta(days=1),
    )
    ticket = a_ticket(at=MONDAY_NINE)

    play(MONDAY_TEN)

    assert whom(breach_of(ticket)) == {"lin", "jiangtao"}


def test_the_owner_who_has_left_is_replaced_by_the_units_lead_and_the_gap_is_shown(rosa):
    ticket = a_ticket_to_reply(at=MONDAY_NINE)
    rosa.is_active = False
    rosa.save()

    play(clock(ticket, "reply").warn_at)

    [warning] = raised(ticket, clock__kind="reply")
    assert (whom(warning), warning.gap) == ({"mengyao"}, True)


# --- What a step does besides telling ---------------------------------------------------------------------------------


def test_a_step_can_raise_the_urgency_and_the_clocks_follow():
    Step.objects.filter(ladder__code="dispatch", order=2).update(what="raise_urgency")
    ticket = a_ticket(at=MONDAY_NINE)

    play(MONDAY_TEN)

    assert fresh(ticket).urgency == "important"
    assert Entry.objects.filter(ticket=ticket, kind="reclassified", by=None).exists()


def test_a_step_can_pass_a_ticket_to_another_unit():
    Step.objects.filter(ladder__code="handle-in-hours", order=1).update(what="reassign", to_unit=unit("support"))
    ticket = a_dispatched_ticket(at=MONDAY_NINE)

    play(clock(ticket, "handle").warn_at)

    assert fresh(ticket).lead_unit == unit("support")
    assert fresh(ticket).transfers == 1


def test_a_step_that_cannot_pass_it_on_any_more_is_told_all_the_same(sam):
    Step.objects.filter(ladder__code="reply", order=2).update(what="reassign", to_unit=unit("support"))
    ticket = a_ticket_in_hand(at=MONDAY_NINE)
    handling.feed_back(fresh(ticket), findings=findings(MONDAY_NINE), by=person("wei"), at=MONDAY_NINE)

    play(clock(ticket, "reply").due_at)

    assert fresh(ticket).state == State.REPLYING
    assert whom(at_order(ticket, 2, "reply")) == {"lin"}


# --- What can never be ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({}, "each_step_of_a_ladder_happens_once"),
        (
            {"occasion": "2", "state": "floating", "noticed_at": MONDAY_TEN, "next_at": None},
            "an_escalation_is_in_a_known_state",
        ),
        ({"occasion": "2", "state": "open"}, "a_raised_escalation_says_since_when"),
        ({"occasion": "2", "noticed_at": MONDAY_TEN}, "a_raised_escalation_says_since_when"),
        (
            {"occasion": "2", "state": "resolved", "noticed_at": MONDAY_TEN, "resolved_at": MONDAY_TEN},
            "only_what_is_planned_or_open_is_called",
        ),
        (
            {"occasion": "2", "state": "acknowledged", "noticed_at": MONDAY_TEN, "next_at": None},
            "an_acknowledgement_says_whose_it_is",
        ),
        (
            {"occasion": "2", "state": "resolved", "noticed_at": MONDAY_TEN, "next_at": None},
            "a_resolved_escalation_says_when",
        ),
        ({"occasion": "2", "state": "cancelled", "next_at": None}, "a_closed_escalation_says_why"),
    ],
)
def test_the_database_refuses_what_can_never_be(facts, constraint):
    ticket = a_ticket(at=MONDAY_NINE)
    step = Step.objects.get(ladder__code="grave", order=1)
    common = {"ticket": ticket, "step": step, "occasion": "1", "reason": "grave", "severity": 3}
    Escalation.objects.create(**common, planned_at=MONDAY_TEN, next_at=MONDAY_TEN)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Escalation.objects.create(**common | {"planned_at": MONDAY_TEN, "next_at": MONDAY_TEN} | facts)


def test_a_bad_row_is_set_aside_the_others_go_on_and_it_is_tried_again(overdue):
    good = a_ticket(at=MONDAY_NINE + SECOND)
    step = Step.objects.get(ladder__code="dispatch", order=3)
    poisoned = Step.objects.create(
        ladder=step.ladder, order=3, when=step.when, role="director", channels=["pigeon"], is_active=False
    )
    bad = at_order(overdue, 3)
    Escalation.objects.filter(pk=bad.pk).update(step=poisoned)

    play(MONDAY_TEN + 15 * MINUTE + SECOND)

    aside = SetAside.objects.get(kind="escalation", object_id=bad.pk)
    assert "pigeon" in aside.error
    assert at_order(good, 3).state == Standing.OPEN
    assert Escalation.objects.get(pk=bad.pk).state == Standing.PLANNED
    Step.objects.filter(pk=poisoned.pk).update(channels=["in_app"])
    sweeping.fire_due(aside.next_try_at)
    assert Escalation.objects.get(pk=bad.pk).state == Standing.OPEN
    assert not SetAside.objects.open().exists()


def test_a_step_whose_deed_is_refused_tells_its_people_all_the_same():
    Unit.objects.filter(code="support").update(is_active=False)
    Step.objects.filter(ladder__code="handle-in-hours", order=1).update(what="reassign", to_unit=unit("support"))
    ticket = a_dispatched_ticket(at=MONDAY_NINE)

    play(clock(ticket, "handle").warn_at)

    assert fresh(ticket).lead_unit == unit("network")
    assert whom(at_order(ticket, 1, "handle")) == {"douhai"}
    assert Entry.objects.get(ticket=ticket, kind="escalation_step_refused").data["what"] == "reassign"


def test_messages_of_escalations_leave_at_night_too():
    ticket = a_ticket(at=MONDAY_NINE + 12 * 60 * MINUTE)

    play(clock(ticket, "dispatch").due_at)
    left = delivery.deliver(clock(ticket, "dispatch").due_at)

    assert left > 0
