"""Files on tickets (R10): what is taken, who may add, fetch and remove them, and where they lie."""

import stat
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Role
from attachments import actions
from attachments.actions import Holder
from attachments.models import Attachment, AttachmentRules, private_files
from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions import cancelling
from complaints.models import Entry
from tests.attachments.samples import AMR, EXE, HTML, JPEG, PDF, PNG, SVG, ZIP, a_file
from tests.people import MONDAY_NINE, MONDAY_TEN, a_customer, a_ticket, fresh, person, somebody

pytestmark = pytest.mark.django_db


def stored(attachment: Attachment) -> Path:
    return Path(private_files().path(attachment.content.name))


# --- What is taken ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "kept_as", "media_type"),
    [
        (PNG, "light.png", "light.png", "image/png"),
        (JPEG, "IMG_1.JPEG", "IMG_1.jpg", "image/jpeg"),
        (PDF, "账单.pdf", "账单.pdf", "application/pdf"),
        (AMR, "call", "call.amr", "audio/amr"),
        (PNG, "light.exe", "light.png", "image/png"),
    ],
)
def test_a_file_is_what_its_content_says(ticket, rosa, content, name, kept_as, media_type):
    added = actions.attach(ticket, a_file(content, name, "text/html"), by=rosa, at=MONDAY_TEN)

    assert (added.name, added.media_type, added.size) == (kept_as, media_type, len(content))
    assert stored(added).read_bytes() == content


@pytest.mark.parametrize("content", [HTML, SVG, EXE, ZIP, b"plain words", b"%!PS-Adobe-3.0"])
def test_what_a_browser_or_a_machine_would_run_is_refused_whatever_it_is_called(ticket, rosa, content):
    with pytest.raises(Malformed) as refused:
        actions.attach(ticket, a_file(content, "harmless.png", "image/png"), by=rosa, at=MONDAY_TEN)

    assert refused.value.code == "file_type"
    assert not Attachment.objects.exists()


def test_an_empty_file_is_refused(ticket, rosa):
    with pytest.raises(Malformed, match="empty"):
        actions.attach(ticket, a_file(b""), by=rosa, at=MONDAY_TEN)


def test_a_file_larger_than_the_rules_allow_is_refused(ticket, rosa):
    AttachmentRules.objects.update_or_create(pk=1, defaults={"largest_mb": 1})

    with pytest.raises(Malformed) as refused:
        actions.attach(ticket, a_file(PNG + b"\x00" * 1024 * 1024), by=rosa, at=MONDAY_TEN)

    assert refused.value.code == "file_too_large"


def test_a_ticket_takes_only_so_many_files_and_a_removed_one_makes_room(ticket, rosa):
    AttachmentRules.objects.update_or_create(pk=1, defaults={"files_per_ticket": 1})
    first = actions.attach(ticket, a_file(), by=rosa, at=MONDAY_TEN)

    with pytest.raises(Malformed, match="At most 1"):
        actions.attach(ticket, a_file(), by=rosa, at=MONDAY_TEN)

    actions.remove(ticket, first.key, reason="blurred", by=rosa, at=MONDAY_TEN)
    assert actions.attach(ticket, a_file(), by=rosa, at=MONDAY_TEN).attached_at == MONDAY_TEN


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("C:\\temp\\x.png", "x.png"),
        ("gnp.\u202eexe", "gnp.png"),
        ("a\r\nb: c.png", "ab_ c.png"),
        ('"quoted".png', "_quoted_.png"),
        ("   .png", "png.png"),
        ("长" * 300 + ".png", "长" * 116 + ".png"),
    ],
)
def test_a_name_is_one_harmless_line(ticket, rosa, name, kept_as):
    upload = a_file()
    upload._name = name

    assert actions.attach(ticket, upload, by=rosa, at=MONDAY_TEN).name == kept_as


# --- Where they lie ---------------------------------------------------------------------------------------------------


def test_contents_lie_under_random_names_that_others_on_the_machine_cannot_read(ticket, rosa):
    first, second = (actions.attach(ticket, a_file(), by=rosa, at=MONDAY_TEN) for _each in range(2))

    assert first.key != second.key
    assert len(first.key) == 22  # 128 bits
    assert "light" not in first.content.name
    assert stat.S_IMODE(stored(first).stat().st_mode) & 0o027 == 0


def test_a_deed_that_is_undone_leaves_nothing_behind_but_a_stray_that_is_swept(ticket, rosa):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        stray = actions.attach(ticket, a_file(), by=rosa, at=MONDAY_TEN)
        raise ZeroDivisionError

    assert not Attachment.objects.exists()
    path = stored(stray)
    written = path.stat().st_mtime
    when = MONDAY_TEN.fromtimestamp(written, tz=MONDAY_TEN.tzinfo)
    assert actions.forget_strays(when + timedelta(hours=1)) == 0
    assert actions.forget_strays(when + timedelta(days=2)) >= 1
    assert not path.exists()


# --- Who may, and what is told of it ----------------------------------------------------------------------------------


def test_adding_and_removing_stand_in_the_history(ticket, rosa, django_capture_on_commit_callbacks):
    added = actions.attach(ticket, a_file(), by=rosa, at=MONDAY_TEN)
    path = stored(added)
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove(ticket, added.key, reason="the wrong photo", by=rosa, at=MONDAY_TEN)

    told = Entry.objects.filter(ticket=ticket, kind__startswith="file_").order_by("pk")
    assert [(entry.kind, entry.by, entry.data["file"], entry.note.text) for entry in told] == [
        ("file_added", rosa, added.pk, "light.png"),
        ("file_removed", rosa, added.pk, "the wrong photo"),
    ]
    assert not path.exists()
    assert not Attachment.objects.on(ticket).exists()


def test_who_has_no_say_on_a_ticket_adds_nothing(ticket, noor):
    with pytest.raises(NotYours):
        actions.attach(ticket, a_file(), by=noor, at=MONDAY_TEN)

    assert not Attachment.objects.exists()


def test_a_reader_adds_nothing(ticket):
    with pytest.raises(NotYours):
        actions.attach(ticket, a_file(), by=somebody(Role.AUDITOR), at=MONDAY_TEN)


def test_another_than_who_added_it_cannot_remove_it_but_a_supervisor_can(ticket, rosa, lin, sam):
    added = actions.attach(ticket, a_file(), by=rosa, at=MONDAY_TEN)

    with pytest.raises(NotYours):
        actions.remove(ticket, added.key, reason="not needed", by=sam, at=MONDAY_TEN)

    assert actions.remove(ticket, added.key, reason="private", by=lin, at=MONDAY_TEN).removed_by == lin


def test_removing_asks_why_and_happens_once(ticket, rosa):
    added = actions.attach(ticket, a_file(), by=rosa, at=MONDAY_TEN)

    with pytest.raises(Malformed):
        actions.remove(ticket, added.key, reason=" ", by=rosa, at=MONDAY_TEN)

    actions.remove(ticket, added.key, reason="blurred", by=rosa, at=MONDAY_TEN)
    with pytest.raises(NotPossible) as refused:
        actions.remove(ticket, added.key, reason="blurred", by=rosa, at=MONDAY_TEN)
    assert refused.value.code == "no_such_file"


def test_a_file_of_another_ticket_cannot_be_removed_through_ones_own(ticket, rosa):
    other = a_ticket(customer=a_customer("12055550102"))
    added = actions.attach(other, a_file(), by=rosa, at=MONDAY_TEN)

    with pytest.raises(NotPossible):
        actions.remove(ticket, added.key, reason="mistaken", by=rosa, at=MONDAY_TEN)

    assert Attachment.objects.on(other).count() == 1


def test_a_ticket_that_is_over_takes_no_more_files(ticket, rosa):
    cancelling.cancel(ticket, reason="withdrawn", by=rosa, at=MONDAY_NINE)

    with pytest.raises(NotPossible):
        actions.attach(ticket, a_file(), by=rosa, at=MONDAY_TEN)


def test_two_files_conflict_with_nobody(ticket, rosa, sam):
    on_an_old_view = fresh(ticket)
    actions.attach(ticket, a_file(), by=rosa, at=MONDAY_TEN)

    actions.attach(on_an_old_view, a_file(PDF, "bill.pdf"), by=sam, at=MONDAY_TEN)

    assert [file.name for file in Attachment.objects.on(ticket)] == ["light.png", "bill.pdf"]


# --- Drafts -----------------------------------------------------------------------------------------------------------


def test_a_draft_is_put_on_a_ticket_by_who_uploaded_it_and_by_nobody_else(ticket, rosa, sam):
    waiting = actions.keep(a_file(), holder=Holder(rosa), at=MONDAY_TEN)

    assert actions.attach_drafts(ticket, [waiting.key], holder=Holder(sam), by=sam, at=MONDAY_TEN) == []
    assert actions.attach_drafts(ticket, [waiting.key], holder=Holder(key="guess"), by=None, at=MONDAY_TEN) == []
    assert actions.attach_drafts(ticket, [waiting.key], holder=Holder(), by=None, at=MONDAY_TEN) == []
    assert actions.attach_drafts(ticket, [waiting.key], holder=Holder(rosa), by=rosa, at=MONDAY_TEN) == [waiting]
    assert actions.attach_drafts(ticket, [waiting.key], holder=Holder(rosa), by=rosa, at=MONDAY_TEN) == []


def test_a_customers_draft_belongs_to_their_browser(ticket):
    waiting = actions.keep(a_file(), holder=Holder(key="of this browser"), at=MONDAY_TEN)

    assert waiting.held_by not in {"", "of this browser"}
    assert list(Holder(key="of another").drafts) == []
    [put] = actions.attach_drafts(ticket, [waiting.key], holder=Holder(key="of this browser"), by=None, at=MONDAY_TEN)
    assert (put.ticket, put.held_by) == (fresh(ticket), "")


def test_only_so_many_drafts_wait_for_one_person(rosa):
    AttachmentRules.objects.update_or_create(pk=1, defaults={"files_at_once": 1})
    waiting = actions.keep(a_file(), holder=Holder(rosa), at=MONDAY_TEN)

    with pytest.raises(Malformed, match="At most 1"):
        actions.keep(a_file(), holder=Holder(rosa), at=MONDAY_TEN)

    actions.discard([waiting.key], holder=Holder(rosa))
    actions.keep(a_file(), holder=Holder(rosa), at=MONDAY_TEN)


def test_a_draft_whose_ticket_never_came_is_forgotten(rosa, django_capture_on_commit_callbacks):
    waiting = actions.keep(a_file(), holder=Holder(rosa), at=MONDAY_TEN)
    path = stored(waiting)

    with django_capture_on_commit_callbacks(execute=True):
        assert actions.forget_expired(MONDAY_TEN + timedelta(hours=23)) == 0
        assert actions.forget_expired(MONDAY_TEN + timedelta(hours=24)) == 1

    assert not path.exists()


# --- The scanner ------------------------------------------------------------------------------------------------------


def a_scanner(ends_with: int) -> list[str]:
    return [sys.executable, "-c", f"import sys; open(sys.argv[1], 'rb').read(); sys.exit({ends_with})"]


def test_a_clean_file_passes_the_scanner(ticket, rosa, settings):
    settings.ATTACHMENT_SCAN = a_scanner(0)

    assert actions.attach(ticket, a_file(), by=rosa, at=MONDAY_TEN).pk


@pytest.mark.parametrize(
    ("command", "code"),
    [(a_scanner(1), "file_infected"), (a_scanner(2), "scan_failed"), (["/no/scanner"], "scan_failed")],
)
def test_what_the_scanner_objects_to_or_cannot_look_at_is_not_kept(ticket, rosa, settings, command, code):
    settings.ATTACHMENT_SCAN = command

    with pytest.raises((Malformed, NotPossible)) as refused:
        actions.attach(ticket, a_file(), by=rosa, at=MONDAY_TEN)

    assert refused.value.code == code
    assert not Attachment.objects.exists()


# --- What can never be ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("a_draft_belongs_to_who_uploaded_it", {"ticket": None, "attached_at": None, "uploaded_by": None}),
        ("a_file_on_a_ticket_says_since_when", {"attached_at": None}),
        ("a_file_without_content_was_removed", {"content": ""}),
    ],
)
def test_the_database_refuses(ticket, name, columns):
    added = actions.attach(ticket, a_file(), by=person("rosa"), at=MONDAY_TEN)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Attachment.objects.filter(pk=added.pk).update(**columns)


@pytest.mark.parametrize("columns", [{"largest_mb": 0}, {"files_per_ticket": 0}, {"draft_hours": 0}])
def test_the_database_refuses_numbers_without_sense(db, columns):
    AttachmentRules.objects.get_or_create(pk=1)

    with pytest.raises(IntegrityError, match="attachments_are_bounded_by_sane_numbers"), transaction.atomic():
        AttachmentRules.objects.update(**columns)
