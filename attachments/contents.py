"""What a file is, judged by its content and never by what it is called (R10, X6, X7)."""

import unicodedata
from pathlib import PurePath

import filetype

from common.text import tidy

HEAD = 8192
LONGEST_NAME = 120
# What the type of a content is called, and how the name of such a file ends. What a browser would run is not among it.
ALLOWED = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/amr": "amr",
    "audio/x-wav": "wav",
    "video/mp4": "mp4",
}
_NOT_IN_NAMES = set('/\\:*?"<>|')


def type_of(head: bytes) -> str | None:
    """The type of what begins with these bytes, where files of it are taken; None for anything else."""
    kind = filetype.guess(head)
    return kind.mime if kind is not None and kind.mime in ALLOWED else None


def safe_name(name: str, media_type: str) -> str:
    """What the file is called from now on: one harmless line that ends as its content does.

    Signs that steer a terminal or turn the direction of writing, paths and reserved signs are left out.
    """
    stem = PurePath(tidy(name).replace("\\", "/")).stem
    kept = "".join(sign for sign in stem if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    plain = "".join("_" if sign in _NOT_IN_NAMES else sign for sign in kept).strip(" .")
    extension = ALLOWED[media_type]
    return f"{plain[: LONGEST_NAME - len(extension) - 1] or 'file'}.{extension}"
