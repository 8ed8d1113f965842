"""The supervisor's inbox, and what is done from it for one or many (R1, R91, R94)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Assignment, Delegation
from common.refusals import NotPossible, NotYours, Stale
from complaints.actions import dispatching
from complaints.models import Entry
from complaints.models import permissions as may
from escalation.actions import answering, supervising
from escalation.actions.raising import escalate
from escalation.kinds import Reason, Standing
from escalation.models import Escalation
from notifications.models import Message
from tests.escalation.playing import play, raised
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    a_customer,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    fresh,
    person,
    unit,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
NOW = MONDAY_TEN + MINUTE


@pytest.fixture
def overdue():
    """A ticket whose dispatch was missed at ten and is in Lin's inbox."""
    ticket = a_ticket(at=MONDAY_NINE)
    play(MONDAY_TEN)
    return ticket


def inbox(who, at=NOW):
    return list(Escalation.objects.inbox(who, at).by_weight())


# --- The inbox --------------------------------------------------------------------------------------------------------


def test_the_inbox_holds_what_waits_for_its_person_and_nobody_elses(overdue, lin, rosa, sam):
    assert [escalation.ticket for escalation in inbox(lin)] == [overdue]
    assert inbox(rosa) == []
    assert inbox(sam) == []  # the dispatchers were warned; that asks for nothing
    assert inbox(person("changqing")) == []


def test_a_new_supervisor_finds_what_was_raised_before_their_time(overdue, lin):
    newcomer = person("mengyao")
    Assignment.objects.create(person=newcomer, role="supervisor", unit=unit("service-centre"))

    assert len(inbox(person("mengyao"))) == 1


def test_who_holds_no_role_any_more_finds_nothing(overdue, lin):
    lin.assignments.all().delete()

    assert inbox(person("lin")) == []


def test_a_delegate_has_the_inbox_of_the_one_they_stand_in_for(overdue, lin):
    Delegation.objects.create(
        assignment=lin.assignments.get(role="supervisor"),
        delegate=person("jiangtao"),
        starts_at=MONDAY_TEN,
        ends_at=MONDAY_TEN + timedelta(days=1),
    )

    assert len(inbox(person("jiangtao"))) == 1
    assert inbox(person("jiangtao"), MONDAY_TEN + timedelta(days=2)) == []


def test_the_gravest_comes_first_and_the_acknowledged_last(overdue, lin, rosa):
    [by_hand] = escalate(a_ticket(at=MONDAY_NINE), reason="again", by=rosa, at=NOW)
    breach = raised(overdue, reason=Reason.BREACH)[0]
    assert inbox(lin) == [by_hand, breach]

    answering.acknowledge(by_hand, by=lin, at=NOW)

    assert inbox(lin) == [breach, by_hand]


@pytest.mark.parametrize("count", [1, 12])
def test_the_inbox_takes_the_same_queries_with_one_row_and_with_many(count, rosa, lin):
    for number in range(count):
        ticket = a_ticket(at=MONDAY_NINE, customer=a_customer(f"1205555{number:04d}"))
        escalate(ticket, reason="again", by=rosa, at=MONDAY_NINE)
    list(Escalation.objects.inbox(lin, MONDAY_NINE))  # the organisation is kept from now on

    with CaptureQueriesContext(
        connection,
    ) as queries:
        rows = list(Escalation.objects.inbox(lin, MONDAY_NINE).by_weight().with_people())
        for row in rows:
            str(row), row.step.ladder.name, row.to_unit, [str(person) for person in row.recipients.all()]
            may.supervises(row.ticket, lin.authority(MONDAY_NINE))

    assert len(rows) == count
    assert len(queries) == 3


def first_keys(who, most, at=NOW) -> set[int]:
    return {row["pk"] for row in Escalation.objects.first_of_inbox(who, at, most)}


def test_to_count_it_the_inbox_is_read_no_further_than_asked(rosa, lin):
    for number in range(5):
        ticket = a_ticket(at=MONDAY_NINE, customer=a_customer(f"1205555{number:04d}"))
        escalate(ticket, reason="again", by=rosa, at=MONDAY_NINE)
    whole = {escalation.pk for escalation in inbox(lin)}
    told, held = Escalation.objects.order_by("pk")[:2]
    told.to_unit = unit("group-customers")  # waits for Lin by name only
    told.save(update_fields=["to_unit"])
    held.recipients.clear()  # and this one for whoever supervises there

    assert len(whole) == 5
    assert first_keys(lin, 99) == whole
    assert len(first_keys(lin, 3)) >= 3
    assert first_keys(lin, 3) <= whole
    assert first_keys(rosa, 99) == set()


# --- What is done from it ---------------------------------------------------------------------------------------------


def test_taking_over_puts_the_ticket_into_ones_own_hands_and_acknowledges(lin):
    ticket = a_dispatched_ticket(at=MONDAY_NINE)
    escalate(ticket, reason="again", by=person("douhai"), at=MONDAY_NINE)
    anran = person("anran")

    in_hand = supervising.take_over(ticket, by=anran, at=NOW)

    assert in_hand
    assert fresh(ticket).handler == anran
    assert raised(ticket, reason=Reason.BY_HAND)[0].acknowledged_by == anran


def test_taking_over_what_no_unit_has_acknowledges_and_says_so(overdue, lin):
    in_hand = supervising.take_over(overdue, by=lin, at=NOW)

    assert not in_hand
    assert raised(overdue, reason=Reason.BREACH)[0].state == Standing.ACKNOWLEDGED


def test_reassigning_to_a_unit_transfers(lin):
    ticket = a_ticket_in_hand(at=MONDAY_NINE)

    supervising.reassign(ticket, to=unit("support"), reason="a matter of billing", by=lin, at=NOW)

    assert fresh(ticket).lead_unit == unit("support")


def test_reassigning_to_a_person_tells_them(lin):
    ticket = a_ticket_in_hand(at=MONDAY_NINE)

    supervising.reassign(ticket, to=person("zhangbo"), by=lin, at=NOW)

    assert fresh(ticket).handler == person("zhangbo")
    assert Message.objects.get(kind="reassigned").recipient == person("zhangbo")


def test_reassigning_a_reply_names_who_replies(lin):
    ticket = a_ticket_to_reply(at=MONDAY_NINE)

    supervising.reassign(ticket, to=person("zhaomin"), by=lin, at=NOW)

    assert fresh(ticket).replier == person("zhaomin")


def test_a_demand_tells_the_holder_and_acknowledges(lin):
    ticket = a_ticket_in_hand(at=MONDAY_NINE)
    play(MONDAY_NINE + 180 * MINUTE)

    supervising.demand(ticket, text="An answer by four.", by=lin, at=MONDAY_NINE + 181 * MINUTE)

    told = {message.recipient.username for message in Message.objects.filter(kind="demanded")}
    assert told == {"wei"}
    assert Entry.objects.get(ticket=ticket, kind="demanded").note.text == "An answer by four."
    assert [each.state for each in raised(ticket, to_role="supervisor")] == [Standing.ACKNOWLEDGED]


def test_a_decision_made_on_an_old_view_is_refused_with_what_has_changed(overdue, lin, sam):
    seen = fresh(overdue)
    dispatching.dispatch(fresh(overdue), to=unit("network"), by=sam, at=NOW)

    with pytest.raises(Stale) as refused:
        supervising.demand(seen, text="Send it out.", by=lin, at=NOW)

    assert refused.value.facts["changes"][0]["kind"] == "dispatched"


def test_a_comment_acknowledges_nothing(overdue, lin):
    supervising.comment(overdue, text="looking into it", by=lin, at=NOW)

    assert raised(overdue, reason=Reason.BREACH)[0].state == Standing.OPEN


def test_a_deed_for_many_is_refused_for_some_and_done_for_the_others(lin, sam):
    tickets = [a_ticket(at=MONDAY_NINE) for _ in range(3)]
    play(MONDAY_TEN)
    waiting = inbox(lin)
    dispatching.dispatch(fresh(tickets[1]), to=unit("network"), by=sam, at=NOW)

    results = supervising.for_many(waiting, answering.acknowledge, by=lin, at=NOW)

    assert {result.subject.ticket_id: result.was_done for result in results} == {
        tickets[0].pk: True,
        tickets[1].pk: False,
        tickets[2].pk: True,
    }
    [refused] = [result.refusal for result in results if not result.was_done]
    assert isinstance(refused, NotPossible)


def test_a_demand_on_many_tickets_leaves_nothing_of_the_refused(rosa, lin):
    tickets = [a_ticket(at=MONDAY_NINE) for _ in range(2)]

    results = supervising.for_many(tickets, supervising.demand, text="At once.", by=rosa, at=NOW)

    assert all(isinstance(result.refusal, NotYours) for result in results)
    assert not Entry.objects.filter(kind="demanded").exists()
    assert not Message.objects.exists()


def test_everything_stands_in_the_history(overdue, lin):
    breach = raised(overdue, reason=Reason.BREACH)[0]

    answering.acknowledge(breach, by=lin, at=NOW)
    answering.resolve(breach, note="sent out", by=lin, at=NOW + MINUTE)

    kinds = Entry.objects.filter(ticket=overdue, by=lin).order_by("pk").values_list("kind", "at")
    assert list(kinds) == [("escalation_acknowledged", NOW), ("escalation_resolved", NOW + MINUTE)]
