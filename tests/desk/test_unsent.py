"""What was written and sent after the session had ended is not lost: it goes on after signing in (R42)."""

import pytest
from django.test import Client
from django.urls import reverse

from complaints.states import State
from tests.databases import PASSWORD
from tests.desk.test_drafts import FINDINGS, WORDS, page
from tests.people import a_ticket_in_hand, fresh, person

SIGN_IN = reverse("desk:sign_in")
HERE = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def ticket(db):
    return a_ticket_in_hand()


def feedback(ticket) -> dict[str, str]:
    return FINDINGS | {"deed": "feed_back", "version": str(fresh(ticket).version)}


def fields_of(answer, form: str) -> dict[str, str]:
    """The hidden fields of the form that posts to an address, as a browser would send them."""
    part = answer.content.decode().split(f'action="{form}"')[1].split("</form>")[0]
    inputs = [each.split(">")[0] for each in part.split('<input type="hidden" ')[1:]]
    return {each.split('name="')[1].split('"')[0]: each.split('value="')[1].split('"')[0] for each in inputs}


def test_a_feedback_sent_after_the_session_had_ended_goes_on_after_signing_in(client, ticket):
    asked = client.post(page(ticket), feedback(ticket))
    wrong = client.post(SIGN_IN, fields_of(asked, SIGN_IN) | {"username": "wei", "password": "wrong"})
    shown = client.post(SIGN_IN, fields_of(wrong, SIGN_IN) | {"username": "wei", "password": PASSWORD})
    before = fresh(ticket).state
    client.post(page(ticket), fields_of(shown, page(ticket)))

    assert asked.status_code == 403
    assert "What you wrote is still here" in asked.content.decode()
    assert WORDS in shown.content.decode()
    assert before == State.HANDLING
    assert fresh(ticket).feedbacks.get().process == WORDS


def test_what_was_decided_on_an_old_view_is_refused_after_signing_in_as_well(client, ticket):
    asked = client.post(page(ticket), feedback(ticket) | {"version": "0"})
    shown = client.post(SIGN_IN, fields_of(asked, SIGN_IN) | {"username": "wei", "password": PASSWORD})

    answer = client.post(page(ticket), fields_of(shown, page(ticket)))

    assert answer.status_code == 409
    assert WORDS in answer.content.decode()


def test_a_form_without_words_leads_back_to_the_page_that_it_stood_on(client, ticket):
    columns = reverse("desk:choose_columns")

    answer = client.post(columns, {"columns": "state"}, HTTP_REFERER="http://testserver/queue/?tab=mine")
    from_elsewhere = client.post(columns, {"columns": "state"}, HTTP_REFERER="http://elsewhere.example/queue/")

    assert answer.url == f"{SIGN_IN}?next=/queue/%3Ftab%3Dmine"
    assert from_elsewhere.url == f"{SIGN_IN}?next=/"


def test_a_page_that_asks_by_itself_is_told_and_stays(client, ticket):
    answer = client.get(
        reverse("desk:here", args=[ticket.reference]),
        HTTP_HX_REQUEST="true",
        HTTP_HX_CURRENT_URL=f"http://testserver{page(ticket)}",
    )

    assert answer.status_code == 204
    assert "HX-Redirect" not in answer.headers
    assert f'"address": "{SIGN_IN}?next={page(ticket)}"' in answer.headers["HX-Trigger"]


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True)


def test_after_signing_in_anew_in_another_tab_what_the_first_tab_sends_can_go_on(strict, ticket):
    strict.force_login(person("wei"), backend="django.contrib.auth.backends.ModelBackend")

    strayed = strict.post(page(ticket), feedback(ticket) | {"csrfmiddlewaretoken": "x" * 64}, **HERE)
    sent = strict.post(page(ticket), fields_of(strayed, page(ticket)), **HERE)

    assert strayed.status_code == 403
    assert WORDS in strayed.content.decode()
    assert sent.status_code == 302
    assert fresh(ticket).feedbacks.get().process == WORDS


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", ""])
def test_what_another_site_sends_is_refused_and_not_shown(strict, ticket, origin):
    strict.force_login(person("wei"), backend="django.contrib.auth.backends.ModelBackend")

    refused = strict.post(page(ticket), feedback(ticket), HTTP_ORIGIN=origin)

    assert refused.status_code == 403
    assert WORDS not in refused.content.decode()


def test_what_is_carried_along_leads_nowhere_outside_and_is_no_markup(client, ticket):
    carried = {"next": "https://elsewhere.example/", "unsent:text": "<script>alert(1)</script> and words"}

    shown = client.post(SIGN_IN, carried | {"username": "wei", "password": PASSWORD}).content.decode()

    assert 'action="/"' in shown
    assert "elsewhere.example" not in shown
    assert "<script>alert" not in shown
