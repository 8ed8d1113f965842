"""Flags that people raise, lift and act against: each carries who, when, why, expiry and a handling rule (R80)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from common.refusals import Malformed, NotPossible, NotYours
from customers import watching
from customers.models import Flag, FlagKind, HandlingRule, WatchRules
from customers.models.flags import AUTOMATIC
from tests.people import MONDAY_NINE, TUESDAY_NINE, a_customer

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=365)


def raised(customer, by, kind=FlagKind.D, at=MONDAY_NINE, **given):
    return watching.raise_flag(customer, kind=kind, reason="Says they will sue.", by=by, at=at, **given)


def test_a_flag_carries_who_when_why_expiry_and_a_handling_rule(ines, rosa):
    until = MONDAY_NINE + timedelta(days=30)

    flag = raised(ines, rosa, expires_at=until, handling_rule="Supervisor first.")

    kept = Flag.objects.get()
    assert kept == flag
    assert (kept.raised_by, kept.raised_at, kept.reason) == (rosa, MONDAY_NINE, "Says they will sue.")
    assert (kept.expires_at, kept.handling_rule) == (until, "Supervisor first.")


def test_a_flag_without_a_rule_of_its_own_follows_the_rule_of_its_kind(ines, rosa):
    own = raised(ines, rosa, kind=FlagKind.B1, handling_rule="Only Mei Yao calls.")
    shared = raised(ines, rosa, kind=FlagKind.D)

    rules = watching.handling_rules(ines, at=MONDAY_NINE)

    assert rules == [(own, "Only Mei Yao calls."), (shared, HandlingRule.objects.get(kind=FlagKind.D).text_en)]


def test_every_kind_of_flag_is_shipped_with_a_handling_rule():
    assert set(HandlingRule.objects.values_list("kind", flat=True)) == set(FlagKind.values)


@pytest.mark.parametrize("kind", [FlagKind.C1, FlagKind.C2, FlagKind.C3])
def test_flags_of_dissatisfaction_expire_after_a_year(ines, rosa, kind):
    flag = raised(ines, rosa, kind=kind)

    assert flag.expires_at == MONDAY_NINE + YEAR
    assert ines.flags.in_force(MONDAY_NINE + YEAR - timedelta(microseconds=1)).exists()
    assert not ines.flags.in_force(MONDAY_NINE + YEAR).exists()


def test_how_long_they_last_is_a_matter_of_configuration(ines, rosa):
    WatchRules.objects.update_or_create(pk=1, defaults={"c_lasts_days": 10})

    assert raised(ines, rosa, kind=FlagKind.C1).expires_at == MONDAY_NINE + timedelta(days=10)


@pytest.mark.parametrize("kind", sorted(AUTOMATIC))
def test_what_is_counted_is_not_raised_by_hand(ines, rosa, kind):
    with pytest.raises(NotPossible) as refusal:
        raised(ines, rosa, kind=kind)

    assert refusal.value.code == "automatic"


def test_a_flag_that_is_raised_again_replaces_the_one_before(ines, rosa, lin):
    first = raised(ines, rosa)

    second = raised(ines, lin, at=TUESDAY_NINE)

    first = Flag.objects.get(pk=first.pk)
    assert (first.lifted_at, first.lifted_by) == (TUESDAY_NINE, lin)
    assert list(ines.flags.in_force(TUESDAY_NINE)) == [second]


def test_one_that_had_expired_was_lifted_by_nobody(ines, rosa, lin):
    expired = raised(ines, rosa, kind=FlagKind.C2)

    raised(ines, lin, kind=FlagKind.C2, at=MONDAY_NINE + YEAR + timedelta(days=5))

    expired = Flag.objects.get(pk=expired.pk)
    assert (expired.lifted_at, expired.lifted_by) == (MONDAY_NINE + YEAR, None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
        ({"reason": "a\x00b"}, "reason"),
        ({"kind": "Z"}, "kind"),
        ({"expires_at": MONDAY_NINE}, "expires_at"),
        ({"handling_rule": "x" * 301}, "handling_rule"),
    ],
)
def test_a_flag_that_is_not_well_formed_is_refused(ines, rosa, given, field):
    with pytest.raises(Malformed) as refusal:
        watching.raise_flag(ines, **{"kind": FlagKind.D, "reason": "Why.", "by": rosa, "at": MONDAY_NINE, **given})

    assert set(refusal.value.errors) == {field}
    assert not Flag.objects.exists()


def test_who_does_not_meet_customers_raises_no_flag(ines, wei):
    with pytest.raises(NotYours):
        raised(ines, wei)


def test_a_supervisor_lifts_a_flag_and_others_do_not(ines, rosa, lin):
    flag = raised(ines, rosa)

    with pytest.raises(NotYours):
        watching.lift_flag(flag, by=rosa, at=TUESDAY_NINE)
    lifted = watching.lift_flag(flag, by=lin, at=TUESDAY_NINE)

    assert (lifted.lifted_at, lifted.lifted_by) == (TUESDAY_NINE, lin)
    assert not ines.flags.in_force(TUESDAY_NINE).exists()


def test_a_flag_is_lifted_once(ines, rosa, lin):
    flag = raised(ines, rosa)
    watching.lift_flag(flag, by=lin, at=TUESDAY_NINE)

    with pytest.raises(NotPossible) as refusal:
        watching.lift_flag(flag, by=lin, at=TUESDAY_NINE)

    assert refusal.value.code == "flag_over"


def test_acting_against_a_handling_rule_is_recorded(ines, rosa, lin):
    flag = raised(ines, rosa)

    watching.override_rule(flag, reason="The house is on fire.", by=rosa, at=TUESDAY_NINE)

    override = flag.overrides.get()
    assert (override.by, override.at, override.reason) == (rosa, TUESDAY_NINE, "The house is on fire.")


def test_acting_against_a_rule_says_why_and_needs_a_rule_in_force(ines, rosa, lin):
    flag = raised(ines, rosa)

    with pytest.raises(Malformed):
        watching.override_rule(flag, reason=" ", by=rosa, at=TUESDAY_NINE)
    over = watching.lift_flag(flag, by=lin, at=TUESDAY_NINE)
    with pytest.raises(NotPossible):
        watching.override_rule(over, reason="Why not.", by=rosa, at=TUESDAY_NINE)


def test_a_customer_carries_a_flag_once():
    customer = a_customer()
    Flag.objects.create(customer=customer, kind=FlagKind.D, raised_at=MONDAY_NINE)

    with pytest.raises(IntegrityError, match="a_customer_carries_a_flag_once"), transaction.atomic():
        Flag.objects.create(customer=customer, kind=FlagKind.D, raised_at=TUESDAY_NINE)


@pytest.mark.parametrize("values", [{"a_from": 0}, {"b2_from": 0}, {"b2_months": 0}, {"c_lasts_days": 0}])
def test_thresholds_count_from_one(values):
    with pytest.raises(IntegrityError, match="watch_rules_count_from_one"), transaction.atomic():
        WatchRules.objects.filter(pk=1).update(**values)
