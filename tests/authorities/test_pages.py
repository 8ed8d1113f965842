"""Authorities on the desk: the list of cases and of appeals, a case put on record from its ticket, and worked on."""

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authorities.models import AuthorityRules, Case
from desk.story import SENTENCES, story_of
from tests.authorities.test_cases import a_case
from tests.people import MONDAY_TEN, TUESDAY_NINE, a_customer, a_ticket, fresh, person

LETTER = {
    "deed": "open_case",
    "kind": "regulator",
    "authority_name": "Communications Administration",
    "number": "2026-0117",
    "level": "provincial",
    "lodged_at": "2026-03-02T09:30",
    "demand": "Answer about the charges.",
}


def browser(username: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def get(username: str, address: str):
    with time_machine.travel(TUESDAY_NINE, tick=False):
        return browser(username).get(address)


def post(username: str, address: str, **said: str):
    with time_machine.travel(TUESDAY_NINE, tick=False):
        return browser(username).post(address, said)


def test_a_case_is_put_on_record_from_its_ticket(ticket):
    page = reverse("desk:ticket", args=[ticket.reference])

    answer = post("lin", page, **LETTER)

    case = Case.objects.get()
    assert answer.headers["Location"] == reverse("desk:case", args=[case.pk])
    assert case.received_at == TUESDAY_NINE
    shown = get("lin", page).content.decode()
    assert str(case) in shown
    assert "escalated complaint" in shown


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(ticket):
    page = reverse("desk:ticket", args=[ticket.reference])

    answer = post("lin", page, **LETTER | {"lodged_at": "2027-01-01T00:00"})

    assert answer.status_code == 400
    assert "in the future" in answer.content.decode()
    assert "Answer about the charges." in answer.content.decode()
    assert post("lin", page, **LETTER | {"lodged_at": "never", "kind": "media"}).status_code == 400
    assert not Case.objects.exists()


def test_who_may_not_is_offered_no_such_deed(ticket):
    page = reverse("desk:ticket", args=[ticket.reference])

    assert "deed=open_case#deeds" in get("luyi", page).content.decode()
    assert "deed=open_case#deeds" not in get("rosa", page).content.decode()
    assert post("rosa", page, **LETTER).status_code == 403


def test_the_list_shows_cases_and_appeals_with_our_limit_as_unconfirmed(ticket):
    a_case(a_ticket(customer=a_customer("12055550199")))

    shown = get("luyi", reverse("desk:authorities")).content.decode()

    assert "Communications Administration 2026-0117" in shown
    assert "our limit of 10 working days: unconfirmed" in shown
    assert ticket.reference in shown
    AuthorityRules.objects.update_or_create(pk=1, defaults={"is_confirmed": True})
    assert "unconfirmed" not in get("lin", reverse("desk:authorities")).content.decode()
    assert get("rosa", reverse("desk:authorities")).status_code == 403


def test_a_case_is_worked_on_at_its_page(ticket):
    page = reverse("desk:case", args=[a_case(ticket).pk])

    assert post("lin", page, deed="acceptance", accepts="yes", decided_at="2026-03-02T18:00").status_code == 302
    assert post("lin", page, deed="document", title="Letter").status_code == 400
    assert post("lin", page, deed="document", title="Letter", text="The whole of it.").status_code == 302
    assert post("lin", page, deed="link", reference="T-1").status_code == 400
    other = a_ticket(customer=a_customer("12055550199"))
    assert post("lin", page, deed="link", reference=other.reference).status_code == 302
    assert post("lin", page, deed="answer", text="Paid back.").status_code == 302
    assert post("lin", page, deed="answer", text="Paid back twice.").status_code == 409
    assert post("lin", page, deed="close", outcome="Settled.").status_code == 302
    assert post("lin", page, deed="nonsense").status_code == 400

    shown = get("lin", page).content.decode()
    for words in ("The whole of it.", "Paid back.", "Settled.", other.reference, ticket.reference):
        assert words in shown


def test_a_case_is_there_for_who_sees_a_ticket_of_it_and_shows_no_other(ticket):
    case = a_case(ticket)
    page = reverse("desk:case", args=[case.pk])
    elsewhere = a_ticket(customer=a_customer("12055550199"), by=person("zhaomin"))
    case.tickets.add(elsewhere)

    shown = get("rosa", page).content.decode()

    assert ticket.reference in shown
    assert elsewhere.reference not in shown
    assert 'name="deed"' not in shown
    assert post("rosa", page, deed="answer", text="Paid back.").status_code == 403
    assert get("noor", page).status_code == 404
    assert get("noor", reverse("desk:case", args=[case.pk + 1])).status_code == 404


def test_the_list_costs_the_same_with_one_case_and_with_many(ticket):
    a_case(ticket)

    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert get("lin", reverse("desk:authorities")).status_code == 200
        return len(counted)

    cost()
    with_one = cost()
    for number in range(4):
        a_case(a_ticket(customer=a_customer(f"1205555020{number}")), number=f"n{number}")
        a_ticket(customer=a_customer(f"1205555030{number}"))

    assert cost() <= with_one + 1


def test_the_story_tells_of_a_case_in_words(ticket):
    a_case(ticket)

    told = [line.words for line in story_of(fresh(ticket), MONDAY_TEN)]

    assert told[0] == "Case 2026-0117 of an authority is on record: regulator, provincial level"
    assert {"case_closed", "case_answered", "case_declined", "appeal_near"} <= set(SENTENCES)
