"""On the way and after: progress at the warning (R34), interim remedies (R31), the manager's follow-up (R44)."""

import pytest
from django.urls import reverse

from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions import concluding, following_up, progressing, reopening, replying
from complaints.actions.concluding import Outcome
from complaints.models import CauseCode, Entry, FollowUp, NatureRule, Ticket
from complaints.models.follow_up import FollowUpResult
from complaints.states import AttemptResult, Liability, Medium, Nature, State, Verdict
from contact.models import Contact, Promise
from customers.models import FlagKind
from desk import queries
from notifications.models import Message
from sla.actions.sweeping import call_due
from sla.models import Clock
from tests.people import (
    MONDAY_NIGHT,
    MONDAY_TEN,
    TUESDAY_NINE,
    a_customer,
    a_ticket_in_hand,
    a_ticket_to_reply,
    fresh,
    local,
    person,
    unit,
)

pytestmark = pytest.mark.django_db

WARNED = local("2026-03-02 12:15")
REFUSED = Outcome(verdict=Verdict.DOES_NOT_ACCEPT, liability=Liability.COMPANY)


@pytest.fixture
def replied(db):
    """A ticket that Rosa has replied to."""
    ticket = a_ticket_to_reply()
    replying.reply(ticket, medium=Medium.PHONE, text="It works.", by=person("rosa"), at=MONDAY_TEN)
    return fresh(ticket)


def owed(username: str = "rosa") -> list[Ticket]:
    return list(Ticket.objects.filter(queries.progress_owed(person(username).authority(WARNED))))


# Progress (R34)


def test_r34_at_the_warning_of_the_reply_clock_the_owner_is_asked_to_tell_the_customer(rosa):
    ticket = a_ticket_in_hand()
    assert owed() == []

    call_due(WARNED)

    assert owed() == [ticket]
    assert owed("zhaomin") == []


def test_r34_once_told_it_is_owed_no_more_and_no_clock_has_ended(rosa):
    ticket = a_ticket_in_hand()
    call_due(WARNED)

    progressing.tell_progress(fresh(ticket), medium=Medium.PHONE, text="A team is there.", by=rosa, at=WARNED)

    assert owed() == []
    assert Clock.objects.get(ticket=ticket, kind="reply").ended_at is None
    assert Contact.objects.get().purpose == "progress"
    assert Entry.objects.get(ticket=ticket, kind="progress_told").note.text == "A team is there."


def test_r34_progress_passes_the_gate(rosa):
    ticket = a_ticket_in_hand()

    with pytest.raises(NotPossible) as refused:
        progressing.tell_progress(ticket, medium=Medium.PHONE, text="Soon.", by=rosa, at=MONDAY_NIGHT)

    assert refused.value.code == "quiet_hours"
    assert not ticket.progress.exists()


@pytest.mark.parametrize(("medium", "text"), [(Medium.PHONE, " "), (Medium.PHONE, "\x07"), ("pigeon", "Soon.")])
def test_r34_progress_says_what_was_said_and_how(rosa, medium, text):
    with pytest.raises(Malformed):
        progressing.tell_progress(a_ticket_in_hand(), medium=medium, text=text, by=rosa, at=MONDAY_TEN)


def test_r34_only_who_speaks_with_the_customer_tells_them_and_only_before_the_reply(replied, rosa, wei):
    with pytest.raises(NotYours):
        progressing.tell_progress(a_ticket_in_hand(), medium=Medium.PHONE, text="Soon.", by=wei, at=MONDAY_TEN)
    with pytest.raises(NotPossible):
        progressing.tell_progress(replied, medium=Medium.PHONE, text="Soon.", by=rosa, at=MONDAY_TEN)


# Interim remedy (R31)


def test_r31_an_interim_remedy_is_told_to_the_owner_before_the_feedback(rosa, wei):
    ticket = a_ticket_in_hand()

    progressing.report_interim(ticket, text="A spare line was switched on.", by=wei, at=MONDAY_TEN)

    assert fresh(ticket).state == State.HANDLING
    assert Message.objects.get(kind="interim_remedy").recipient == rosa
    assert Clock.objects.get(ticket=ticket, kind="handle").ended_at is None


def test_r31_only_the_lead_unit_reports_one(rosa, noor):
    for stranger in (rosa, noor):
        with pytest.raises(NotYours):
            progressing.report_interim(a_ticket_in_hand(), text="Done.", by=stranger, at=MONDAY_TEN)


# Follow-up (R44)


def follow_up_of(ticket: Ticket, *, at=MONDAY_TEN) -> FollowUp:
    concluding.conclude(fresh(ticket), outcome=REFUSED, by=person("rosa"), at=at)
    return FollowUp.objects.get(ticket=ticket)


def test_r44_who_does_not_accept_is_followed_up_by_their_manager(rosa):
    chenan = person("chenan")
    ticket = a_ticket_to_reply(customer=a_customer(manager=chenan))
    replying.reply(ticket, medium=Medium.PHONE, text="No.", by=rosa, at=MONDAY_TEN)

    task = follow_up_of(ticket)

    assert (task.manager, task.due_at) == (chenan, local("2026-03-04 18:00"))
    assert list(FollowUp.objects.for_person(chenan, MONDAY_TEN)) == [task]
    assert Message.objects.filter(kind="follow_up", recipient=chenan).exists()


def test_r44_where_there_is_no_manager_the_one_of_the_branch_with_the_fewest_takes_it_and_sees_the_ticket(rosa):
    ticket = a_ticket_to_reply(customer=a_customer(branch=unit("east-city")))
    replying.reply(ticket, medium=Medium.PHONE, text="No.", by=rosa, at=MONDAY_TEN)

    task = follow_up_of(ticket)

    assert task.manager == person("chenan")
    assert ticket in Ticket.objects.visible_to(person("chenan"), MONDAY_TEN)


def test_r44_a_follow_up_of_nobody_is_the_supervisors(replied):
    task = follow_up_of(replied)

    assert task.manager is None
    assert list(FollowUp.objects.for_person(person("lin"), MONDAY_TEN)) == [task]


def test_r44_the_result_is_recorded_once_by_the_manager_through_the_gate(rosa):
    chenan = person("chenan")
    ticket = a_ticket_to_reply(customer=a_customer(manager=chenan))
    replying.reply(ticket, medium=Medium.PHONE, text="No.", by=rosa, at=MONDAY_TEN)
    task = follow_up_of(ticket)
    said = {"result": FollowUpResult.RECONCILED, "text": "She takes the voucher."}
    with pytest.raises(NotYours):
        following_up.finish_follow_up(task, **said, by=person("nihong"), at=TUESDAY_NINE)
    with pytest.raises(NotPossible) as at_night:
        following_up.finish_follow_up(task, **said, by=chenan, at=MONDAY_NIGHT)
    with pytest.raises(Malformed):
        following_up.finish_follow_up(task, result="", text="x", by=chenan, at=TUESDAY_NINE)

    following_up.finish_follow_up(task, **said, by=chenan, at=TUESDAY_NINE)

    assert at_night.value.code == "quiet_hours"
    assert FollowUp.objects.get().result == FollowUpResult.RECONCILED
    with pytest.raises(NotPossible):
        following_up.finish_follow_up(task, **said, by=chenan, at=TUESDAY_NINE)


def test_r44_the_manager_finds_it_at_their_workplace(client, rosa, time_machine):
    time_machine.move_to(MONDAY_TEN, tick=False)
    chenan = person("chenan")
    ticket = a_ticket_to_reply(customer=a_customer(manager=chenan))
    replying.reply(ticket, medium=Medium.PHONE, text="No.", by=rosa, at=MONDAY_TEN)
    follow_up_of(ticket)
    client.force_login(chenan, backend="django.contrib.auth.backends.ModelBackend")

    listed = client.get(reverse("desk:follow_ups")).content.decode()
    done = client.post(
        reverse("desk:ticket", args=[ticket.reference]),
        {"deed": "finish_follow_up", "result": "reconciled", "medium": "phone", "text": "She is content."},
    )

    assert ticket.reference in listed
    assert done.status_code == 302
    assert not FollowUp.objects.open().exists()


def test_r44_who_has_it_opened_again_because_they_are_not_content_gets_flag_c1(replied, rosa):
    reopening.reopen(replied, reason="It does not work.", dissatisfied=True, by=rosa, at=TUESDAY_NINE)

    assert replied.customer.flags.in_force(TUESDAY_NINE).filter(kind=FlagKind.C1).exists()


# Another time (R29, R43)


def test_r29_asking_for_another_time_makes_a_promise_that_may_lie_at_night(rosa):
    ticket = a_ticket_to_reply()

    replying.attempt_reply(
        ticket, medium=Medium.PHONE, result=AttemptResult.ANOTHER_TIME, next_at=MONDAY_NIGHT, by=rosa, at=MONDAY_TEN
    )

    assert Promise.objects.get(matter=ticket.matter).agreed_for == MONDAY_NIGHT
    assert Clock.objects.get(ticket=ticket, kind="reply").due_at == MONDAY_NIGHT
    replying.reply(fresh(ticket), medium=Medium.PHONE, text="It works.", by=rosa, at=MONDAY_NIGHT)


def test_r42_who_comes_too_late_is_told_who_replied_and_when(replied, rosa):
    with pytest.raises(NotPossible) as refused:
        replying.reply(replied, medium=Medium.PHONE, text="It works.", by=rosa, at=TUESDAY_NINE)

    assert (refused.value.facts["replied_by"], refused.value.facts["replied_at"]) == (rosa.name, MONDAY_TEN)


# Conclusion (R60)


def test_r60_the_table_is_data(replied, rosa):
    NatureRule.objects.filter(verdict=Verdict.ACCEPTS, liability=Liability.COMPANY).update(nature=Nature.OPINION)

    concluding.conclude(replied, outcome=Outcome(Verdict.ACCEPTS, Liability.COMPANY), by=rosa, at=MONDAY_TEN)

    assert fresh(replied).nature == Nature.OPINION


def test_r60_causes_are_a_tree_and_a_conclusion_names_a_leaf(replied, rosa):
    above = CauseCode.objects.get(code="network")
    leaf = CauseCode.objects.get(code="network-fault")
    assert leaf.path.startswith(above.path)

    with pytest.raises(Malformed) as refused:
        concluding.conclude(
            replied, outcome=Outcome(Verdict.ACCEPTS, Liability.COMPANY, cause=above), by=rosa, at=MONDAY_TEN
        )
    concluding.conclude(
        replied,
        outcome=Outcome(Verdict.ACCEPTS, Liability.COMPANY, cause=leaf, is_repeat=True),
        by=rosa,
        at=MONDAY_TEN,
    )

    assert list(refused.value.errors) == ["cause"]
    assert replied.conclusions.get().is_repeat


def test_every_shipped_cause_has_its_names_and_its_place():
    assert CauseCode.objects.choosable().count() > 12
    assert not CauseCode.objects.choosable().filter(depth=1).exists()
