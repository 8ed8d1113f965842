"""Who sees what: lists and single tickets by one rule, whatever filter, order or page (R1, A3, D1)."""

import pytest

from accounts.models import Person
from complaints.actions import dispatching, replying
from complaints.models import Ticket
from complaints.states import Medium
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    a_customer,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    person,
)

pytestmark = pytest.mark.django_db

EVERY_ROLE = [
    "rosa", "zhaomin", "hannuo", "shenqi", "sam", "wei", "douhai", "gejian", "noor", "huafang", "chenan", "yinmei",
    "lin", "anran", "admin", "kangming", "selfservice",
]  # fmt: skip
NARROWER = [
    {"state": "dispatched"}, {"q": "line"}, {"category": "billing"}, {"unit": "province"}, {"order": "-raised"},
    {"live": "true"}, {"raised_after": "2020-01-01T00:00:00Z"}, {"urgency": "ordinary"}, {"owner": "me"},
    {"page_size": "1"}, {"page_size": "1", "order": "reply_due"},
]  # fmt: skip


@pytest.fixture
def tickets(db):
    """Tickets of several people, units and states."""
    return [
        a_ticket(),
        a_ticket(by=person("zhaomin"), at=MONDAY_TEN, customer=a_customer("12055550102", manager=person("chenan"))),
        a_ticket(by=person("shenqi"), customer=a_customer("12055550103")),
        a_dispatched_ticket(),
        a_dispatched_ticket(to="group-customers"),
        a_dispatched_ticket(to="east-city-network"),
        a_ticket_in_hand(),
        a_ticket_to_reply(),
    ]


def listed(caller, **query):
    """The references in all pages of a list."""
    found, answer = [], caller.get("tickets/", **query)
    while True:
        assert answer.status_code == 200, answer.content
        found += [row["reference"] for row in answer.json()["results"]]
        if answer.json()["next"] is None:
            return found
        answer = caller.client.get(answer.json()["next"])


@pytest.mark.parametrize("username", EVERY_ROLE)
def test_the_tickets_in_the_list_are_those_that_can_be_read(as_, tickets, username):
    caller = as_(username)

    readable = {t.reference for t in tickets if caller.get(f"tickets/{t.reference}/").status_code == 200}
    with_history = {t.reference for t in tickets if caller.get(f"tickets/{t.reference}/history/").status_code == 200}

    assert set(listed(caller)) == readable == with_history


@pytest.mark.parametrize("username", ["rosa", "wei", "noor", "selfservice"])
def test_no_filter_order_or_page_shows_more(as_, tickets, username):
    caller = as_(username)
    everything = set(listed(caller))

    assert [query for query in NARROWER if not set(listed(caller, **query)) <= everything] == []


def test_a_reference_of_an_invisible_ticket_finds_nothing(as_, tickets):
    assert listed(as_("noor"), reference=tickets[0].reference) == []


def test_who_holds_a_role_no_longer_sees_nothing(as_, tickets):
    caller = as_("wei")
    before = listed(caller)
    Person.objects.get(username="wei").assignments.all().delete()

    assert before
    assert listed(caller) == []


def test_a_child_is_only_reached_through_its_ticket(as_, tickets):
    ticket = tickets[3]
    other = tickets[4]
    as_("sam").post(f"tickets/{ticket.reference}/ask-assistance/", unit="support", question="Is the line paid?")
    assistance = ticket.assistances.get()

    elsewhere = as_("noor").post(f"tickets/{other.reference}/assistances/{assistance.pk}/answer/", answer="It is paid.")
    unseen = as_("noor").post(f"tickets/{ticket.reference}/assistances/{assistance.pk}/answer/", answer="It is paid.")

    assert (elsewhere.status_code, unseen.status_code) == (404, 404)
    assert ticket.assistances.get().answered_at is None


def test_a_ticket_is_not_merged_into_one_that_one_may_not_see(as_, tickets):
    hidden = a_ticket(by=person("shenqi"))

    answer = as_("rosa").post(f"tickets/{tickets[0].reference}/merge/", into=hidden.reference, reason="one matter")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["into"])


def test_filters_find_what_they_say(as_, tickets):
    auditor = as_("kangming")
    everything = {t.reference for t in tickets}

    assert set(listed(auditor)) == everything
    assert set(listed(auditor, state=["accepted"])) == {t.reference for t in tickets[:3]}
    assert set(listed(auditor, state=["handling", "replying"])) == {t.reference for t in tickets[6:]}
    assert set(listed(auditor, unit="network")) == {tickets[3].reference, tickets[6].reference, tickets[7].reference}
    assert set(listed(auditor, unit="east-city")) == {tickets[5].reference}
    assert set(listed(auditor, category="billing")) == everything
    assert set(listed(auditor, category="mobile")) == set()
    assert set(listed(auditor, q="MORNING line")) == everything
    assert set(listed(auditor, q="morning rain")) == set()
    assert set(listed(auditor, owner=person("zhaomin").pk)) == {tickets[1].reference}
    assert set(listed(auditor, raised_after="2026-03-02T10:00:00+08:00")) == {tickets[1].reference}
    assert set(listed(auditor, raised_before="2026-03-02T02:00:00Z")) == everything - {tickets[1].reference}
    assert set(listed(auditor, held="true")) == set()
    assert set(listed(auditor, live="false")) == set()


@pytest.mark.parametrize("order", ["due", "reply_due", "raised", "-raised", "accepted", "-accepted"])
def test_pages_follow_on_each_other_without_gap_or_repetition_and_back(as_, tickets, order):
    Ticket.objects.filter(pk__in=[tickets[1].pk, tickets[4].pk]).update(next_due_at=MONDAY_TEN, reply_due_at=None)
    Ticket.objects.filter(pk=tickets[2].pk).update(next_due_at=None, reply_due_at=MONDAY_TEN)
    auditor = as_("kangming")
    whole = listed(auditor, order=order)

    paged = listed(auditor, order=order, page_size=3)
    first = auditor.get("tickets/", order=order, page_size=3).json()
    second = auditor.client.get(first["next"]).json()
    back = auditor.client.get(second["previous"]).json()

    assert paged == whole
    assert len(set(whole)) == len(tickets)
    assert back["results"] == first["results"]
    assert (first["previous"], back["previous"]) == (None, None)
    assert back["next"] is not None


def test_what_has_no_due_time_comes_last(as_, tickets):
    Ticket.objects.update(next_due_at=MONDAY_NINE)
    Ticket.objects.filter(pk=tickets[0].pk).update(next_due_at=None)

    assert listed(as_("kangming"), order="due")[-1] == tickets[0].reference


def test_a_ticket_shows_what_its_reader_may_do(as_):
    ticket = a_ticket_to_reply()

    for_rosa = as_("rosa").get(f"tickets/{ticket.reference}/").json()["possible"]
    for_wei = as_("wei").get(f"tickets/{ticket.reference}/").json()["possible"]
    for_the_auditor = as_("kangming").get(f"tickets/{ticket.reference}/").json()["possible"]

    assert {"reply", "reject_feedback", "begin_reply", "promise"} <= set(for_rosa)
    assert "reply" not in for_wei
    assert for_the_auditor == []


def test_the_history_tells_every_act_with_who_and_why(as_):
    ticket = a_ticket()
    dispatching.return_for_completion(
        ticket, faults=["record_wrong"], note="Which month?", by=person("sam"), at=MONDAY_TEN
    )

    entries = as_("rosa").get(f"tickets/{ticket.reference}/history/").json()["results"]

    assert [entry["kind"] for entry in entries] == ["accepted", "returned"]
    assert entries[1] | {"id": 0, "recorded_at": ""} == {
        "id": 0,
        "kind": "returned",
        "at": "2026-03-02T10:00:00+08:00",
        "recorded_at": "",
        "by": {"id": person("sam").pk, "name": "Sam Sang"},
        "origin": "system",
        "source": "accepted",
        "target": "returned",
        "version": 2,
        "data": {"faults": ["record_wrong"]},
        "note": "Which month?",
    }


def test_every_moment_carries_its_offset(as_):
    ticket = a_ticket_to_reply()
    later = replying.propose_next_attempt(ticket, at=MONDAY_TEN)
    replying.attempt_reply(
        ticket, medium=Medium.PHONE, result="no_answer", next_at=later, by=person("rosa"), at=MONDAY_TEN
    )

    def moments(value):
        if isinstance(value, dict):
            for name, inner in value.items():
                if (
                    isinstance(inner, str)
                    and inner
                    and (name.endswith(("_at", "_for", "_until", "_since")) or name == "at")
                ):
                    yield name, inner
                yield from moments(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from moments(inner)

    answers = [as_("rosa").get(f"tickets/{ticket.reference}/{part}").json() for part in ("", "history/")]
    found = list(moments(answers)) + list(moments(as_("rosa").get("tickets/").json()))

    assert len(found) > 15
    for name, moment in found:
        assert moment.endswith(("+08:00", "+00:00", "Z")), (name, moment)
