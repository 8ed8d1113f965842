"""A ticket's whole life over REST, at the moments at which it would happen."""

import pytest

from complaints.models import Entry, Ticket
from tests.api.conftest import Caller, a_matter
from tests.people import local, person

pytestmark = pytest.mark.django_db

FINDINGS = {
    "process": "Compared the bill with the plan and the usage.",
    "cause": "The plan's change was booked twice.",
    "result": "One of the two charges was taken back.",
    "person": "Wei Qiang",
    "advice": "Tell her the amount and when she will see it.",
}


@pytest.fixture
def at(time_machine):
    """Travel to a moment and act there as somebody."""

    def travel(moment: str, username: str) -> Caller:
        time_machine.move_to(local(moment), tick=False)
        return Caller(person(username))

    return travel


def done(answer, state: str) -> dict:
    """The ticket that came back, in the state it is to be in."""
    assert answer.status_code in {200, 201}, answer.content
    assert answer.json()["state"] == state
    return answer.json()


def test_a_ticket_from_the_call_to_the_callback(at):
    rosa = at("2026-03-02 09:00", "rosa")
    assert rosa.post("look-ups/", number="12055550101").status_code == 404
    reference = done(rosa.post("tickets/", **a_matter(name="Ines")), "accepted")["reference"]
    path = f"tickets/{reference}/"

    sam = at("2026-03-02 09:05", "sam")
    faults = {"faults": ["record_incomplete"], "note": "Which month?"}
    returned = done(sam.post(f"{path}return-for-completion/", **faults), "returned")
    rosa = at("2026-03-02 09:10", "rosa")
    again = rosa.get(path).json()
    assert "resubmit" in again["possible"]
    completed = {"happened": "Charged twice in February.", "record": a_matter()["record"]}
    done(rosa.post(f"{path}resubmit/", **completed, version=returned["version"]), "accepted")

    sam = at("2026-03-02 09:15", "sam")
    done(sam.post(f"{path}dispatch/", to="network", assisting=["support"], note="Please look."), "dispatched")
    wei = at("2026-03-02 09:20", "wei")
    assert reference in [row["reference"] for row in wei.get("tickets/", state="dispatched").json()["results"]]
    done(wei.post(f"{path}claim/"), "handling")

    agent = at("2026-03-02 09:30", "zhaomin")
    look_up = agent.post("look-ups/", number="12055550101").json()
    assert [row["reference"] for row in look_up["tickets"]] == [reference]
    chased = agent.post(f"look-ups/{look_up['id']}/tickets/{reference}/chase-up/", text="When will I hear of it?")
    assert chased.json()["chased"] == 1
    wei = at("2026-03-02 09:40", "wei")
    done(wei.post(f"{path}chase-ups/1/answer/", answer="This morning."), "handling")
    done(wei.post(f"{path}feed-back/", handled_at="2026-03-02T09:35:00+08:00", **FINDINGS), "replying")

    rosa = at("2026-03-02 09:50", "rosa")
    done(rosa.post(f"{path}begin-reply/"), "replying")
    attempt = {"medium": "phone", "result": "no_answer", "next_at": "2026-03-02T10:30:00+08:00"}
    done(rosa.post(f"{path}attempt-reply/", **attempt), "replying")
    rosa = at("2026-03-02 10:30", "rosa")
    done(rosa.post(f"{path}reply/", medium="phone", text="One charge was taken back."), "replied")
    outcome = {"verdict": "accepts", "liability": "company", "remedy": "30 yuan"}
    concluded = done(rosa.post(f"{path}conclude/", **outcome), "callback")
    assert (concluded["nature"], concluded["liability"]) == ("complaint", "company")

    rosa = at("2026-03-03 09:00", "rosa")
    reopened = done(rosa.post(f"{path}reopen/", reason="The money has not come."), "dispatched")
    assert (reopened["round"], reopened["lead_unit"]["code"]) == (2, "network")
    done(at("2026-03-03 09:05", "lin").post(f"{path}assign/", to=person("wei").pk), "handling")
    wei = at("2026-03-03 09:20", "wei")
    done(wei.post(f"{path}feed-back/", handled_at="2026-03-03T09:15:00+08:00", **FINDINGS), "replying")
    rosa = at("2026-03-03 09:30", "rosa")
    done(rosa.post(f"{path}reply/", medium="phone", text="It is booked now."), "replied")
    done(rosa.post(f"{path}conclude/", **outcome), "callback")

    yinmei = at("2026-03-04 10:00", "yinmei")
    due = yinmei.get("callbacks/").json()["results"]
    assert [row["ticket"] for row in due] == [reference]
    callback = f"callbacks/{due[0]['id']}/"
    assert yinmei.post(f"{callback}take/").status_code == 200
    said = yinmei.post(f"{callback}answer/", with_result="satisfied", with_handling="neutral").json()
    assert (said["state"], said["ticket_state"]) == ("answered", "closed")

    history = at("2026-03-05 09:00", "kangming").get(f"{path}history/", page_size=200).json()["results"]
    moves = [(entry["source"], entry["target"]) for entry in history if entry["target"]]
    assert [target for _source, target in moves[:-1]] == [source for source, _target in moves[1:]]
    assert moves[-1][1] == Ticket.objects.get(reference=reference).state
    assert {entry["origin"] for entry in history} == {"api"}


def test_a_matter_solved_in_the_first_contact_is_never_dispatched(at):
    rosa = at("2026-03-02 09:00", "rosa")
    reference = done(rosa.post("tickets/", **a_matter(nature="enquiry")), "accepted")["reference"]

    solved = rosa.post(f"tickets/{reference}/resolve-on-site/", verdict="accepts", liability="unfounded")

    assert solved.status_code == 200
    assert solved.json()["conclusions"][0]["on_site"]
    assert not Entry.objects.filter(ticket__reference=reference, kind="dispatched").exists()


def test_a_reply_at_night_waits_for_the_morning_unless_the_customer_agreed(at):
    rosa = at("2026-03-02 19:30", "rosa")
    reference = done(rosa.post("tickets/", **a_matter()), "accepted")["reference"]
    path = f"tickets/{reference}/"
    done(at("2026-03-02 19:35", "sam").post(f"{path}dispatch/", to="network"), "dispatched")
    wei = at("2026-03-02 19:40", "wei")
    done(wei.post(f"{path}claim/"), "handling")
    done(wei.post(f"{path}feed-back/", handled_at="2026-03-02T19:40:00+08:00", **FINDINGS), "replying")

    rosa = at("2026-03-02 20:00", "rosa")
    refused = rosa.post(f"{path}reply/", medium="phone", text="One charge was taken back.")
    done(rosa.post(f"{path}consent/", what="night", evidence="said so on the phone"), "replying")
    allowed = rosa.post(f"{path}reply/", medium="phone", text="One charge was taken back.")

    assert (refused.status_code, refused.json()["code"]) == (409, "quiet_hours")
    assert refused.json()["permitted_from"] == "2026-03-03T08:00:00+08:00"
    done(allowed, "replied")


def test_a_customer_who_is_dissatisfied_at_the_callback_is_heard_again(at):
    rosa = at("2026-03-02 09:00", "rosa")
    path = f"tickets/{done(rosa.post('tickets/', **a_matter()), 'accepted')['reference']}/"
    done(at("2026-03-02 09:05", "sam").post(f"{path}dispatch/", to="network"), "dispatched")
    wei = at("2026-03-02 09:20", "wei")
    done(wei.post(f"{path}claim/"), "handling")
    done(wei.post(f"{path}feed-back/", handled_at="2026-03-02T09:20:00+08:00", **FINDINGS), "replying")
    rosa = at("2026-03-02 09:50", "rosa")
    done(rosa.post(f"{path}reply/", medium="phone", text="One charge was taken back."), "replied")
    done(rosa.post(f"{path}conclude/", verdict="accepts", liability="company"), "callback")

    yinmei = at("2026-03-03 10:00", "yinmei")
    callback = yinmei.get("callbacks/").json()["results"][0]["id"]
    answer = {"with_result": "dissatisfied", "with_handling": "satisfied", "reason": "Charged a third time."}
    said = yinmei.post(f"callbacks/{callback}/answer/", **answer).json()
    again = at("2026-03-03 10:05", "wei").get(path).json()
    customer = at("2026-03-03 10:10", "rosa").get(f"customers/{again['customer']['id']}/").json()

    assert said["ticket_state"] == "dispatched"
    assert (again["round"], again["lead_unit"]["code"]) == (2, "network")
    assert [flag["kind"] for flag in customer["flags"]] == ["C2"]
