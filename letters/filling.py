"""Templates of letters: plain text with names in braces, filled in once, with values that can break nothing (R46).

A template is no program: `{reference}` is replaced by a value, and nothing else happens. What the author has to write
stands as a gap in double brackets, `[[what was done]]`; a gap that is still open is found by the check.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NAME = re.compile(r"\{([^{}\n]*)\}")
GAP = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


def names_in(text: str) -> set[str]:
    """The names in braces."""
    return set(NAME.findall(text))


def check_names(text: str, known: Collection[str]) -> None:
    """Validator: every name in braces is known, and no brace stands alone. Raises ValidationError naming each."""
    unknown = sorted(names_in(text) - set(known))
    if unknown:
        raise ValidationError(
            _("Nothing is known by the name of: %(unknown)s. Known are: %(known)s."),
            code="unknown_placeholder",
            params={"unknown": ", ".join(f"{{{name}}}" for name in unknown), "known": ", ".join(sorted(known))},
        )
    rest = NAME.sub("", text)
    if "{" in rest or "}" in rest:
        raise ValidationError(_("A brace stands alone; names are written as {reference}."), code="lone_brace")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each name replaced by its value, in one pass, so that a value is never read as a template.

    A name without a value becomes a gap for the author to fill.
    """
    return NAME.sub(lambda found: _tame(values.get(found[1], "")) or f"[[{found[1]}]]", text)


def gaps_in(text: str) -> list[str]:
    """What stands in the gaps that are still open."""
    return [found.strip() for found in GAP.findall(text)]


def _tame(value: str) -> str:
    """The value without control characters, and with nothing in it that reads as a gap."""
    kept = "".join(sign for sign in value if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"})
    return kept.replace("[[", "[ [").replace("]]", "] ]").strip()
