"""Text as people type it, made safe to keep: trimmed, normalised, without control characters."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from common.refusals import Malformed

LONGEST_TEXT = 10_000
_FORMULA_BEGINS = "=+-@"
_CELL_BREAKS = ("\t", "\r", "\n")
_ALLOWED_CONTROLS = {"\n", "\t"}


def refuse_control_characters(text: str) -> None:
    """Validator: no control characters besides line breaks and tabs, no lone surrogates. Raises ValidationError."""
    for position, character in enumerate(text, start=1):
        category = unicodedata.category(character)
        if category == "Cs" or (category == "Cc" and character not in _ALLOWED_CONTROLS and character != "\r"):
            raise ValidationError(
                _("Character %(position)d cannot be stored; remove it."), code="control", params={"position": position}
            )


def tidy(text: str) -> str:
    """The text in NFC, with plain line breaks and without blanks around it."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def without_controls(text: str) -> str:
    """The text with forbidden control characters dropped; for input that must not be refused."""
    return "".join(
        character
        for character in text
        if character in _ALLOWED_CONTROLS or unicodedata.category(character) not in {"Cc", "Cs"}
    )


def require_text(text: str, *, field: str, message: str, limit: int = LONGEST_TEXT) -> str:
    """The tidied text of something that must be said. Raises Malformed when it is empty, too long or unstorable."""
    kept = optional_text(text, field=field, limit=limit)
    if not kept:
        raise Malformed(message, errors={field: [message]})
    return kept


def optional_text(text: str, *, field: str, limit: int = LONGEST_TEXT) -> str:
    """The tidied text of something that may be said. Raises Malformed when it is too long or unstorable."""
    kept = tidy(text)
    if len(kept) > limit:
        too_long = _now("At most %(limit)d characters.") % {"limit": limit}
        raise Malformed(too_long, errors={field: [too_long]})
    try:
        refuse_control_characters(kept)
    except ValidationError as error:
        raise Malformed(str(error.messages[0]), errors={field: list(error.messages)}) from error
    return kept


def inert(cell: str) -> str:
    """The cell as a spreadsheet takes it for text: what it would read as a formula gets an apostrophe before it.

    Blanks and full-width signs before or instead of the usual ones are seen through.
    """
    begins = unicodedata.normalize("NFKC", cell).strip()[:1]
    return f"'{cell}" if (begins and begins in _FORMULA_BEGINS) or cell[:1] in _CELL_BREAKS else cell
