"""A longer limit in a special scope on the pages: 4 to 7 working days, any other number is told so (R22)."""

import pytest
from django.urls import reverse

from contact.models import Consent
from tests.people import ORDINARY, a_ticket

pytestmark = pytest.mark.django_db

SPECIAL_SCOPE = "mobile.coverage.indoor"
REFUSED = "Choose 4, 5, 6 or 7 working days."


def consenting(client, ticket, days, **given):
    """The consent to a longer limit, as the form on the ticket's page posts it."""
    said = {"deed": "consent", "what": "longer_limit", "days": days, "evidence": "recording 7", **given}
    return client.post(reverse("desk:ticket", args=[ticket.reference]), said)


@pytest.mark.parametrize("days", ["3", "8", "0", "-5", "4.5", "four", ""])
def test_any_other_number_of_working_days_is_refused_with_those_there_are(as_, days):
    ticket = a_ticket(of=SPECIAL_SCOPE, routes=False)

    answer = consenting(as_("rosa"), ticket, days)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert REFUSED in page
    assert "recording 7" in page
    assert not Consent.objects.exists()


@pytest.mark.parametrize("days", ["4", "7"])
def test_four_and_seven_working_days_are_agreed_on(as_, days):
    ticket = a_ticket(of=SPECIAL_SCOPE, routes=False)

    answer = consenting(as_("rosa"), ticket, days)

    assert answer.status_code == 302
    assert Consent.objects.get(matter=ticket.matter).days == int(days)


def test_the_normal_limit_holds_outside_a_special_scope(as_):
    ticket = a_ticket(of=ORDINARY)

    answer = consenting(as_("rosa"), ticket, "5")

    assert answer.status_code == 400
    assert not Consent.objects.exists()


@pytest.mark.parametrize("days", ["3", "8"])
def test_which_policy_would_win_is_asked_for_a_limit_there_is(as_, days):
    asked = {"kind": "reply", "category": SPECIAL_SCOPE, "days": days}

    answer = as_("lin").get(reverse("desk:which_policy"), asked)

    assert REFUSED in answer.content.decode()
