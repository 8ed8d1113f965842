"""Acceptance: every contact is recorded, complete and owned (R10–R13, R15)."""

from datetime import timedelta

import pytest

from accounts.models import Role
from common.refusals import Malformed, NotPossible
from complaints.actions import acceptance, cancelling, classifying
from complaints.actions.acceptance import Contacting, Matters
from complaints.models import Category, Ticket
from complaints.states import Addressee, Level, Medium, State
from contact.models import Consent, Promise
from tests.people import (
    MONDAY_NIGHT,
    MONDAY_NINE,
    MONDAY_TEN,
    a_customer,
    a_record,
    a_ticket,
    category,
    fresh,
    local,
    person,
    somebody,
    unit,
)

pytestmark = pytest.mark.django_db

ACCEPTING = ("unit", "by", "at", "raised_at", "duplicate_reason", "external_id")
CONTACTING = ("number", "preferred_medium", "night", "night_evidence")
TOO_LONG = "x" * 10_001
CONTROL = "before\x00after"
SURROGATE = "\ud800"


def accept(*, of: Category | None = None, record: dict | None = None, **given):
    """Take in Ines's matter as Rosa, with only what the test cares about."""
    filed_under = of or category()
    accepting = {"unit": unit("acceptance"), "by": person("rosa"), "at": MONDAY_NINE}
    accepting |= {name: given.pop(name) for name in ACCEPTING if name in given}
    contacting = Contacting(**{name: given.pop(name) for name in CONTACTING if name in given})
    matter = {"happened": "The bill is wrong.", "record": a_record(filed_under) if record is None else record}
    return acceptance.accept(
        a_customer(), matter=Matters(category=filed_under, **matter | given), contacting=contacting, **accepting
    )


# Who owns it (R13)


def test_who_accepted_owns_the_ticket(rosa):
    ticket = accept()

    assert (ticket.owner, ticket.accepted_by, ticket.desk.code) == (rosa, rosa, "dispatch")


@pytest.mark.parametrize("handed_in_by", ["nobody", "a machine"])
def test_where_no_agent_was_involved_the_service_desk_accepts_and_owns(handed_in_by):
    by = None if handed_in_by == "nobody" else somebody(Role.API_CLIENT)

    ticket = accept(by=by, unit=unit("east-city-counter"), medium=Medium.WEB)

    assert (ticket.owner, ticket.accepted_by, ticket.accepting_unit.code) == (None, by, "acceptance")


def test_what_the_service_desk_owns_each_of_its_agents_may_solve(rosa):
    ticket = accept(by=None, medium=Medium.APP)

    assert "resolve_on_site" in ticket.possible_moves(rosa.authority(MONDAY_NINE))
    assert "resolve_on_site" not in ticket.possible_moves(person("shenqi").authority(MONDAY_NINE))


# To whom it was put (R11)


@pytest.mark.parametrize(
    ("addressee", "level"),
    [
        (Addressee.CENTRE, ""),
        (Addressee.PROVINCIAL, Level.PROVINCIAL),
        (Addressee.CONSUMER_BODY, Level.PROVINCIAL),
        (Addressee.HEAD_OFFICE, Level.NATIONAL),
        (Addressee.REGULATOR, Level.NATIONAL),
        (Addressee.MEDIA, Level.NATIONAL),
    ],
)
def test_any_addressee_but_this_centre_makes_an_escalated_complaint_with_its_level(addressee, level):
    ticket = accept(addressee=addressee)

    assert (ticket.is_escalated, ticket.level) == (addressee != Addressee.CENTRE, level)


def test_a_consumer_body_of_the_nation_is_given_its_level_by_hand():
    ticket = accept(addressee=Addressee.CONSUMER_BODY, level=Level.NATIONAL)

    assert ticket.level == Level.NATIONAL


def test_that_a_regulator_was_told_may_be_learnt_later(ticket, rosa):
    classifying.readdress(ticket, addressee=Addressee.REGULATOR, by=rosa, at=MONDAY_TEN)

    assert (fresh(ticket).is_escalated, fresh(ticket).level) == (True, Level.NATIONAL)


# The record (R12)


def test_a_record_that_lacks_fields_is_refused_with_all_that_is_missing():
    filed_under = category()

    with pytest.raises(Malformed) as refused:
        accept(of=filed_under, record={})

    assert refused.value.code == "record_incomplete"
    assert list(refused.value.errors) == [f"record.{field['code']}" for field in filed_under.required_fields]
    assert not Ticket.objects.exists()


def test_blanks_are_no_record():
    with pytest.raises(Malformed) as refused:
        accept(record={field["code"]: " \t " for field in category().required_fields})

    assert len(refused.value.errors) == len(category().required_fields)


@pytest.fixture
def kinds():
    """A category that asks for a value of each kind."""
    leaf = category()
    leaf.required_fields = [
        {"code": kind, "name_zh": kind, "name_en": kind, "kind": kind, **extra}
        for kind, extra in {
            "text": {},
            "date": {},
            "number": {},
            "phone": {},
            "choice": {"choices": [{"code": "4g"}, {"code": "5g"}]},
        }.items()
    ]
    return leaf


WELL_FORMED = {"text": "as told", "date": "2026-03-01", "number": "-12.50", "phone": "+86 10 5555 0101", "choice": "5g"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "x" * 501),
        ("text", CONTROL),
        ("text", SURROGATE),
        ("text", {"a": 1}),
        ("text", ["a"]),
        ("text", True),
        ("date", "01.03.2026"),
        ("date", "2026-02-30"),
        ("date", "2026-13-01"),
        ("date", "0001-01-01"),
        ("date", "9999-12-31"),
        ("date", "yesterday"),
        ("number", "NaN"),
        ("number", "Infinity"),
        ("number", "-inf"),
        ("number", "1e400"),
        ("number", "1_000"),
        ("number", "twelve"),
        ("number", "9" * 16),
        ("number", float("nan")),
        ("number", float("inf")),
        ("phone", "none"),
        ("phone", "1234"),
        ("choice", "6g"),
        ("choice", "5G"),
    ],
)
def test_a_bad_value_is_refused_by_its_field(kinds, kind, value):
    with pytest.raises(Malformed) as refused:
        accept(of=kinds, record=WELL_FORMED | {kind: value})

    assert list(refused.value.errors) == [f"record.{kind}"]


def test_several_bad_values_are_all_named(kinds):
    with pytest.raises(Malformed) as refused:
        accept(of=kinds, record={"text": "", "date": "x", "number": "NaN", "phone": "1", "choice": "x"})

    assert set(refused.value.errors) == {f"record.{kind}" for kind in WELL_FORMED}


def test_well_formed_values_are_kept_tidied(kinds):
    ticket = accept(of=kinds, record=WELL_FORMED | {"text": "  cafe\u0301 \r\n", "number": 12})

    assert fresh(ticket).record == WELL_FORMED | {"text": "café", "number": "12"}


def test_a_field_that_the_category_does_not_have_is_refused():
    with pytest.raises(Malformed) as refused:
        accept(record=a_record(category()) | {"shoe_size": "42"})

    assert list(refused.value.errors) == ["record.shoe_size"]


# The rest of the contact (R10)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("happened", ""),
        ("happened", " \n"),
        ("happened", TOO_LONG),
        ("happened", CONTROL),
        ("happened", SURROGATE),
        ("wanted", TOO_LONG),
        ("wanted", CONTROL),
        ("recording", "x" * 121),
        ("recording", CONTROL),
        ("external_id", "x" * 121),
        ("external_id", CONTROL),
        ("duplicate_reason", "x" * 301),
        ("duplicate_reason", CONTROL),
        ("number", "1" * 33),
        ("number", CONTROL),
        ("preferred_medium", "pigeon"),
        ("medium", "pigeon"),
        ("medium", ""),
        ("nature", "joke"),
        ("addressee", "nobody"),
        ("level", "cosmic"),
        ("urgency", "whenever"),
        ("raised_at", MONDAY_NINE + timedelta(minutes=6)),
        ("raised_at", MONDAY_NINE - timedelta(days=367)),
    ],
)
def test_what_is_not_well_formed_is_refused_by_its_field_and_nothing_is_half_written(field, value):
    with pytest.raises(Malformed) as refused:
        accept(**{field: value})

    assert (refused.value.status, list(refused.value.errors)) == (400, [field])
    assert not Ticket.objects.exists()


def test_everything_that_is_wrong_is_said_at_once():
    with pytest.raises(Malformed) as refused:
        accept(happened="", medium="pigeon", record={}, number=CONTROL)

    missing = {f"record.{field['code']}" for field in category().required_fields}
    assert set(refused.value.errors) == {"happened", "medium", "number"} | missing


@pytest.mark.parametrize("code", ["billing", "billing.charges"])
def test_only_leaves_take_tickets(code):
    with pytest.raises(Malformed) as refused:
        accept(of=category(code), record={})

    assert "category" in refused.value.errors


def test_a_category_that_is_not_used_any_more_takes_no_tickets():
    leaf = category()
    leaf.is_active = False

    with pytest.raises(Malformed) as refused:
        accept(of=leaf)

    assert list(refused.value.errors) == ["category"]


def test_a_clock_that_runs_a_little_ahead_is_forgiven():
    ticket = accept(raised_at=MONDAY_NINE + timedelta(minutes=5))

    assert ticket.raised_at == MONDAY_NINE + timedelta(minutes=5)


def test_a_ticket_that_came_earlier_elsewhere_keeps_when_it_was_raised():
    ticket = accept(raised_at=local("2026-03-01 22:00"))

    assert (ticket.raised_at, ticket.accepted_at) == (local("2026-03-01 22:00"), MONDAY_NINE)


def test_a_yes_to_night_contact_is_kept_as_a_consent_with_its_evidence():
    ticket = accept(night="yes", night_evidence="said so on the recording")

    consent = Consent.objects.get(matter=ticket.matter)
    assert (consent.what, consent.evidence) == (Consent.What.NIGHT, "said so on the recording")


@pytest.mark.parametrize("at", [MONDAY_NIGHT, local("2026-03-02 18:30"), local("2026-03-03 03:00")])
def test_a_no_to_night_contact_is_kept_as_a_promise_for_the_morning(at):
    ticket = accept(night="no", at=at)

    promise = Promise.objects.get(matter=ticket.matter)
    assert promise.agreed_for == local("2026-03-03 09:00")


# Duplicates (R15)


def test_a_second_ticket_in_the_same_category_is_not_created_silently():
    first = accept()

    with pytest.raises(NotPossible) as refused:
        accept(at=MONDAY_TEN)

    assert (refused.value.status, refused.value.code) == (409, "duplicate")
    assert refused.value.facts["reference"] == first.reference
    assert Ticket.objects.count() == 1


def test_another_ticket_is_made_for_a_reason_that_stays_with_it():
    accept()

    second = accept(at=MONDAY_TEN, duplicate_reason="the other line")

    assert fresh(second).duplicate_reason == "the other line"
    assert second.entries.get(kind="accepted").note.text == "the other line"


def test_blanks_are_no_reason_for_another_ticket():
    accept()

    with pytest.raises(NotPossible):
        accept(at=MONDAY_TEN, duplicate_reason="  ")


def test_an_ended_ticket_and_another_category_are_no_duplicates(rosa):
    first = accept()
    cancelling.cancel(first, reason="withdrawn", by=rosa, at=MONDAY_NINE)

    again = accept(at=MONDAY_TEN)
    other = accept(of=category("broadband.speed.slow"), at=MONDAY_TEN)

    assert {again.state, other.state} == {State.ACCEPTED}


def test_another_customers_ticket_is_no_duplicate():
    a_ticket(customer=a_customer("12055550199"))

    assert accept().state == State.ACCEPTED


def test_an_external_id_is_taken_once_and_the_refusal_names_the_ticket():
    first = accept(external_id="web-1")

    with pytest.raises(NotPossible) as refused:
        accept(at=MONDAY_TEN, external_id=" web-1 ", duplicate_reason="handed in twice")

    assert (refused.value.code, refused.value.facts["reference"]) == ("external_id_taken", first.reference)
