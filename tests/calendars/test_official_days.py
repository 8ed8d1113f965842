"""Official days against the published notices, and the import of a year (R25)."""

import gzip
import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from calendars import official
from calendars.models import WORKING_DAYS, Calendar, OfficialDay

NOTICES = Path(__file__).parent.parent / "data" / "holidays"
YEARS = range(2019, 2027)


def notice(year: int) -> dict:
    return json.loads(gzip.decompress((NOTICES / f"{year}.json.gz").read_bytes()))


def published() -> dict[date, bool]:
    """Every day that the notices name, and whether it is worked."""
    return {date.fromisoformat(day["date"]): not day["isOffDay"] for year in YEARS for day in notice(year)["days"]}


def all_days() -> list[date]:
    first = date(YEARS[0], 1, 1)
    return [first + timedelta(days=days) for days in range((date(YEARS[-1], 12, 31) - first).days + 1)]


@pytest.mark.django_db
def test_the_shipped_working_days_are_those_of_the_published_notices():
    worktime, named = Calendar.objects.get(code=WORKING_DAYS).compiled(), published()

    different = [day for day in all_days() if worktime.is_working_day(day) != named.get(day, day.weekday() < 5)]

    assert different == []


@pytest.mark.django_db
def test_where_the_library_and_the_notices_name_other_days_both_say_what_the_week_says():
    """The library names weekends beside a festival; the notice of 2020 names the Monday on which work began again."""
    shipped = dict(OfficialDay.objects.values_list("date", "is_working"))
    named = {day: works for day, works in published().items() if day.year in YEARS}

    assert sorted(shipped.keys() - named.keys()) == [
        date(2019, 4, 6),
        date(2019, 4, 7),
        date(2019, 6, 8),
        date(2019, 6, 9),
        date(2019, 9, 14),
        date(2019, 9, 15),
        date(2023, 12, 30),
        date(2023, 12, 31),
    ]
    assert not any(shipped[day] or day.weekday() < 5 for day in shipped.keys() - named.keys())
    assert {day: named[day] for day in named.keys() - shipped.keys()} == {date(2020, 2, 3): True}


@pytest.mark.django_db
def test_covered_until_is_the_end_of_the_last_published_year():
    working_days = Calendar.objects.get(code=WORKING_DAYS)

    assert working_days.covered_until() == date(2026, 12, 31)
    assert Calendar.objects.get(code="every-day").covered_until() is None
    OfficialDay.objects.all().delete()
    assert working_days.covered_until() is None


@pytest.mark.django_db
def test_beyond_the_last_published_year_the_plain_week_holds():
    worktime = Calendar.objects.get(code=WORKING_DAYS).compiled()

    assert worktime.is_working_day(date(2031, 10, 1))  # a Wednesday
    assert not worktime.is_working_day(date(2031, 10, 4))


@pytest.mark.django_db
@pytest.mark.parametrize("year", YEARS)
def test_a_year_is_imported_from_a_file(year):
    OfficialDay.objects.all().delete()
    told = StringIO()

    call_command("import_official_days", year, file=NOTICES / f"{year}.json.gz", stdout=told)

    assert OfficialDay.objects.count() == len(notice(year)["days"])
    assert f"covered until {year}-12-31" in told.getvalue()


@pytest.mark.django_db
def test_a_notice_that_names_days_of_the_year_before_keeps_them_when_that_year_comes_again():
    OfficialDay.objects.all().delete()
    for year in (2022, 2023, 2022):
        call_command("import_official_days", year, file=NOTICES / f"{year}.json.gz", verbosity=0, stdout=StringIO())

    assert OfficialDay.objects.get(date=date(2022, 12, 31)).year == 2023
    assert OfficialDay.objects.count() == len(notice(2022)["days"]) + len(notice(2023)["days"])


@pytest.mark.django_db
def test_an_amended_notice_replaces_the_one_before(tmp_path):
    amended = notice(2026)
    amended["days"] = [day for day in amended["days"] if day["date"] != "2026-10-07"]
    amended["days"].append({"name": "庆典", "date": "2026-09-03", "isOffDay": True})
    file = tmp_path / "2026.json"
    file.write_text(json.dumps(amended), encoding="utf-8")

    call_command("import_official_days", 2026, file=file, stdout=StringIO())

    worktime = Calendar.objects.get(code=WORKING_DAYS).compiled()
    assert worktime.is_working_day(date(2026, 10, 7))
    assert not worktime.is_working_day(date(2026, 9, 3))


@pytest.mark.django_db
def test_the_library_gives_what_is_shipped():
    before = list(OfficialDay.objects.values("date", "name_zh", "name_en", "is_working", "year"))

    call_command("import_official_days", 2025, stdout=StringIO())

    assert list(OfficialDay.objects.values("date", "name_zh", "name_en", "is_working", "year")) == before


@pytest.mark.django_db
def test_a_year_that_is_not_published_is_refused_with_the_way_out():
    with pytest.raises(CommandError, match="does not know 2199 yet"):
        call_command("import_official_days", 2199)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", ["[]", "{}", '{"year": 2026}', '{"year": 2026, "days": [{"name": "x"}]}', "no JSON"]
)
def test_a_file_that_is_no_notice_is_refused(tmp_path, content):
    file = tmp_path / "odd.json"
    file.write_text(content, encoding="utf-8")
    before = OfficialDay.objects.count()

    with pytest.raises(CommandError):
        call_command("import_official_days", 2026, file=file)

    assert OfficialDay.objects.count() == before


def test_a_file_of_another_year_is_refused():
    with pytest.raises(official.NotPublished, match="for 2025, not for 2026"):
        official.from_notice(notice(2025), 2026)


def test_every_festival_has_both_names():
    names = {name for year in YEARS for day in notice(year)["days"] for name in day["name"].split("、")}

    assert names <= set(official.FESTIVALS)
    assert {day.name_en for day in official.from_notice(notice(2025), 2025)} >= {"National Day, Mid-autumn Festival"}
