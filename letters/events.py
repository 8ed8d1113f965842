"""What happens to letters."""

from dataclasses import dataclass

from complaints.events import Happened
from letters.models import Letter


@dataclass(frozen=True)
class LetterSubmitted(Happened):
    """A letter was put up for approval: a decision is owed."""

    letter: Letter


@dataclass(frozen=True)
class LetterDecided(Happened):
    """The last of those who have to agree did so, or one of them did not."""

    letter: Letter


@dataclass(frozen=True)
class LetterTakenBack(Happened):
    """The request was taken back, with the letter or for another version."""

    letter: Letter
