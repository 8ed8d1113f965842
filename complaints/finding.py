"""Finding a category by the words in which a customer tells it, in Chinese and English (R12)."""

import re
import unicodedata

from complaints.models import Category

_WORDS = re.compile(r"[a-z0-9]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
AT_MOST = 12
LONGEST = 200
OWN, ABOVE = 3, 2  # what a word counts in the leaf itself, and in what stands above it


def find_categories(told: str, *, at_most: int = AT_MOST) -> list[Category]:
    """The leaves that fit these words best, best first: by their names and synonyms and those of what is above them.

    English is compared by the beginnings of words, Chinese by pairs of characters, so that nobody has to hit a name.
    """
    sought = _pieces(told[:LONGEST])
    if not sought:
        return []
    tree = list(Category.objects.filter(is_active=True))
    said = {part.path: _haystack(part) for part in tree}
    scored = []
    for leaf in tree:
        if leaf.numchild:
            continue
        above = [said[leaf.path[:end]] for end in range(Category.steplen, len(leaf.path), Category.steplen)]
        score = sum(
            OWN if _says(said[leaf.path], piece) else ABOVE if any(_says(part, piece) for part in above) else 0
            for piece in sought
        )
        if score:
            scored.append((-score, leaf.path, leaf))
    return [leaf for _score, _path, leaf in sorted(scored, key=lambda found: found[:2])[:at_most]]


def _pieces(text: str) -> set[str]:
    """Words of two letters and more, and pairs of characters; a single character where there is no more."""
    plain = unicodedata.normalize("NFKC", text).lower()
    words = {word for word in _WORDS.findall(plain) if len(word) > 1}
    pairs = {run[at : at + 2] for run in _HAN.findall(plain) for at in range(max(len(run) - 1, 1))}
    return words | pairs


def _haystack(category: Category) -> str:
    text = " ".join((category.name_zh, category.name_en, category.synonyms))
    return unicodedata.normalize("NFKC", text).lower()


def _says(haystack: str, piece: str) -> bool:
    if piece[0] > "z":
        return piece in haystack
    # A plural or another ending hides nothing, a short word stands for itself.
    stem = piece[:-1] if len(piece) > 4 and piece.endswith("s") else piece
    pattern = rf"\b{re.escape(stem)}" if len(stem) > 3 else rf"\b{re.escape(stem)}\b"
    return re.search(pattern, haystack) is not None
