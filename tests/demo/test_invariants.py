"""Each check of a play finds what it is about: a past that holds, with one thing spoilt in it, is told as wrong."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from approvals import actions as approvals
from approvals.models import Approval, SolutionKind
from authorities.actions import cases
from authorities.models import Case
from callbacks.actions import calling
from callbacks.models import Attempt as CallbackAttempt
from callbacks.models import Callback, Survey
from complaints.actions import following_up, progressing, replying
from complaints.actions.concluding import Outcome
from complaints.models import Entry, FollowUp, Progress, ReplyAttempt, Ticket
from complaints.states import Liability, Medium, Verdict
from contact.models import Contact
from customers.models import Flag
from demo.simulation.invariants import CHECKS
from escalation.models import Escalation
from letters.actions import sending
from letters.models import Review, Version
from sla.models import Clock
from tests.authorities.test_cases import a_case
from tests.callbacks.stories import CONTENT, UNHAPPY, a_callback, a_concluded_ticket, a_survey, work_through_again
from tests.escalation.playing import play
from tests.letters.writing import an_approved
from tests.people import (
    MONDAY_NIGHT,
    MONDAY_NINE,
    MONDAY_TEN,
    TUESDAY_NINE,
    a_ticket,
    a_ticket_to_reply,
    fresh,
    person,
)

pytestmark = pytest.mark.django_db

UNCONTENT = Outcome(verdict=Verdict.DOES_NOT_ACCEPT, liability=Liability.COMPANY, remedy="The splitter was replaced.")


def without(*constraints: tuple[str, str]) -> None:
    """Let the database allow, until the test ends, what it never does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, name in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            cursor.execute(f"DROP INDEX IF EXISTS {name}")


# Pasts that hold


def a_call_back(**answers):
    callback = a_callback()
    return calling.answer(callback, **(answers or CONTENT), by=person("yinmei"), at=TUESDAY_NINE)


def contacts_of_each_kind():
    ticket = a_ticket_to_reply()
    progressing.tell_progress(
        ticket, medium=Medium.PHONE, text="The splitter is on its way.", by=person("rosa"), at=MONDAY_NINE
    )
    replying.attempt_reply(
        ticket, medium=Medium.PHONE, result="no_answer", next_at=MONDAY_TEN, by=person("rosa"), at=MONDAY_NINE
    )
    calling.attempt(
        a_callback(),
        result="no_answer",
        next_at=TUESDAY_NINE + timedelta(hours=1),
        by=person("yinmei"),
        at=TUESDAY_NINE,
    )
    a_survey()
    a_follow_up_that_was_made()


def a_follow_up_that_was_made():
    a_concluded_ticket(outcome=UNCONTENT)
    following_up.finish_follow_up(
        FollowUp.objects.get(), result="reconciled", text="Explained the bill.", by=person("lin"), at=TUESDAY_NINE
    )


def a_missed_dispatch():
    a_ticket()
    play(TUESDAY_NINE)


def unhappy_after_the_last_round():
    first = a_call_back(**UNHAPPY)
    ticket = work_through_again(fresh(first.ticket), at=TUESDAY_NINE)
    calling.answer(ticket.callbacks.get(round=2), **UNHAPPY, by=person("yinmei"), at=TUESDAY_NINE)


def a_granted_and_a_decided_solution():
    approval = approvals.request(
        a_ticket_to_reply(),
        kind=SolutionKind.COMPENSATION,
        amount=Decimal(120),
        solution="Two months free of charge.",
        by=person("rosa"),
        at=MONDAY_NINE,
    )
    approvals.decide(approval, approves=True, note="", by=person("mengyao"), at=MONDAY_TEN)


def a_letter_sent():
    sending.send(an_approved(a_ticket_to_reply()), seen=1, by=person("rosa"), at=MONDAY_TEN)


def a_case_answered_and_closed():
    case = a_case()
    cases.answer(case, text="Paid back.", by=person("lin"), at=TUESDAY_NINE)
    cases.close(case, outcome="Settled.", by=person("lin"), at=TUESDAY_NINE)


# What is spoilt in them


def a_second_callback_in_the_round():
    without(("callbacks_callback", "a_round_is_called_back_once"))
    first = Callback.objects.get()
    Callback.objects.create(
        ticket=first.ticket, round=first.round, mode="phone", opened_at=MONDAY_TEN, planned_for=MONDAY_TEN
    )


def the_lead_wrote_at_the_letter():
    Version.objects.update(written_by=person("mengyao"))


def the_solution_was_decided_by_who_asked():
    without(("approvals_approval", "nobody_approves_their_own_solution"))
    Approval.objects.update(decided_by=person("rosa"))


def a_step_raised_twice():
    raised = Escalation.objects.filter(noticed_at__isnull=False).first()
    without(*[("escalation_escalation", each.name) for each in Escalation._meta.constraints])
    raised.pk = None
    raised.save(force_insert=True)


def entry(kind, at, **facts):
    Entry.objects.create(ticket=Ticket.objects.latest("pk"), kind=kind, at=at, version=99, **facts)


SPOILT = [
    ("history_replays_to_the_state", a_ticket,
     lambda: entry("claimed", MONDAY_TEN, source="dispatched", target="handling"), "leads from dispatched"),
    ("history_replays_to_the_state", a_ticket,
     lambda: Ticket.objects.update(state="returned"), "its history says accepted"),
    ("entries_come_in_order", a_ticket,
     lambda: entry("commented", MONDAY_NINE - timedelta(hours=1)), "stands after"),
    ("nobody_is_contacted_at_night", contacts_of_each_kind,
     lambda: Contact.objects.filter(purpose="reply").update(at=MONDAY_NIGHT), "reply at 2026-03-02 21:30"),
    ("nobody_is_contacted_at_night", contacts_of_each_kind,
     lambda: ReplyAttempt.objects.update(at=MONDAY_NIGHT), "reply at 2026-03-02 21:30"),
    ("nobody_is_contacted_at_night", contacts_of_each_kind,
     lambda: CallbackAttempt.objects.update(at=MONDAY_NIGHT), "callback at 2026-03-02 21:30"),
    ("nobody_is_contacted_at_night", contacts_of_each_kind,
     lambda: Survey.objects.update(sent_at=MONDAY_NIGHT), "survey at 2026-03-02 21:30"),
    ("nobody_is_contacted_at_night", contacts_of_each_kind,
     lambda: Progress.objects.update(at=MONDAY_NIGHT), "progress at 2026-03-02 21:30"),
    ("nobody_is_contacted_at_night", contacts_of_each_kind,
     lambda: FollowUp.objects.update(done_at=MONDAY_NIGHT), "follow-up at 2026-03-02 21:30"),
    ("every_breach_happens_once", a_missed_dispatch,
     lambda: Clock.objects.filter(kind="dispatch").update(breached_at=None, breach_noticed_at=None),
     "is not breached, but told so"),
    ("every_breach_happens_once", a_missed_dispatch,
     lambda: entry("breached", TUESDAY_NINE, data={"clock_id": Clock.objects.get(kind="dispatch").pk}),
     "told 2 times"),
    ("every_breach_happens_once", a_ticket,
     lambda: Clock.objects.filter(kind="dispatch").update(due_at=MONDAY_NINE - timedelta(hours=1)),
     "and is not breached"),
    ("every_step_fires_once", a_missed_dispatch, a_step_raised_twice, "is a second one of its step"),
    ("every_step_fires_once", a_missed_dispatch,
     lambda: Escalation.objects.filter(clock__kind="dispatch").delete(), "nobody heard of the breach of dispatch"),
    ("every_end_agrees_with_the_history", a_concluded_ticket,
     lambda: Clock.objects.filter(kind="reply").update(ended_at=MONDAY_NINE - timedelta(minutes=1)),
     "reply ended 'met'"),
    ("ended_tickets_owe_nothing", a_call_back,
     lambda: Ticket.objects.update(next_due_at=TUESDAY_NINE), "has something due"),
    ("ended_tickets_owe_nothing", a_call_back,
     lambda: Clock.objects.filter(kind="callback").update(ended_at=None, outcome=""), "its callback clock runs"),
    ("callbacks_are_fair", a_call_back, a_second_callback_in_the_round, "more than one callback"),
    ("callbacks_are_fair", a_call_back,
     lambda: Callback.objects.update(answered_by=person("wei")), "somebody who had a part in it"),
    ("callbacks_are_fair", a_call_back,
     lambda: Callback.objects.update(answered_by=person("rosa")), "somebody who had a part in it"),
    ("callbacks_are_fair", a_call_back,
     lambda: Callback.objects.update(with_result="dissatisfied", reason="Down."), "neither reopened nor put to"),
    ("callbacks_are_fair", unhappy_after_the_last_round,
     lambda: Callback.objects.filter(round=2).update(awaits_decision=False), "round 2: dissatisfied, neither"),
    ("nobody_agrees_to_their_own", a_letter_sent, the_lead_wrote_at_the_letter, "by one of its authors"),
    ("nobody_agrees_to_their_own", a_granted_and_a_decided_solution, the_solution_was_decided_by_who_asked,
     "asked for and decided by the same person"),
    ("every_letter_sent_was_agreed_to", a_letter_sent,
     lambda: Review.objects.filter(step="legal").delete(), "without the yes of: legal"),
    ("every_letter_sent_was_agreed_to", a_letter_sent,
     lambda: Review.objects.filter(step="lead").update(at=TUESDAY_NINE), "without the yes of: lead"),
    ("who_does_not_accept_is_heard", a_follow_up_that_was_made,
     lambda: Flag.objects.filter(kind="C1").delete(), "no flag C1"),
    ("who_does_not_accept_is_heard", a_follow_up_that_was_made,
     lambda: FollowUp.objects.all().delete(), "nobody follows up"),
    ("a_case_ends_as_its_history_says", a_case_answered_and_closed,
     lambda: Case.objects.update(answered_at=MONDAY_TEN), "its history says"),
    ("a_case_ends_as_its_history_says", a_case,
     lambda: Case.objects.update(received_at=MONDAY_NINE - timedelta(days=1)), "before it was lodged"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "past", "spoil", "words"), SPOILT, ids=[f"{name}: {words}" for name, _past, _spoil, words in SPOILT]
)
def test_a_check_finds_what_it_is_about(name, past, spoil, words):
    past()
    assert list(CHECKS[name](MONDAY_NINE)) == []

    spoil()

    assert words in "\n".join(CHECKS[name](MONDAY_NINE))


def test_a_dissatisfied_customer_who_is_heard_again_or_before_a_supervisor_is_in_order():
    unhappy_after_the_last_round()

    assert Callback.objects.filter(with_result="dissatisfied").count() == 2
    assert list(CHECKS["callbacks_are_fair"](TUESDAY_NINE)) == []


def test_every_check_has_its_try():
    assert {name for name, *_more in SPOILT} == set(CHECKS)
