"""Telling the customer the outcome: once, in permitted hours, as they asked (R40–R45)."""

from datetime import timedelta

import pytest

from common.refusals import Malformed, NotPossible, NotYours, Stale
from complaints.actions import agreements, concluding, replying
from complaints.actions.acceptance import Contacting
from complaints.models import Ticket
from complaints.states import AttemptResult, Liability, Medium, Nature, State
from contact.models import Contact
from tests.people import (
    MONDAY_NIGHT,
    MONDAY_NINE,
    MONDAY_TEN,
    TUESDAY_NINE,
    a_ticket_to_reply,
    fresh,
    local,
    person,
)

pytestmark = pytest.mark.django_db

TWO_HOURS = timedelta(hours=2)


@pytest.fixture
def ticket(db):
    """A ticket whose feedback awaits Rosa's reply."""
    return a_ticket_to_reply()


def say(ticket: Ticket, *, by, at=MONDAY_TEN, medium=Medium.PHONE, text="The line works again."):
    return replying.reply(ticket, medium=medium, text=text, by=by, at=at)


def miss(ticket: Ticket, *, by, at, next_at=None, result=AttemptResult.NO_ANSWER, medium=Medium.PHONE):
    return replying.attempt_reply(ticket, medium=medium, result=result, next_at=next_at or at + TWO_HOURS, by=by, at=at)


# Conditions


def test_no_reply_goes_out_while_a_solution_awaits_approval(ticket, rosa):
    Ticket.objects.filter(pk=ticket.pk).update(open_approvals=1)

    with pytest.raises(NotPossible) as refused:
        say(fresh(ticket), by=rosa)

    assert "awaits an approval" in refused.value.message
    assert (refused.value.code, refused.value.facts["state"]) == ("not_possible_now", State.REPLYING)
    assert "reply" not in refused.value.facts["possible"]
    assert "reject_feedback" in refused.value.facts["possible"]
    assert not Contact.objects.exists()


def test_a_reply_in_quiet_hours_is_refused_with_when_it_is_permitted_and_leaves_nothing(ticket, rosa):
    with pytest.raises(NotPossible) as refused:
        say(ticket, by=rosa, at=MONDAY_NIGHT)

    assert refused.value.code == "quiet_hours"
    assert refused.value.facts["permitted_from"] == local("2026-03-03 08:00")
    assert fresh(ticket).state == State.REPLYING
    assert not Contact.objects.exists()


def test_a_customer_who_agreed_is_called_at_night(ticket, rosa):
    agreements.consent(ticket, what="night", evidence="recorded", by=rosa, at=MONDAY_NINE)

    say(fresh(ticket), by=rosa, at=MONDAY_NIGHT)

    assert fresh(ticket).state == State.REPLIED
    assert Contact.objects.get().ground == "consent"


@pytest.mark.parametrize("medium", [Medium.WEB, Medium.BRANCH_VISIT, "pigeon", ""])
def test_a_reply_goes_by_one_of_the_media_of_replies(medium, ticket, rosa):
    with pytest.raises(Malformed) as refused:
        say(ticket, by=rosa, medium=medium)

    assert list(refused.value.errors) == ["medium"]


@pytest.mark.parametrize("text", ["", " ", "\x07", "x" * 10_001])
def test_a_reply_says_what_the_customer_was_told(text, ticket, rosa):
    with pytest.raises(Malformed) as refused:
        say(ticket, by=rosa, text=text)

    assert list(refused.value.errors) == ["text"]


# An SMS alone (R45)


@pytest.mark.parametrize("nature", [Nature.COMPLAINT, Nature.OPINION])
def test_an_sms_alone_ends_no_complaint_unless_the_customer_chose_it(nature, rosa):
    unasked = a_ticket_to_reply(nature=nature)
    asked = a_ticket_to_reply(nature=nature, contacting=Contacting(preferred_medium=Medium.SMS))

    with pytest.raises(Malformed) as refused:
        say(unasked, by=rosa, medium=Medium.SMS)
    say(asked, by=rosa, medium=Medium.SMS)

    assert refused.value.code == "sms_alone"
    assert fresh(asked).state == State.REPLIED


def test_an_sms_answers_an_enquiry(rosa):
    ticket = a_ticket_to_reply(nature=Nature.ENQUIRY)

    say(ticket, by=rosa, medium=Medium.SMS)

    assert fresh(ticket).state == State.REPLIED


# No double reply (R42)


@pytest.fixture
def colleague(ticket):
    """Somebody who stands in for Rosa while she replies too."""
    stand_in = person("zhaomin")
    person("rosa").assignments.get().delegations.create(delegate=stand_in, starts_at=MONDAY_NINE, ends_at=TUESDAY_NINE)
    return stand_in


@pytest.mark.parametrize("deed", ["begin", "reply", "attempt"])
def test_while_one_has_begun_a_reply_another_is_told_who_and_when(deed, ticket, rosa, colleague):
    replying.begin_reply(ticket, by=rosa, at=MONDAY_NINE)
    seen = fresh(ticket)

    with pytest.raises(NotPossible) as refused:
        match deed:
            case "begin":
                replying.begin_reply(seen, by=colleague, at=MONDAY_NINE)
            case "reply":
                say(seen, by=colleague, at=MONDAY_NINE)
            case "attempt":
                miss(seen, by=colleague, at=MONDAY_NINE)

    assert refused.value.code == "reply_begun"
    assert (refused.value.facts["begun_by"], refused.value.facts["begun_at"]) == (rosa.name, MONDAY_NINE)


def test_who_began_replies(ticket, rosa):
    replying.begin_reply(ticket, by=rosa, at=MONDAY_NINE)

    say(ticket, by=rosa, at=MONDAY_TEN)

    now = fresh(ticket)
    assert (now.state, now.replying_by, now.replying_since) == (State.REPLIED, None, None)


def test_a_begun_reply_expires_after_half_an_hour(ticket, rosa, colleague):
    replying.begin_reply(ticket, by=rosa, at=MONDAY_NINE)
    expiry = MONDAY_NINE + timedelta(minutes=30)

    with pytest.raises(NotPossible):
        replying.begin_reply(fresh(ticket), by=colleague, at=expiry - timedelta(seconds=1))
    listed = replying.expired_replies(expiry)
    replying.release_reply(fresh(ticket), by=None, at=expiry)

    assert listed == [ticket.pk]
    assert fresh(ticket).replying_by is None
    assert replying.expired_replies(expiry) == []


def test_an_expired_reply_keeps_nobody_out_even_before_it_is_swept(ticket, rosa, colleague):
    replying.begin_reply(ticket, by=rosa, at=MONDAY_NINE)

    replying.begin_reply(fresh(ticket), by=colleague, at=MONDAY_NINE + timedelta(minutes=30))

    assert fresh(ticket).replying_by == colleague


def test_a_begun_reply_is_released_by_who_began_it_or_a_supervisor(ticket, rosa, lin, wei):
    replying.begin_reply(ticket, by=rosa, at=MONDAY_NINE)
    with pytest.raises(NotYours):
        replying.release_reply(fresh(ticket), by=wei, at=MONDAY_NINE)
    replying.release_reply(fresh(ticket), by=lin, at=MONDAY_NINE)

    with pytest.raises(NotPossible) as refused:
        replying.release_reply(fresh(ticket), by=lin, at=MONDAY_NINE)

    assert refused.value.code == "no_reply_begun"


def test_a_reply_on_a_stale_view_is_refused_with_what_changed(ticket, rosa):
    old_view = fresh(ticket)
    say(ticket, by=rosa)

    with pytest.raises(Stale) as refused:
        say(old_view, by=rosa)

    assert refused.value.facts["state"] == State.REPLIED
    assert [change["kind"] for change in refused.value.facts["changes"]] == ["replied"]
    assert ticket.reply_attempts.count() == 1


# Attempts that did not reach the customer (R43)


def test_an_attempt_is_recorded_with_its_result_and_the_next_one_planned(ticket, rosa):
    attempt = miss(ticket, by=rosa, at=MONDAY_NINE, result=AttemptResult.WRONG_NUMBER)

    assert (attempt.result, attempt.next_at) == (AttemptResult.WRONG_NUMBER, MONDAY_NINE + TWO_HOURS)
    assert fresh(ticket).state == State.REPLYING
    assert ticket.entries.get(kind="reply_attempted").data["result"] == "wrong_number"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"result": AttemptResult.REACHED}, "result"),
        ({"result": "vanished"}, "result"),
        ({"medium": "pigeon"}, "medium"),
        ({"next_at": MONDAY_NINE}, "next_at"),
        ({"next_at": MONDAY_NINE - TWO_HOURS}, "next_at"),
        ({"next_at": local("2026-03-02 20:00")}, "next_at"),
        ({"next_at": local("2026-03-03 07:59:59")}, "next_at"),
    ],
)
def test_an_attempt_plans_the_next_inside_permitted_hours(given, field, ticket, rosa):
    with pytest.raises(Malformed) as refused:
        miss(ticket, by=rosa, at=MONDAY_NINE, **given)

    assert list(refused.value.errors) == [field]
    assert not Contact.objects.exists()


def test_the_next_attempt_has_to_be_planned(ticket, rosa):
    with pytest.raises(Malformed) as refused:
        replying.attempt_reply(
            ticket, medium=Medium.PHONE, result=AttemptResult.NO_ANSWER, next_at=None, by=rosa, at=MONDAY_NINE
        )

    assert list(refused.value.errors) == ["next_at"]


def test_the_next_attempt_may_be_at_night_where_the_customer_agreed(ticket, rosa):
    agreements.consent(ticket, what="night", evidence="recorded", by=rosa, at=MONDAY_NINE)

    attempt = miss(fresh(ticket), by=rosa, at=MONDAY_NINE, next_at=MONDAY_NIGHT)

    assert attempt.next_at == MONDAY_NIGHT


@pytest.mark.parametrize(
    ("at", "proposed"),
    [(MONDAY_NINE, MONDAY_NINE + TWO_HOURS), (local("2026-03-02 18:30"), local("2026-03-03 08:00"))],
)
def test_the_proposed_next_attempt_is_in_permitted_hours(at, proposed, ticket):
    assert replying.propose_next_attempt(ticket, at=at) == proposed


@pytest.mark.parametrize(
    ("tries", "enough"),
    [
        ([], False),
        ([MONDAY_NINE, TUESDAY_NINE], False),
        ([MONDAY_NINE, MONDAY_NINE + TWO_HOURS, MONDAY_NINE + 2 * TWO_HOURS], False),
        ([MONDAY_NINE, MONDAY_NINE + TWO_HOURS, TUESDAY_NINE], True),
    ],
)
def test_a_customer_is_unreachable_after_three_attempts_on_two_days(tries, enough, ticket, rosa):
    for at in tries:
        miss(ticket, by=rosa, at=at)
    at = TUESDAY_NINE + TWO_HOURS

    if enough:
        concluding.conclude_unreachable(ticket, liability=Liability.UNFOUNDED, by=rosa, at=at)
        assert (fresh(ticket).state, ticket.conclusions.get().unreachable) == (State.CLOSED, True)
    else:
        with pytest.raises(NotPossible) as refused:
            concluding.conclude_unreachable(ticket, liability=Liability.UNFOUNDED, by=rosa, at=at)
        assert refused.value.code == "too_few_attempts"
        assert fresh(ticket).state == State.REPLYING


def test_the_days_of_attempts_are_the_centres_own(ticket, rosa):
    # 07:59 and 08:01 of one morning in Shanghai are two days in UTC.
    agreements.consent(ticket, what="night", evidence="recorded", by=rosa, at=MONDAY_NINE)
    morning = local("2026-03-03 07:55")
    for minutes in (0, 4, 10):
        at = morning + timedelta(minutes=minutes)
        miss(fresh(ticket), by=rosa, at=at)

    with pytest.raises(NotPossible) as refused:
        concluding.conclude_unreachable(fresh(ticket), liability=Liability.UNFOUNDED, by=rosa, at=TUESDAY_NINE)

    assert "3 on 1" in refused.value.message


def test_who_may_not_reply_is_told_so_before_attempts_are_counted(ticket, wei):
    with pytest.raises(NotYours):
        concluding.conclude_unreachable(ticket, liability=Liability.UNFOUNDED, by=wei, at=MONDAY_NINE)
