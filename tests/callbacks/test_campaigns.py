"""Campaigns (R70–R74): a month's sample, beside the standing rule; a round is called back once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from callbacks.actions import calling, campaigning
from callbacks.answers import Standing
from callbacks.models import Callback, Campaign, Sample
from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions.concluding import Outcome
from complaints.models import Entry, Ticket
from complaints.states import Liability, Nature, State, Verdict
from tests.callbacks.stories import CONTENT, UNHAPPY, a_concluded_ticket, the_callback
from tests.people import MONDAY_NINE, MONDAY_TEN, TUESDAY_NINE, a_customer, fresh, local, person, somebody, unit

pytestmark = pytest.mark.django_db

MARCH = MONDAY_NINE.date().replace(day=1)
REFUSED = Outcome(verdict=Verdict.DOES_NOT_ACCEPT, liability=Liability.COMPANY, remedy="Explained.")


@pytest.fixture
def mei(db):
    return somebody("callback_agent")


def an_exempt_ticket(number: str = "12055550150") -> Ticket:
    """An enquiry: closed without a callback."""
    return a_concluded_ticket(customer=a_customer(number), nature=Nature.ENQUIRY)


def started(**given) -> Campaign:
    facts = {"month": MARCH, "unit": unit("province"), "sample": Sample.ALL, "by": person("lin"), "at": MONDAY_TEN}
    return campaigning.start(**facts | given)


def test_what_was_never_asked_gets_a_callback_and_what_is_open_is_bound_to_the_campaign():
    exempt, waiting = an_exempt_ticket(), a_concluded_ticket()
    assert fresh(exempt).state == State.CLOSED

    campaign = started(by=somebody("director"))

    called = {callback.ticket_id: callback for callback in campaign.callbacks.all()}
    assert set(called) == {exempt.pk, waiting.pk}
    assert called[exempt.pk].state == Standing.OPEN
    assert called[waiting.pk] == the_callback(waiting)
    assert Callback.objects.filter(ticket=waiting).count() == 1
    assert Entry.objects.filter(kind="campaign_drew").values_list("ticket", flat=True).get() == exempt.pk


def test_what_was_answered_already_counts_and_is_not_asked_again(mei):
    ticket = a_concluded_ticket()
    calling.answer(the_callback(ticket), **CONTENT, by=mei, at=MONDAY_TEN)

    campaign = started(by=somebody("director"), at=TUESDAY_NINE)

    told = Campaign.objects.with_progress().get(pk=campaign.pk)
    assert (told.drawn, told.still_open, told.answered, told.satisfied) == (1, 0, 1, 1)


def test_a_drawn_ticket_is_in_the_queue_of_who_had_no_part_in_it(mei, wei, rosa):
    exempt = an_exempt_ticket()
    [drawn] = started(by=somebody("director")).callbacks.all()

    assert drawn in Callback.objects.due_for(mei, MONDAY_TEN)
    assert {wei, rosa} <= set(drawn.not_by.all())
    assert Ticket.objects.visible_to(mei, MONDAY_TEN).filter(pk=exempt.pk).exists()


def test_its_answer_leaves_the_ticket_closed_and_stands_in_the_history(mei):
    exempt = an_exempt_ticket()
    [drawn] = started(by=somebody("director")).callbacks.all()

    calling.answer(drawn, **CONTENT, by=mei, at=MONDAY_TEN)

    assert fresh(exempt).state == State.CLOSED
    assert Callback.objects.get(pk=drawn.pk).state == Standing.ANSWERED
    assert Entry.objects.filter(ticket=exempt, kind="callback_finished").last().data["with_result"] == "satisfied"


def test_a_dissatisfied_one_opens_again(mei):
    exempt = an_exempt_ticket()
    [drawn] = started(by=somebody("director")).callbacks.all()

    calling.answer(drawn, **UNHAPPY, by=mei, at=MONDAY_TEN)

    assert (fresh(exempt).state, fresh(exempt).round) == (State.DISPATCHED, 2)


def test_asked_too_late_to_open_again_a_supervisor_decides(mei):
    exempt = an_exempt_ticket()
    [drawn] = started(by=somebody("director")).callbacks.all()

    calling.answer(drawn, **UNHAPPY, by=mei, at=MONDAY_TEN + timedelta(days=31))

    assert fresh(exempt).state == State.CLOSED
    assert Callback.objects.get(pk=drawn.pk).awaits_decision


def test_a_share_is_drawn_at_random_and_rounded_up():
    for number in range(5):
        an_exempt_ticket(f"1205555016{number}")

    campaign = started(sample=Sample.SHARE, share=30, by=somebody("director"))

    assert campaign.callbacks.count() == 2


def test_all_dissatisfied_are_those_who_did_not_accept():
    a_concluded_ticket()
    refused = a_concluded_ticket(outcome=REFUSED, customer=a_customer("12055550151"))

    campaign = started(sample=Sample.DISSATISFIED, by=somebody("director"))

    assert [callback.ticket_id for callback in campaign.callbacks.all()] == [refused.pk]


def test_another_month_and_another_unit_stay_out():
    an_exempt_ticket()

    assert started(month=MARCH.replace(month=2), by=somebody("director")).callbacks.count() == 0
    assert started(unit=unit("network"), by=somebody("director")).callbacks.count() == 0


def test_a_campaign_is_drawn_once():
    director = somebody("director")
    started(by=director)

    with pytest.raises(NotPossible) as refused:
        started(by=director)
    assert refused.value.code == "drawn_already"


def test_only_the_central_team_and_supervisors_start_one(rosa):
    with pytest.raises(NotYours):
        started(by=rosa)


@pytest.mark.parametrize(
    "bad",
    [
        {"sample": "best"},
        {"sample": "share"},
        {"sample": "share", "share": 101},
        {"month": MARCH.replace(month=4)},
        {"calls_from": MARCH},
        {"calls_until": MARCH},
        {"calls_until": MARCH.replace(year=2028)},
    ],
)
def test_what_cannot_be_drawn_is_refused(bad):
    with pytest.raises(Malformed):
        started(**bad, by=somebody("director"))


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("a_random_share_says_how_large", {"sample": "share", "share": None}),
        ("a_campaign_begins_with_its_month", {"month": "2026-03-02"}),
        ("a_campaign_ends_after_it_begins", {"calls_from": "2026-03-02", "calls_until": "2026-03-01"}),
    ],
)
def test_the_database_refuses(name, columns):
    campaign = started(by=somebody("director"))

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(**columns)


APRIL_NINE = MONDAY_NINE + timedelta(days=30)
LAST_DAY = MONDAY_NINE.date() + timedelta(days=7)


def test_the_calls_begin_on_the_first_day_inside_permitted_hours():
    an_exempt_ticket()

    campaign = started(calls_from=MONDAY_NINE.date() + timedelta(days=2), by=somebody("director"))

    assert campaign.callbacks.get().planned_for == local("2026-03-04 08:00")


def test_who_was_not_called_until_the_last_day_is_called_no_more():
    exempt, waiting = an_exempt_ticket(), a_concluded_ticket()
    campaign = started(calls_until=LAST_DAY, by=somebody("director"))

    campaigning.end_due(local("2026-03-09 23:59"))
    assert campaign.callbacks.open().count() == 2
    campaigning.end_due(local("2026-03-10 00:00"))
    campaigning.end_due(local("2026-03-10 00:01"))

    standing = dict(campaign.callbacks.values_list("ticket", "state"))
    assert standing == {exempt.pk: Standing.CANCELLED, waiting.pk: Standing.OPEN}
    assert Campaign.objects.get().ended_at == local("2026-03-10 00:00")
    assert fresh(exempt).state == State.CLOSED
    assert Entry.objects.filter(ticket=exempt, kind="campaign_ended").count() == 1


def test_a_call_that_is_being_made_at_the_end_goes_on(mei):
    an_exempt_ticket()
    [drawn] = started(calls_until=LAST_DAY, by=somebody("director")).callbacks.all()
    calling.take(drawn, by=mei, at=local("2026-03-09 19:59"))
    Callback.objects.filter(pk=drawn.pk).update(taken_until=local("2026-03-10 00:05"))

    campaigning.end_due(local("2026-03-10 00:01"))
    assert Callback.objects.get(pk=drawn.pk).is_open
    assert Campaign.objects.get().ended_at is None
    campaigning.end_due(local("2026-03-10 00:06"))

    assert Callback.objects.get(pk=drawn.pk).state == Standing.CANCELLED
    assert Campaign.objects.get().ended_at == local("2026-03-10 00:06")


def test_a_campaign_without_a_last_day_goes_on_until_everybody_was_called():
    an_exempt_ticket()
    campaign = started(by=somebody("director"))

    campaigning.end_due(APRIL_NINE)

    assert campaign.callbacks.open().count() == 1
    assert Campaign.objects.get().ended_at is None
