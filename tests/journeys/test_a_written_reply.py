"""A written reply over REST: drafted from the template, refused by the check, approved by two, sent by e-mail."""

import pytest
from django.core import mail

from notifications.delivery import deliver
from tests.api.conftest import Caller
from tests.people import a_ticket_to_reply, local, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(time_machine):
    """Travel to a moment and act there as somebody."""

    def travel(moment: str, username: str) -> Caller:
        time_machine.move_to(local(moment), tick=False)
        return Caller(person(username))

    return travel


def test_a_complaint_is_answered_by_an_email_that_two_have_approved(at):
    rosa = at("2026-03-02 10:00", "rosa")
    reference = a_ticket_to_reply().reference
    begun = rosa.post(
        f"tickets/{reference}/letters/", medium="email", language="zh-hans", address="ines@customer.example"
    )
    assert begun.status_code == 201, begun.content
    letter = f"letters/{begun.json()['id']}/"
    assert len(begun.json()["findings"]) == 1
    by_phone = rosa.post(f"tickets/{reference}/reply/", medium="email", text="It works again.")
    assert by_phone.status_code == 400

    refused = rosa.post(f"{letter}submit/")
    assert (refused.status_code, refused.json()["code"]) == (400, "letter_incomplete")
    words = begun.json()["versions"][0]
    words["body"] = words["body"].replace("[[金额（元），何时到账；无需退费的请说明理由]]", "30元，已于今日退回账户")
    keys = ("addressee", "address", "subject", "body")
    revised = rosa.post(f"{letter}revise/", number=1, **{key: words[key] for key in keys})
    assert (revised.json()["number"], revised.json()["findings"]) == (2, [])
    stale = rosa.post(f"{letter}revise/", number=1, **{key: words[key] for key in keys})
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    assert rosa.post(f"{letter}submit/", number=2).json()["awaits"] == "lead"
    own = rosa.post(f"{letter}decide/", approves=True)
    assert (own.status_code, own.json()["code"]) == (403, "own_letter")

    mengyao = at("2026-03-02 11:00", "mengyao")
    waiting = mengyao.get("letters/").json()["results"]
    assert [row["ticket"] for row in waiting] == [reference]
    assert mengyao.post(f"{letter}decide/", approves=True, number=2).json()["awaits"] == "legal"
    luyi = at("2026-03-02 17:00", "luyi")
    assert luyi.get(f"{letter}paper/").content.startswith(b"%PDF")
    assert luyi.post(f"{letter}decide/", approves=True, number=2).json()["standing"] == "approved"

    rosa = at("2026-03-02 20:30", "rosa")
    at_night = rosa.post(f"{letter}send/", number=2)
    assert (at_night.status_code, at_night.json()["code"]) == (409, "quiet_hours")
    rosa = at("2026-03-03 08:05", "rosa")
    assert rosa.post(f"{letter}send/", number=2).json()["standing"] == "sent"
    deliver(local("2026-03-03 08:06"))

    ticket = rosa.get(f"tickets/{reference}/").json()
    assert ticket["state"] == "replied"
    assert ticket["reply_attempts"][0]["medium"] == "email"
    (sent,) = [each for each in mail.outbox if each.to == ["ines@customer.example"]]
    assert "30元，已于今日退回账户" in sent.body
    assert [review["step"] for review in rosa.get(letter).json()["reviews"]] == ["lead", "legal"]
