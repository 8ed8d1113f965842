"""The four answers, and what else can be said no with: one format with a stable code."""

import pytest
from django.test import Client

from complaints.actions import dispatching, handling
from tests.people import MONDAY_NIGHT, MONDAY_NINE, a_dispatched_ticket, a_ticket, a_ticket_to_reply, person, unit

pytestmark = pytest.mark.django_db


def check(answer, status, code):
    """The answer is a problem document of this status and code, for people and for machines."""
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code), problem
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["type"] == f"urn:complaint-desk:problem:{code}"
    assert problem["title"] and problem["detail"]
    return problem


def test_what_one_may_not_see_is_not_there(as_):
    ticket = a_ticket()

    answer = as_("wei").get(f"tickets/{ticket.reference}/")

    check(answer, 404, "not_found")


def test_what_is_not_ones_own_says_whose_it_is(as_):
    ticket = a_ticket()

    answer = as_("rosa").post(f"tickets/{ticket.reference}/dispatch/", to="network")

    problem = check(answer, 403, "not_yours")
    assert "a dispatcher" in problem["detail"]
    assert (problem["state"], problem["version"]) == ("accepted", 1)
    assert problem["possible"] == ["resolve_on_site", "cancel"]


def test_what_cannot_happen_now_says_how_it_stands_and_what_can(as_):
    ticket = a_dispatched_ticket()

    answer = as_("wei").post(
        f"tickets/{ticket.reference}/feed-back/",
        handled_at="2026-03-02T09:00:00+08:00",
        process="Measured the line.",
        cause="A splitter had failed.",
        result="It works again.",
        person="Wei",
        advice="Ask whether it does.",
    )

    problem = check(answer, 409, "not_possible_now")
    assert problem["state"] == "dispatched"
    assert "claim" in problem["possible"]


def test_what_is_not_well_formed_lists_every_field(as_):
    ticket = a_ticket()

    answer = as_("sam").post(f"tickets/{ticket.reference}/return-for-completion/", faults=["odd"], note=3)

    problem = check(answer, 400, "malformed")
    assert problem["errors"].keys() == {"faults.0", "note"}


def test_a_write_on_an_old_view_is_refused_with_what_changed(as_):
    ticket = a_ticket()
    seen = ticket.version
    dispatching.dispatch(ticket, to=unit("network"), by=person("sam"), at=MONDAY_NINE)
    handling.claim(ticket, by=person("wei"), at=MONDAY_NINE)

    answer = as_("rosa").post(f"tickets/{ticket.reference}/comment/", text="Is it done?", version=seen)

    problem = check(answer, 409, "changed_meanwhile")
    assert (problem["state"], problem["version"]) == ("handling", ticket.version)
    assert [change["kind"] for change in problem["changes"]] == ["dispatched", "claimed"]
    assert problem["changes"][0]["by"] == "Sam Sang"


def test_the_version_may_come_as_an_etag(as_):
    ticket = a_ticket()
    rosa = as_("rosa")
    seen = rosa.get(f"tickets/{ticket.reference}/").headers["ETag"]

    first = rosa.post(f"tickets/{ticket.reference}/comment/", {"If-Match": seen}, text="One.")
    second = rosa.post(f"tickets/{ticket.reference}/comment/", {"If-Match": seen}, text="Two.")
    broken = rosa.post(f"tickets/{ticket.reference}/comment/", {"If-Match": "latest"}, text="Three.")

    assert first.status_code == 200
    check(second, 409, "changed_meanwhile")
    check(broken, 400, "malformed")


def test_a_reply_at_night_says_when_contact_is_permitted(as_, time_machine):
    ticket = a_ticket_to_reply()
    time_machine.move_to(MONDAY_NIGHT, tick=False)

    answer = as_("rosa").post(f"tickets/{ticket.reference}/reply/", medium="phone", text="It works again.")

    problem = check(answer, 409, "quiet_hours")
    assert problem["permitted_from"].startswith("2026-03-0")


def test_strangers_are_asked_who_they_are(db):
    answer = Client().get("/api/v1/tickets/")

    check(answer, 401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_verb_that_an_address_does_not_know(as_):
    answer = as_("rosa").client.delete("/api/v1/tickets/")

    check(answer, 405, "method_not_allowed")


def test_a_reader_changes_nothing_and_is_told_so(as_):
    ticket = a_ticket()

    answer = as_("kangming").post(f"tickets/{ticket.reference}/comment/", text="Interesting.")

    check(answer, 403, "read_only")


def test_a_page_without_its_csrf_token_is_refused(rosa):
    client = Client(enforce_csrf_checks=True)
    client.force_login(rosa)

    answer = client.post("/api/v1/look-ups/", {"number": "12055550101"}, content_type="application/json")

    check(answer, 403, "permission_denied")


def test_names_are_told_in_the_language_of_the_reader(as_):
    ticket = a_ticket()

    answer = as_("kangming").client.get(f"/api/v1/tickets/{ticket.reference}/", headers={"Accept-Language": "zh-CN"})

    assert not answer.json()["category"]["name"].isascii()
