"""What changed from one version of a text to the next: by words in English, by signs in Chinese."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# A word, a run of blanks, or a single sign; every Chinese sign is one of its own.
_TOKEN = re.compile(r"[^\W\u3400-\u9fff]+|\s+|.", re.DOTALL)

KEPT, ADDED, REMOVED = "kept", "added", "removed"


@dataclass(frozen=True)
class Piece:
    """A stretch of text, and whether it was kept, added or removed."""

    how: str
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """Both texts as one: what was removed stands before what took its place."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[Piece] = []
    for how, begins, ends, new_begins, new_ends in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how == "equal":
            pieces.append(Piece(KEPT, "".join(before[begins:ends])))
            continue
        if ends > begins:
            pieces.append(Piece(REMOVED, "".join(before[begins:ends])))
        if new_ends > new_begins:
            pieces.append(Piece(ADDED, "".join(after[new_begins:new_ends])))
    return pieces
