"""The survey by SMS: a link that is signed, works once, expires, and tells nothing (R72, R73)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from callbacks.actions import calling, surveys
from callbacks.answers import Mode, Satisfaction, Standing
from callbacks.models import AfterSilence, Callback, CallbackRules, Survey
from callbacks.tasks import sweep
from common.models import SetAside
from common.refusals import Malformed
from common.tokens import CODE_BYTES, new_code, sign
from complaints.actions import cancelling
from complaints.models import Entry
from complaints.states import State
from customers.models import FlagKind
from notifications.models import Message
from notifications.rendering import render
from tests.callbacks.stories import CONTENT, UNHAPPY, a_survey, the_callback, token_of
from tests.people import MONDAY_NIGHT, MONDAY_NINE, TUESDAY_NINE, fresh, local, person, unit

pytestmark = pytest.mark.django_db

LAST_MOMENT = MONDAY_NINE + timedelta(hours=72, microseconds=-1)
EXPIRY = MONDAY_NINE + timedelta(hours=72)


def answer(token, **answers):
    surveys.answer_survey(token, **{**CONTENT, "at": TUESDAY_NINE, **answers})


def test_a_customer_answers_by_the_link():
    callback = a_survey()

    answer(token_of(callback))

    callback = the_callback(callback.ticket)
    assert (callback.state, callback.answered_by) == (Standing.ANSWERED, None)
    assert (callback.with_result, callback.with_handling) == (Satisfaction.SATISFIED, Satisfaction.SATISFIED)
    assert fresh(callback.ticket).state == State.CLOSED
    entry = Entry.objects.get(ticket=callback.ticket, kind="callback_finished")
    assert (entry.by, entry.data["mode"]) == (None, Mode.SURVEY)


def test_a_customer_may_answer_at_night():
    callback = a_survey()

    answer(token_of(callback), at=MONDAY_NIGHT)

    assert the_callback(callback.ticket).state == Standing.ANSWERED


def test_a_dissatisfied_answer_by_link_reopens_by_the_system_and_sets_flag_c2():
    callback = a_survey()

    answer(token_of(callback), **UNHAPPY)

    ticket = fresh(callback.ticket)
    assert (ticket.state, ticket.round, ticket.lead_unit) == (State.DISPATCHED, 2, unit("network"))
    assert Entry.objects.get(ticket=ticket, kind="reopened").by is None
    flag = ticket.customer.flags.get()
    assert (flag.kind, flag.raised_by) == (FlagKind.C2, None)


def test_an_incomplete_answer_leaves_the_link_as_it_is():
    callback = a_survey()

    with pytest.raises(Malformed) as refusal:
        answer(token_of(callback), with_result="dissatisfied")

    assert set(refusal.value.errors) == {"reason"}
    answer(token_of(callback))


def test_the_link_works_until_its_last_moment():
    callback = a_survey()

    assert surveys.open_survey(token_of(callback), at=LAST_MOMENT).callback == callback


def altered(token):
    return token[:-1] + ("A" if token[-1] != "A" else "B")


def of_another_signature(token):
    code, _dot, _signature = token.rpartition(".")
    return sign(code, purpose="/something-else/")


def with_a_code_of_my_own(token):
    return sign(new_code(), purpose="/s/")


@pytest.mark.parametrize(
    "spoil",
    [
        altered,
        of_another_signature,
        with_a_code_of_my_own,
        lambda token: token.rpartition(".")[0],
        lambda token: token.upper(),
        lambda token: f" {token}",
        lambda token: "",
        lambda token: ".",
        lambda token: "None",
        lambda token: "\x00",
        lambda token: "令牌." * 2000,
        lambda token: "\ud800.x",
    ],
)
def test_a_guessed_or_altered_link_tells_the_same_as_one_that_is_used_up(spoil):
    callback = a_survey()
    token = token_of(callback)
    with pytest.raises(surveys.NothingHere) as spoilt:
        answer(spoil(token))
    with pytest.raises(surveys.NothingHere) as too_late:
        answer(token, at=EXPIRY)
    answer(token)
    with pytest.raises(surveys.NothingHere) as used:
        answer(token)

    told = {(each.value.status, each.value.code, str(each.value)) for each in (spoilt, too_late, used)}
    assert len(told) == 1
    assert not spoilt.value.facts


@pytest.mark.parametrize("end", ["cancelled", "answered on the phone after the link expired"])
def test_the_link_of_a_callback_that_is_over_is_dead(end, lin):
    callback = a_survey()
    token = token_of(callback)
    if end == "cancelled":
        cancelling.cancel(fresh(callback.ticket), reason="Withdrawn.", by=lin, at=MONDAY_NINE)
    else:
        surveys.expire_due(EXPIRY)
        calling.answer(callback, **CONTENT, by=person("yinmei"), at=local("2026-03-05 10:00"))

    with pytest.raises(surveys.NothingHere):
        surveys.open_survey(token, at=MONDAY_NINE)


def test_the_token_is_kept_nowhere():
    callback = a_survey()
    token = token_of(callback)
    code, _dot, signature = token.rpartition(".")

    survey = Survey.objects.get()
    message = Message.objects.get()
    assert CODE_BYTES * 8 >= 128
    assert code not in survey.token_hash
    assert signature not in str(message.context)
    assert token not in str([Survey.objects.values(), Message.objects.values(), Entry.objects.values("data")])


def test_the_message_carries_the_link_and_nothing_personal():
    callback = a_survey()

    text = render(Message.objects.get(), language="en")

    assert f"/s/{token_of(callback)}" in text.body
    assert callback.ticket.customer.number not in text.body
    assert callback.ticket.customer.name not in text.body


def test_tokens_differ():
    assert len({new_code() for _time in range(100)}) == 100


def test_a_survey_without_an_answer_becomes_a_call(django_capture_on_commit_callbacks):
    callback = a_survey()

    assert surveys.next_instant() == EXPIRY
    assert surveys.expire_due(EXPIRY - timedelta(microseconds=1)) == 0
    assert surveys.expire_due(EXPIRY) == 1

    callback = the_callback(callback.ticket)
    assert (callback.state, callback.mode, callback.planned_for) == (Standing.OPEN, Mode.PHONE, EXPIRY)
    assert callback in Callback.objects.due_for(person("yinmei"), EXPIRY)
    assert Entry.objects.filter(ticket=callback.ticket, kind="survey_expired").count() == 1
    assert surveys.next_instant() is None


def test_a_survey_that_expires_at_night_becomes_a_call_in_the_morning():
    callback = a_survey()

    surveys.expire_due(local("2026-03-05 21:00"))

    assert the_callback(callback.ticket).planned_for == local("2026-03-06 08:00")


def test_a_survey_without_an_answer_may_end_as_unreachable_instead():
    CallbackRules.objects.update_or_create(pk=1, defaults={"after_silence": AfterSilence.UNREACHABLE})
    callback = a_survey()

    surveys.expire_due(EXPIRY)

    callback = the_callback(callback.ticket)
    assert (callback.state, callback.with_result) == (Standing.UNREACHABLE, Satisfaction.UNREACHABLE)
    assert fresh(callback.ticket).state == State.CLOSED


def test_expiring_twice_changes_nothing_more():
    callback = a_survey()
    survey = callback.survey

    surveys.expire(survey, at=EXPIRY)
    version = fresh(callback.ticket).version
    surveys.expire(survey, at=EXPIRY)

    assert Entry.objects.filter(kind="survey_expired").count() == 1
    assert fresh(callback.ticket).version == version


def test_an_answered_survey_does_not_expire():
    callback = a_survey()
    answer(token_of(callback))

    assert surveys.expire_due(EXPIRY) == 0


def test_the_timetables_task_ends_what_has_expired_by_the_databases_clock():
    callback = a_survey()

    sweep()

    assert the_callback(callback.ticket).mode == Mode.PHONE


def test_a_bad_survey_does_not_stop_the_others(monkeypatch):
    bad, good = a_survey(), a_survey(at=local("2026-04-01 09:00"))
    sound = surveys.expire

    def fail_on_the_first(survey, *, at):
        if survey.callback_id == bad.pk:
            raise RuntimeError("out of order")
        sound(survey, at=at)

    monkeypatch.setattr(surveys, "expire", fail_on_the_first)
    at = local("2026-05-01 09:00")

    surveys.expire_due(at)

    assert the_callback(good.ticket).mode == Mode.PHONE
    assert the_callback(bad.ticket).mode == Mode.SURVEY
    assert SetAside.objects.get().object_id == bad.survey.pk


def test_a_survey_is_not_both_answered_and_ended():
    survey = a_survey().survey
    survey.answered_at = survey.ended_at = TUESDAY_NINE

    with pytest.raises(IntegrityError, match="a_survey_is_answered_or_ended"), transaction.atomic():
        survey.save()
