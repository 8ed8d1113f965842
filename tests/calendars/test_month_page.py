"""The month that shows administrators what comes of week, official days and overrides (R25)."""

import re
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Person, Unit
from calendars.models import WORKING_DAYS, Calendar, Override

pytestmark = pytest.mark.django_db


@pytest.fixture
def working_days() -> Calendar:
    return Calendar.objects.get(code=WORKING_DAYS)


@pytest.fixture
def as_administrator(client):
    ada = Person.objects.create_superuser("ada", password="a-password-for-tests")
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return client


def month(client, calendar, **query):
    return client.get(reverse("admin:calendars_calendar_month", args=[calendar.pk]), query)


def cell(answer, day: str) -> str:
    """The text of one day."""
    (found,) = re.findall(rf'<td class="([^"]*)" data-date="{day}">(.*?)</td>', answer.content.decode(), re.DOTALL)
    return " ".join([found[0], *re.sub("<[^>]+>", " ", found[1]).split()])


def test_each_day_says_whether_it_is_open_and_by_whose_word(as_administrator, working_days):
    Override.objects.create(
        calendar=working_days, date=date(2026, 2, 26), intervals=[["22:00", "02:00"]], reason="night"
    )

    answer = month(as_administrator, working_days, month="2026-02")

    assert cell(answer, "2026-02-11") == "open by-weekly 11 08:00–18:00 by the week"
    assert cell(answer, "2026-02-07") == "closed by-weekly 7 closed by the week"
    assert cell(answer, "2026-02-17") == "closed by-official 17 closed official day: Spring Festival"
    assert cell(answer, "2026-02-28") == "open by-official 28 08:00–18:00 official day: Spring Festival"
    assert cell(answer, "2026-02-26") == "open by-override 26 22:00–02:00 (next day) override: night"


def test_a_units_override_shows_in_the_units_month_only(as_administrator, working_days):
    unit = Unit.objects.get(code="network")
    Override.objects.create(calendar=working_days, unit=unit, date=date(2026, 3, 9), reason="moving house")

    assert "closed by-override" in cell(
        month(as_administrator, working_days, month="2026-03", unit="network"), "2026-03-09"
    )
    assert "open by-weekly" in cell(month(as_administrator, working_days, month="2026-03"), "2026-03-09")


def test_the_page_says_where_official_data_ends(as_administrator, working_days):
    warning = "Official days are known until 2026-12-31"

    assert warning in month(as_administrator, working_days, month="2027-01").content.decode()
    assert warning not in month(as_administrator, working_days, month="2026-12").content.decode()
    every_day = Calendar.objects.get(code="every-day")
    assert "Official days are known" not in month(as_administrator, every_day, month="2027-01").content.decode()


def test_a_month_that_is_none_shows_the_present_one(as_administrator, working_days):
    for text in ("", "2026-13", "soon", "0001-01", "9999-12"):
        assert month(as_administrator, working_days, month=text).status_code == 200


def test_the_month_is_for_those_who_configure_the_desk(client, working_days, rosa):
    assert "login" in month(client, working_days)["Location"]
    rosa.is_staff = True
    rosa.save()
    client.force_login(rosa, backend="django.contrib.auth.backends.ModelBackend")
    assert "login" in month(client, working_days)["Location"]


def test_the_lists_and_forms_of_the_admin_open(as_administrator, working_days):
    for address in (
        reverse("admin:calendars_calendar_changelist"),
        reverse("admin:calendars_calendar_change", args=[working_days.pk]),
        reverse("admin:calendars_calendar_add"),
        reverse("admin:calendars_officialday_changelist"),
        reverse("admin:calendars_unithours_changelist"),
    ):
        assert as_administrator.get(address).status_code == 200, address
