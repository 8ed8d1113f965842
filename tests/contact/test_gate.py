"""The one gate to the customer: permitted hours, consent, or a time agreed (R23)."""

from datetime import time, timedelta

import pytest

from common.refusals import NotPossible
from contact import agreements, gate
from contact.models import Consent, Contact, Ground, Matter, Purpose, QuietHours
from tests.people import MONDAY_NIGHT, MONDAY_NINE, local

pytestmark = pytest.mark.django_db

MORNING = local("2026-03-03 08:00")
SECOND = timedelta(seconds=1)


@pytest.fixture
def matter(db):
    """What contact is about."""
    return Matter.objects.create()


def promise(matter, agreed_for, *, at=MONDAY_NINE):
    return agreements.promise(matter, agreed_for=agreed_for, reason="asked for", evidence="recorded", by=None, at=at)


def consent(matter, *, at=MONDAY_NINE):
    return agreements.consent(matter, what=Consent.What.NIGHT, evidence="recorded", by=None, at=at)


@pytest.mark.parametrize(
    ("wall", "permitted"),
    [("19:59:59.999", True), ("20:00", False), ("23:30", False), ("07:59:59.999", False), ("08:00", True)],
)
def test_the_gate_closes_at_eight_in_the_evening_and_opens_at_eight_in_the_morning(wall, permitted, matter):
    assert gate.decide(matter, at=local(f"2026-03-02 {wall}")).permitted == permitted


@pytest.mark.parametrize("purpose", sorted(set(Purpose) - gate.ASKED_FOR))
@pytest.mark.parametrize("medium", ["phone", "sms", "email", "letter", "visit"])
def test_no_purpose_and_no_medium_goes_around_the_gate(purpose, medium, matter):
    with pytest.raises(NotPossible) as refused:
        gate.pass_through(matter, purpose=purpose, medium=medium, by=None, at=MONDAY_NIGHT)

    assert (refused.value.status, refused.value.code) == (409, "quiet_hours")
    assert refused.value.facts["permitted_from"] == MORNING
    assert "08:00" in refused.value.message or "8 a.m." in refused.value.message
    assert not Contact.objects.exists()


@pytest.mark.parametrize("purpose", sorted(gate.ASKED_FOR))
def test_what_the_customer_asked_for_just_now_reaches_them_at_night_and_says_why(purpose, matter):
    passed = gate.pass_through(matter, purpose=purpose, medium="sms", by=None, at=MONDAY_NIGHT)

    assert passed.ground == Ground.ASKED


def test_every_contact_that_passes_is_recorded_with_its_ground(matter, rosa):
    gate.pass_through(matter, purpose=Purpose.REPLY, medium="phone", by=rosa, at=MONDAY_NINE)

    contact = Contact.objects.get()
    assert (contact.ground, contact.purpose, contact.by, contact.at) == (
        Ground.HOURS,
        Purpose.REPLY,
        rosa,
        MONDAY_NINE,
    )


# Consent


def test_who_consented_is_contacted_at_night(matter):
    consent(matter)

    assert gate.decide(matter, at=MONDAY_NIGHT).ground == Ground.CONSENT


def test_a_consent_holds_from_when_it_was_given_until_it_is_withdrawn(matter):
    given = consent(matter, at=MONDAY_NIGHT)
    given.withdrawn_at = MONDAY_NIGHT + timedelta(hours=1)
    given.save()

    permitted = [
        gate.decide(matter, at=at).permitted
        for at in (MONDAY_NIGHT - SECOND, MONDAY_NIGHT, given.withdrawn_at - SECOND, given.withdrawn_at)
    ]

    assert permitted == [False, True, True, False]


def test_a_consent_to_something_else_or_about_another_matter_opens_nothing(matter):
    agreements.consent(matter, what=Consent.What.LONGER_LIMIT, evidence="recorded", days=5, by=None, at=MONDAY_NINE)
    consent(Matter.objects.create())

    assert not gate.decide(matter, at=MONDAY_NIGHT).permitted


# Promises


@pytest.mark.parametrize(
    ("offset", "permitted"),
    [(-SECOND, False), (timedelta(0), True), (timedelta(minutes=30) - SECOND, True), (timedelta(minutes=30), False)],
)
def test_a_time_agreed_with_the_customer_opens_the_gate_for_its_margin(offset, permitted, matter):
    promise(matter, MONDAY_NIGHT)

    decision = gate.decide(matter, at=MONDAY_NIGHT + offset)

    assert decision.permitted == permitted
    assert decision.ground == (Ground.PROMISE if permitted else None)


def test_before_the_agreed_time_the_gate_names_it_and_after_it_the_morning(matter):
    promise(matter, MONDAY_NIGHT)

    before = gate.decide(matter, at=local("2026-03-02 20:30"))
    after = gate.decide(matter, at=local("2026-03-02 23:00"))

    assert (before.permitted_from, after.permitted_from) == (MONDAY_NIGHT, MORNING)


def test_a_promise_for_the_next_evening_does_not_keep_the_morning_closed(matter):
    promise(matter, local("2026-03-03 21:30"))

    assert gate.decide(matter, at=MONDAY_NIGHT).permitted_from == MORNING


def test_a_promise_that_was_replaced_opens_nothing(matter):
    promise(matter, MONDAY_NIGHT)
    promise(matter, local("2026-03-03 10:00"), at=MONDAY_NINE + SECOND)

    assert not gate.decide(matter, at=MONDAY_NIGHT).permitted


def test_what_a_page_has_loaded_decides_as_the_database_does(matter):
    promise(matter, MONDAY_NIGHT)
    promise(matter, local("2026-03-02 23:00"), at=MONDAY_NINE + SECOND)
    given = consent(matter, at=local("2026-03-03 01:00"))
    given.withdrawn_at = local("2026-03-03 02:00")
    given.save()
    agreements.consent(matter, what=Consent.What.HOLD, evidence="recorded", by=None, at=MONDAY_NINE)
    quarters = [MONDAY_NINE + timedelta(minutes=15) * number for number in range(24 * 4)]

    loaded = list(matter.consents.all()), list(matter.promises.all())

    decided = [gate.decide_from(*loaded, at=at) for at in quarters]
    assert decided == [gate.decide(matter, at=at) for at in quarters]
    assert {each.ground for each in decided} == {None, Ground.HOURS, Ground.PROMISE, Ground.CONSENT}


# Data


def test_hours_and_margin_are_data(matter):
    QuietHours.objects.update_or_create(
        pk=1, defaults={"starts": time(22), "ends": time(7), "promise_margin_minutes": 5}
    )
    promise(matter, local("2026-03-02 23:00"))

    permitted = {
        wall: gate.decide(matter, at=local(f"2026-03-02 {wall}")).permitted
        for wall in ("21:59", "22:00", "23:04", "23:05", "06:59", "07:00")
    }

    assert permitted == {"21:59": True, "22:00": False, "23:04": True, "23:05": False, "06:59": False, "07:00": True}


def test_without_a_row_the_shipped_hours_hold(matter):
    QuietHours.objects.all().delete()

    assert not gate.decide(matter, at=MONDAY_NIGHT).permitted
