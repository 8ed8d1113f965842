"""The survey's page: for anybody who has the link, by phone, in two languages, and telling nothing (R73)."""

import json
import logging
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from callbacks.answers import Satisfaction, Standing
from callbacks.models import Callback
from common.tokens import new_code, sign
from complaints.models import Entry
from complaints.states import State
from config.logs import JsonLine
from customers.models import Customer
from notifications.models import Message
from notifications.rendering import render
from tests.callbacks.stories import CONTENT, UNHAPPY, a_survey, the_callback, token_of
from tests.desk.test_house import check
from tests.people import MONDAY_TEN, a_customer, fresh

pytestmark = pytest.mark.django_db

THREE_DAYS = timedelta(hours=73)


@pytest.fixture(autouse=True)
def nobody_has_asked_yet():
    cache.clear()


@pytest.fixture
def callback(db) -> Callback:
    return a_survey()


@pytest.fixture
def phone() -> Client:
    """Somebody's browser, in English."""
    return Client(headers={"accept-language": "en"})


def link(callback: Callback) -> str:
    return f"/s/{token_of(callback)}"


def words(answer) -> str:
    return answer.content.decode()


# --- Asking and answering ---------------------------------------------------------------------------------------------


def test_the_link_of_the_message_leads_to_the_page(callback, phone):
    said = render(Message.objects.get(key=f"survey:{callback.pk}:sms"))

    assert f"{link(callback)}" in said.body
    assert phone.get(link(callback)).status_code == 200


def test_a_customer_answers_without_signing_in_and_is_thanked(callback, phone):
    answer = phone.post(link(callback), CONTENT, follow=True)

    assert answer.redirect_chain == [("/s/thanks/?lang=en", 302)]
    assert "Thank you" in words(answer)
    taken = the_callback(callback.ticket)
    assert (taken.state, taken.with_result, taken.answered_by) == (Standing.ANSWERED, Satisfaction.SATISFIED, None)
    assert fresh(callback.ticket).state == State.CLOSED


def test_the_history_says_that_it_came_by_the_survey(callback, phone):
    phone.post(link(callback), CONTENT)

    entry = Entry.objects.get(ticket=callback.ticket, kind="callback_finished")
    assert (entry.origin, entry.by) == ("survey", None)


def test_a_dissatisfied_customer_reopens_the_ticket(callback, phone):
    phone.post(link(callback), UNHAPPY)

    assert fresh(callback.ticket).round == 2


def test_who_wants_nothing_more_leaves_it_closed(callback, phone):
    phone.post(link(callback), UNHAPPY | {"wants_nothing_more": "on"})

    assert (fresh(callback.ticket).state, fresh(callback.ticket).round) == (State.CLOSED, 1)


@pytest.mark.parametrize("given", [UNHAPPY, {"with_result": "satisfied", "with_handling": "dissatisfied"}])
def test_who_is_dissatisfied_is_asked_why_and_loses_no_answer(callback, phone, given):
    answer = phone.post(link(callback), given | {"reason": " "})

    assert answer.status_code == 400
    assert "Please tell us what you are dissatisfied with." in words(answer)
    assert answer.context["form"]["with_result"].value() == given["with_result"]
    assert words(answer).count(" checked") == 2
    assert the_callback(callback.ticket).is_open


def test_both_questions_want_an_answer_and_the_text_stays(callback, phone):
    answer = phone.post(link(callback), {"reason": "The line <b>crackles</b>."})

    assert answer.status_code == 400
    assert words(answer).count("Please choose one of the three.") == 2
    assert "The line &lt;b&gt;crackles&lt;/b&gt;." in words(answer)


@pytest.mark.parametrize(
    "bad",
    [
        {"with_result": "unreachable"},
        {"with_result": "x" * 5000},
        {"reason": "\x00"},
        {"reason": "长" * 2001},
    ],
)
def test_what_cannot_be_kept_is_refused_and_the_link_stays(callback, phone, bad):
    answer = phone.post(link(callback), UNHAPPY | bad)

    assert answer.status_code == 400
    assert the_callback(callback.ticket).is_open


def test_looking_does_not_use_the_link_up(callback, phone):
    for _look in range(3):
        phone.get(link(callback))
        phone.head(link(callback))

    assert phone.post(link(callback), CONTENT).status_code == 302


# --- What the page tells, and to whom ---------------------------------------------------------------------------------


def test_the_page_shows_nothing_personal(phone):
    customer = a_customer("12055550177", name="Ines Farrow", address="4 Mill Lane")
    callback = a_survey(customer=customer)

    shown = words(phone.get(link(callback)))

    for secret in ("Ines", "Farrow", "12055550177", "0177", "Mill Lane", callback.ticket.reference):
        assert secret not in shown
    assert callback.ticket.category.name_en not in shown
    assert callback.ticket.happened not in shown


def spoilt(callback: Callback) -> dict[str, str]:
    token = token_of(callback)
    return {
        "altered": f"/s/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
        "guessed": f"/s/{sign(new_code(), purpose='/s/')}",
        "of another purpose": f"/s/{sign(new_code(), purpose='/x/')}",
        "cut off": f"/s/{token[:20]}",
        "with a slash": f"/s/{token}/",
        "not ASCII": "/s/令牌",
        "long": "/s/" + "a" * 500,
    }


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_link_that_does_not_work_gets_the_same_page(callback, phone, monday_at_ten, method):
    def visit(address: str):
        return getattr(phone, method)(address, *([CONTENT] if method == "post" else []))

    told = {name: visit(address) for name, address in spoilt(callback).items()}
    monday_at_ten.move_to(MONDAY_TEN + THREE_DAYS)
    told["expired"] = visit(link(callback))
    monday_at_ten.move_to(MONDAY_TEN)
    phone.post(link(callback), CONTENT)
    told["used"] = visit(link(callback))

    assert {answer.status_code for answer in told.values()} == {404}
    assert len({answer.content for answer in told.values()}) == 1
    assert (
        len(
            {
                frozenset((name, answer[name]) for name in answer.headers if name != "Expires")
                for answer in told.values()
            }
        )
        == 1
    )


def test_the_page_is_kept_nowhere_and_loads_nothing_from_elsewhere(callback, phone):
    answer = phone.get(link(callback))

    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "strict-origin"
    assert answer["X-Robots-Tag"].startswith("noindex")
    policy = answer["Content-Security-Policy"]
    for directive in (
        "default-src 'none'",
        "script-src 'none'",
        "style-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    ):
        assert directive in policy
    assert "<script" not in words(answer)
    check(words(answer))


def test_all_its_pages_are_kept_nowhere(callback, phone):
    for address in ("/s/nothing", "/s/thanks/"):
        answer = phone.get(address)

        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "strict-origin"
        check(words(answer))


def test_looking_and_answering_begin_no_session(callback, phone):
    phone.get(link(callback))
    phone.post(link(callback), CONTENT)

    assert set(phone.cookies) == {"csrftoken"}


def test_an_answer_from_another_site_is_refused(callback):
    elsewhere = Client(enforce_csrf_checks=True)

    assert elsewhere.post(link(callback), CONTENT).status_code == 403
    assert the_callback(callback.ticket).is_open


def test_the_form_of_the_page_itself_is_taken(callback):
    browser = Client(enforce_csrf_checks=True)
    token = browser.get(link(callback)).context["csrf_token"]

    assert browser.post(link(callback), CONTENT | {"csrfmiddlewaretoken": str(token)}).status_code == 302


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_it_is_looked_at_and_answered_and_nothing_else(callback, phone, method):
    assert getattr(phone, method)(link(callback)).status_code == 405


def test_the_log_never_holds_a_token(callback, caplog):
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    token = token_of(callback)
    altered = f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}"
    with caplog.at_level(logging.DEBUG, logger="django"):
        browser.get(f"/s/{altered}")
        browser.put(f"/s/{token}")
        browser.post(f"/s/{token}", CONTENT)

    lines = [JsonLine().format(record) for record in caplog.records if not record.name.startswith("django.db")]
    assert len(lines) >= 3
    assert any("/s/…" in json.loads(line)["message"] for line in lines)
    assert not [line for line in lines if token[:20] in line]


# --- Languages --------------------------------------------------------------------------------------------------------


def test_the_page_speaks_the_browsers_language_where_the_customers_is_unknown(callback):
    assert "How satisfied are you?" in words(Client(headers={"accept-language": "en-GB,en"}).get(link(callback)))
    assert "您" in words(Client(headers={"accept-language": "zh-CN,zh"}).get(link(callback)))


def test_the_customers_own_language_comes_first(callback, phone):
    Customer.objects.filter(pk=callback.ticket.customer_id).update(language="zh-hans")

    answer = phone.get(link(callback))

    assert answer["Content-Language"] == "zh-hans"
    assert 'lang="zh-hans"' in words(answer)
    assert phone.post(link(callback), CONTENT).url == reverse("door:survey_thanks") + "?lang=zh-hans"


def test_the_switch_comes_before_everything(callback, phone):
    Customer.objects.filter(pk=callback.ticket.customer_id).update(language="zh-hans")

    answer = phone.post(f"{link(callback)}?lang=en", {})

    assert "Please choose one of the three." in words(answer)
    assert 'href="?lang=zh-hans"' in words(answer)


def test_a_language_that_we_do_not_speak_is_not_tried(callback, phone):
    assert phone.get(f"{link(callback)}?lang=../../x")["Content-Language"] == "en"


# --- How often --------------------------------------------------------------------------------------------------------


def test_one_address_that_asks_too_often_waits_and_others_do_not(callback, phone, settings):
    settings.DOOR_VISITS_A_MINUTE = 3

    answers = [phone.get("/s/guess").status_code for _visit in range(3)] + [phone.get(link(callback)).status_code]

    assert answers == [404, 404, 404, 429]
    assert phone.get(link(callback), REMOTE_ADDR="192.0.2.7").status_code == 200


def test_who_waits_a_minute_comes_in_again(callback, phone, settings, monday_at_ten):
    settings.DOOR_VISITS_A_MINUTE = 1
    phone.get(link(callback))

    told = phone.get(link(callback))
    monday_at_ten.shift(int(told["Retry-After"]))

    assert told.status_code == 429
    assert phone.get(link(callback)).status_code == 200


def test_a_forwarded_address_is_not_believed_from_just_anybody(callback, phone, settings):
    settings.DOOR_VISITS_A_MINUTE = 1

    answers = [phone.get(link(callback), headers={"x-forwarded-for": f"192.0.2.{n}"}).status_code for n in (1, 2)]

    assert answers == [200, 429]
