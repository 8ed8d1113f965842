"""Rules R20–R29 on real tickets with the shipped limits: which policy, which due, what moves it."""

import pytest

from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions import (
    acceptance,
    agreements,
    assisting,
    cancelling,
    chasing,
    classifying,
    concluding,
    dispatching,
    handling,
    holding,
    replying,
)
from complaints.actions.acceptance import Contacting
from complaints.models import Category, Entry
from complaints.states import AttemptResult, Medium
from contact.models import Consent
from sla.actions.explaining import explain
from sla.actions.extending import extend
from sla.models import Clock, Policy
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    a_customer,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    category,
    findings,
    fresh,
    local,
    person,
    unit,
)
from tests.sla.cast import ACCEPTED_BY_THE_CUSTOMER, NOT_ACCEPTED, clock_of, later, running

pytestmark = pytest.mark.django_db

URGENT, IMPORTANT, ORDINARY = "broadband.outage.complete", "broadband.speed.slow", "billing.charges.monthly-fee"
SERVICE_FAILURE, SPECIAL = "suspension.wrongful.paid-up", "mobile.coverage.indoor"


@pytest.mark.parametrize(("of", "minutes"), [(URGENT, 15), (IMPORTANT, 30), (ORDINARY, 60)])
def test_r20_dispatch_is_due_after_15_30_or_60_minutes(of, minutes):
    ticket = a_ticket(of=of, routes=False)

    assert clock_of(ticket, "dispatch").due_at == later(MONDAY_NINE, minutes=minutes)


@pytest.mark.parametrize(
    ("of", "tier", "minutes"),
    [
        (URGENT, "ordinary", 60),
        (IMPORTANT, "ordinary", 120),
        (ORDINARY, "silver", 240),
        (URGENT, "gold", 60),
        (IMPORTANT, "gold", 60),
        (ORDINARY, "gold", 120),
        (ORDINARY, "vip", 120),
    ],
)
def test_r21_reply_is_due_by_urgency_and_one_grade_faster_for_gold(of, tier, minutes):
    ticket = a_ticket(of=of, customer=a_customer("12055550188", tier=tier), routes=False)

    assert clock_of(ticket, "reply").due_at == later(MONDAY_NINE, minutes=minutes)


def test_r21_the_reply_counts_from_when_the_customer_raised_the_matter():
    ticket = a_ticket(of=ORDINARY, at=MONDAY_TEN, raised_at=MONDAY_NINE)

    clock = clock_of(ticket, "reply")
    assert (clock.started_at, clock.due_at) == (MONDAY_NINE, later(MONDAY_NINE, hours=4))


def test_r21_an_urgent_service_failure_is_answered_within_two_hours_whatever_the_rest_says():
    Category.objects.filter(code=SERVICE_FAILURE).update(urgency="ordinary")

    ticket = a_ticket(of=SERVICE_FAILURE, routes=False)

    assert clock_of(ticket, "reply").due_at == later(MONDAY_NINE, hours=2)


def test_r21_a_promise_stands_in_the_limits_place_and_the_limit_is_kept_beside_it():
    agreed = local("2026-03-03 10:00")

    ticket = a_ticket(of=ORDINARY, contacting=Contacting(promised_for=agreed, promise_evidence="asked on the phone"))

    clock = clock_of(ticket, "reply")
    assert (clock.due_at, clock.promised_for, clock.limit_due_at) == (agreed, agreed, later(MONDAY_NINE, hours=4))
    assert fresh(ticket).reply_due_at == agreed


@pytest.mark.parametrize(("days", "due"), [(4, "2026-03-06 18:00"), (7, "2026-03-11 18:00")])
def test_r22_a_special_scope_with_consent_takes_four_to_seven_working_days(days, due):
    ticket = a_ticket(of=SPECIAL, routes=False)

    agreements.consent(ticket, what="longer_limit", evidence="on tape", days=days, by=person("rosa"), at=MONDAY_NINE)

    clock = clock_of(ticket, "reply")
    assert clock.due_at == local(due)
    assert clock.policy.scope == "network_coverage"


def test_r22_without_consent_the_normal_limit_holds_in_a_special_scope_too():
    ticket = a_ticket(of=SPECIAL, routes=False)

    assert clock_of(ticket, "reply").due_at == later(MONDAY_NINE, minutes=120)


@pytest.mark.parametrize("days", [3, 8, None])
def test_r22_any_other_number_of_days_is_refused_and_the_normal_limit_holds(days):
    ticket = a_ticket(of=SPECIAL, routes=False)

    with pytest.raises(Malformed):
        agreements.consent(ticket, what="longer_limit", evidence="ok", days=days, by=person("rosa"), at=MONDAY_NINE)

    assert clock_of(ticket, "reply").due_at == later(MONDAY_NINE, minutes=120)


def test_r23_a_reply_due_at_night_moves_to_nine_and_its_nominal_due_is_reported():
    evening = local("2026-03-02 18:40")

    ticket = a_ticket(of=IMPORTANT, at=evening, routes=False)

    clock = clock_of(ticket, "reply")
    assert clock.nominal_due_at == local("2026-03-02 20:40")
    assert clock.due_at == fresh(ticket).reply_due_at == local("2026-03-03 09:00")


def test_r23_consent_to_contact_at_night_brings_the_due_back_to_the_night():
    evening = local("2026-03-02 18:40")
    ticket = a_ticket(of=IMPORTANT, at=evening, routes=False)

    agreements.consent(
        ticket, what=Consent.What.NIGHT, evidence="said so", by=person("rosa"), at=later(evening, minutes=1)
    )

    assert clock_of(ticket, "reply").due_at == local("2026-03-02 20:40")


def test_r23_a_customer_who_says_no_to_the_night_is_promised_the_morning():
    ticket = a_ticket(of=IMPORTANT, at=local("2026-03-02 18:40"), contacting=Contacting(night="no"), routes=False)

    assert clock_of(ticket, "reply").promised_for == clock_of(ticket, "reply").due_at == local("2026-03-03 09:00")


def test_r24_feedback_is_due_when_three_quarters_of_the_reply_limit_have_passed():
    ticket = a_ticket(of=ORDINARY)

    dispatching.dispatch(ticket, to=unit("network"), by=person("sam"), at=later(MONDAY_NINE, minutes=30))

    assert clock_of(ticket, "handle").due_at == later(MONDAY_NINE, minutes=180)


def test_r24_feedback_has_twenty_working_hours_where_the_reply_is_owed_in_days():
    ticket = a_ticket(of=SPECIAL, routes=False)
    agreements.consent(ticket, what="longer_limit", evidence="on tape", days=5, by=person("rosa"), at=MONDAY_NINE)

    dispatching.dispatch(ticket, to=unit("network"), by=person("sam"), at=MONDAY_NINE)

    assert clock_of(ticket, "handle").due_at == local("2026-03-04 09:00")


def test_r24_consent_to_a_longer_limit_after_dispatch_moves_the_feedback_too():
    ticket = a_dispatched_ticket(of=SPECIAL, routes=False)
    before = clock_of(ticket, "handle").due_at

    agreements.consent(ticket, what="longer_limit", evidence="on tape", days=5, by=person("rosa"), at=MONDAY_NINE)

    assert before == later(MONDAY_NINE, minutes=90)
    assert clock_of(ticket, "handle").due_at == local("2026-03-04 09:00")


def test_r24_rework_takes_four_working_hours_at_most_what_the_reply_leaves():
    ticket = a_ticket_to_reply(of=ORDINARY)

    replying.reject_feedback(ticket, reason="No.", by=person("rosa"), at=MONDAY_TEN)

    assert clock_of(ticket, "rework").due_at == clock_of(ticket, "reply").due_at == later(MONDAY_NINE, hours=4)


def test_r24_an_assisting_unit_asked_by_the_lead_unit_at_sixteen_is_due_at_ten_the_next_day():
    ticket = a_ticket_in_hand(of=ORDINARY, at=local("2026-03-02 15:00"))

    assisting.ask(
        ticket,
        unit=unit("group-customers"),
        question="Is it yours?",
        by=person("wei"),
        at=local("2026-03-02 16:00"),
    )

    assert clock_of(ticket, "assist").due_at == local("2026-03-03 10:00")


def test_r24_an_assisting_unit_asked_by_the_front_line_has_two_working_hours():
    ticket = a_ticket(of=ORDINARY, at=local("2026-03-02 16:30"))

    dispatching.dispatch(
        ticket,
        to=unit("network"),
        assisting_units=[unit("group-customers")],
        by=person("sam"),
        at=local("2026-03-02 17:00"),
    )

    assert clock_of(ticket, "assist").due_at == local("2026-03-03 09:00")


def test_r32_a_chase_up_is_answered_in_two_hours_at_most_what_the_reply_leaves():
    ticket = a_ticket(of=ORDINARY)

    first = chasing.chase_up(ticket, text="Well?", by=person("rosa"), at=MONDAY_TEN)
    second = chasing.chase_up(fresh(ticket), text="Well?", by=person("rosa"), at=later(MONDAY_NINE, hours=3))

    assert Clock.objects.get(chase_up=first).due_at == later(MONDAY_TEN, hours=2)
    assert Clock.objects.get(chase_up=second).due_at == later(MONDAY_NINE, hours=4)


def test_section_15_a_conclusion_is_owed_within_a_working_day_and_a_billing_callback_within_fifteen():
    friday = local("2026-03-06 09:00")
    ticket = a_ticket_to_reply(of=ORDINARY, at=friday)
    replying.reply(ticket, medium=Medium.PHONE, text="Refunded.", by=person("rosa"), at=friday)

    concluding.conclude(ticket, outcome=NOT_ACCEPTED, by=person("rosa"), at=friday)

    assert clock_of(ticket, "conclude").due_at == local("2026-03-09 18:00")
    assert clock_of(ticket, "callback").due_at == local("2026-03-27 18:00")


# --- R6: holds --------------------------------------------------------------------------------------------------------


def held(ticket, *, at, until, reason="parts", consents=False):
    holding.hold(
        ticket, reason=reason, text="A splitter.", until=until, customer_consents=consents, by=person("wei"), at=at
    )


@pytest.mark.parametrize(
    ("reason", "consents", "stopped"),
    [
        ("parts", False, {"handle", "assist"}),
        ("parts", True, {"handle", "assist", "reply"}),
        ("customer", False, {"handle", "assist", "reply"}),
    ],
)
def test_r6_a_hold_stops_handling_and_assistance_the_reply_by_consent_only_and_a_chase_never(reason, consents, stopped):
    ticket = a_ticket_in_hand(of=ORDINARY)
    chasing.chase_up(ticket, text="Well?", by=person("rosa"), at=MONDAY_NINE)
    assisting.ask(ticket, unit=unit("support"), question="?", by=person("wei"), at=MONDAY_NINE)

    held(ticket, at=MONDAY_TEN, until=local("2026-03-02 14:00"), reason=reason, consents=consents)

    clocks = Clock.objects.running().filter(ticket=ticket)
    assert {clock.kind for clock in clocks if clock.is_held} == stopped
    assert {clock.kind for clock in clocks if clock.next_at is None} == stopped
    assert running(ticket) == {"handle", "assist", "reply", "chase"}


def test_r6_held_time_is_given_back_to_the_due():
    ticket = a_ticket_in_hand(of=ORDINARY)
    held(ticket, at=MONDAY_TEN, until=local("2026-03-02 14:00"))

    holding.resume(ticket, by=person("wei"), at=later(MONDAY_TEN, minutes=50))

    assert clock_of(ticket, "handle").due_at == later(MONDAY_NINE, minutes=180 + 50)
    assert clock_of(ticket, "reply").due_at == later(MONDAY_NINE, hours=4)
    assert Entry.objects.filter(ticket=ticket, kind="due_moved", data__clock="handle").count() == 1


def test_s3_a_move_out_of_a_hold_books_the_held_time_first():
    ticket = a_ticket_in_hand(of=ORDINARY)
    held(ticket, at=MONDAY_TEN, until=local("2026-03-02 14:00"))

    handling.feed_back(ticket, findings=findings(MONDAY_NINE), by=person("wei"), at=local("2026-03-02 13:30"))

    clock = clock_of(ticket, "handle")
    assert clock.outcome == "met"
    assert clock.due_at == local("2026-03-02 15:30")
    assert [(each.kind, each.starts_at) for each in clock.get_stretches()] == [
        ("running", MONDAY_NINE),
        ("held", MONDAY_TEN),
        ("running", local("2026-03-02 13:30")),
    ]


def test_s6_time_already_held_still_counts_under_a_new_limit():
    ticket = a_ticket_in_hand(of=ORDINARY)
    held(ticket, at=later(MONDAY_NINE, minutes=10), until=local("2026-03-02 14:00"), consents=True)
    holding.resume(ticket, by=person("wei"), at=later(MONDAY_NINE, minutes=40))

    classifying.reclassify(fresh(ticket), urgency="important", by=person("sam"), at=later(MONDAY_NINE, minutes=41))

    assert clock_of(ticket, "reply").due_at == later(MONDAY_NINE, minutes=120 + 30)
    assert clock_of(ticket, "handle").due_at == later(MONDAY_NINE, minutes=90 + 30)


def test_s8_every_hold_of_every_round_is_taken_out():
    ticket = a_ticket_in_hand(of=ORDINARY)
    for start in (MONDAY_TEN, later(MONDAY_TEN, minutes=20)):
        held(fresh(ticket), at=start, until=local("2026-03-02 14:00"), consents=True)
        holding.resume(fresh(ticket), by=person("wei"), at=later(start, minutes=10))

    assert clock_of(ticket, "reply").due_at == later(MONDAY_NINE, minutes=240 + 20)
    assert explain(clock_of(ticket, "reply")).due_at == later(MONDAY_NINE, minutes=240 + 20)


# --- R27: decided anew ------------------------------------------------------------------------------------------------


def test_r27_another_urgency_decides_running_clocks_from_their_original_start_and_the_history_shows_both_dues():
    ticket = a_ticket(of=ORDINARY)

    classifying.reclassify(ticket, urgency="urgent", by=person("sam"), at=later(MONDAY_NINE, minutes=5))

    assert clock_of(ticket, "dispatch").due_at == later(MONDAY_NINE, minutes=15)
    moved = Entry.objects.get(ticket=ticket, kind="due_moved", data__clock="reply").data
    assert moved["old"] == later(MONDAY_NINE, minutes=240).isoformat()
    assert moved["new"] == later(MONDAY_NINE, minutes=60).isoformat()


def test_r27_a_due_that_moves_into_the_past_breaches_now_with_both_instants():
    ticket = a_ticket(of=ORDINARY)
    now = later(MONDAY_NINE, minutes=40)

    classifying.reclassify(ticket, urgency="urgent", by=person("sam"), at=now)

    clock = clock_of(ticket, "dispatch")
    assert (clock.breached_at, clock.breach_noticed_at) == (later(MONDAY_NINE, minutes=15), now)


def test_r27_a_called_breach_stays_when_the_due_moves_back():
    ticket = a_ticket(of=URGENT, routes=False)
    classifying.reclassify(ticket, urgency="ordinary", by=person("sam"), at=later(MONDAY_NINE, minutes=20))

    clock = clock_of(ticket, "dispatch")

    assert clock.breached_at == later(MONDAY_NINE, minutes=15)
    assert clock.due_at == later(MONDAY_NINE, minutes=60)


def test_s11_where_no_policy_applies_any_more_nothing_is_due():
    Policy.objects.filter(kind="dispatch", urgency="urgent").update(
        status="retired", effective_until=later(MONDAY_NINE, hours=-1)
    )
    ticket = a_ticket(of=ORDINARY)

    classifying.reclassify(ticket, urgency="urgent", by=person("sam"), at=later(MONDAY_NINE, minutes=5))

    clock = clock_of(ticket, "dispatch")
    assert (clock.policy, clock.due_at, clock.warn_at, clock.next_at) == (None, None, None, None)
    assert explain(clock).sentences == ["No policy applies, so nothing is due."]


# --- R29, R43, merging ------------------------------------------------------------------------------------------------


def test_r29_a_promise_survives_transfer_and_changes_of_urgency():
    agreed = local("2026-03-03 10:00")
    ticket = a_dispatched_ticket(
        of=ORDINARY, contacting=Contacting(promised_for=agreed, promise_evidence="asked on the phone")
    )

    handling.transfer(ticket, to=unit("support"), reason="Billing.", by=person("wei"), at=MONDAY_NINE)
    classifying.reclassify(ticket, urgency="urgent", by=person("sam"), at=MONDAY_TEN)

    assert clock_of(ticket, "reply").due_at == agreed


def test_r29_a_promise_beyond_the_longest_limit_needs_a_supervisor():
    ticket = a_ticket(of=ORDINARY)
    far = {"agreed_for": local("2026-03-20 10:00"), "reason": "abroad", "evidence": "said so", "at": MONDAY_NINE}

    with pytest.raises(NotYours, match="supervisor"):
        agreements.promise(ticket, by=person("rosa"), **far)
    agreements.promise(fresh(ticket), by=person("lin"), **far)

    assert clock_of(ticket, "reply").due_at == far["agreed_for"]


def test_r29_a_supervisors_extension_is_kept_beside_the_limit():
    ticket = a_ticket(of=ORDINARY)
    until = local("2026-03-02 17:00")

    extend(ticket, kind="reply", until=until, reason="The site is flooded.", by=person("lin"), at=MONDAY_TEN)

    clock = clock_of(ticket, "reply")
    assert (clock.due_at, clock.limit_due_at) == (until, later(MONDAY_NINE, hours=4))
    assert Entry.objects.get(ticket=ticket, kind="limit_extended").note.text == "The site is flooded."


def test_r29_nobody_but_a_supervisor_extends_and_only_what_runs_and_only_to_later():
    ticket = a_ticket(of=ORDINARY)
    asked = {"reason": "Flooded.", "at": MONDAY_TEN}

    with pytest.raises(NotYours):
        extend(ticket, kind="reply", until=local("2026-03-02 17:00"), by=person("rosa"), **asked)
    with pytest.raises(NotPossible):
        extend(ticket, kind="handle", until=local("2026-03-02 17:00"), by=person("lin"), **asked)
    with pytest.raises(Malformed):
        extend(fresh(ticket), kind="reply", until=local("2026-03-02 12:00"), by=person("lin"), **asked)


def test_r43_an_attempt_in_time_defers_the_reply_to_the_next_planned_one_with_its_cause():
    ticket = a_ticket_to_reply(of=ORDINARY)
    planned = local("2026-03-02 15:00")

    replying.attempt_reply(
        ticket,
        medium=Medium.PHONE,
        result=AttemptResult.NO_ANSWER,
        next_at=planned,
        by=person("rosa"),
        at=local("2026-03-02 12:50"),
    )

    clock = clock_of(ticket, "reply")
    assert clock.due_at == planned
    assert clock.nominal_due_at == local("2026-03-02 13:00")
    assert [(each.kind, each.cause) for each in clock.get_stretches()][-1] == ("deferred", "not_reached")


def test_r43_an_attempt_after_the_due_defers_nothing():
    ticket = a_ticket_to_reply(of=ORDINARY)

    replying.attempt_reply(
        ticket,
        medium=Medium.PHONE,
        result=AttemptResult.NO_ANSWER,
        next_at=local("2026-03-02 15:00"),
        by=person("rosa"),
        at=local("2026-03-02 13:10"),
    )

    clock = clock_of(ticket, "reply")
    assert clock.breached_at == clock.due_at == local("2026-03-02 13:00")


def test_a_merged_ticket_hands_its_earlier_start_and_due_to_the_surviving_one():
    older = a_ticket(of=IMPORTANT, at=MONDAY_NINE, routes=False)
    survivor = a_ticket(of=ORDINARY, at=MONDAY_TEN)

    cancelling.merge(older, into=survivor, reason="One matter.", by=person("rosa"), at=later(MONDAY_TEN, minutes=5))

    clock = clock_of(survivor, "reply")
    assert (clock.started_at, clock.due_at) == (MONDAY_NINE, later(MONDAY_NINE, minutes=120))
    assert fresh(survivor).raised_at == MONDAY_NINE


# --- R28: explained ---------------------------------------------------------------------------------------------------


def test_r28_every_due_time_is_explained_by_steps_that_add_up_to_it():
    ticket = a_ticket_to_reply(of=ORDINARY, at=local("2026-03-02 16:30"))
    replying.reject_feedback(ticket, reason="No.", by=person("rosa"), at=local("2026-03-02 16:40"))
    chasing.chase_up(fresh(ticket), text="Well?", by=person("rosa"), at=local("2026-03-02 16:50"))

    for clock in Clock.objects.with_ticket().filter(ticket=ticket):
        explained = explain(clock)

        reached = explained.starts_at
        for step in explained.steps:
            assert step.begins_at == reached
            reached = step.ends_at
        assert reached == explained.due_at == clock.due_at


def test_r28_a_due_that_moved_out_of_the_night_is_explained_in_words():
    ticket = a_ticket(of=category(IMPORTANT).code, at=local("2026-03-02 18:40"), routes=False)

    told = " ".join(explain(clock_of(ticket, "reply")).sentences)

    assert "120 minutes under 'Reply, important v1' from" in told
    assert "quiet hours" in told


def test_a_matter_raised_too_long_ago_is_met_late_even_when_it_is_solved_at_once():
    ticket = a_ticket(of=ORDINARY, at=local("2026-03-02 15:00"), raised_at=MONDAY_NINE)

    acceptance.resolve_on_site(
        ticket, outcome=ACCEPTED_BY_THE_CUSTOMER, by=person("rosa"), at=local("2026-03-02 15:00")
    )

    clock = clock_of(ticket, "reply")
    assert (clock.outcome, clock.breached_at) == ("met_late", later(MONDAY_NINE, hours=4))


def test_a_promise_made_at_acceptance_comes_before_a_limit_that_has_passed_already():
    ticket = a_ticket(
        of=ORDINARY,
        at=local("2026-03-02 15:00"),
        raised_at=MONDAY_NINE,
        contacting=Contacting(promised_for=local("2026-03-02 17:00"), promise_evidence="on the phone"),
    )

    clock = clock_of(ticket, "reply")
    assert (clock.breached_at, clock.due_at) == (None, local("2026-03-02 17:00"))
