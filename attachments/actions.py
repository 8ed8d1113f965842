"""Putting files on tickets and taking them off; what comes before a ticket waits as its uploader's draft (R10)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from attachments.contents import HEAD, safe_name, type_of
from attachments.models import Attachment, AttachmentQuerySet, AttachmentRules, private_files
from attachments.scanning import scan
from common.refusals import Malformed, NotPossible, NotYours
from common.text import require_text
from complaints.actions.history import record, require
from complaints.models import Ticket
from complaints.models.permissions import supervises

LONGEST_REASON = 300
AN_UPLOAD_LASTS = timedelta(days=1)


@dataclass(frozen=True)
class Holder:
    """Whose drafts: a person's, or those of a customer's browser that shows a key of its own (A20)."""

    person: Person | None = None
    key: str = ""

    @property
    def drafts(self) -> AttachmentQuerySet:
        """Their drafts, and nobody else's; none for nobody."""
        if self.person is not None:
            return Attachment.objects.drafts().filter(uploaded_by=self.person)
        if not self.key:
            return Attachment.objects.none()
        return Attachment.objects.drafts().filter(uploaded_by__isnull=True, held_by=self.hash)

    @property
    def hash(self) -> str:
        """What a row keeps of the key."""
        return hashlib.sha256(self.key.encode()).hexdigest() if self.key else ""


@transaction.atomic
def keep(upload: UploadedFile, *, holder: Holder, at: datetime) -> Attachment:
    """Keep a file until there is a ticket for it.

    Raises Malformed for one that is empty, too large, of a type that is not taken or infected, and for one too many.
    """
    if holder.drafts.count() >= AttachmentRules.current().files_at_once:
        raise _refusal(_("At most %(count)d files at once.") % {"count": AttachmentRules.current().files_at_once})
    return _stored(upload, at=at, uploaded_by=holder.person, held_by=holder.hash)


@transaction.atomic
def attach(ticket: Ticket, upload: UploadedFile, *, by: Person | None, at: datetime) -> Attachment:
    """Put a file on a ticket. Raises what `keep` raises, NotYours for who has no say, NotPossible where it is over."""
    current = _open(ticket, "attach", by=by, at=at, more=1)
    attachment = _stored(upload, at=at, uploaded_by=by, ticket=current, attached_at=at)
    _note(current, attachment, by=by, at=at)
    return attachment


@transaction.atomic
def enclose(upload: UploadedFile, *, by: Person, at: datetime) -> Attachment:
    """Keep a file for something that is no ticket, with the same checks; the caller points to it, bounds how many
    there are and answers for who sees it. Raises Malformed as `keep` does."""
    return _stored(upload, at=at, uploaded_by=by, attached_at=at)


@transaction.atomic
def attach_drafts(
    ticket: Ticket, keys: Iterable[str], *, holder: Holder, by: Person | None, at: datetime
) -> list[Attachment]:
    """Put the drafts with these keys on a ticket; only its holder's own are found (A8, A17, A20)."""
    waiting = list(holder.drafts.filter(key__in=list(keys)).select_for_update(of=("self",)))
    if not waiting:
        return []
    current = _open(ticket, "attach", by=by, at=at, more=len(waiting))
    for attachment in waiting:
        attachment.ticket, attachment.attached_at, attachment.held_by = current, at, ""
        attachment.save(update_fields=["ticket", "attached_at", "held_by"])
        _note(current, attachment, by=by, at=at)
    return waiting


@transaction.atomic
def remove(ticket: Ticket, key: str, *, reason: str, by: Person, at: datetime) -> Attachment:
    """Take a file off a ticket and delete its content; that there was one stays on record.

    Raises NotYours for others than who added it or a supervisor, NotPossible `no_such_file`, Malformed without reason.
    """
    why = require_text(reason, field="reason", message=_("Say why the file is removed."), limit=LONGEST_REASON)
    current = _open(ticket, "remove_file", by=by, at=at)
    attachment = Attachment.objects.on(current).filter(key=key).first()
    if attachment is None:
        raise NotPossible(_("This file is not on %(ticket)s.") % {"ticket": current.reference}, code="no_such_file")
    authority = by.authority(at)
    if attachment.uploaded_by_id not in authority.persons and not supervises(current, authority):
        raise NotYours(
            _("%(ticket)s: it is not yours to remove this file. It can be done by: who added it, or a supervisor.")
            % {"ticket": current.reference},
            code="not_yours",
            **current.standing(authority),
        )
    stored = str(attachment.content.name)
    attachment.content, attachment.removed_at, attachment.removed_by = "", at, by
    attachment.save(update_fields=["content", "removed_at", "removed_by"])
    current.save_move()
    record(current, "file_removed", by=by, at=at, note=why, file=attachment.pk)
    transaction.on_commit(lambda: private_files().delete(stored))
    return attachment


@transaction.atomic
def discard(keys: Iterable[str], *, holder: Holder) -> None:
    """Forget drafts that their holder does not want after all."""
    _delete(holder.drafts.filter(key__in=list(keys)))


@transaction.atomic
def forget_expired(now: datetime) -> int:
    """Forget the drafts whose ticket never came. Says how many."""
    return _delete(Attachment.objects.expired(now))


def forget_strays(now: datetime) -> int:
    """Delete contents that no row names: an upload was undone after its file was written. Says how many."""
    files = private_files()
    found = 0
    folders, _loose = files.listdir("") if files.exists("") else ([], [])
    for folder in folders:
        for name in files.listdir(folder)[1]:
            stored = f"{folder}/{name}"
            is_old = files.get_modified_time(stored) <= now - AN_UPLOAD_LASTS
            if is_old and not Attachment.objects.filter(content=stored).exists():
                files.delete(stored)
                found += 1
    return found


def _open(ticket: Ticket, act: str, *, by: Person | None, at: datetime, more: int = 0) -> Ticket:
    """The ticket, locked, so that no two uploads both take its last place; a file conflicts with nobody's work."""
    current = Ticket.objects.locked().get(pk=ticket.pk)
    require(current, act, by=by, at=at)
    at_most = AttachmentRules.current().files_per_ticket
    if more and Attachment.objects.on(current).count() + more > at_most:
        raise _refusal(_("At most %(count)d files on one ticket.") % {"count": at_most})
    return current


def _stored(upload: UploadedFile, *, at: datetime, **facts: object) -> Attachment:
    largest = AttachmentRules.current().largest
    size = upload.size or 0
    if not size:
        raise _refusal(_("The file is empty."))
    if size > largest:
        raise _refusal(_("The file is larger than %(limit)d MB.") % {"limit": largest // 1024**2}, "file_too_large")
    upload.seek(0)
    media_type = type_of(upload.read(HEAD))
    if media_type is None:
        raise _refusal(
            _("Files of this type are not taken. Send a photo (JPEG, PNG, WebP, HEIC), a PDF, a sound or a video."),
            "file_type",
        )
    upload.seek(0)
    scan(upload.chunks())
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    attachment = Attachment(
        name=safe_name(upload.name or "", media_type),
        media_type=media_type,
        size=size,
        digest=digest.hexdigest(),
        created_at=at,
        **facts,
    )
    attachment.content.save(attachment.key, upload, save=True)
    return attachment


def _note(ticket: Ticket, attachment: Attachment, *, by: Person | None, at: datetime) -> None:
    if by is not None and by.pk == ticket.handler_id:
        ticket.touched_at = at
    ticket.save_move()
    record(
        ticket,
        "file_added",
        by=by,
        at=at,
        note=attachment.name,
        file=attachment.pk,
        media_type=attachment.media_type,
        size=attachment.size,
    )


def _delete(drafts: AttachmentQuerySet) -> int:
    gone = list(drafts.select_for_update(of=("self",), skip_locked=True))
    for attachment in gone:
        stored = attachment.content.name
        attachment.delete()
        transaction.on_commit(lambda stored=stored: private_files().delete(stored))  # type: ignore[misc]
    return len(gone)


def _refusal(message: str, code: str = "file_refused") -> Malformed:
    return Malformed(message, errors={"file": [message]}, code=code)
