"""A file is found through a ticket that one may see, on the page and in the API, and in no other way (A1, A12, A20)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from attachments import actions
from attachments.models import Attachment
from customers.actions import look_up
from tests.attachments.samples import HTML, PDF, PNG, a_file
from tests.desk.conftest import as_, monday_at_ten  # noqa: F401  (fixtures)
from tests.people import MONDAY_TEN, a_customer, a_ticket, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(ticket) -> Attachment:
    return actions.attach(ticket, a_file(PDF, "bill.pdf"), by=person("rosa"), at=MONDAY_TEN)


def addresses(file: Attachment) -> list[str]:
    given = [file.ticket.reference, file.key]
    return [reverse("desk:file", args=given), reverse("api:file", args=given)]


def test_who_sees_the_ticket_saves_the_file(as_, file):  # noqa: F811
    for address in addresses(file):
        answer = as_("rosa").get(address)

        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'attachment; filename="bill.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("username", ["noor", "admin"])
def test_who_does_not_see_the_ticket_does_not_see_its_files(as_, file, username):  # noqa: F811
    for address in addresses(file):
        assert as_(username).get(address).status_code == 404


def test_a_stranger_is_sent_to_sign_in(file):
    page, api = addresses(file)

    assert Client().get(page).status_code == 302
    assert Client().get(api).status_code == 401


def test_a_file_is_not_found_through_another_ticket(as_, file):  # noqa: F811
    other = a_ticket(customer=a_customer("12055550102"))

    for name in ("desk:file", "api:file"):
        assert as_("rosa").get(reverse(name, args=[other.reference, file.key])).status_code == 404


def test_a_draft_is_found_nowhere(as_, ticket, rosa):  # noqa: F811
    waiting = actions.keep(a_file(), holder=actions.Holder(rosa), at=MONDAY_TEN)

    for name in ("desk:file", "api:file"):
        assert as_("rosa").get(reverse(name, args=[ticket.reference, waiting.key])).status_code == 404


def test_a_removed_file_is_gone_for_everybody(as_, file, rosa):  # noqa: F811
    actions.remove(file.ticket, file.key, reason="private", by=rosa, at=MONDAY_TEN)

    for address in addresses(file):
        assert as_("lin").get(address).status_code == 404


def test_who_opened_the_ticket_to_answer_its_customer_reads_its_files_and_adds_none(as_, file):  # noqa: F811
    look_up(file.ticket.customer.number, by=person("zhaomin"), at=MONDAY_TEN)
    colleague = as_("zhaomin")

    assert colleague.get(addresses(file)[0]).status_code == 200
    answer = colleague.post(reverse("desk:add_file", args=[file.ticket.reference]), {"file": a_file()})
    assert answer.status_code == 404
    assert Attachment.objects.count() == 1


def test_an_agent_adds_and_removes_files_on_the_page(as_, ticket):  # noqa: F811
    rosa = as_("rosa")
    page = reverse("desk:ticket", args=[ticket.reference])

    answer = rosa.post(
        reverse("desk:add_file", args=[ticket.reference]),
        {"file": [a_file(PNG, "light.png"), a_file(HTML, "page.html")]},
        follow=True,
    )

    assert "light.png is on the ticket now." in answer.content.decode()
    assert "page.html: Files of this type are not taken." in answer.content.decode()
    [added] = Attachment.objects.on(ticket)
    rosa.post(reverse("desk:remove_file", args=[ticket.reference, added.key]), {"reason": "blurred"})
    assert "light.png</a>" not in rosa.get(page).content.decode()


def test_files_are_added_listed_and_removed_in_the_api(as_, ticket):  # noqa: F811
    rosa = as_("rosa")
    address = reverse("api:files", args=[ticket.reference])

    made = rosa.post(address, {"file": a_file()})
    listed = rosa.get(address).json()
    gone = rosa.delete(f"{address}{made.json()['key']}/", {"reason": "blurred"}, content_type="application/json")

    assert (made.status_code, listed[0]["name"], gone.status_code) == (201, "light.png", 204)
    assert rosa.get(address).json() == []


@pytest.mark.parametrize(
    "bad",
    [{}, {"file": "words"}, {"file": SimpleUploadedFile("x.png", HTML)}, {"file": SimpleUploadedFile("x.png", b"")}],
)
def test_the_api_answers_a_bad_file_with_a_problem(as_, ticket, bad):  # noqa: F811
    answer = as_("rosa").post(reverse("api:files", args=[ticket.reference]), bad)

    assert answer.status_code == 400
    assert "file" in answer.json()["errors"]


def test_a_request_beyond_all_bounds_is_refused_before_it_is_read(as_, ticket, settings):  # noqa: F811
    settings.UPLOAD_MAX_SIZE = 1000

    answer = as_("rosa").post(reverse("desk:add_file", args=[ticket.reference]), {"file": a_file(PNG + b"\x00" * 2000)})

    assert answer.status_code == 400
    assert not Attachment.objects.exists()
