"""A customer writes to us: an answer to the survey, a chase-up, or something to read (R10, R32, R73)."""

import pytest

from callbacks.answers import Satisfaction, Standing
from common.refusals import Malformed
from complaints.actions import cancelling
from complaints.models import ChaseUp, Entry
from complaints.states import Medium, State
from escalation.models import Escalation
from inbound import reading
from inbound.actions.receiving import receive
from inbound.models import Outcome, ShortMessage
from notifications.models import Message
from notifications.rendering import render
from tests.callbacks.stories import CONTENT, a_survey, answer_by_link, the_callback
from tests.people import (
    MONDAY_NIGHT,
    MONDAY_NINE,
    MONDAY_TEN,
    a_customer,
    a_ticket,
    a_ticket_in_hand,
    fresh,
    local,
    person,
    unit,
)
from tests.together import together

pytestmark = pytest.mark.django_db

INES = "12055550101"
STRANGER = "12055550999"
EXPIRY = local("2026-03-05 09:00")


def text(words, *, number=INES, at=MONDAY_TEN, key="m-1"):
    return receive(key, number=number, text=words, at=at)


def test_the_words_of_a_survey_with_codes_say_so(settings):
    settings.SMS_INBOUND_SECRET = "shared"

    a_survey()

    assert "reply with two figures" in render(Message.objects.get(), language="en").body


def test_without_a_gateway_that_hands_messages_to_us_the_words_of_a_survey_name_no_code():
    a_survey()

    assert "two figures" not in render(Message.objects.get(), language="en").body


def test_a_reply_code_answers_the_survey_exactly_as_the_link_does():
    by_link, by_code = a_survey(), a_survey(customer=a_customer(STRANGER))

    answer_by_link(by_link, with_result="satisfied", with_handling="neutral", at=MONDAY_TEN)
    message = text("12", number=STRANGER)

    told = []
    for callback in map(the_callback, (by_link.ticket, by_code.ticket)):
        entry = Entry.objects.get(ticket=callback.ticket, kind="callback_finished")
        told.append(
            (
                callback.state,
                callback.with_result,
                callback.with_handling,
                callback.answered_by,
                callback.ended_at,
                callback.survey.answered_at,
                fresh(callback.ticket).state,
                entry.by,
                entry.data,
            )
        )
    assert told[0] == told[1]
    assert told[1][:3] == (Standing.ANSWERED, Satisfaction.SATISFIED, Satisfaction.NEUTRAL)
    assert (message.outcome, message.callback) == (Outcome.ANSWERED, by_code)


def test_a_dissatisfied_reply_code_reopens_the_ticket_for_the_words_behind_it():
    callback = a_survey()

    text("3 1，还是没有信号")

    ticket = fresh(callback.ticket)
    assert (ticket.state, ticket.round) == (State.DISPATCHED, 2)
    assert the_callback(ticket).reason == "还是没有信号"
    assert ticket.customer.flags.get().kind == "C2"


def test_figures_alone_are_the_reason_of_who_gives_no_other():
    callback = a_survey()

    text("33")

    assert the_callback(callback.ticket).reason == "33"


def test_a_customer_answers_and_asks_again_at_night():
    survey = a_survey()
    ticket = a_ticket(customer=a_customer(STRANGER))

    answered = text("11", at=MONDAY_NIGHT)
    asked = text("Well?", number=STRANGER, at=MONDAY_NIGHT, key="m-2")

    assert (answered.outcome, asked.outcome) == (Outcome.ANSWERED, Outcome.CHASED_UP)
    assert the_callback(survey.ticket).ended_at == MONDAY_NIGHT
    assert fresh(ticket).chased == 1


@pytest.mark.parametrize("over", ["answered", "expired"])
def test_a_reply_code_that_comes_too_late_changes_nothing_and_is_there_to_read(over):
    callback = a_survey()
    if over == "answered":
        answer_by_link(callback, **CONTENT, at=MONDAY_NINE)

    message = text("33", at=MONDAY_TEN if over == "answered" else EXPIRY)

    assert message.outcome == Outcome.UNMATCHED
    assert the_callback(callback.ticket).with_result != Satisfaction.DISSATISFIED


def test_a_reply_code_answers_no_survey_of_another_number():
    callback = a_survey()

    assert text("11", number=STRANGER).outcome == Outcome.UNMATCHED
    assert the_callback(callback.ticket).is_open


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        ("11", ("satisfied", "satisfied", "")),
        (" 1 3 ", ("satisfied", "dissatisfied", "")),
        ("２，３ 太慢", ("neutral", "dissatisfied", "太慢")),
        ("3、2。慢", ("dissatisfied", "neutral", "慢")),
        ("1/2", ("satisfied", "neutral", "")),
    ],
)
def test_a_code_is_read_as_people_type_it(words, answers):
    code = reading.reply_code(words)

    assert (code.with_result, code.with_handling, code.words) == answers


@pytest.mark.parametrize("words", ["", "1", "14", "41", "113", "13800000101", "yes", "no 11", "٣٣", "1\x001"])
def test_what_is_no_code_is_not_taken_for_one(words):
    assert reading.reply_code(words) is None


@pytest.mark.parametrize("number", [INES, "+86 120 5555-0101", "１２０５５５５０１０１"])
def test_words_are_a_chase_up_on_the_tickets_of_their_number(number):
    ticket = a_ticket_in_hand()

    message = text("When will it work again?", number=number)

    chase = ChaseUp.objects.get()
    assert (message.outcome, message.chase_up) == (Outcome.CHASED_UP, chase)
    assert (chase.ticket, chase.text, chase.medium, chase.by) == (ticket, "When will it work again?", Medium.SMS, None)


def test_a_mobile_number_is_known_with_its_countrys_code_too():
    ticket = a_ticket(customer=a_customer("13800000101"))

    text("Well?", number="8613800000101")

    assert fresh(ticket).chased == 1


def test_who_gave_another_number_to_be_reached_under_asks_again_from_it():
    ticket = a_ticket()
    ticket.contact_number = STRANGER
    ticket.save(update_fields=["contact_number"])

    text("Well?", number=STRANGER)

    assert fresh(ticket).chased == 1


def test_of_several_tickets_it_is_the_newest_one_that_awaits_an_answer(lin):
    older, newer, withdrawn = a_ticket(), a_ticket(at=MONDAY_TEN), a_ticket(at=local("2026-03-02 11:00"))
    cancelling.cancel(withdrawn, reason="Withdrawn.", by=lin, at=local("2026-03-02 11:00"))

    text("Well?", at=local("2026-03-02 12:00"))

    assert [fresh(each).chased for each in (older, newer, withdrawn)] == [0, 1, 0]


def test_of_several_tickets_it_is_the_one_that_is_named():
    older, newer = a_ticket(), a_ticket(at=MONDAY_TEN)

    text(f"工单{older.reference.lower()}怎么样了？")

    assert [fresh(each).chased for each in (older, newer)] == [1, 0]


@pytest.mark.parametrize("named", ["somebody else's", "nobody's", "a withdrawn one"])
def test_who_names_a_ticket_that_is_not_theirs_to_chase_up_is_read_by_a_person(named, lin):
    own, others = a_ticket(), a_ticket(customer=a_customer(STRANGER))
    withdrawn = a_ticket()
    cancelling.cancel(withdrawn, reason="Withdrawn.", by=lin, at=MONDAY_NINE)
    references = {
        "somebody else's": others.reference,
        "nobody's": "T-999999999",
        "a withdrawn one": withdrawn.reference,
    }

    message = text(f"{references[named]}?")

    assert message.outcome == Outcome.UNMATCHED
    assert [fresh(each).chased for each in (own, others, withdrawn)] == [0, 0, 0]


def test_the_third_message_starts_an_escalation():
    ticket = a_ticket_in_hand()

    for key in ("m-1", "m-2"):
        text("Well?", key=key)
    before = Escalation.objects.filter(ticket=ticket).count()
    text("Well?", key="m-3")

    assert fresh(ticket).chased == 3
    assert Escalation.objects.filter(ticket=ticket).count() > before


def test_words_of_a_stranger_are_kept_for_the_service_desk():
    message = text("Hello?", number=STRANGER)

    assert (message.outcome, message.text, message.desk) == (Outcome.UNMATCHED, "Hello?", unit("acceptance"))
    assert list(ShortMessage.objects.to_read().visible_to(person("rosa"), MONDAY_TEN)) == [message]
    assert not ShortMessage.objects.visible_to(person("wei"), MONDAY_TEN)


def test_one_delivered_twice_is_done_once():
    ticket = a_ticket()

    first, second = text("Well?"), text("Well?", at=MONDAY_NIGHT)

    assert first == second
    assert (fresh(ticket).chased, ShortMessage.objects.count()) == (1, 1)


def test_what_is_no_number_is_refused():
    with pytest.raises(Malformed):
        text("Well?", number="<b>")

    assert not ShortMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_deliveries_at_the_same_instant_do_one_thing():
    ticket = a_ticket()

    taken = together([lambda: text("Well?")] * 2)

    assert len({message.pk for message in taken}) == 1
    assert (fresh(ticket).chased, ChaseUp.objects.count(), ShortMessage.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_messages_at_the_same_instant_are_two_chase_ups():
    ticket = a_ticket()

    together([lambda: text("Well?", key="m-1"), lambda: text("Well?", key="m-2")])

    assert fresh(ticket).chased == 2
    assert sorted(ChaseUp.objects.values_list("number", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_of_the_link_and_the_code_at_the_same_instant_one_answers():
    callback = a_survey()

    together(
        [
            lambda: text("11"),
            lambda: answer_by_link(callback, with_result="neutral", with_handling="neutral", at=MONDAY_TEN),
        ]
    )

    assert Entry.objects.filter(kind="callback_finished").count() == 1
    kept = ShortMessage.objects.get()
    by_code = the_callback(callback.ticket).with_result == Satisfaction.SATISFIED
    assert kept.outcome == (Outcome.ANSWERED if by_code else Outcome.UNMATCHED)
