"""Addresses that nobody was given: what cannot be read or found is refused, never 500."""

import pytest

from complaints.models import Entry
from tests.people import a_ticket, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    ["/complain/%00/", "/s/%00", "/wall/%00/", "/tickets/%00/", "/tickets/T-1%00/peek/"],
)
def test_a_nul_in_an_address_is_found_nowhere(client, lin, path):
    client.force_login(lin)

    assert client.get(path).status_code == 404


@pytest.mark.parametrize(("edge", "says"), [("", "text/html"), ("/api/v1", "application/problem+json")])
def test_a_nul_in_the_key_of_a_file_is_found_nowhere(client, rosa, edge, says):
    ticket = a_ticket()
    client.force_login(rosa)

    answer = client.get(f"{edge}/tickets/{ticket.reference}/files/%00/")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith(says)


def test_a_nul_in_a_query_cannot_be_read(client, db):
    assert client.get("/complain/?in=%00").status_code == 400


def test_a_nul_among_the_keys_of_files_leaves_nothing_half_written(client, rosa):
    ticket = a_ticket()
    client.force_login(rosa)
    before = Entry.objects.count()

    answer = client.post(f"/tickets/{ticket.reference}/flags/", {"kind": "\x00", "reason": "\x00"})

    assert answer.status_code in {200, 302, 400, 404, 409}
    assert Entry.objects.count() == before


@pytest.mark.parametrize("week", ["0001-01-01", "9999-12-31", "9999-W52-7", "0001-W01-1", "soon", "%00"])
def test_a_week_at_the_end_of_time_is_this_week(client, lin, week):
    client.force_login(lin)

    assert client.get("/roster/", {"week": week}).status_code == 200


@pytest.mark.parametrize("asked", ["1/?nothing_of_ours=1", "x/", "99999999999999999999999/", "%00/"])
def test_the_admins_trees_refuse_what_they_cannot_show(client, asked):
    client.force_login(person("admin"))

    assert client.get(f"/admin/complaints/category/children/{asked}").status_code == 400
