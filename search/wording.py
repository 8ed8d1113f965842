"""From what somebody types to what is asked of the index, and to what is marked in the answer. Plain, without Django.

The index is made by the database (`search_words_of`, migration 0002); a test keeps both to one reading of words.
"""

import re
import unicodedata
from collections.abc import Iterator

CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
MOST_WORDS = 12
LONGEST = 100
EXCERPT = 90
LEAD = 12
"""How much of it stands before the word at most: a list shows the first twenty characters or so."""

_RUN = re.compile(f"[{CHINESE}]+|[^\\W_{CHINESE}]+")
_GAP = re.compile(r"\s+")


def words_of(asked: str) -> list[str]:
    """The runs that are asked for, lowered: Chinese ones whole, other words each; at most a dozen, without repeats."""
    return list(dict.fromkeys(_RUN.findall(_plain(asked))))[:MOST_WORDS]


def as_query(asked: str) -> str:
    """A tsquery that all its words have to meet; empty when there is no word in it.

    A Chinese run of several characters becomes its pairs, a single character and every other word a beginning.
    """
    return " & ".join(lexeme for word in words_of(asked) for lexeme in _lexemes(word))


def excerpt(texts: list[str], asked: str) -> list[tuple[str, bool]]:
    """A short stretch of the first text that has one of the words, as pieces, each with whether it is to be marked.

    Empty when none of the texts has any of the words as it was typed.
    """
    words = words_of(asked)
    if not words:
        return []
    hit = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    for text in texts:
        flat = _GAP.sub(" ", unicodedata.normalize("NFKC", text)).strip()
        if first := hit.search(flat):
            return list(_pieces(_around(flat, first.start()), hit))
    return []


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _lexemes(word: str) -> Iterator[str]:
    if not re.match(f"[{CHINESE}]", word):
        yield f"'{word[:LONGEST]}':*"
    elif len(word) == 1:
        yield f"'{word}':*"
    else:
        yield from (f"'{word[at : at + 2]}'" for at in range(len(word) - 1))


def _around(text: str, at: int) -> str:
    begin = max(0, at - LEAD)
    if begin:
        begin = text.find(" ", begin, at) + 1 or begin  # at a word, where words are apart
    end = begin + EXCERPT
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"


def _pieces(text: str, hit: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    at = 0
    for found in hit.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], False
        yield found.group(), True
        at = found.end()
    if at < len(text):
        yield text[at:], False
