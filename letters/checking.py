"""What a letter lacks and what it must not say, found as it is written (R41, R46). Plain arithmetic over texts."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from letters.filling import gaps_in

MISSING, FORBIDDEN, OPEN_GAP = "missing", "forbidden", "gap"
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LETTER = r"[^\W\u3400-\u9fff]"  # what a word is made of; a number may stand between Chinese signs
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Part:
    """Something that a letter has to contain: what it is called, and the words of which one has to stand there."""

    name: str
    words: Sequence[str]


@dataclass(frozen=True)
class Finding:
    """Something wrong: a part that is missing, a gap that is open, a phrase that is forbidden."""

    kind: str
    what: str


def findings(text: str, *, parts: Iterable[Part], forbidden: Iterable[str]) -> list[Finding]:
    """Everything that keeps this text from being sent, in the order in which one would mend it."""
    found = [Finding(OPEN_GAP, gap) for gap in gaps_in(text)]
    found += [Finding(MISSING, part.name) for part in parts if not any(contains(text, word) for word in part.words)]
    found += [Finding(FORBIDDEN, phrase) for phrase in forbidden if contains(text, phrase)]
    return found


def contains(text: str, phrase: str) -> bool:
    """Whether a phrase stands in a text, whatever its case, width and blanks; in English as whole words.

    Chinese words have no blanks between them, so a blank within a phrase would only hide it.
    """
    sought = _plain(phrase)
    if not sought:
        return False
    if _CHINESE.search(sought):
        return _BLANKS.sub("", sought) in _BLANKS.sub("", _plain(text))
    return re.search(rf"(?<!{_LETTER}){re.escape(sought)}(?!{_LETTER})", _plain(text)) is not None


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
