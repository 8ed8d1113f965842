"""By hand, grave, chased up, flag D, put to somebody else: ladders of their own (R93)."""

from datetime import timedelta

import pytest
from django.db import transaction

from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions import chasing, classifying, dispatching
from complaints.actions.acceptance import resolve_on_site
from complaints.actions.concluding import Outcome
from complaints.models import DeskRules, Entry
from customers.models import Flag
from customers.watching import mark
from escalation.actions import answering, supervising
from escalation.actions.raising import escalate
from escalation.kinds import Reason, Standing, Trigger
from escalation.models import Escalation, Ladder
from notifications.models import Message
from tests.escalation.playing import play, raised, whom
from tests.people import (
    MONDAY_NIGHT,
    MONDAY_NINE,
    a_customer,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    fresh,
    person,
    unit,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


# --- By hand ----------------------------------------------------------------------------------------------------------


def test_escalating_by_hand_reaches_the_supervisor_at_once(ticket, rosa):
    [escalation] = escalate(ticket, reason="the customer is at the counter again", by=rosa, at=MONDAY_NINE)

    assert (escalation.state, escalation.reason, escalation.raised_by) == (Standing.OPEN, Reason.BY_HAND, rosa)
    assert whom(escalation) == {"lin"}
    assert Entry.objects.get(ticket=ticket, kind="escalated_by_hand").note.text.startswith("the customer is at")


def test_what_was_escalated_by_hand_climbs_when_nobody_acknowledges_it(ticket, rosa):
    escalate(ticket, reason="again", by=rosa, at=MONDAY_NINE)

    play(MONDAY_NINE + 30 * MINUTE)

    by_hand = raised(ticket, reason=Reason.BY_HAND)
    assert [whom(each) for each in by_hand] == [{"lin"}, {"yuejin"}]
    assert by_hand[1].brought_forward_at == MONDAY_NINE + 30 * MINUTE


def test_resolving_what_was_escalated_by_hand_ends_its_ladder(ticket, rosa, lin):
    [escalation] = escalate(ticket, reason="again", by=rosa, at=MONDAY_NINE)

    answering.resolve(escalation, by=lin, at=MONDAY_NINE + 10 * MINUTE)

    by_hand = Escalation.objects.filter(ticket=ticket, reason=Reason.BY_HAND).order_by("pk")
    assert [each.state for each in by_hand] == [Standing.RESOLVED, Standing.CANCELLED]


def test_a_ticket_can_be_escalated_by_hand_more_than_once(ticket, rosa):
    escalate(ticket, reason="first", by=rosa, at=MONDAY_NINE)

    escalate(ticket, reason="second", by=rosa, at=MONDAY_NINE + MINUTE)

    assert len(raised(ticket, reason=Reason.BY_HAND)) == 2


def test_escalating_by_hand_needs_a_reason(ticket, rosa):
    with pytest.raises(Malformed):
        escalate(ticket, reason=" ", by=rosa, at=MONDAY_NINE)

    assert not Escalation.objects.filter(reason=Reason.BY_HAND).exists()


def test_who_has_nothing_to_do_with_a_ticket_does_not_escalate_it(ticket, noor):
    with pytest.raises(NotYours):
        escalate(ticket, reason="no reason", by=noor, at=MONDAY_NINE)


def test_where_the_ladder_is_switched_off_the_refusal_says_so(ticket, rosa):
    Ladder.objects.filter(trigger=Trigger.BY_HAND).update(is_active=False)

    with pytest.raises(NotPossible, match="No ladder"):
        escalate(ticket, reason="again", by=rosa, at=MONDAY_NINE)


# --- Grave ------------------------------------------------------------------------------------------------------------


def test_a_grave_ticket_goes_at_once_to_the_supervisor_also_at_night(rosa):
    ticket = a_ticket(at=MONDAY_NIGHT)
    classifying.mark_grave(ticket, reason="threatens to go to the press", by=rosa, at=MONDAY_NIGHT)

    play(MONDAY_NIGHT)

    [grave] = raised(ticket, reason=Reason.GRAVE)
    assert whom(grave) == {"lin"}
    assert grave.ack_due_at == MONDAY_NIGHT + 10 * MINUTE


def test_a_ticket_marked_urgent_beyond_its_category_goes_to_the_supervisor():
    marked, not_marked = a_ticket(urgency="urgent"), a_ticket()

    play(MONDAY_NINE)

    assert len(raised(marked, reason=Reason.URGENT)) == 1
    assert not raised(not_marked)


def test_marking_urgent_later_does_so_too(ticket, lin):
    classifying.reclassify(ticket, urgency="urgent", by=lin, at=MONDAY_NINE)

    play(MONDAY_NINE)

    assert len(raised(ticket, reason=Reason.URGENT)) == 1


def test_the_supervisor_confirms_that_it_is_grave(ticket, rosa, lin):
    classifying.mark_grave(ticket, reason="threat", by=rosa, at=MONDAY_NINE)
    play(MONDAY_NINE)

    supervising.confirm_grave(ticket, by=lin, at=MONDAY_NINE + MINUTE)

    assert fresh(ticket).is_grave
    assert not Escalation.objects.filter(ticket=ticket, reason=Reason.GRAVE).unfinished().exists()


def test_the_supervisor_lowers_it(rosa, lin):
    ticket = a_ticket(urgency="urgent")
    classifying.mark_grave(ticket, reason="threat", by=rosa, at=MONDAY_NINE)
    play(MONDAY_NINE)

    supervising.lower_grave(
        ticket, reason="no threat on the recording", urgency="ordinary", by=lin, at=MONDAY_NINE + MINUTE
    )

    assert (fresh(ticket).is_grave, fresh(ticket).urgency) == (False, "ordinary")
    assert not Escalation.objects.filter(ticket=ticket, reason__in=["grave", "urgent"]).unfinished().exists()
    assert Entry.objects.get(ticket=ticket, kind="gravity_lowered").note.text == "no threat on the recording"


def test_only_a_supervisor_decides_how_grave_it_is(ticket, rosa):
    with pytest.raises(NotYours):
        supervising.lower_grave(ticket, reason="it is nothing", by=rosa, at=MONDAY_NINE)


def test_the_dispatch_of_a_grave_ticket_notifies_the_units_director(ticket, rosa, sam):
    classifying.mark_grave(ticket, reason="threat", by=rosa, at=MONDAY_NINE)

    dispatching.dispatch(fresh(ticket), to=unit("network"), by=sam, at=MONDAY_NINE + MINUTE)

    notices = Message.objects.filter(kind="grave_dispatched", channel="in_app")
    assert [message.recipient.username for message in notices] == ["gejian"]


def test_the_dispatch_of_any_other_ticket_does_not():
    a_dispatched_ticket()

    assert not Message.objects.filter(kind="grave_dispatched").exists()


# --- Chase-ups --------------------------------------------------------------------------------------------------------


def test_the_third_chase_up_starts_a_ladder_and_the_fourth_no_other(rosa):
    ticket = a_ticket_in_hand()

    for number in range(1, 5):
        at = MONDAY_NINE + number * MINUTE
        chasing.chase_up(fresh(ticket), text="still nothing", by=rosa, at=at)
        play(at)
        assert len(raised(ticket, reason=Reason.CHASED_UP)) == (1 if number >= 3 else 0)


def test_how_many_chase_ups_start_it_is_data(rosa):
    DeskRules.objects.update_or_create(pk=1, defaults={"chase_ups_before_escalation": 1})
    ticket = a_ticket_in_hand()

    chasing.chase_up(fresh(ticket), text="still nothing", by=rosa, at=MONDAY_NINE)
    play(MONDAY_NINE)

    assert len(raised(ticket, reason=Reason.CHASED_UP)) == 1


def test_a_chase_up_goes_to_whoever_holds_the_ticket(rosa):
    at_the_desk, in_the_queue, in_hand = a_ticket(), a_dispatched_ticket(), a_ticket_in_hand()

    for each in (at_the_desk, in_the_queue, in_hand):
        chasing.chase_up(fresh(each), text="still nothing", by=rosa, at=MONDAY_NINE)

    def told(ticket):
        messages = Message.objects.filter(kind="chased_up", ticket=ticket.reference)
        return {message.recipient.username for message in messages}

    assert told(at_the_desk) >= {"sam"}
    assert told(in_the_queue) == {"douhai"}
    assert told(in_hand) == {"wei"}


# --- Flag D and escalated complaints ----------------------------------------------------------------------------------


def test_flag_d_starts_the_ladder_on_every_open_ticket_of_the_customer(rosa):
    first, second = a_ticket(), a_ticket()
    closed = a_ticket()
    resolve_on_site(closed, outcome=Outcome(verdict="accepts", liability="customer"), by=rosa, at=MONDAY_NINE)
    other = a_ticket(customer=a_customer("12055550199"))

    mark(a_customer(), kind="D", reason="says he will sue", by=rosa, at=MONDAY_NINE)
    play(MONDAY_NINE)

    assert [len(raised(each, reason=Reason.FLAG_D)) for each in (first, second, other)] == [1, 1, 0]


def test_a_new_ticket_of_a_customer_with_flag_d_tells_the_supervisor():
    Flag.objects.create(customer=a_customer(), kind="D", raised_at=MONDAY_NINE)

    ticket = a_ticket()
    play(MONDAY_NINE)

    assert whom(raised(ticket, reason=Reason.FLAG_D)[0]) == {"lin"}


def test_an_escalated_complaint_starts_its_ladder_at_acceptance_and_when_learnt_later(lin):
    at_once, later = a_ticket(addressee="regulator"), a_ticket()

    classifying.readdress(fresh(later), addressee="media", by=lin, at=MONDAY_NINE)
    classifying.readdress(fresh(later), addressee="regulator", by=lin, at=MONDAY_NINE)
    play(MONDAY_NINE)

    assert [len(raised(each, reason=Reason.ESCALATED_COMPLAINT)) for each in (at_once, later)] == [1, 1]


def test_what_was_raised_without_a_limit_closes_with_the_matter(ticket, rosa):
    escalate(ticket, reason="again", by=rosa, at=MONDAY_NINE)

    resolve_on_site(
        fresh(ticket), outcome=Outcome(verdict="accepts", liability="customer"), by=rosa, at=MONDAY_NINE + MINUTE
    )

    assert not Escalation.objects.filter(ticket=ticket).unfinished().exists()


def test_an_undone_deed_leaves_neither_escalation_nor_message(ticket, rosa):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        escalate(ticket, reason="again", by=rosa, at=MONDAY_NINE)
        raise ZeroDivisionError

    assert not Escalation.objects.exists()
    assert not Message.objects.exists()
    assert person("lin").messages.count() == 0
