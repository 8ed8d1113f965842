"""Handing a content out: to be saved, never to be shown or run by the browser (X5, X6)."""

from django.http import FileResponse

from attachments.models import Attachment


def as_download(attachment: Attachment) -> FileResponse:
    """The content of a file that whoever asks may see; who calls this has looked it up through their ticket (A1)."""
    response = FileResponse(
        attachment.content.open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
