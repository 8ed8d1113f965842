"""Customers to watch by REST (section 9): flags raised at any contact, lifted, acted against on record (R76, R80)."""

import pytest

from complaints.models import Entry
from customers.models import Flag, FlagKind, RuleOverride
from customers.watching import mark
from tests.people import MONDAY_NINE, MONDAY_TEN, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday_at_ten(time_machine):
    time_machine.move_to(MONDAY_TEN, tick=False)


@pytest.fixture
def watched(ticket) -> Flag:
    return mark(ticket.customer, kind=FlagKind.B1, reason="shouts", by=person("lin"), at=MONDAY_NINE)


def test_a_flag_is_raised_and_shown_with_its_rule_wherever_the_customer_is(as_, ticket):
    answer = as_("rosa").post(
        f"tickets/{ticket.reference}/raise-flag/", kind="D", reason="will go to court", handling_rule="Lin calls."
    )

    shown = answer.json()["flags"][0]
    assert (shown["kind"], shown["reason"], shown["handling_rule"]) == ("D", "will go to court", "Lin calls.")
    assert as_("rosa").get(f"customers/{ticket.customer_id}/").json()["flags"] == [shown]
    assert Entry.objects.get(ticket=ticket, kind="flag_raised").note.text == "will go to court"
    assert ticket.escalations.filter(reason="flag_d").exists()


def test_a_survey_of_another_programme_sets_c3_for_a_year(as_, ticket):
    answer = as_("rosa").post(f"tickets/{ticket.reference}/raise-flag/", kind="C3", reason="survey of branches")

    assert answer.json()["flags"][0]["expires_at"].startswith("2027-03-02T10:00")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"kind": "A", "reason": "x"}, "kind"),
        ({"kind": "Z", "reason": "x"}, "kind"),
        ({"kind": "B1", "reason": " "}, "reason"),
        ({"kind": "B1", "reason": "x" * 301}, "reason"),
        ({"kind": "B1", "reason": "a\nb"}, "reason"),
        ({"kind": "B1", "reason": "x", "handling_rule": "x" * 301}, "handling_rule"),
    ],
)
def test_what_is_no_flag_by_hand_is_refused_by_its_field(as_, ticket, asked, field):
    answer = as_("rosa").post(f"tickets/{ticket.reference}/raise-flag/", **asked)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not Flag.objects.exists()


def test_who_meets_no_customers_flags_none(as_, ticket):
    answer = as_("sam").post(f"tickets/{ticket.reference}/raise-flag/", kind="D", reason="x")

    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    assert not Flag.objects.exists()


def test_acting_against_the_rule_is_recorded_with_its_reason(as_, ticket, watched):
    path = f"tickets/{ticket.reference}/override-rule/"

    without_reason = as_("rosa").post(path, kind="B1")
    done = as_("rosa").post(path, kind="B1", reason="nobody else is in")

    assert (without_reason.status_code, done.status_code) == (400, 200)
    assert [(one.flag, one.by, one.reason) for one in RuleOverride.objects.all()] == [
        (watched, person("rosa"), "nobody else is in")
    ]
    assert Entry.objects.get(ticket=ticket, kind="rule_overridden").data["flag"] == "B1"


def test_a_flag_that_the_customer_does_not_carry_has_no_rule_to_act_against(as_, ticket, watched):
    for operation in ("override-rule", "lift-flag"):
        answer = as_("lin").post(f"tickets/{ticket.reference}/{operation}/", kind="B3", reason="x")

        assert (answer.status_code, answer.json()["code"]) == (409, "no_such_flag")
    assert not RuleOverride.objects.exists()


def test_a_supervisor_lifts_a_flag_and_an_agent_does_not(as_, ticket, watched):
    path = f"tickets/{ticket.reference}/lift-flag/"

    refused = as_("rosa").post(path, kind="B1")
    lifted = as_("lin").post(path, kind="B1")

    assert (refused.status_code, lifted.status_code) == (403, 200)
    assert lifted.json()["flags"] == []
    assert Flag.objects.get(pk=watched.pk).lifted_by == person("lin")


def test_a_flag_decided_on_an_old_view_is_refused(as_, ticket):
    answer = as_("rosa").post(
        f"tickets/{ticket.reference}/raise-flag/", kind="D", reason="x", version=ticket.version + 1
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "changed_meanwhile")
    assert not Flag.objects.exists()
