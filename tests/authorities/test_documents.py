"""Documents of an authority's case as files (R82): checked as everywhere, seen by who sees the case and nobody else."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from attachments import actions as attachments
from attachments.models import Attachment, AttachmentRules
from authorities.actions import cases
from authorities.models import Document
from common.refusals import Malformed
from complaints.actions import cancelling
from tests.attachments.samples import EXE, HTML, PDF, a_file
from tests.authorities.test_cases import a_case
from tests.authorities.test_pages import browser, get, post
from tests.people import MONDAY_TEN, TUESDAY_NINE, fresh, person

pytestmark = pytest.mark.django_db


def the_letter():
    return a_file(PDF, "letter.pdf")


def add(case, **given):
    said = {"title": "Letter", "link": "", "text": "", "file": the_letter()} | given
    return cases.add_document(case, **said, by=person("lin"), at=TUESDAY_NINE)


def test_a_file_is_a_document_by_itself_and_waits_for_no_ticket(ticket):
    added = add(a_case(ticket))

    attachments.forget_expired(TUESDAY_NINE + timedelta(days=400))

    file = Document.objects.get(pk=added.pk).file
    assert (file.name, file.media_type, file.ticket, file.attached_at) == (
        "letter.pdf", "application/pdf", None, TUESDAY_NINE,
    )  # fmt: skip
    assert file.content.read() == PDF


def test_a_case_takes_files_after_its_ticket_is_over(ticket):
    case = a_case(ticket)
    cancelling.cancel(fresh(ticket), reason="withdrawn", by=person("lin"), at=MONDAY_TEN)

    add(case)

    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("content", [HTML, EXE, b""])
def test_what_is_not_taken_elsewhere_is_not_taken_here(ticket, content):
    case = a_case(ticket)

    with pytest.raises(Malformed) as refused:
        add(case, text="Its words.", file=a_file(content, "letter.pdf"))

    assert list(refused.value.errors) == ["file"]
    assert not Document.objects.exists()


def test_a_case_takes_only_so_many_files(ticket):
    AttachmentRules.objects.update_or_create(pk=1, defaults={"files_per_ticket": 1})
    case = a_case(ticket)
    add(case)

    with pytest.raises(Malformed):
        add(case)
    add(case, file=None, text="Its words.")

    assert Attachment.objects.count() == 1


def test_a_file_belongs_to_one_document(ticket):
    first, second = add(a_case(ticket)), add(a_case(ticket, number="2"))

    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=second.pk).update(file=first.file)


def test_it_is_added_and_saved_on_the_page_of_its_case(ticket):
    case = a_case(ticket)
    page = reverse("desk:case", args=[case.pk])

    refused = post("lin", page, deed="document", title="Letter", file=a_file(HTML, "letter.pdf"))
    added = post("lin", page, deed="document", title="Letter", file=the_letter())
    file = Document.objects.get().file
    shown = get("lin", page).content.decode()
    saved = get("lin", reverse("desk:case_document", args=[case.pk, file.key]))

    assert refused.status_code == 400
    assert "Files of this type are not taken." in refused.content.decode()
    assert added.status_code == 302
    assert "letter.pdf</a>" in shown
    assert b"".join(saved.streaming_content) == PDF
    assert saved.headers["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert saved.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_who_does_not_see_the_case_does_not_see_its_files(ticket):
    case = a_case(ticket)
    key = add(case).file.key

    for page in (
        reverse("desk:case_document", args=[case.pk, key]),
        f"/api/v1/authority-cases/{case.pk}/documents/{key}/",
    ):
        assert get("noor", page).status_code == 404


def test_a_file_is_not_found_through_another_case_nor_a_draft_through_any(ticket):
    case, other = a_case(ticket), a_case(ticket, number="2")
    key = add(case).file.key
    draft = attachments.keep(the_letter(), holder=attachments.Holder(person("lin")), at=TUESDAY_NINE)

    for missing in (key, draft.key, "no-such-file"):
        assert get("lin", reverse("desk:case_document", args=[other.pk, missing])).status_code == 404
        assert get("lin", f"/api/v1/authority-cases/{other.pk}/documents/{missing}/").status_code == 404


def test_it_is_added_and_saved_by_rest_too(ticket):
    address = f"/api/v1/authority-cases/{a_case(ticket).pk}/"

    refused = post("lin", f"{address}add-document/", title="Letter", file=a_file(EXE, "letter.pdf"))
    added = post("lin", f"{address}add-document/", title="Letter", file=the_letter())
    in_json = browser("lin").post(
        f"{address}add-document/", {"title": "Letter", "file": "letter.pdf"}, content_type="application/json"
    )
    file = added.json()["documents"][0]["file"]
    saved = get("lin", f"{address}documents/{file['key']}/")

    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["file"])
    assert (in_json.status_code, list(in_json.json()["errors"])) == (400, ["file"])
    assert (added.status_code, file["name"]) == (200, "letter.pdf")
    assert b"".join(saved.streaming_content) == PDF
