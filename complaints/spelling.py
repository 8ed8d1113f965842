"""Finding a Chinese name by what is typed of its pinyin: whole syllables, their beginnings, or both mixed.

The letters are taken from syllable after syllable, at least one from each, from any syllable of the name on:
宽带频繁掉线 (kuan dai pin fan diao xian) is found by "kdpf", "kuandai", "pinfan" and "kuandpf".
"""

from collections.abc import Sequence


def is_spelt(letters: str, syllables: Sequence[str]) -> bool:
    """Whether these letters, without spaces and in lower case, can be read as syllables of the name."""
    return any(_goes_on(letters, syllables[start:]) for start in range(len(syllables)))


def _goes_on(letters: str, syllables: Sequence[str]) -> bool:
    if not letters:
        return True
    if not syllables:
        return False
    first, rest = syllables[0], syllables[1:]
    shared = next((at for at, (one, other) in enumerate(zip(first, letters, strict=False)) if one != other), None)
    most = min(len(first), len(letters)) if shared is None else shared
    return any(_goes_on(letters[taken:], rest) for taken in range(most, 0, -1))
