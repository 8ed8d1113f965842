"""Consents and promises, with their evidence (R22, R29)."""

from datetime import timedelta

import pytest

from common.refusals import Malformed, NotPossible
from complaints.actions import agreements as on_tickets
from contact import agreements
from contact.models import Consent, Matter, Promise
from tests.people import MONDAY_NINE, MONDAY_TEN, a_ticket, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def matter(db):
    """What the agreement is about."""
    return Matter.objects.create()


@pytest.mark.parametrize("days", [4, 5, 6, 7])
def test_a_longer_limit_is_four_to_seven_working_days(days, matter):
    given = agreements.consent(
        matter, what=Consent.What.LONGER_LIMIT, evidence="recorded", days=days, by=None, at=MONDAY_NINE
    )

    assert given.days == days


@pytest.mark.parametrize("days", [None, -1, 0, 1, 3, 8, 30])
def test_any_other_number_of_days_is_refused(days, matter):
    with pytest.raises(Malformed) as refused:
        agreements.consent(
            matter, what=Consent.What.LONGER_LIMIT, evidence="recorded", days=days, by=None, at=MONDAY_NINE
        )

    assert (refused.value.code, list(refused.value.errors)) == ("longer_limit_out_of_range", ["days"])
    assert not Consent.objects.exists()


def test_days_of_a_consent_to_night_contact_mean_nothing(matter):
    given = agreements.consent(matter, what=Consent.What.NIGHT, evidence="recorded", days=5, by=None, at=MONDAY_NINE)

    assert given.days is None


@pytest.mark.parametrize("evidence", ["", "  ", "\x00", "x" * 301])
def test_a_consent_and_a_promise_name_their_evidence(evidence, matter):
    with pytest.raises(Malformed) as consent:
        agreements.consent(matter, what=Consent.What.NIGHT, evidence=evidence, by=None, at=MONDAY_NINE)
    with pytest.raises(Malformed) as promise:
        agreements.promise(matter, agreed_for=MONDAY_TEN, reason="", evidence=evidence, by=None, at=MONDAY_NINE)

    assert list(consent.value.errors) == list(promise.value.errors) == ["evidence"]


def test_one_consents_to_what_there_is(matter):
    with pytest.raises(Malformed) as refused:
        agreements.consent(matter, what="everything", evidence="recorded", by=None, at=MONDAY_NINE)

    assert list(refused.value.errors) == ["what"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"agreed_for": MONDAY_NINE}, "agreed_for"),
        ({"agreed_for": MONDAY_NINE - timedelta(days=1)}, "agreed_for"),
        ({"agreed_for": MONDAY_NINE + timedelta(days=367)}, "agreed_for"),
        ({"reason": "x" * 301}, "reason"),
        ({"agreed_with": "x" * 121}, "agreed_with"),
        ({"agreed_with": "\x00"}, "agreed_with"),
    ],
)
def test_a_promise_that_is_not_well_formed_is_refused_by_its_field(given, field, matter):
    with pytest.raises(Malformed) as refused:
        agreements.promise(
            matter,
            **{"agreed_for": MONDAY_TEN, "reason": "", "evidence": "recorded"} | given,
            by=None,
            at=MONDAY_NINE,
        )

    assert list(refused.value.errors) == [field]
    assert not Promise.objects.exists()


def test_a_new_promise_replaces_the_one_before_and_both_stay_on_record(matter):
    for day in (1, 2):
        agreements.promise(
            matter,
            agreed_for=MONDAY_NINE + timedelta(days=day),
            reason="asked for",
            evidence="recorded",
            by=None,
            at=MONDAY_NINE + timedelta(minutes=day),
        )

    assert matter.promises.count() == 2
    assert matter.get_promise(MONDAY_TEN).agreed_for == MONDAY_NINE + timedelta(days=2)
    assert matter.get_promise(MONDAY_NINE + timedelta(minutes=1)).agreed_for == MONDAY_NINE + timedelta(days=1)


def test_only_a_category_of_special_scope_takes_a_longer_limit(rosa):
    ordinary = a_ticket()

    with pytest.raises(NotPossible) as refused:
        on_tickets.consent(ordinary, what="longer_limit", days=5, evidence="recorded", by=rosa, at=MONDAY_TEN)

    assert refused.value.code == "no_special_scope"
    assert not Consent.objects.exists()


def test_an_agreement_is_part_of_the_tickets_history(rosa):
    ticket = a_ticket()

    on_tickets.consent(ticket, what="night", evidence="recorded", by=rosa, at=MONDAY_NINE)
    on_tickets.promise(
        fresh(ticket),
        agreed_for=MONDAY_TEN + timedelta(days=1),
        reason="asked for",
        evidence="recorded",
        by=rosa,
        at=MONDAY_TEN,
    )

    kinds = [entry.kind for entry in ticket.entries.filter(kind__in=["consented", "promised"])]
    assert kinds == ["consented", "promised"]
