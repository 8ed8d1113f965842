"""Two people at once over HTTP: one wins, the other gets a clear conflict (R4, F1, F2)."""

import pytest

from complaints.models import Entry
from customers.models import Disclosure, DisclosureRules
from tests.api.conftest import Caller, a_matter
from tests.people import a_customer, a_dispatched_ticket, a_ticket, person
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_people_claim_at_once_and_one_gets_the_conflict():
    ticket = a_dispatched_ticket()
    callers = [Caller(person("wei")), Caller(person("zhangbo"))]

    answers = together([lambda caller=caller: caller.post(f"tickets/{ticket.reference}/claim/") for caller in callers])

    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (200, 409)
    assert lost.json()["code"] in {"changed_meanwhile", "not_possible_now"}
    assert lost.json()["state"] == "handling"
    assert Entry.objects.filter(ticket=ticket, kind="claimed").count() == 1


def test_one_matter_handed_in_twice_at_once_becomes_one_ticket():
    body = a_matter(external_id="web-18")
    callers = [Caller(person("selfservice")), Caller(person("selfservice"))]

    answers = together([lambda caller=caller: caller.post("tickets/", **body) for caller in callers])

    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (201, 409)
    assert lost.json()["code"] == "external_id_taken"
    assert lost.json()["reference"] == won.json()["reference"]


def test_no_two_requests_slip_past_the_limit_of_disclosures():
    a_ticket()
    DisclosureRules.objects.create(pk=1, disclosures_per_hour=3)
    path = f"customers/{a_customer().pk}/reveal/"
    callers = [Caller(person("rosa")) for _ in range(6)]

    answers = together([lambda c=c: c.post(path, field="number", reason="call") for c in callers])

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 429, 429, 429]
    assert Disclosure.objects.count() == 3
