"""Section 3's second table: what each transition starts, ends met, ends otherwise, and leaves alone."""

import pytest

from complaints.actions import (
    acceptance,
    assisting,
    cancelling,
    chasing,
    concluding,
    dispatching,
    handling,
    reopening,
    replying,
)
from complaints.states import AttemptResult, Liability, Medium
from sla.models import Clock
from tests.people import MONDAY_NINE, a_record, a_ticket, findings, fresh, local, person, unit
from tests.sla.cast import ACCEPTED_BY_THE_CUSTOMER, NOT_ACCEPTED, clock_of, ended, later, running

pytestmark = pytest.mark.django_db

AT = MONDAY_NINE


def returned(ticket):
    dispatching.return_for_completion(ticket, faults=["record_incomplete"], by=person("sam"), at=AT)


def dispatched(ticket):
    dispatching.dispatch(ticket, to=unit("network"), by=person("sam"), at=AT)


def assisted(ticket):
    dispatched(ticket)
    handling.claim(ticket, by=person("wei"), at=AT)
    assisting.ask(ticket, unit=unit("group-customers"), question="Is it yours?", by=person("wei"), at=AT)


def handled_at_desk(ticket):
    dispatching.handle_at_desk(ticket, by=person("sam"), at=AT)


def fed_back(ticket):
    assisted(ticket)
    handling.feed_back(ticket, findings=findings(AT), by=person("wei"), at=AT)


def rejected(ticket):
    fed_back(ticket)
    replying.reject_feedback(ticket, reason="It says nothing of the fee.", by=person("rosa"), at=AT)


def chased(ticket):
    fed_back(ticket)
    chasing.chase_up(ticket, text="When will I hear?", by=person("rosa"), at=AT)


def replied(ticket):
    chased(ticket)
    replying.reply(ticket, medium=Medium.PHONE, text="It works again.", by=person("rosa"), at=AT)


def concluded(ticket):
    replied(ticket)
    concluding.conclude(ticket, outcome=ACCEPTED_BY_THE_CUSTOMER, by=person("rosa"), at=AT)


def resubmit(ticket):
    acceptance.resubmit(
        ticket, record_of=a_record(ticket.category), happened="The line is down.", by=person("rosa"), at=AT
    )


def resolve(ticket):
    acceptance.resolve_on_site(ticket, outcome=ACCEPTED_BY_THE_CUSTOMER, by=person("rosa"), at=AT)


def send_back(ticket):
    handling.send_back(ticket, faults=["unit_wrong"], by=person("wei"), at=AT)


def transfer(ticket):
    handling.transfer(ticket, to=unit("support"), reason="It is the billing system.", by=person("wei"), at=AT)


def feed_back(ticket):
    handling.feed_back(ticket, findings=findings(AT), by=person("wei"), at=AT)


def reply(ticket):
    replying.reply(ticket, medium=Medium.PHONE, text="It works again.", by=person("rosa"), at=AT)


def reopen(ticket):
    reopening.reopen(ticket, reason="Down again.", by=person("rosa"), at=AT)


def cancel(ticket):
    cancelling.cancel(ticket, reason="Withdrawn.", by=person("rosa"), at=AT)


def finish(how):
    def finish_callback(ticket):
        reopening.finish_callback(ticket, how=how, by=None, at=AT)

    return finish_callback


def nothing(ticket):
    pass


TABLE = [
    # before, move, which clocks run after it, how the others ended
    (nothing, nothing, {"dispatch", "reply"}, {}),
    (nothing, resolve, {"callback"}, {"dispatch": "cancelled", "reply": "met"}),
    (nothing, returned, {"reply"}, {"dispatch": "met"}),
    (returned, resubmit, {"dispatch", "reply"}, {"dispatch": "met"}),
    (nothing, dispatched, {"handle", "reply"}, {"dispatch": "met"}),
    (nothing, handled_at_desk, {"handle", "reply"}, {"dispatch": "met"}),
    (
        dispatched,
        lambda ticket: dispatching.recall(ticket, reason="Wrong.", by=person("sam"), at=AT),
        {"dispatch", "reply"},
        {"dispatch": "met", "handle": "cancelled"},
    ),
    (
        dispatched,
        lambda ticket: handling.claim(ticket, by=person("wei"), at=AT),
        {"handle", "reply"},
        {"dispatch": "met"},
    ),
    (
        assisted,
        lambda ticket: handling.release(ticket, by=person("wei"), at=AT),
        {"handle", "assist", "reply"},
        {"dispatch": "met"},
    ),
    (
        assisted,
        lambda ticket: handling.assign(ticket, to=person("wei"), by=person("lin"), at=AT),
        {"handle", "assist", "reply"},
        {"dispatch": "met"},
    ),
    (assisted, transfer, {"handle", "reply"}, {"dispatch": "met", "assist": "cancelled"}),
    (
        assisted,
        send_back,
        {"dispatch", "reply"},
        {"dispatch": "met", "handle": "cancelled", "assist": "cancelled"},
    ),
    (assisted, feed_back, {"reply"}, {"dispatch": "met", "handle": "met", "assist": "cancelled"}),
    (
        fed_back,
        lambda ticket: replying.reject_feedback(ticket, reason="No.", by=person("rosa"), at=AT),
        {"rework", "reply"},
        {"dispatch": "met", "handle": "met", "assist": "cancelled"},
    ),
    (
        rejected,
        feed_back,
        {"reply"},
        {"dispatch": "met", "handle": "met", "assist": "cancelled", "rework": "met"},
    ),
    (rejected, send_back, {"dispatch", "reply"}, None),
    (
        chased,
        reply,
        {"conclude"},
        {"dispatch": "met", "handle": "met", "assist": "cancelled", "chase": "met", "reply": "answered"},
    ),
    (
        replied,
        lambda ticket: concluding.conclude(ticket, outcome=ACCEPTED_BY_THE_CUSTOMER, by=person("rosa"), at=AT),
        {"callback"},
        {
            "dispatch": "met",
            "handle": "met",
            "assist": "cancelled",
            "chase": "met",
            "reply": "met",
            "conclude": "met",
        },
    ),
    (
        replied,
        reopen,
        {"handle", "reply"},
        {
            "dispatch": "met",
            "handle": "met",
            "assist": "cancelled",
            "chase": "met",
            "reply": "ineffective",
            "conclude": "cancelled",
        },
    ),
    (concluded, reopen, {"handle", "reply"}, None),
    (concluded, finish("answered"), set(), None),
    (resolve, reopen, {"dispatch", "reply"}, {"dispatch": "cancelled", "reply": "met", "callback": "cancelled"}),
    (nothing, cancel, set(), {"dispatch": "cancelled", "reply": "cancelled"}),
    (assisted, cancel, set(), None),
    (chased, cancel, set(), None),
    (replied, cancel, set(), None),
    (concluded, cancel, set(), None),
]


@pytest.mark.parametrize(("before", "move", "runs", "ends"), TABLE)
def test_a_move_starts_and_ends_clocks_as_the_table_says(before, move, runs, ends):
    ticket = a_ticket(of="billing.charges.monthly-fee")
    before(ticket)

    move(fresh(ticket))

    assert running(ticket) == runs
    if ends is not None:
        assert ended(ticket) == ends


def test_cancel_ends_everything_and_nothing_is_due_any_more():
    ticket = a_ticket()
    chased(ticket)

    cancel(fresh(ticket))

    assert running(ticket) == set()
    assert not Clock.objects.filter(ticket=ticket, next_at__isnull=False).exists()
    after = fresh(ticket)
    assert (after.next_due_at, after.next_due_kind, after.reply_due_at) == (None, "", None)


@pytest.mark.parametrize(("how", "outcome"), [("answered", "met"), ("unreachable", "met"), ("exempt", "cancelled")])
def test_the_callback_clock_is_met_by_an_answer_or_by_attempts_used_up_and_cancelled_by_exemption(how, outcome):
    ticket = a_ticket()
    concluded(ticket)

    finish(how)(fresh(ticket))

    assert clock_of(ticket, "callback").outcome == outcome


def test_handling_is_not_renewed_by_a_transfer_but_another_unit_owes_it():
    ticket = a_ticket()
    assisted(ticket)
    before = clock_of(ticket, "handle")

    transfer(fresh(ticket))

    after = clock_of(ticket, "handle")
    assert (after.pk, after.due_at) == (before.pk, before.due_at)
    assert (before.unit.code, after.unit.code) == ("network", "support")


def test_an_assisting_unit_that_answers_meets_its_clock():
    ticket = a_ticket()
    assisted(ticket)

    assisting.answer(ticket.assistances.get(), text="Not ours.", by=person("noor"), at=AT)

    assert clock_of(ticket, "assist").outcome == "met"


def test_each_chase_up_has_a_clock_of_its_own_and_its_own_answer():
    ticket = a_ticket()
    chased(ticket)
    second = chasing.chase_up(fresh(ticket), text="And now?", by=person("rosa"), at=AT)

    chasing.answer_chase_up(second, text="Today.", by=person("rosa"), at=AT)

    assert Clock.objects.get(chase_up=second).outcome == "met"
    assert Clock.objects.filter(ticket=ticket, kind="chase", ended_at__isnull=True).count() == 1


def test_a_customer_who_cannot_be_reached_ends_the_reply_apart():
    ticket = a_ticket()
    fed_back(ticket)
    for day in ("2026-03-02 09:10", "2026-03-02 14:00", "2026-03-03 09:00"):
        replying.attempt_reply(
            fresh(ticket),
            medium=Medium.PHONE,
            result=AttemptResult.NO_ANSWER,
            next_at=later(local(day), hours=3),
            by=person("rosa"),
            at=local(day),
        )

    concluding.conclude_unreachable(
        fresh(ticket), liability=Liability.UNFOUNDED, by=person("rosa"), at=local("2026-03-03 10:00")
    )

    assert running(ticket) == set()
    assert clock_of(ticket, "reply").outcome == "unreachable"


def test_r21_a_reply_that_the_customer_does_not_accept_counts_apart_until_a_supervisor_confirms():
    ticket = a_ticket()
    replied(ticket)
    concluding.conclude(fresh(ticket), outcome=NOT_ACCEPTED, by=person("rosa"), at=AT)
    apart = clock_of(ticket, "reply").outcome

    concluding.confirm(fresh(ticket), by=person("lin"), at=AT)

    assert apart == "ineffective"
    assert clock_of(ticket, "reply").outcome == "met"


def test_every_started_clock_has_stretches_without_gaps_that_end_with_it():
    ticket = a_ticket()
    concluded(ticket)
    finish("answered")(fresh(ticket))

    for clock in Clock.objects.filter(ticket=ticket):
        stretches = clock.get_stretches()
        assert stretches[0].starts_at == clock.started_at
        assert stretches[-1].ends_at == clock.ended_at
        assert [each.ends_at for each in stretches[:-1]] == [each.starts_at for each in stretches[1:]]
