"""Calendars, overrides and units' hours in the database (R24, R25)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import override_settings

from accounts.models import Unit
from calendars import defaults
from calendars.models import EVERY_DAY, WORKING_DAYS, Calendar, OfficialDay, Override, UnitHours
from calendars.worktime import WEEKDAYS

pytestmark = pytest.mark.django_db

HOUR = 3600
SATURDAY, MONDAY = date(2026, 3, 7), date(2026, 3, 9)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def every_day() -> Calendar:
    return Calendar.objects.get(code=EVERY_DAY)


@pytest.fixture
def working_days() -> Calendar:
    return Calendar.objects.get(code=WORKING_DAYS)


@pytest.fixture
def network() -> Unit:
    return Unit.objects.get(code="network")


@pytest.fixture
def above(network: Unit) -> Unit:
    return Unit.objects.get_parent(network)


def a_calendar(code: str = "mornings", hours: tuple[str, str] = ("08:00", "12:00")) -> Calendar:
    weekly = {day: [list(hours)] for day in WEEKDAYS}
    return Calendar.objects.create(code=code, name_zh=code, name_en=code, weekly=weekly)


def test_assistance_asked_at_16_is_due_at_10_by_the_shipped_calendar(every_day):
    assert every_day.compiled().add(at("2026-03-02 16:00"), 4 * HOUR) == at("2026-03-03 10:00")


def test_the_shipped_calendar_for_every_day_is_open_on_public_holidays(every_day, working_days):
    national_day = date(2026, 10, 1)

    assert every_day.compiled().is_working_day(national_day)
    assert not working_days.compiled().is_working_day(national_day)


def test_a_shifted_working_day_has_the_hours_of_an_ordinary_one(working_days):
    sunday = date(2026, 1, 4)
    assert OfficialDay.objects.get(date=sunday).is_working

    (hours,) = working_days.compiled().hours_on(sunday)

    assert hours == (at("2026-01-04 08:00"), at("2026-01-04 18:00"))


def test_within_two_working_days_ends_at_18_of_the_second_across_a_holiday(working_days):
    friday_before_spring_festival = at("2026-02-13 11:00")  # Saturday is worked, then nine days are off
    worktime = working_days.compiled()

    due = worktime.add_working_days(friday_before_spring_festival, 2, end_of_day=True)

    assert due == at("2026-02-24 18:00")
    assert worktime.working_days_between(friday_before_spring_festival, due) == 2


def test_an_override_closes_an_open_day_and_opens_a_holiday(working_days):
    Override.objects.create(calendar=working_days, date=MONDAY, intervals=[], reason="stocktaking")
    Override.objects.create(
        calendar=working_days, date=date(2026, 10, 1), intervals=[["09:00", "12:00"]], reason="duty"
    )

    worktime = Calendar.objects.get(code=WORKING_DAYS).compiled()

    assert not worktime.is_working_day(MONDAY)
    assert worktime.add(at("2026-10-01 08:00"), 3 * HOUR) == at("2026-10-01 12:00")


def test_an_override_of_a_unit_holds_below_it_and_nowhere_else(working_days, network, above):
    Override.objects.create(
        calendar=working_days, unit=above, date=SATURDAY, intervals=[["10:00", "11:00"]], reason="fair"
    )
    billing = Unit.objects.get(code="legal")
    elsewhere = next(unit for unit in Unit.objects.all() if not unit.path.startswith(above.path))

    assert working_days.compiled(network).is_working_day(SATURDAY)
    assert working_days.compiled(billing).is_working_day(SATURDAY) == billing.path.startswith(above.path)
    assert not working_days.compiled(elsewhere).is_working_day(SATURDAY)
    assert not working_days.compiled().is_working_day(SATURDAY)


def test_the_nearest_override_beats_those_above_it_and_those_for_everybody(working_days, network, above):
    for unit, hour in ((network, "09:00"), (above, "10:00"), (None, "11:00")):
        Override.objects.create(
            calendar=working_days, unit=unit, date=SATURDAY, intervals=[[hour, "18:00"]], reason="fair"
        )

    opens = [working_days.compiled(unit).hours_on(SATURDAY)[0][0].hour for unit in (network, above, None)]

    assert opens == [9, 10, 11]


def test_every_change_gives_a_new_version_and_a_freshly_compiled_calendar(working_days):
    versions = [working_days.version]

    def compiled_anew():
        calendar = Calendar.objects.get(code=WORKING_DAYS)
        versions.append(calendar.version)
        return calendar.compiled()

    override = Override.objects.create(calendar=working_days, date=SATURDAY, intervals=[["08:00", "9:00"]], reason="x")
    override.intervals = [["08:00", "09:00"]]
    override.save()
    assert compiled_anew().is_working_day(SATURDAY)
    Override.objects.filter(pk=override.pk).update(intervals=[])
    assert not compiled_anew().is_working_day(SATURDAY)
    OfficialDay.objects.create(date=MONDAY, name_zh="临时", name_en="at short notice", is_working=False, year=2026)
    assert not compiled_anew().is_working_day(MONDAY)
    OfficialDay.objects.filter(date=MONDAY).delete()
    assert compiled_anew().is_working_day(MONDAY)
    Calendar.objects.filter(code=WORKING_DAYS).update(weekly={"mon": [["08:00", "09:00"]]})
    assert not compiled_anew().is_working_day(date(2026, 3, 10))
    Override.objects.filter(pk=override.pk).delete()
    compiled_anew()

    assert versions == sorted(set(versions))


def test_the_calendar_at_hand_knows_its_new_version(working_days):
    working_days.compiled()

    Override.objects.create(calendar=working_days, date=MONDAY, reason="stocktaking")
    assert not working_days.compiled().is_working_day(MONDAY)

    working_days.weekly = {"sat": [["08:00", "12:00"]]}
    working_days.save()
    assert working_days.compiled().is_working_day(SATURDAY)


def test_a_version_that_was_rolled_back_is_not_mistaken_for_the_next_one(working_days):
    first, second = "2026-03-09", "2026-03-10"
    for day in (first, second):
        try:
            with transaction.atomic():
                Override.objects.create(calendar=working_days, date=date.fromisoformat(day), reason="tried only")
                assert not working_days.compiled().is_working_day(date.fromisoformat(day))
                raise RuntimeError
        except RuntimeError:
            working_days.learn_version()

    assert all(working_days.compiled().is_working_day(date.fromisoformat(day)) for day in (first, second))


def test_official_days_leave_calendars_alone_that_do_not_follow_them(every_day):
    OfficialDay.objects.create(date=MONDAY, name_zh="临时", name_en="at short notice", is_working=False, year=2026)

    assert Calendar.objects.get(code=EVERY_DAY).version == every_day.version
    assert Calendar.objects.get(code=EVERY_DAY).compiled().is_working_day(MONDAY)


def test_compiling_asks_the_database_once_for_each_version(working_days, network, django_assert_num_queries):
    with django_assert_num_queries(2):
        first = working_days.compiled(network)
    with django_assert_num_queries(0):
        again = working_days.compiled(network)

    assert first is again


def test_a_unit_works_by_the_nearest_calendar_up_the_tree(every_day, network, above):
    assert Calendar.objects.for_unit(network) == every_day
    assert Calendar.objects.for_unit(None) == every_day

    mornings, nights = a_calendar(), a_calendar("nights", ("22:00", "06:00"))
    UnitHours.objects.create(unit=above, calendar=mornings)
    assert Calendar.objects.for_unit(network) == mornings
    UnitHours.objects.create(unit=network, calendar=nights)
    assert Calendar.objects.for_unit(network) == nights
    assert Calendar.objects.for_unit(above) == mornings


def test_a_day_is_overridden_once_for_a_unit(working_days, network):
    for unit in (None, network):
        Override.objects.create(calendar=working_days, unit=unit, date=MONDAY, reason="stocktaking")
        with pytest.raises(IntegrityError, match="a_day_is_overridden_once_for_a_unit"), transaction.atomic():
            Override.objects.create(calendar=working_days, unit=unit, date=MONDAY, reason="again")


@pytest.mark.parametrize(
    "weekly",
    [
        {"monday": [["08:00", "18:00"]]},
        {"mon": [["8", "18:00"]]},
        {"mon": [["08:00"]]},
        {"mon": "08:00"},
        {"mon": []},
        {},
        [],
    ],
)
def test_hours_that_cannot_be_read_are_refused_when_saving(weekly):
    calendar = Calendar(code="odd", name_zh="怪", name_en="odd", weekly=weekly)

    with pytest.raises(ValidationError) as refused:
        calendar.clean_fields()

    assert list(refused.value.message_dict) == ["weekly"]


def test_a_zone_that_does_not_exist_is_refused_when_saving():
    calendar = Calendar(code="odd", name_zh="怪", name_en="odd", tz="Asia/Peking", weekly={"mon": [["08:00", "18:00"]]})

    with pytest.raises(ValidationError, match="Asia/Peking"):
        calendar.clean_fields()


def test_changes_of_hours_are_audited(working_days):
    override = Override.objects.create(calendar=working_days, date=MONDAY, reason="stocktaking")

    assert LogEntry.objects.get_for_object(override).exists()
    assert not LogEntry.objects.get_for_object(working_days).filter(changes__has_key="version").exists()


def test_loading_the_defaults_again_changes_nothing(working_days):
    working_days.weekly = {"mon": [["09:00", "17:00"]]}
    working_days.save()
    OfficialDay.objects.filter(date=date(2026, 10, 1)).delete()

    assert defaults.load() == "0 calendars, official days of 0 years"

    assert Calendar.objects.get(code=WORKING_DAYS).weekly == working_days.weekly
    assert not OfficialDay.objects.filter(date=date(2026, 10, 1)).exists()


def test_names_are_in_the_readers_language(every_day):
    assert "Every day" in str(every_day)
    with override_settings(LANGUAGE_CODE="zh-hans"):
        assert OfficialDay.objects.get(date=date(2026, 10, 1)).name_zh == "国庆节"
