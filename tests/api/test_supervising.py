"""Escalations, limits and approvals over REST (R28, R33, R91–R94)."""

import pytest

from approvals.models import Approval
from escalation.actions.raising import escalate
from escalation.models import Escalation
from tests.people import MONDAY_NINE, MONDAY_TEN, a_dispatched_ticket, a_ticket, a_ticket_to_reply, fresh, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def escalation(db, time_machine):
    """Rosa has put a ticket of the network department before its supervisor, Anran; it is Monday, ten o'clock."""
    time_machine.move_to(MONDAY_TEN, tick=False)
    return escalate(a_dispatched_ticket(), reason="She threatens to sue.", by=person("rosa"), at=MONDAY_NINE)[0]


def test_an_escalation_waits_in_the_inbox_until_it_is_resolved(as_, escalation):
    anran = as_("anran")

    waiting = anran.get("escalations/").json()["results"]
    acknowledged = anran.post(f"escalations/{escalation.pk}/acknowledge/")
    resolved = anran.post(f"escalations/{escalation.pk}/resolve/", note="Called her.")

    assert [row["id"] for row in waiting] == [escalation.pk]
    assert waiting[0]["reason"] == "by_hand"
    assert acknowledged.json()["state"] == "acknowledged"
    assert acknowledged.json()["acknowledged_by"]["id"] == person("anran").pk
    assert resolved.json()["state"] == "resolved"
    assert anran.get("escalations/").json()["results"] == []


def test_an_escalation_is_acknowledged_once(as_, escalation):
    as_("lin").post(f"escalations/{escalation.pk}/acknowledge/")

    again = as_("lin").post(f"escalations/{escalation.pk}/acknowledge/")

    assert (again.status_code, again.json()["code"]) == (409, "not_possible_now")


def test_others_do_not_acknowledge_and_strangers_to_the_ticket_do_not_see_it(as_, escalation):
    assert as_("wei").post(f"escalations/{escalation.pk}/acknowledge/").status_code == 403
    assert as_("noor").post(f"escalations/{escalation.pk}/acknowledge/").status_code == 404
    assert as_("wei").get("escalations/").json()["results"] == []


def test_many_are_acknowledged_at_once_and_each_answers_for_itself(as_, escalation):
    other = escalate(a_ticket(), reason="He threatens to sue.", by=person("rosa"), at=MONDAY_NINE)[0]
    as_("lin").post(f"escalations/{other.pk}/acknowledge/")

    answer = as_("lin").post("escalations/acknowledge-many/", ids=[escalation.pk, other.pk, 10**9])

    results = answer.json()["results"]
    assert [(row["id"], row["done"], row["code"]) for row in results] == [
        (escalation.pk, True, ""),
        (other.pk, False, "not_possible_now"),
        (10**9, False, "not_found"),
    ]


@pytest.mark.parametrize("ids", [[], ["x"], [0], [10**30], list(range(1, 102)), "all", None])
def test_which_are_meant_is_said_well(as_, escalation, ids):
    answer = as_("lin").post("escalations/acknowledge-many/", ids=ids)

    assert (answer.status_code, next(iter(answer.json()["errors"]))[:3]) == (400, "ids")


def test_a_supervisor_takes_over_reassigns_and_demands(as_, escalation):
    path = f"tickets/{escalation.ticket.reference}/"
    anran = as_("anran")

    taken = anran.post(f"{path}take-over/")
    demanded = anran.post(f"{path}demand/", text="Call her before noon.")
    reassigned = anran.post(f"{path}reassign/", person=person("wei").pk)
    neither = anran.post(f"{path}reassign/", reason="away")

    assert taken.json()["handler"]["id"] == person("anran").pk
    assert demanded.status_code == 200
    assert reassigned.json()["handler"]["id"] == person("wei").pk
    assert neither.status_code == 400
    assert Escalation.objects.get(pk=escalation.pk).state == "acknowledged"


def test_a_ticket_is_put_before_a_supervisor_over_rest(as_):
    ticket = a_ticket()

    answer = as_("rosa").post(f"tickets/{ticket.reference}/escalate/", reason="She threatens to sue.")
    listed = as_("rosa").get(f"tickets/{ticket.reference}/escalations/").json()["results"]

    assert answer.status_code == 200
    assert "by_hand" in {row["reason"] for row in listed}


def test_a_supervisor_decides_how_grave_it_is(as_):
    ticket = a_ticket()
    as_("rosa").post(f"tickets/{ticket.reference}/mark-grave/", reason="She threatens to sue.")

    lowered = as_("lin").post(
        f"tickets/{ticket.reference}/decide-gravity/", grave=False, reason="It was said in anger."
    )
    refused = as_("rosa").post(f"tickets/{ticket.reference}/decide-gravity/", grave=True)

    assert lowered.json()["is_grave"] is False
    assert refused.status_code == 403


def test_every_clock_says_why_it_is_due_when_it_is(as_):
    ticket = a_ticket()

    clocks = as_("rosa").get(f"tickets/{ticket.reference}/clocks/").json()["clocks"]
    shown = as_("rosa").get(f"tickets/{ticket.reference}/").json()["clocks"]

    assert {clock["kind"] for clock in clocks} == {"dispatch", "reply"}
    assert [clock["due_at"] for clock in clocks] == [clock["due_at"] for clock in shown]
    for clock in clocks:
        assert clock["sentences"]
        assert clock["steps"][-1]["ends_at"] == clock["due_at"]
        assert clock["policy"]


def test_a_supervisor_extends_a_limit(as_, time_machine):
    ticket = a_ticket()
    time_machine.move_to(MONDAY_NINE, tick=False)
    body = {"clock": "reply", "until": "2026-03-02T17:00:00+08:00", "reason": "The partner answers at noon."}

    extended = as_("lin").post(f"tickets/{ticket.reference}/extend/", **body)
    refused = as_("rosa").post(f"tickets/{ticket.reference}/extend/", **body)

    reply = next(clock for clock in extended.json()["clocks"] if clock["kind"] == "reply")
    assert reply["due_at"] == "2026-03-02T17:00:00+08:00"
    assert fresh(ticket).reply_due_at.isoformat() == "2026-03-02T09:00:00+00:00"
    assert refused.status_code == 403


def test_a_solution_waits_for_the_decision_of_whose_authority_covers_it(as_, time_machine):
    time_machine.move_to(MONDAY_TEN, tick=False)
    ticket = a_ticket_to_reply()
    path = f"tickets/{ticket.reference}/"

    asked = as_("rosa").post(
        f"{path}request-approval/", kind="compensation", amount="120.00", solution="Two months free."
    )
    too_early = as_("rosa").post(f"{path}reply/", medium="phone", text="Two months free.")
    waiting = as_("mengyao").get("approvals/").json()["results"]
    own = as_("rosa").post(f"approvals/{waiting[0]['id']}/decide/", approves=True)
    decided = as_("mengyao").post(f"approvals/{waiting[0]['id']}/decide/", approves=True)
    replied = as_("rosa").post(f"{path}reply/", medium="phone", text="Two months free.")

    assert asked.status_code == 200
    assert too_early.status_code == 409
    assert (waiting[0]["ticket"], waiting[0]["amount"]) == (ticket.reference, "120.00")
    assert own.status_code == 403
    assert decided.json()["decision"] == "approved"
    assert replied.status_code == 200


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-5", "0", "1e400", "12.345", "99999999999", None, [], "a lot"])
def test_an_amount_is_an_amount(as_, amount):
    ticket = a_ticket_to_reply()

    answer = as_("rosa").post(
        f"tickets/{ticket.reference}/request-approval/", kind="waiver", amount=amount, solution="Two months free."
    )

    assert answer.status_code == 400
    assert not Approval.objects.exists()


def test_an_approval_of_others_is_not_there(as_):
    ticket = a_ticket_to_reply()
    as_("rosa").post(
        f"tickets/{ticket.reference}/request-approval/", kind="waiver", amount="120", solution="Two months free."
    )
    approval = Approval.objects.get()

    assert as_("noor").post(f"approvals/{approval.pk}/decide/", approves=True).status_code == 404
    assert as_("noor").get("approvals/").json()["results"] == []
    assert as_("rosa").post(f"approvals/{approval.pk}/withdraw/").json()["decision"] == "withdrawn"
