"""What a customer may mean by a short message: a reply code, a ticket's reference, or just words (R32, R73)."""

import re
import unicodedata
from dataclasses import dataclass

from callbacks.answers import Satisfaction

FIGURES = {
    "1": Satisfaction.SATISFIED,
    "2": Satisfaction.NEUTRAL,
    "3": Satisfaction.DISSATISFIED,
}
_CODE = re.compile(
    r"(?P<result>[123])[\s,.。、;/+-]*(?P<handling>[123])(?!\d)[\s,.。、;:-]*(?P<words>.*)", re.DOTALL | re.ASCII
)
_REFERENCE = re.compile(r"(?<![0-9A-Z])T\s*[-‐-―]\s*([0-9]{1,18})(?![0-9])")


@dataclass(frozen=True)
class ReplyCode:
    """Both answers of a survey, and what was written behind them."""

    with_result: Satisfaction
    with_handling: Satisfaction
    words: str


def reply_code(text: str) -> ReplyCode | None:
    """One figure for the result and one for the handling, at the beginning: `11`, `3 1 still too slow`; else None."""
    found = _CODE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    return ReplyCode(FIGURES[found["result"]], FIGURES[found["handling"]], found["words"].strip())


def reference(text: str) -> str | None:
    """The reference that stands in a text, as we write it; None where there is none."""
    found = _REFERENCE.search(unicodedata.normalize("NFKC", text).upper())
    return f"T-{found[1]}" if found is not None else None


def says_something(text: str) -> bool:
    """Whether there is more than figures: a reply code that comes too late asks for nothing."""
    return not re.fullmatch(r"[\s\d]*", text)
