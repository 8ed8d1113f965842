"""A concluded complaint or opinion is called back, by one central team, once for each round (R70, R71)."""

import pytest
from django.db import IntegrityError, transaction

from callbacks.actions import surveys
from callbacks.answers import Exemption, Mode, Standing
from callbacks.models import Callback, CallbackRules, Survey
from complaints.actions import acceptance, cancelling, concluding, reopening, replying
from complaints.actions.concluding import Outcome
from complaints.models import Entry
from complaints.states import Liability, Nature, State, Verdict
from contact import agreements
from contact.models import Consent
from notifications.models import Message
from tests.callbacks.stories import (
    COMPLAINT,
    OPINION,
    a_callback,
    a_concluded_ticket,
    a_survey,
    conclude,
    the_callback,
    token_of,
    work_through_again,
)
from tests.people import (
    MONDAY_NIGHT,
    MONDAY_NINE,
    TUESDAY_NINE,
    a_customer,
    a_ticket,
    a_ticket_to_reply,
    fresh,
    local,
    unit,
)

pytestmark = pytest.mark.django_db

COVERAGE = "broadband.installation.not-covered"


def test_a_concluded_complaint_is_called_back_by_phone():
    ticket = a_concluded_ticket(outcome=COMPLAINT)

    callback = the_callback(ticket)
    assert (callback.mode, callback.state, callback.round) == (Mode.PHONE, Standing.OPEN, 1)
    assert callback.desk == unit("callback")
    assert ticket.state == State.CALLBACK
    assert not Survey.objects.exists()


def test_a_concluded_opinion_is_asked_by_sms():
    callback = a_survey()

    message = Message.objects.get()
    assert (callback.mode, callback.state) == (Mode.SURVEY, Standing.OPEN)
    assert (message.kind, message.to_address, message.matter) == ("survey", "12055550101", callback.ticket.matter)
    assert callback.survey.expires_at - callback.survey.sent_at == CallbackRules.current().survey_lasts


def test_a_matter_solved_on_the_spot_is_called_back_too(rosa):
    ticket = a_ticket(routes=False)

    acceptance.resolve_on_site(ticket, outcome=COMPLAINT, by=rosa, at=MONDAY_NINE)

    assert the_callback(ticket).state == Standing.OPEN


@pytest.mark.parametrize("nature", [Nature.ENQUIRY, Nature.SUGGESTION])
def test_enquiries_and_suggestions_are_exempt_and_closed_at_once(nature):
    ticket = a_concluded_ticket(nature=nature)

    callback = the_callback(ticket)
    assert (callback.state, callback.exemption) == (Standing.EXEMPT, Exemption.NATURE)
    assert ticket.state == State.CLOSED
    finished = Entry.objects.get(ticket=ticket, kind="callback_finished")
    assert (finished.by, finished.data["how"]) == (None, "exempt")


def test_network_coverage_concluded_without_a_solution_is_exempt():
    without = Outcome(verdict=Verdict.DOES_NOT_ACCEPT, liability=Liability.COMPANY, solved=False)

    ticket = a_concluded_ticket(of=COVERAGE, routes=False, outcome=without)

    assert the_callback(ticket).exemption == Exemption.COVERAGE_UNSOLVED
    assert ticket.state == State.CLOSED


def test_network_coverage_with_a_solution_is_called_back():
    ticket = a_concluded_ticket(of=COVERAGE, routes=False, outcome=COMPLAINT)

    assert the_callback(ticket).state == Standing.OPEN


def test_other_matters_without_a_solution_are_called_back():
    without = Outcome(verdict=Verdict.ACCEPTS, liability=Liability.COMPANY, solved=False)

    ticket = a_concluded_ticket(outcome=without)

    assert the_callback(ticket).state == Standing.OPEN


@pytest.mark.parametrize(
    ("verdict", "state"), [(Verdict.ACCEPTS, Standing.EXEMPT), (Verdict.DOES_NOT_ACCEPT, Standing.OPEN)]
)
def test_not_established_is_exempt_where_the_customer_accepts_it_on_the_spot(rosa, verdict, state):
    ticket = a_ticket(routes=False)
    outcome = Outcome(verdict=verdict, liability=Liability.UNFOUNDED, established=False)

    acceptance.resolve_on_site(ticket, outcome=outcome, by=rosa, at=MONDAY_NINE)

    assert the_callback(ticket).state == state


def test_an_unreachable_customer_is_not_called_back(rosa):
    ticket = a_ticket_to_reply()
    for at in (MONDAY_NINE, TUESDAY_NINE, local("2026-03-04 09:00")):
        replying.attempt_reply(
            ticket, medium="phone", result="no_answer", next_at=local("2026-03-05 09:00"), by=rosa, at=at
        )

    concluding.conclude_unreachable(ticket, liability=Liability.UNFOUNDED, by=rosa, at=local("2026-03-04 10:00"))

    assert fresh(ticket).state == State.CLOSED
    assert not Callback.objects.exists()


def test_a_cancelled_ticket_is_not_called_back_any_more(lin):
    callback = a_callback()

    cancelling.cancel(callback.ticket, reason="Withdrawn.", by=lin, at=TUESDAY_NINE)

    assert the_callback(callback.ticket).state == Standing.CANCELLED


def test_reopening_cancels_the_open_callback_and_its_message(rosa):
    callback = a_survey()

    reopening.reopen(callback.ticket, reason="It is down again.", by=rosa, at=MONDAY_NINE)

    assert the_callback(callback.ticket).state == Standing.CANCELLED
    assert Message.objects.get().state == "cancelled"
    with pytest.raises(surveys.NothingHere):
        surveys.open_survey(token_of(callback), at=MONDAY_NINE)


def test_a_reopened_round_is_called_back_again(rosa):
    ticket = a_callback().ticket
    reopening.reopen(ticket, reason="It is down again.", by=rosa, at=MONDAY_NINE)

    work_through_again(ticket, at=TUESDAY_NINE)

    assert list(Callback.objects.order_by("round").values_list("round", "state")) == [
        (1, Standing.CANCELLED),
        (2, Standing.OPEN),
    ]


def test_a_round_is_called_back_once():
    callback = a_callback()

    with pytest.raises(IntegrityError, match="a_round_is_called_back_once"), transaction.atomic():
        Callback.objects.create(
            ticket=callback.ticket, round=1, mode=Mode.PHONE, opened_at=MONDAY_NINE, planned_for=MONDAY_NINE
        )


def test_a_customer_gets_one_survey_a_month_and_is_called_otherwise():
    first = a_survey(at=MONDAY_NINE)
    second = the_callback(a_concluded_ticket(outcome=OPINION, at=local("2026-03-31 19:00")))
    third = the_callback(a_concluded_ticket(outcome=OPINION, at=local("2026-04-01 09:00")))

    assert [first.mode, second.mode, third.mode] == [Mode.SURVEY, Mode.PHONE, Mode.SURVEY]


def test_more_surveys_a_month_are_a_matter_of_configuration():
    CallbackRules.objects.update_or_create(pk=1, defaults={"surveys_a_month": 2})

    modes = [a_survey().mode for _time in range(3)]

    assert modes == [Mode.SURVEY, Mode.SURVEY, Mode.PHONE]


def test_who_cannot_be_texted_is_called():
    callback = a_survey(customer=a_customer("broadband@home"))

    assert callback.mode == Mode.PHONE


def test_a_survey_due_at_night_goes_out_at_eight():
    ticket = conclude(a_ticket_to_reply(), outcome=OPINION, replied_at=MONDAY_NINE, at=MONDAY_NIGHT)

    survey = the_callback(ticket).survey
    assert Message.objects.get().not_before == survey.sent_at == local("2026-03-03 08:00")
    assert survey.expires_at == local("2026-03-06 08:00")


def test_a_survey_goes_out_at_night_where_the_customer_consented():
    ticket = a_ticket_to_reply()
    agreements.consent(ticket.matter, what=Consent.What.NIGHT, evidence="recording", by=None, at=MONDAY_NINE)

    conclude(ticket, outcome=OPINION, replied_at=MONDAY_NINE, at=MONDAY_NIGHT)

    assert the_callback(ticket).survey.sent_at == MONDAY_NIGHT


def test_those_who_had_a_part_in_any_round_are_noted(rosa, wei):
    callback = a_callback()

    assert set(callback.not_by.all()) == {rosa, wei}
