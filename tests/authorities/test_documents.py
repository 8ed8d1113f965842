"""Documents of an authority's case as files (R82): checked as everywhere, seen by who sees the case and nobody else."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from attachments import actions as attachments
from attachments.models import Attachment, AttachmentRules
from authorities.actions import cases
from authorities.models import Document
from common.refusals import Malformed, NotPossible, NotYours
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


# Withdrawn and replaced

WRONG_CASE = "It belongs to another case."


def test_a_withdrawn_document_stays_on_record_with_who_when_and_why(ticket):
    case = a_case(ticket)
    added = add(case)

    cases.withdraw_document(case, added.pk, reason=WRONG_CASE, by=person("luyi"), at=TUESDAY_NINE)

    withdrawn = Document.objects.get()
    assert (withdrawn.withdrawn_at, withdrawn.withdrawn_by, withdrawn.withdrawn_because) == (
        TUESDAY_NINE, person("luyi"), WRONG_CASE,
    )  # fmt: skip
    assert withdrawn.file.content.read() == PDF
    entry = ticket.entries.get(kind="case_document_withdrawn")
    assert (entry.data["case"], entry.note.text) == (case.pk, WRONG_CASE)


def test_a_document_is_replaced_and_the_old_one_kept(ticket):
    AttachmentRules.objects.update_or_create(pk=1, defaults={"files_per_ticket": 1})
    case = a_case(ticket)
    old = add(case)

    new = add(case, title="Letter, all pages", replaces=old.pk, reason="A page was missing.")

    assert (new.replaces, Document.objects.get(pk=old.pk).withdrawn_because) == (old, "A page was missing.")
    assert Attachment.objects.count() == 2


def test_a_document_is_withdrawn_once_with_a_reason_and_from_its_own_case(ticket):
    case, other = a_case(ticket), a_case(ticket, number="2")
    added = add(case)

    with pytest.raises(Malformed) as unexplained:
        cases.withdraw_document(case, added.pk, reason=" ", by=person("lin"), at=TUESDAY_NINE)
    with pytest.raises(NotPossible) as elsewhere:
        cases.withdraw_document(other, added.pk, reason=WRONG_CASE, by=person("lin"), at=TUESDAY_NINE)
    cases.withdraw_document(case, added.pk, reason=WRONG_CASE, by=person("lin"), at=TUESDAY_NINE)
    with pytest.raises(NotPossible) as twice:
        add(case, replaces=added.pk, reason=WRONG_CASE)

    assert list(unexplained.value.errors) == ["reason"]
    assert (elsewhere.value.code, twice.value.code) == ("no_such_document", "withdrawn_already")
    assert Document.objects.count() == 1


def test_who_does_not_work_on_the_case_withdraws_nothing_and_reads_nothing_withdrawn(ticket):
    case = a_case(ticket)
    added = add(case, text="The words of a stranger.")
    with pytest.raises(NotYours):
        cases.withdraw_document(case, added.pk, reason=WRONG_CASE, by=person("rosa"), at=TUESDAY_NINE)
    cases.withdraw_document(case, added.pk, reason=WRONG_CASE, by=person("lin"), at=TUESDAY_NINE)

    page, rest = reverse("desk:case", args=[case.pk]), f"/api/v1/authority-cases/{case.pk}/"
    file = reverse("desk:case_document", args=[case.pk, added.file.key])
    shown = {name: get(name, page).content.decode() for name in ("rosa", "lin")}
    told = {name: get(name, rest).json()["documents"][0] for name in ("rosa", "lin")}

    assert WRONG_CASE in shown["rosa"] and WRONG_CASE in shown["lin"]
    assert "The words of a stranger." not in shown["rosa"]
    assert "The words of a stranger." in shown["lin"]
    assert (told["rosa"]["text"], told["rosa"]["file"]) == ("", None)
    assert told["lin"]["text"] == "The words of a stranger."
    assert [get("rosa", file).status_code, get("lin", file).status_code] == [404, 200]
    assert get("rosa", f"{rest}documents/{added.file.key}/").status_code == 404


def test_it_is_withdrawn_and_replaced_on_the_page_of_its_case(ticket):
    case = a_case(ticket)
    old = add(case)
    page = reverse("desk:case", args=[case.pk])

    unexplained = post("lin", page, deed="document", title="Whole letter", text="All of it.", replaces=old.pk)
    replaced = post("lin", page, deed="document", title="Whole letter", text="All.", replaces=old.pk, reason="Cut off.")
    new = Document.objects.get(replaces=old)
    again = post("lin", page, deed="withdraw", document=old.pk, reason=WRONG_CASE)
    withdrawn = post("lin", page, deed="withdraw", document=new.pk, reason=WRONG_CASE)

    assert (unexplained.status_code, replaced.status_code, again.status_code, withdrawn.status_code) == (
        400, 302, 400, 302,
    )  # fmt: skip
    assert "Say why the document is withdrawn." in unexplained.content.decode()
    shown = get("lin", page).content.decode()
    assert "Cut off." in shown and WRONG_CASE in shown
    assert 'value="withdraw"' not in shown


def test_it_is_withdrawn_and_replaced_by_rest_too(ticket):
    address = f"/api/v1/authority-cases/{a_case(ticket).pk}/"
    old = post("lin", f"{address}add-document/", title="Letter", text="Half.").json()["documents"][0]["id"]

    replaced = post(
        "lin", f"{address}add-document/", title="Letter", text="All.", replaces=old, reason="A page was missing."
    )
    new = replaced.json()["documents"][1]["id"]
    with time_machine.travel(TUESDAY_NINE, tick=False):
        withdrawn, refused, not_hers = (
            browser(name).post(
                f"{address}withdraw-document/",
                {"document": new, "reason": WRONG_CASE},
                content_type="application/json",
            )
            for name in ("lin", "lin", "rosa")
        )

    assert [each["replaces"] for each in replaced.json()["documents"]] == [None, old]
    assert [each["withdrawn_because"] for each in withdrawn.json()["documents"]] == ["A page was missing.", WRONG_CASE]
    assert (refused.status_code, refused.json()["code"]) == (409, "withdrawn_already")
    assert not_hers.status_code == 403
