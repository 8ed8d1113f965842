"""Callback campaigns by REST: drawn, seen and listed with the same action as on the page (R70, R71)."""

import pytest

from callbacks.models import Callback, Campaign
from tests.callbacks.stories import a_concluded_ticket
from tests.people import MONDAY_TEN, a_customer, person, somebody

pytestmark = pytest.mark.django_db

ASKED = {"month": "2026-03", "unit": "province", "sample": "all"}


@pytest.fixture(autouse=True)
def monday_at_ten(time_machine):
    time_machine.move_to(MONDAY_TEN, tick=False)


@pytest.fixture
def director(as_):
    return as_(somebody("director").username)


def test_a_campaign_is_drawn_and_told_with_how_far_it_has_come(director):
    a_concluded_ticket(nature="enquiry", customer=a_customer("12055550150"))

    answer = director.post("callbacks/campaigns/", **ASKED, calls_from="2026-03-03", calls_until="2026-03-31")

    drawn = answer.json()
    assert answer.status_code == 201
    assert (drawn["month"], drawn["unit"]["code"], drawn["drawn"], drawn["still_open"]) == ("2026-03", "province", 1, 1)
    assert (drawn["calls_from"], drawn["calls_until"], drawn["ended_at"]) == ("2026-03-03", "2026-03-31", None)
    assert director.get(f"callbacks/campaigns/{drawn['id']}/").json() == drawn
    assert director.get("callbacks/campaigns/").json()["results"] == [drawn]
    assert Callback.objects.get(campaign=drawn["id"]).planned_for.isoformat() == "2026-03-03T00:00:00+00:00"


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"month": "soon"}, "month"),
        ({"month": "2026-13"}, "month"),
        ({"month": "2026-03-01"}, "month"),
        ({"month": "2026-04"}, "month"),
        ({"month": 202603}, "month"),
        ({"unit": "nowhere"}, "unit"),
        ({"unit": 1}, "unit"),
        ({"sample": "best"}, "sample"),
        ({"sample": "share"}, "share"),
        ({"sample": "share", "share": 0}, "share"),
        ({"sample": "share", "share": 101}, "share"),
        ({"calls_from": "2026-03-01"}, "calls_from"),
        ({"calls_until": "2026-03-01"}, "calls_until"),
        ({"calls_from": "2026-03-05", "calls_until": "2026-03-04"}, "calls_until"),
        ({"calls_until": "2028-01-01"}, "calls_until"),
        ({"calls_until": "2026-02-30"}, "calls_until"),
        ({"calls_until": "9999-12-31"}, "calls_until"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_its_field(director, bad, field):
    answer = director.post("callbacks/campaigns/", **ASKED | bad)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not Campaign.objects.exists()


def test_a_campaign_is_drawn_once(director):
    director.post("callbacks/campaigns/", **ASKED)

    again = director.post("callbacks/campaigns/", **ASKED)

    assert (again.status_code, again.json()["code"]) == (409, "drawn_already")


def test_an_agent_at_the_front_line_draws_none_and_sees_none(as_, director):
    drawn = director.post("callbacks/campaigns/", **ASKED).json()["id"]

    refused = as_("rosa").post("callbacks/campaigns/", **ASKED | {"sample": "liable"})

    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    assert as_("rosa").get("callbacks/campaigns/").json()["results"] == []
    assert as_("rosa").get(f"callbacks/campaigns/{drawn}/").status_code == 404
    assert Campaign.objects.get().started_by != person("rosa")
