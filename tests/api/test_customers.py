"""Customers: opened for callers, masked everywhere else, revealed for a reason (R1, R2)."""

import json

import pytest

from accounts.models import Role
from complaints.models import Category, ChaseUp
from customers.models import Disclosure, DisclosureRules, Flag, Lookup
from tests.people import MONDAY_NINE, MONDAY_TEN, a_customer, a_record, a_ticket, person

pytestmark = pytest.mark.django_db

NUMBER = "12055550101"


def test_looking_up_a_number_shows_the_customer_masked_and_all_their_tickets(as_, ines):
    mine = a_ticket()
    of_another = a_ticket(by=person("shenqi"), at=MONDAY_TEN)
    Flag.objects.create(customer=ines, kind="B1", raised_at=MONDAY_NINE, handling_rule="Supervisor first.")

    answer = as_("zhaomin").post("look-ups/", number=" +86 120-5555-0101 ")

    opened = answer.json()
    assert answer.status_code == 201
    assert (opened["customer"]["number"], opened["customer"]["name"]) == ("120••••0101", "I***")
    assert opened["customer"]["flags"][0]["handling_rule"] == "Supervisor first."
    assert [row["reference"] for row in opened["tickets"]] == [of_another.reference, mine.reference]


def test_looking_up_is_logged(as_, ines):
    as_("rosa").post("look-ups/", number=NUMBER)

    look_up = Lookup.objects.get()
    assert (look_up.customer, look_up.by, look_up.origin) == (ines, person("rosa"), "api")


def test_a_reference_opens_its_customer_as_well(as_, ines):
    ticket = a_ticket()

    answer = as_("yinmei").post("look-ups/", reference=ticket.reference)

    assert answer.status_code == 201
    assert Lookup.objects.get().customer == ines


def test_a_looked_up_ticket_can_be_read_and_chased_up_and_nothing_else(as_):
    ticket = a_ticket()
    agent = as_("shenqi")
    look_up = agent.post("look-ups/", number=NUMBER).json()["id"]

    read = agent.get(f"look-ups/{look_up}/tickets/{ticket.reference}/")
    chased = agent.post(f"look-ups/{look_up}/tickets/{ticket.reference}/chase-up/", text="Where is my answer?")
    elsewhere = agent.post(f"tickets/{ticket.reference}/cancel/", reason="so said")

    assert (read.status_code, read.json()["possible"]) == (200, [])
    assert (chased.status_code, ChaseUp.objects.get().by) == (200, person("shenqi"))
    assert elsewhere.status_code == 404


def test_a_look_up_is_for_its_person_and_customer_and_does_not_last(as_, time_machine):
    time_machine.move_to(MONDAY_NINE, tick=False)
    ticket = a_ticket()
    another = a_ticket(customer=a_customer("12055550102"))
    look_up = as_("shenqi").post("look-ups/", number=NUMBER).json()["id"]
    path = f"look-ups/{look_up}/tickets/{ticket.reference}/"

    assert as_("shenqi").get(path).status_code == 200
    assert as_("qinyue").get(path).status_code == 404
    assert as_("shenqi").get(f"look-ups/{look_up}/tickets/{another.reference}/").status_code == 404
    time_machine.move_to(MONDAY_TEN, tick=False)
    assert as_("shenqi").get(path).status_code == 404


@pytest.mark.parametrize("username", ["wei", "sam", "kangming", "admin"])
def test_who_answers_no_callers_opens_no_customer(as_, ines, username):
    known = as_(username).post("look-ups/", number=NUMBER)
    unknown = as_(username).post("look-ups/", number="12055559999")

    assert (known.status_code, unknown.status_code) == (403, 403)
    assert known.json()["code"] == unknown.json()["code"]
    assert not Lookup.objects.exists()


def test_an_unknown_number_is_404(as_):
    answer = as_("rosa").post("look-ups/", number="12055559999")

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_customer")


@pytest.mark.parametrize("body", [{}, {"number": NUMBER, "reference": "T-1"}, {"number": "?"}, {"number": 12}])
def test_a_look_up_names_a_number_or_a_reference(as_, body):
    assert as_("rosa").post("look-ups/", **body).status_code == 400


def test_more_look_ups_than_an_hour_allows_are_refused(as_, ines):
    DisclosureRules.objects.create(pk=1, look_ups_per_hour=2)
    rosa = as_("rosa")

    codes = [rosa.post("look-ups/", number=NUMBER).status_code for _ in range(3)]

    assert codes == [201, 201, 429]
    assert Lookup.objects.count() == 2


def test_numbers_are_masked_in_every_answer(as_):
    filed = next(
        category
        for category in Category.objects.choosable()
        if any(field["kind"] == "phone" for field in category.required_fields) and not category.direct_routing
    )
    customer = a_customer("12055550155", name="Ines Ortega")
    ticket = a_ticket(of=filed.code, customer=customer)
    assert "12055550101" in a_record(filed).values()
    agent = as_("rosa")

    answers = [
        agent.get("tickets/").json(),
        agent.get(f"tickets/{ticket.reference}/").json(),
        agent.get(f"tickets/{ticket.reference}/history/").json(),
        agent.get(f"customers/{customer.pk}/").json(),
        agent.post("look-ups/", number="12055550155").json(),
        agent.post("tickets/", number="12055550155").json(),
    ]

    said = json.dumps(answers, ensure_ascii=False)
    assert "12055550155" not in said
    assert "12055550101" not in said
    assert "Ortega" not in said


def test_a_full_value_is_shown_for_a_reason_and_logged(as_, ines):
    a_ticket()

    answer = as_("rosa").post(f"customers/{ines.pk}/reveal/", field="number", reason="calling back")

    disclosure = Disclosure.objects.get()
    assert answer.json() == {"field": "number", "value": NUMBER}
    assert (disclosure.customer, disclosure.field, disclosure.reason) == (ines, "number", "calling back")


def test_the_contact_number_of_a_ticket_is_shown_for_a_reason_and_logged(as_):
    ticket = a_ticket()

    answer = as_("rosa").post(f"tickets/{ticket.reference}/reveal-contact/", reason="calling back")

    assert answer.json() == {"contact_number": NUMBER}
    assert Disclosure.objects.get().field == f"contact_number {ticket.pk}"


@pytest.mark.parametrize(
    "body", [{}, {"field": "number"}, {"field": "number", "reason": " "}, {"field": "pk", "reason": "x"}]
)
def test_nothing_is_revealed_without_a_reason_or_beside_the_list(as_, ines, body):
    a_ticket()

    answer = as_("rosa").post(f"customers/{ines.pk}/reveal/", **body)

    assert answer.status_code == 400
    assert not Disclosure.objects.exists()


def test_customers_of_others_are_not_there(as_, ines):
    a_ticket()

    assert as_("shenqi").get(f"customers/{ines.pk}/").status_code == 404
    assert as_("shenqi").post(f"customers/{ines.pk}/reveal/", field="number", reason="curious").status_code == 404


def test_who_only_reads_reveals_nothing(as_, ines):
    a_ticket()

    assert as_("kangming").get(f"customers/{ines.pk}/").status_code == 200
    assert as_("kangming").post(f"customers/{ines.pk}/reveal/", field="number", reason="audit").status_code == 403


def test_more_disclosures_than_an_hour_allows_are_refused(as_, ines, time_machine):
    a_ticket()
    DisclosureRules.objects.create(pk=1, disclosures_per_hour=2)
    time_machine.move_to(MONDAY_NINE, tick=False)
    rosa = as_("rosa")

    answers = [rosa.post(f"customers/{ines.pk}/reveal/", field="number", reason="call") for _ in range(3)]
    time_machine.move_to(MONDAY_TEN, tick=False)
    later = as_("rosa").post(f"customers/{ines.pk}/reveal/", field="number", reason="call")

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["retry_at"].startswith("2026-03-02T")
    assert later.status_code == 200


def test_colleagues_are_names_and_ids_only(as_):
    rows = as_("rosa").get("people/", page_size=200).json()["results"]

    assert rows
    assert {frozenset(row) for row in rows} == {frozenset({"id", "name"})}


@pytest.mark.parametrize("path", ["tickets/", "me/", "nowhere/"])
def test_no_answer_is_kept_on_the_way(as_, path):
    assert as_("rosa").get(path).headers["Cache-Control"] == "no-store"


def test_i_am_told_who_i_am_and_what_i_may(as_):
    answer = as_("hannuo").get("me/").json()

    assert (answer["username"], answer["unit"]["code"]) == ("hannuo", "expert")
    assert {row["role"] for row in answer["roles"]} == {Role.EXPERT, Role.AGENT, Role.HANDLER}


def test_categories_say_what_their_records_need(as_):
    rows = as_("rosa").get("categories/", page_size=200).json()["results"]

    assert len(rows) == min(200, Category.objects.choosable().count())
    assert {"code", "name", "required_fields", "urgency", "template"} <= rows[0].keys()
    assert as_("rosa").get("categories/", under="billing").json()["results"][0]["code"].startswith("billing")


def test_units_say_what_they_stand_under(as_):
    rows = {row["code"]: row for row in as_("rosa").get("units/", page_size=200).json()["results"]}

    assert rows["acceptance"]["parent"] == "service-centre"
    assert rows["head-office"]["parent"] is None
