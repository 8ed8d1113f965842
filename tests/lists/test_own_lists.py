"""Each person's own lists: views kept under a name, columns chosen, files that only their owner fetches."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Assignment, Role
from common.models import SetAside
from common.refusals import Malformed, NotPossible
from complaints.models import Ticket
from desk import exporting
from lists import actions
from lists.models import Export, SavedView, Stage
from tests import people
from tests.people import MONDAY_NINE
from tests.together import together

pytestmark = pytest.mark.django_db


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def _ordered(by, query: str = "state=any", format: str = "csv") -> Export:
    export = actions.order(query=query, format=format, by=by, at=MONDAY_NINE)
    assert exporting.make_next(MONDAY_NINE)
    return Export.objects.get(pk=export.pk)


# Views and columns


def test_a_view_is_kept_under_a_name_and_opens_the_same_list(client, lin):
    client.force_login(lin)

    page = client.post(
        reverse("desk:keep_view"), {"name": "Overdue ones", "query": "due=overdue&csrf=x&page=3"}, follow=True
    )

    view = SavedView.objects.get(person=lin)
    assert view.query == "due=overdue"
    assert "Overdue ones" in page.content.decode()


def test_the_same_name_replaces_and_others_views_are_left_alone(client, lin, rosa):
    actions.keep_view(name="Mine", query="due=15", by=rosa)
    theirs = SavedView.objects.get(person=rosa)
    actions.keep_view(name="Mine", query="due=15", by=lin)
    actions.keep_view(name="Mine", query="due=30", by=lin)
    client.force_login(lin)

    client.post(reverse("desk:forget_view", args=[theirs.pk]))

    assert SavedView.objects.get(person=lin).query == "due=30"
    assert SavedView.objects.filter(pk=theirs.pk).exists()


def test_a_view_without_a_name_and_one_too_many_are_refused(lin):
    with pytest.raises(Malformed):
        actions.keep_view(name="  ", query="", by=lin)
    for number in range(actions.MOST_VIEWS):
        actions.keep_view(name=str(number), query="", by=lin)
    with pytest.raises(NotPossible):
        actions.keep_view(name="one more", query="", by=lin)


def test_chosen_columns_are_shown_and_unknown_ones_are_refused(client, lin, ticket):
    client.force_login(lin)
    client.post(reverse("desk:choose_columns"), {"columns": ["state", "owner"]})

    page = client.get(reverse("desk:tickets")).content.decode()
    assert "<th>State</th>" in page
    assert "<th>Category</th>" not in page
    assert ticket.reference in page

    with pytest.raises(Malformed):
        actions.choose_columns(["password"], known=["state"], by=lin)


# Files


def test_a_short_list_is_a_file_at_once_with_the_instants_offset(client, lin, ticket):
    client.force_login(lin)

    answer = client.post(reverse("desk:export"), {"query": "state=any", "format": "csv"})

    header, row = _rows(answer.content)
    assert answer["Content-Disposition"].startswith("attachment;")
    told = dict(zip(header, row, strict=True))
    assert told["ticket"] == ticket.reference
    assert told["due"].endswith("+08:00")
    assert told["customer"] == ticket.customer.masked_number
    assert told["raised"] == timezone.localtime(ticket.raised_at).isoformat(timespec="seconds")
    assert "age" not in told  # a file is read later


def test_no_cell_of_a_file_runs_as_a_formula(lin):
    people.a_ticket(happened="=HYPERLINK(1)")

    _header, row = _rows(_ordered(lin).file)
    with zipfile.ZipFile(io.BytesIO(_ordered(lin, format="xlsx").file)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert "'=HYPERLINK(1)" in row
    assert "<f>" not in sheet
    assert "HYPERLINK" in sheet


def test_a_file_holds_only_what_its_owner_may_see(lin, noor, ticket):
    assert _ordered(lin).rows == 1
    assert _ordered(noor).rows == 0


def test_a_long_list_is_made_in_the_background_and_fetched_by_its_owner_alone(client, lin, rosa, ticket, monkeypatch):
    monkeypatch.setattr("desk.views.lists.AT_ONCE", 0)
    client.force_login(lin)
    client.post(reverse("desk:export"), {"query": "state=any", "format": "xlsx"})
    waiting = Export.objects.get()
    assert waiting.stage == Stage.WAITING

    assert exporting.make_next(waiting.ordered_at)

    address = reverse("desk:fetch_export", args=[waiting.key])
    assert client.get(address).content.startswith(b"PK")
    client.force_login(rosa)
    assert client.get(address).status_code == 404


def test_who_lost_a_role_since_gets_the_file_no_more(lin, ticket):
    export = _ordered(lin)
    assert actions.fetch(export.key, by=lin, at=MONDAY_NINE) is not None

    Assignment.objects.filter(person=lin, role=Role.SUPERVISOR).delete()

    assert actions.fetch(export.key, by=people.person("lin"), at=MONDAY_NINE) is None


def test_a_file_is_kept_for_a_day(lin, ticket):
    export = _ordered(lin)
    late = MONDAY_NINE + timedelta(hours=25)

    assert actions.fetch(export.key, by=lin, at=late) is None
    assert actions.tidy(late + timedelta(days=1)) == 1


def test_a_file_that_cannot_be_made_is_set_aside_and_stops_nobody(lin, ticket):
    broken = actions.order(query="state=any", format="csv", by=lin, at=MONDAY_NINE)
    Export.objects.filter(pk=broken.pk).update(format="odt")
    sound = actions.order(query="state=any", format="csv", by=lin, at=MONDAY_NINE + timedelta(seconds=1))

    while exporting.make_next(MONDAY_NINE):
        pass

    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.stage, sound.stage) == (Stage.FAILED, Stage.READY)
    assert SetAside.objects.open().filter(kind=exporting.SET_ASIDE_AS, object_id=broken.pk).exists()


def test_files_are_ordered_three_at_a_time(lin):
    for _ in range(actions.MOST_WAITING):
        actions.order(query="", format="csv", by=lin, at=MONDAY_NINE)

    with pytest.raises(NotPossible):
        actions.order(query="", format="csv", by=lin, at=MONDAY_NINE)


def test_rows_cost_no_queries_of_their_own(lin):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            exporting.as_csv(Ticket.objects.visible_to(lin, MONDAY_NINE))
        return len(captured)

    people.a_ticket()
    queries()  # reads the roles once for good
    with_one = queries()
    for _ in range(5):
        people.a_ticket()

    assert queries() == with_one


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_each_file_once(lin, ticket):
    for second in range(2):
        actions.order(query="", format="csv", by=lin, at=MONDAY_NINE + timedelta(seconds=second))

    made = together([lambda: exporting.make_next(MONDAY_NINE)] * 2)

    assert made == [True, True]
    assert Export.objects.filter(stage=Stage.READY).count() == 2
