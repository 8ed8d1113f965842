"""Repeats on the desk and over REST: shown, confirmed, rejected, linked; and the figures over REST."""

import time_machine
from django.test import Client
from django.urls import reverse

from tests.api.conftest import Caller
from tests.people import MONDAY_NINE, MONDAY_TEN, a_customer, a_ticket, fresh, person


def a_page(username: str, ticket) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person(username), backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(MONDAY_TEN, tick=False):
        return client.get(reverse("desk:ticket", args=[ticket.reference])).content.decode()


def do(username: str, ticket, **said: str) -> int:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person(username), backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(MONDAY_TEN, tick=False):
        return client.post(reverse("desk:ticket", args=[ticket.reference]), said).status_code


def test_a_ticket_shows_its_chain_and_a_person_confirms_it(db):
    first, second = a_ticket(at=MONDAY_NINE), a_ticket(at=MONDAY_TEN)

    before = a_page("rosa", second)
    answer = do("rosa", second, deed="confirm_repeat", version=str(fresh(second).version))

    assert "repeat complaint" in before
    assert first.reference in before
    assert "found by the system" in before
    assert answer == 302
    assert "Confirmed to repeat" in a_page("rosa", second)


def test_a_rejection_without_a_reason_stays_on_the_page(db):
    a_ticket(at=MONDAY_NINE)
    second = a_ticket(at=MONDAY_TEN)

    assert do("rosa", second, deed="reject_repeat") == 400
    assert do("rosa", second, deed="reject_repeat", reason="Another bill.") == 302
    assert 'id="repeats"' not in a_page("rosa", second)


def test_new_facts_are_added_on_the_page(db):
    ticket = a_ticket(at=MONDAY_NINE)

    assert do("rosa", ticket, deed="add_facts", text="It happened again.") == 302
    assert "It happened again." in a_page("lin", ticket)


def test_the_api_shows_kinds_chain_and_candidates(db):
    first, second = a_ticket(at=MONDAY_NINE), a_ticket(at=MONDAY_TEN)

    with time_machine.travel(MONDAY_TEN, tick=False):
        said = Caller(person("rosa")).get(f"tickets/{second.reference}/repeats/").json()

    assert said["kinds"]["is_repeat"] is True
    assert [link["reference"] for link in said["chain"]] == [first.reference, second.reference]
    assert said["chain"][0]["repeat"] is None
    assert said["chain"][1]["repeat"]["standing"] == "found"
    assert [each["reference"] for each in said["candidates"]] == [first.reference]


def test_the_api_judges_and_links(db):
    first, second = a_ticket(at=MONDAY_NINE), a_ticket(at=MONDAY_TEN)
    rosa = Caller(person("rosa"))

    with time_machine.travel(MONDAY_TEN, tick=False):
        silent = rosa.post(f"tickets/{second.reference}/judge-repeat/", is_one=False)
        rejected = rosa.post(f"tickets/{second.reference}/judge-repeat/", is_one=False, reason="Another bill.")
        again = rosa.post(f"tickets/{second.reference}/judge-repeat/", is_one=True)
        linked = rosa.post(f"tickets/{second.reference}/link-repeat/", earlier=first.reference)

    assert [each.status_code for each in (silent, rejected, again, linked)] == [400, 200, 409, 200]


def test_a_ticket_is_linked_to_none_that_is_not_there_or_not_like_it(db):
    second = a_ticket(at=MONDAY_TEN)
    stranger = a_ticket(at=MONDAY_NINE, customer=a_customer("12055550199"))
    rosa = Caller(person("rosa"))

    with time_machine.travel(MONDAY_TEN, tick=False):
        for earlier in ("T-1", "nonsense", stranger.reference, second.reference, 7, None):
            answer = rosa.post(f"tickets/{second.reference}/link-repeat/", earlier=earlier)
            assert answer.status_code == 400, earlier


def test_figures_over_rest_are_those_of_the_report_and_open_their_tickets(db):
    a_ticket(at=MONDAY_NINE)
    second = a_ticket(at=MONDAY_TEN)
    lin = Caller(person("lin"))

    with time_machine.travel(MONDAY_TEN, tick=False):
        all_of_them = lin.get("figures/").json()
        one = lin.get("figures/repeated/", by="person").json()
        behind = lin.get("figures/repeated/tickets/", part="repeats").json()

    total = next(each["total"] for each in all_of_them["figures"] if each["key"] == "repeated")
    assert total["numbers"] == one["total"]["numbers"] == {"repeats": 1, "complaints": 2}
    assert len(one["parts"]) == 7
    assert one["groups"][0]["name"]
    assert behind["count"] == 1
    assert behind["results"][0]["ticket"]["reference"] == second.reference


def test_figures_over_rest_are_for_who_reports_and_refuse_nonsense(db):
    lin = Caller(person("lin"))

    with time_machine.travel(MONDAY_TEN, tick=False):
        assert Caller(person("wei")).get("figures/").status_code == 403
        assert lin.get("figures/happiness/").status_code == 404
        for asked in ({"grain": "hour"}, {"since": "2026-03-02", "last": "2026-03-01"}, {"since": "0001-01-01"}):
            assert lin.get("figures/", **asked).status_code == 400, asked
        for asked in (
            {},
            {"part": "x"},
            {"part": "repeats", "by": "unit", "group": "x"},
            {"part": "repeats", "page": "0"},
        ):
            assert lin.get("figures/repeated/tickets/", **asked).status_code == 400, asked
