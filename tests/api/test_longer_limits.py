"""A longer limit in a special scope by REST: 4 to 7 working days, any other number is a 400 that names them (R22)."""

import pytest

from contact.models import Consent
from tests.people import ORDINARY, a_ticket, fresh

pytestmark = pytest.mark.django_db

SPECIAL_SCOPE = "mobile.coverage.indoor"
REFUSED = ["Choose 4, 5, 6 or 7 working days."]


def consenting(caller, ticket, days):
    """The consent to a longer limit."""
    return caller.post(f"tickets/{ticket.reference}/consent/", what="longer_limit", evidence="recording 7", days=days)


@pytest.mark.parametrize("days", [3, 8, 30, None])
def test_any_other_number_of_working_days_is_refused_with_those_there_are(as_, days):
    ticket = a_ticket(of=SPECIAL_SCOPE, routes=False)

    answer = consenting(as_("rosa"), ticket, days)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, "longer_limit_out_of_range")
    assert problem["errors"] == {"days": REFUSED}
    assert not Consent.objects.exists()
    assert fresh(ticket).version == ticket.version


@pytest.mark.parametrize("days", [0, -1, "5", 4.5, True, [5]])
def test_what_is_no_number_of_days_at_all_is_refused_by_its_field(as_, days):
    ticket = a_ticket(of=SPECIAL_SCOPE, routes=False)

    answer = consenting(as_("rosa"), ticket, days)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["days"])
    assert not Consent.objects.exists()


@pytest.mark.parametrize("days", [4, 7])
def test_four_and_seven_working_days_are_agreed_on(as_, days):
    ticket = a_ticket(of=SPECIAL_SCOPE, routes=False)

    answer = consenting(as_("rosa"), ticket, days)

    assert answer.status_code == 200
    assert answer.json()["consents"][0]["what"] == "longer_limit"
    assert Consent.objects.get(matter=ticket.matter).days == days


def test_the_normal_limit_holds_outside_a_special_scope(as_):
    ticket = a_ticket(of=ORDINARY)

    answer = consenting(as_("rosa"), ticket, 5)

    assert (answer.status_code, answer.json()["code"]) == (409, "no_special_scope")
    assert not Consent.objects.exists()


@pytest.mark.parametrize("days", ["3", "8"])
def test_which_policy_would_win_is_asked_for_a_limit_there_is(as_, days):
    answer = as_("lin").get("policies/which/", kind="reply", category=SPECIAL_SCOPE, days=days)

    assert (answer.status_code, answer.json()["errors"]) == (400, {"days": REFUSED})
