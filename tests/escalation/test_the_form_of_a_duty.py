"""A duty is put up by a form: its days are ticked, and only who would be told can have it (R90)."""

from datetime import date, time

import pytest
from django.test import Client

from accounts.models import Role
from escalation.models import Roster
from tests.people import person, unit

pytestmark = pytest.mark.django_db

ADD = "/admin/escalation/roster/add/"


@pytest.fixture
def admin():
    client = Client(headers={"accept-language": "en"})
    client.force_login(person("admin"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def filled_in(**other):
    rows = {f"exceptions-{name}": number for name, number in {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}.items()}
    duty = {
        "person": person("lin").pk,
        "role": Role.SUPERVISOR,
        "unit": unit("service-centre").pk,
        "weekdays": [1, 7],
        "starts": "20:00",
        "ends": "08:00",
        "from_on": "2026-03-02",
    }
    return rows | duty | other


def test_the_days_that_were_ticked_are_the_days_of_the_duty(admin):
    answer = admin.post(ADD, filled_in())

    duty = Roster.objects.get()
    assert answer.status_code == 302
    assert (duty.weekdays, duty.starts, duty.ends, duty.from_on) == ([1, 7], time(20), time(8), date(2026, 3, 2))


def test_its_form_shows_the_days_by_name_and_ticks_those_it_has(admin):
    admin.post(ADD, filled_in())

    page = admin.get(f"/admin/escalation/roster/{Roster.objects.get().pk}/change/").content.decode()

    assert page.count('name="weekdays"') == 7
    assert page.count("checked") == 2
    assert "Sunday" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"person": "rosa"}, "does not hold the role there; give it to them first"),
        ({"weekdays": []}, "This field is required"),
        ({"weekdays": [8]}, "not one of the available choices"),
    ],
)
def test_what_nobody_would_hear_by_is_refused(admin, wrong, said):
    if "person" in wrong:
        wrong = {"person": person(wrong["person"]).pk}

    answer = admin.post(ADD, filled_in(**wrong))

    assert said in answer.content.decode()
    assert not Roster.objects.exists()


def test_moments_of_the_configuration_are_written_with_24_hours(admin):
    admin.post(ADD, filled_in())

    page = admin.get("/admin/escalation/roster/").content.decode()

    assert ">20:00<" in page
    assert "2 Mar 2026" in page
