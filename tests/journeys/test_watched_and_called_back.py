"""Two stories over HTTP: a dissatisfied callback that ends well (R74), and flag A on the third complaint (R16, R80)."""

import pytest

from accounts.models import Role
from customers.models import Customer
from tests.api.conftest import a_matter
from tests.journeys.test_a_whole_life_over_rest import FINDINGS, at, done  # noqa: F401  (at is a fixture)
from tests.people import somebody

pytestmark = pytest.mark.django_db


def answered(at, path: str, day: str) -> None:  # noqa: F811
    """From the unit's queue to the conclusion, within a morning."""
    wei = at(f"{day} 09:20", "wei")
    done(wei.post(f"{path}claim/"), "handling")
    done(wei.post(f"{path}feed-back/", handled_at=f"{day}T09:20:00+08:00", **FINDINGS), "replying")
    rosa = at(f"{day} 09:40", "rosa")
    done(rosa.post(f"{path}reply/", medium="phone", text="One charge was taken back."), "replied")
    concluded = {"verdict": "accepts", "liability": "company", "remedy": "One charge was taken back."}
    done(rosa.post(f"{path}conclude/", **concluded), "callback")


def test_a_dissatisfied_callback_reopens_the_ticket_and_it_ends_well(at):  # noqa: F811
    caller = somebody(Role.CALLBACK_AGENT).username
    reference = done(at("2026-03-02 09:00", "rosa").post("tickets/", **a_matter()), "accepted")["reference"]
    path = f"tickets/{reference}/"
    done(at("2026-03-02 09:10", "sam").post(f"{path}dispatch/", to="network"), "dispatched")
    answered(at, path, "2026-03-02")

    mei = at("2026-03-03 10:00", caller)
    [first] = mei.get("callbacks/").json()["results"]
    refused = at("2026-03-03 10:00", "rosa").post(
        f"callbacks/{first['id']}/answer/", with_result="satisfied", with_handling="satisfied"
    )
    assert refused.status_code in {403, 404}
    mei.post(f"callbacks/{first['id']}/take/")
    unhappy = {"with_result": "dissatisfied", "with_handling": "satisfied"}
    assert mei.post(f"callbacks/{first['id']}/answer/", **unhappy).status_code == 400
    said = mei.post(f"callbacks/{first['id']}/answer/", **unhappy, reason="The amount is wrong.").json()
    assert (said["state"], said["ticket_state"]) == ("answered", "dispatched")

    again = at("2026-03-04 09:00", "rosa").get(path).json()
    assert (again["round"], again["lead_unit"]["code"]) == (2, "network")
    assert again["reply_due_at"] is not None
    assert Customer.objects.get(number="12055550101").flags.filter(kind="C2").exists()
    answered(at, path, "2026-03-04")

    mei = at("2026-03-05 10:00", caller)
    [second] = mei.get("callbacks/").json()["results"]
    assert second["id"] != first["id"]
    done_now = mei.post(f"callbacks/{second['id']}/answer/", with_result="satisfied", with_handling="satisfied")
    assert done_now.json()["ticket_state"] == "closed"
    kinds = [entry["kind"] for entry in at("2026-03-05 10:00", "rosa").get(f"{path}history/").json()["results"]]
    assert kinds.count("callback_finished") == 2
    assert kinds.count("reopened") == 1


def test_the_third_complaint_of_a_month_brings_flag_a_its_rule_and_an_expert(at):  # noqa: F811
    categories = ["billing.charges.monthly-fee", "billing.charges.wrong-rate", "billing.charges.monthly-fee"]
    references = []
    for day, code in zip(("02", "03", "04"), categories, strict=True):
        rosa = at(f"2026-03-{day} 10:00", "rosa")
        matter = a_matter(category=code, duplicate_reason="another month")
        references.append(done(rosa.post("tickets/", **matter), "accepted")["reference"])
        look_up = rosa.post("look-ups/", number="12055550101").json()
        flags = [flag["kind"] for flag in look_up["customer"]["flags"]]
        assert flags == (["A"] if day == "04" else [])

    assert look_up["customer"]["flags"][0]["handling_rule"] == "An expert seat takes the case and stays with it."
    flag = Customer.objects.get(number="12055550101").flags.get(kind="A")
    assert (flag.raised_by, flag.expires_at.isoformat()) == (None, "2026-03-31T16:00:00+00:00")
    sam = at("2026-03-04 10:05", "sam")
    listed = sam.client.get("/dispatch/", {"ticket": references[-1]}).content.decode()
    assert "expert" in listed.lower()
