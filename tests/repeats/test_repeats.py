"""R81: repeats are found when a ticket is accepted, confirmed or rejected by people, and chained; five kinds apart."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from callbacks.actions import calling
from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions import adding, cancelling, chasing, classifying, reopening
from complaints.actions.acceptance import Contacting
from complaints.models import Category, Ticket
from customers.models import ContactPerson
from figures import counting
from figures.catalogue import FIGURES
from figures.counting import Scope
from figures.periods import Grain, Period
from notifications.models import Message
from repeats.actions import linking
from repeats.chains import chain_of, kinds_of
from repeats.finding import candidates
from repeats.models import Ground, Match, Repeat, RepeatRules, Standing
from sla.actions.sweeping import call_due
from tests.callbacks.stories import UNHAPPY, a_concluded_ticket, the_callback
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    TUESDAY_NINE,
    a_customer,
    a_record,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    category,
    fresh,
    person,
)

pytestmark = pytest.mark.django_db

A_MONTH = timedelta(days=30)


def another_kind() -> str:
    """A category under another top type."""
    return Category.objects.choosable().exclude(path__startswith=category().top_path).first().code


def the_repeat(ticket: Ticket) -> Repeat:
    return Repeat.objects.get(ticket=ticket)


def test_r81_a_second_ticket_of_the_same_customer_and_kind_is_found_to_repeat_the_open_one():
    first = a_ticket(at=MONDAY_NINE)

    second = a_ticket(at=MONDAY_TEN)

    repeat = the_repeat(second)
    assert (repeat.earlier, repeat.first) == (first, first)
    assert (repeat.ground, repeat.match, repeat.standing) == (Ground.OPEN, Match.CUSTOMER, Standing.FOUND)
    assert second.entries.filter(kind="repeat_found", data__earlier=first.reference).exists()


def test_r81_an_answered_one_is_repeated_within_thirty_days_and_not_after():
    first = a_concluded_ticket(at=MONDAY_NINE)

    within = a_ticket(at=MONDAY_NINE + A_MONTH)
    assert the_repeat(within).ground == Ground.ANSWERED

    callback = the_callback(first)
    calling.answer(
        callback,
        by=person(callback_agent()),
        at=MONDAY_TEN,
        with_result="satisfied",
        with_handling="satisfied",
        reason="",
    )
    cancelling.cancel(fresh(within), reason="withdrawn", by=person("rosa"), at=MONDAY_NINE + A_MONTH)
    after = a_ticket(at=MONDAY_TEN + A_MONTH + timedelta(seconds=1))

    assert not Repeat.objects.filter(ticket=after).exists()


def callback_agent() -> str:
    return Person.objects.filter(assignments__role="callback_agent").order_by("pk").first().username


def test_r81_an_overdue_one_and_a_dissatisfying_one_say_so():
    overdue = a_ticket(at=MONDAY_NINE, urgency="urgent")
    call_due(MONDAY_TEN + timedelta(hours=8))

    assert the_repeat(a_ticket(at=TUESDAY_NINE)).ground == Ground.OVERDUE
    assert overdue.clocks.get(kind="reply").breached_at is not None


def test_r81_another_customer_another_kind_and_an_enquiry_repeat_nothing():
    a_ticket(at=MONDAY_NINE)

    for other in (
        a_ticket(at=MONDAY_TEN, customer=a_customer("12055550199")),
        a_ticket(at=MONDAY_TEN, of=another_kind()),
        a_ticket(at=MONDAY_TEN, nature="enquiry"),
    ):
        assert not Repeat.objects.filter(ticket=other).exists()


def test_r81_a_withdrawn_ticket_is_repeated_by_nobody():
    first = a_ticket(at=MONDAY_NINE)
    cancelling.cancel(fresh(first), reason="withdrawn", by=person("rosa"), at=MONDAY_NINE)

    assert not Repeat.objects.filter(ticket=a_ticket(at=MONDAY_TEN)).exists()


def test_r81_somebody_who_is_reached_at_the_same_number_is_recognised():
    first = a_ticket(at=MONDAY_NINE)
    daughter = a_customer("12055550177")
    speaks = ContactPerson.objects.create(customer=daughter, name="Ana", number="12055550101")

    second = a_ticket(at=MONDAY_TEN, customer=daughter, contacting=Contacting(person=speaks, number="12055550101"))

    assert (the_repeat(second).earlier, the_repeat(second).match) == (first, Match.NUMBER)


def test_r81_an_address_alone_proposes_and_a_person_decides():
    first = a_ticket(at=MONDAY_NINE, customer=a_customer("12055550188", address="8 Harbour Road, flat 3"))
    second = a_ticket(at=MONDAY_TEN, customer=a_customer("12055550189", address="8 Harbour Road, flat 3"))

    assert not Repeat.objects.filter(ticket=second).exists()
    assert [(each.ticket, each.match) for each in candidates(second, at=MONDAY_TEN)] == [(first, Match.ADDRESS)]

    linking.link(fresh(second), earlier=first, by=person("rosa"), at=MONDAY_TEN)

    assert the_repeat(second).standing == Standing.CONFIRMED


def test_an_address_that_many_share_tells_nobody_apart():
    for number in range(12055550300, 12055550312):
        customer = a_customer(str(number), address="1 Office Tower")
    a_ticket(at=MONDAY_NINE, customer=a_customer("12055550300"))

    assert candidates(a_ticket(at=MONDAY_TEN, customer=customer), at=MONDAY_TEN) == []


@pytest.mark.parametrize(
    ("near", "far", "new"),
    [
        (
            "The broadband drops every evening.",
            "The bill has a fee twice.",
            "Each evening the broadband drops.",
        ),
        ("家里宽带每天晚上八点断线，已经一周。", "话费账单多扣了两次套餐费。", "宽带每天晚上八点断线，一直没修好。"),
    ],
)
def test_r81_of_two_candidates_the_one_with_the_more_similar_text_comes_first(near, far, new):
    alike = a_ticket(at=MONDAY_NINE, happened=near)
    a_ticket(at=MONDAY_NINE, happened=far)

    found = candidates(a_ticket(at=MONDAY_TEN, happened=new), at=MONDAY_TEN)

    assert found[0].ticket == alike
    assert found[0].likeness > found[1].likeness


def test_a5_similar_tickets_are_shown_only_within_scope():
    a_ticket(at=MONDAY_NINE)
    second = a_ticket_to_reply(at=MONDAY_TEN)  # Wei sees this one: his unit leads it

    assert [each.repeat is None for each in chain_of(second, by=person("rosa"), at=MONDAY_TEN)] == [True, False]
    assert [link.ticket for link in chain_of(second, by=person("wei"), at=MONDAY_TEN)] == [second]
    assert candidates(second, at=MONDAY_TEN, by=person("wei")) == []
    assert len(candidates(second, at=MONDAY_TEN, by=person("rosa"))) == 1


def test_r81_confirmed_ones_make_a_chain_and_a_rejected_one_parts_it():
    first, second, third, fourth = (a_ticket(at=MONDAY_NINE + timedelta(minutes=each)) for each in range(4))
    linking.link(fresh(third), earlier=second, by=person("rosa"), at=MONDAY_TEN)
    linking.link(fresh(fourth), earlier=third, by=person("rosa"), at=MONDAY_TEN)

    whole = [link.ticket for link in chain_of(first, by=person("lin"), at=MONDAY_TEN)]
    linking.reject(fresh(second), reason="another bill", by=person("rosa"), at=MONDAY_TEN)
    rest = [link.ticket for link in chain_of(fourth, by=person("lin"), at=MONDAY_TEN)]

    assert whole == [first, second, third, fourth]
    assert rest == [second, third, fourth]
    assert chain_of(first, by=person("lin"), at=MONDAY_TEN) == []
    assert set(Repeat.objects.standing().values_list("first", flat=True)) == {second.pk}


def test_r81_what_is_linked_elsewhere_takes_its_followers_along():
    first, second, third = (a_ticket(at=MONDAY_NINE + timedelta(minutes=each)) for each in range(3))
    linking.reject(fresh(second), reason="another bill", by=person("rosa"), at=MONDAY_TEN)
    linking.link(fresh(third), earlier=second, by=person("rosa"), at=MONDAY_TEN)

    linking.link(fresh(second), earlier=first, by=person("rosa"), at=MONDAY_TEN)

    assert [link.ticket for link in chain_of(third, by=person("lin"), at=MONDAY_TEN)] == [first, second, third]


def test_confirming_twice_and_judging_what_repeats_nothing_are_refused():
    first, second = a_ticket(at=MONDAY_NINE), a_ticket(at=MONDAY_TEN)
    linking.confirm(fresh(second), by=person("rosa"), at=MONDAY_TEN)

    with pytest.raises(NotPossible, match="confirmed already"):
        linking.confirm(fresh(second), by=person("rosa"), at=MONDAY_TEN)
    with pytest.raises(NotPossible, match="repeats no other ticket"):
        linking.reject(fresh(first), reason="no", by=person("rosa"), at=MONDAY_TEN)
    with pytest.raises(Malformed, match="why"):
        linking.reject(fresh(second), reason=" ", by=person("rosa"), at=MONDAY_TEN)
    with pytest.raises(NotYours):
        linking.reject(fresh(second), reason="no", by=person("noor"), at=MONDAY_TEN)


def test_a_stranger_ticket_cannot_be_linked():
    first = a_ticket(at=MONDAY_NINE, customer=a_customer("12055550199"))
    second = a_ticket(at=MONDAY_TEN)

    with pytest.raises(Malformed, match=first.reference):
        linking.link(fresh(second), earlier=first, by=person("rosa"), at=MONDAY_TEN)


def test_r81_filed_under_another_kind_it_is_looked_for_anew():
    a_ticket(at=MONDAY_NINE)
    second = a_ticket(at=MONDAY_TEN)
    elsewhere = category(another_kind())
    classifying.reclassify(
        fresh(second), category=elsewhere, record_of=a_record(elsewhere), by=person("rosa"), at=MONDAY_TEN
    )

    assert not Repeat.objects.filter(ticket=second).exists()


def test_r81_the_five_kinds_are_kept_apart():
    first = a_ticket(at=MONDAY_NINE)
    second = fresh(a_ticket(at=MONDAY_TEN, addressee="regulator"))
    chasing.chase_up(second, text="Well?", by=person("rosa"), at=MONDAY_TEN)
    adding.add_facts(fresh(second), text="It happened again today.", by=person("rosa"), at=MONDAY_TEN)
    third = a_concluded_ticket(at=MONDAY_NINE, of=another_kind())
    reopening.reopen(fresh(third), reason="still the same", by=person("rosa"), at=MONDAY_TEN)

    kinds = kinds_of(fresh(second))
    assert (kinds.chase_ups, kinds.late_chase_ups, kinds.follow_ups, kinds.reopenings) == (1, 0, 1, 0)
    assert kinds.is_repeat and kinds.is_escalated
    assert kinds_of(fresh(third)).reopenings == 1
    assert kinds_of(fresh(third)).is_repeat is False
    assert kinds_of(first).is_repeat is False


def test_r81_new_facts_are_told_to_whoever_holds_the_ticket():
    ticket = a_ticket_in_hand()

    adding.add_facts(fresh(ticket), text="It happened again today.", by=person("rosa"), at=MONDAY_TEN)

    assert Message.objects.filter(kind="facts_added", recipient=person("wei")).exists()
    assert ticket.entries.get(kind="facts_added").note.text == "It happened again today."


def test_r81_a_chase_up_past_the_limit_counts_as_a_repeat():
    ticket = a_ticket(at=MONDAY_NINE, urgency="urgent")
    call_due(MONDAY_TEN + timedelta(hours=2))
    chasing.chase_up(fresh(ticket), text="Well?", by=person("rosa"), at=MONDAY_TEN + timedelta(hours=3))

    assert kinds_of(fresh(ticket)).late_chase_ups == 1
    assert kinds_of(fresh(ticket)).is_repeat


def test_the_repeat_rate_counts_found_confirmed_and_late_chased_ones_but_no_rejected():
    _first, second, third = (a_ticket(at=MONDAY_NINE + timedelta(minutes=each)) for each in range(3))
    linking.confirm(fresh(second), by=person("rosa"), at=MONDAY_TEN)
    linking.reject(fresh(third), reason="another bill", by=person("rosa"), at=MONDAY_TEN)
    today = Period.ending_with(MONDAY_TEN.date(), grain=Grain.DAY, parts=1)

    line = counting.total(FIGURES["repeated"], Scope(person("lin"), MONDAY_TEN), today)

    assert line.numbers == {"repeats": 1, "complaints": 3}


def test_merging_keeps_both_histories():
    first, second = a_ticket(at=MONDAY_NINE), a_ticket(at=MONDAY_TEN)
    before = {each.pk: set(each.entries.values_list("pk", flat=True)) for each in (first, second)}

    cancelling.merge(fresh(second), into=fresh(first), reason="one matter", by=person("rosa"), at=MONDAY_TEN)

    for ticket in (first, second):
        assert before[ticket.pk] < set(ticket.entries.values_list("pk", flat=True))
    assert second.entries.filter(kind="merged", data__into=first.reference).exists()
    assert first.entries.filter(kind="absorbed", data__absorbed=second.reference).exists()
    assert the_repeat(second).earlier == first


def test_finding_costs_the_same_with_one_earlier_ticket_and_with_many():
    a_ticket(at=MONDAY_NINE)
    ticket = a_ticket(at=MONDAY_TEN)

    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            candidates(fresh(ticket), at=MONDAY_TEN, by=person("rosa"))
        return len(counted)

    with_one = cost()
    for minute in range(5):
        a_ticket(at=MONDAY_NINE + timedelta(minutes=minute))

    assert cost() == with_one < 14


def test_a_ticket_repeats_one_other_at_a_time():
    first, second, third = (a_ticket(at=MONDAY_NINE + timedelta(minutes=each)) for each in range(3))
    standing = the_repeat(third)

    with pytest.raises(IntegrityError, match="a_ticket_repeats_one_other_at_a_time"), transaction.atomic():
        Repeat.objects.create(
            ticket=third,
            earlier=second if standing.earlier == first else first,
            first=first,
            ground=Ground.OPEN,
            match=Match.CUSTOMER,
            standing=Standing.FOUND,
            found_at=MONDAY_TEN,
        )


def test_the_bounds_are_data():
    RepeatRules.objects.update_or_create(pk=1, defaults={"levels_alike": 3, "within_days": 5})
    sibling = (
        Category.objects.choosable()
        .filter(path__startswith=category().path[: 2 * category().steplen])
        .exclude(pk=category().pk)
        .first()
    )
    a_ticket(at=MONDAY_NINE)

    assert not Repeat.objects.filter(ticket=a_ticket(at=MONDAY_TEN, of=sibling.code)).exists()


def test_dissatisfied_at_the_callback_is_the_weightiest_ground():
    first = a_concluded_ticket(at=MONDAY_NINE)
    calling.answer(the_callback(first), by=person(callback_agent()), at=MONDAY_TEN, wants_nothing_more=True, **UNHAPPY)

    assert the_repeat(a_ticket(at=TUESDAY_NINE)).ground == Ground.DISSATISFIED
