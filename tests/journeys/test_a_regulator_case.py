"""A regulator's case over REST: foreseen, put on record, accepted, answered in time, and counted."""

import pytest

from authorities.actions.warning import warn
from notifications.models import Message
from tests.api.conftest import Caller
from tests.people import a_ticket_in_hand, local, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(time_machine):
    """Travel to a moment and act there as somebody."""

    def travel(moment: str, username: str) -> Caller:
        time_machine.move_to(local(moment), tick=False)
        return Caller(person(username))

    return travel


def test_a_complaint_that_nobody_answers_comes_to_the_regulator_and_back(at):
    at("2026-03-02 09:00", "rosa")
    reference = a_ticket_in_hand().reference

    lin = at("2026-03-14 09:10", "lin")
    warn(local("2026-03-14 09:05"))
    warn(local("2026-03-14 10:05"))
    (near,) = lin.get("appeals/").json()["results"]
    assert (near["reference"], near["days"]) == (reference, 3)
    assert Message.objects.filter(kind="appeal_near", recipient=person("lin"), channel="in_app").count() == 1

    lin = at("2026-03-18 10:00", "lin")
    assert lin.get("appeals/").json()["results"][0]["days"] == 0
    letter = {
        "kind": "regulator",
        "name": "省通信管理局",
        "number": "申诉〔2026〕117号",
        "level": "provincial",
        "demand": "请在十个工作日内书面答复。",
        "lodged_at": "2026-03-17T16:00:00+08:00",
        "received_at": "2026-03-18T09:00:00+08:00",
    }
    assert Caller(person("rosa")).post(f"tickets/{reference}/open-case/", **letter).status_code == 403
    assert Caller(person("noor")).post(f"tickets/{reference}/open-case/", **letter).status_code == 404
    wrong = lin.post(f"tickets/{reference}/open-case/", **letter | {"number": "", "lodged_at": "yesterday"})
    assert (wrong.status_code, set(wrong.json()["errors"])) == (400, {"number", "lodged_at"})
    seen = lin.get(f"tickets/{reference}/").json()
    assert "open_case" in seen["possible"]
    opened = lin.post(f"tickets/{reference}/open-case/", **letter, version=seen["version"])
    assert opened.status_code == 200, opened.content
    assert (opened.json()["addressee"], opened.json()["level"]) == ("regulator", "provincial")
    stale = lin.post(f"tickets/{reference}/open-case/", **letter | {"number": "2"}, version=seen["version"])
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    again = lin.post(f"tickets/{reference}/open-case/", **letter)
    assert (again.status_code, again.json()["code"]) == (409, "case_on_record")
    assert lin.get("appeals/").json()["results"] == []

    (case,) = lin.get("authority-cases/").json()["results"]
    assert case["tickets"] == [reference]
    assert case["acceptance_due_at"][:10] == "2026-03-24"
    assert case["answer_due_at"][:10] == "2026-04-01"
    assert case["answer_limit_confirmed"] is False
    address = f"authority-cases/{case['id']}/"
    assert Caller(person("noor")).get(address).status_code == 404
    assert Caller(person("rosa")).get(address).status_code == 200
    assert Caller(person("rosa")).post(f"{address}answer/", text="Paid back.").status_code == 403

    luyi = at("2026-03-23 11:00", "luyi")
    accepted = luyi.post(f"{address}note-acceptance/", accepts=True, decided_at="2026-03-23T09:00:00+08:00").json()
    assert (accepted["state"], accepted["decision_due_at"]) == ("accepted", "2026-04-22T09:00:00+08:00")
    for bad in (
        {},
        {"title": "Letter"},
        {"title": "Letter", "link": "ftp://files.example/1"},
        {"title": 7, "text": "x"},
    ):
        assert luyi.post(f"{address}add-document/", **bad).status_code == 400, bad
    assert luyi.post(f"{address}add-document/", title="来函", text="全文").json()["documents"][0]["title"] == "来函"
    for bad in ("T-1", "nonsense", 7, None):
        assert luyi.post(f"{address}link-ticket/", ticket=bad).status_code == 400, bad
    answered = luyi.post(f"{address}answer/", text="已退费三十元并致歉。").json()
    assert answered["answered_by"]["id"] == person("luyi").pk
    assert luyi.post(f"{address}answer/", text="再答。").json()["code"] == "answered_already"

    luyi = at("2026-04-20 11:00", "luyi")
    assert luyi.post(f"{address}close/", outcome="调解一致，结案。").json()["state"] == "closed"
    assert luyi.get("authority-cases/").json()["results"] == []

    lin = at("2026-04-30 09:00", "lin")
    period = {"since": "2026-03-01", "last": "2026-04-30"}
    assert lin.get("figures/timely_authority/", **period).json()["total"]["numbers"]["met"] == 1
    assert lin.get("figures/escalated/", **period).json()["total"]["numbers"]["escalated"] == 1
    told = [entry["kind"] for entry in lin.get(f"tickets/{reference}/history/").json()["results"]]
    for kind in ("appeal_near", "case_opened", "case_accepted", "case_document_added", "case_answered", "case_closed"):
        assert kind in told
