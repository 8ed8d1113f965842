"""Accepting over REST."""

import pytest

from complaints.models import Entry, Ticket
from contact.models import Consent, Promise
from customers.models import Customer
from tests.api.conftest import a_matter
from tests.people import MONDAY_NIGHT, category

pytestmark = pytest.mark.django_db


def test_an_agent_accepts_a_matter_and_owns_it(as_, rosa):
    answer = as_("rosa").post("tickets/", **a_matter())

    ticket = Ticket.objects.get(reference=answer.json()["reference"])
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"/api/v1/tickets/{ticket.reference}/")
    assert (ticket.owner, ticket.accepting_unit.code, ticket.desk.code) == (rosa, "acceptance", "dispatch")
    assert answer.json()["possible"][:2] == ["resolve_on_site", "cancel"]


def test_what_is_done_here_carries_the_origin_api(as_):
    reference = as_("rosa").post("tickets/", **a_matter()).json()["reference"]

    assert Entry.objects.get(ticket__reference=reference, kind="accepted").origin == "api"


def test_what_a_machine_hands_in_belongs_to_the_service_desk(as_):
    answer = as_("selfservice").post(
        "tickets/", **a_matter(medium="app", contact={"night": "yes", "night_evidence": "ticked in the app"})
    )

    ticket = Ticket.objects.get(reference=answer.json()["reference"])
    assert answer.status_code == 201
    assert (ticket.owner, ticket.accepting_unit.code) == (None, "acceptance")
    assert ticket.matter.consents.get().what == Consent.What.NIGHT


def test_a_repeated_external_id_answers_with_the_first_reference(as_):
    selfservice = as_("selfservice")
    first = selfservice.post("tickets/", **a_matter(external_id="web-17")).json()["reference"]

    again = selfservice.post("tickets/", **a_matter(external_id="web-17"))

    assert (again.status_code, again.json()["code"]) == (409, "external_id_taken")
    assert again.json()["reference"] == first
    assert Ticket.objects.filter(external_id="web-17").count() == 1


def test_an_open_ticket_in_the_same_category_is_offered_instead_of_a_second(as_):
    rosa = as_("rosa")
    first = rosa.post("tickets/", **a_matter()).json()["reference"]

    refused = rosa.post("tickets/", **a_matter())
    with_a_reason = rosa.post("tickets/", **a_matter(duplicate_reason="another month"))

    assert (refused.status_code, refused.json()["code"], refused.json()["reference"]) == (409, "duplicate", first)
    assert with_a_reason.status_code == 201


def test_every_missing_field_is_listed(as_):
    answer = as_("rosa").post("tickets/")

    assert answer.status_code == 400
    assert {"number", "category", "happened"} <= answer.json()["errors"].keys()


def test_every_missing_field_of_the_category_is_listed(as_):
    answer = as_("rosa").post("tickets/", **a_matter(record={}))

    wanted = {f"record.{field['code']}" for field in category().required_fields}
    assert (answer.status_code, answer.json()["code"]) == (400, "record_incomplete")
    assert wanted == answer.json()["errors"].keys()


def test_a_refused_acceptance_leaves_nothing_behind(as_):
    as_("rosa").post("tickets/", **a_matter(number="10400000017", record={}))

    assert not Customer.objects.filter(number="10400000017").exists()
    assert not Ticket.objects.exists()


def test_an_unknown_number_does_not_block_acceptance(as_):
    answer = as_("rosa").post("tickets/", **a_matter(number="+86 104-0000 0017", name="New Caller"))

    assert answer.status_code == 201
    assert Customer.objects.get(number="10400000017").name == "New Caller"


def test_somebody_else_may_speak_for_the_customer(as_):
    contact = {"name": "Ruben", "number": "12055550199", "standing": "family", "preferred_medium": "sms"}

    reference = as_("rosa").post("tickets/", **a_matter(contact=contact)).json()["reference"]

    ticket = Ticket.objects.get(reference=reference)
    assert (ticket.contact_person.name, ticket.contact_person.standing) == ("Ruben", "family")
    assert (ticket.contact_number, ticket.preferred_medium) == ("12055550199", "sms")


def test_a_customer_who_says_no_to_the_night_is_promised_the_morning(as_, time_machine):
    time_machine.move_to(MONDAY_NIGHT, tick=False)

    answer = as_("rosa").post("tickets/", **a_matter(contact={"night": "no"}))

    promise = Promise.objects.get(matter__ticket__reference=answer.json()["reference"])
    assert answer.json()["promises"][0]["agreed_for"] == "2026-03-03T09:00:00+08:00"
    assert promise.agreed_for.isoformat() == "2026-03-03T01:00:00+00:00"


@pytest.mark.parametrize("username", ["sam", "wei", "lin", "kangming", "yinmei"])
def test_who_is_not_at_the_front_line_accepts_nothing(as_, username):
    answer = as_(username).post("tickets/", **a_matter())

    assert answer.status_code == 403
    assert not Ticket.objects.exists()
