"""What happens to cases of authorities, and before there is one."""

from dataclasses import dataclass
from datetime import datetime

from authorities.models import Case
from complaints.events import Happened


@dataclass(frozen=True)
class CaseOpened(Happened):
    """An authority's case about a ticket came on record."""

    case: Case


@dataclass(frozen=True)
class AnswerNear(Happened):
    """We owe an authority an answer soon, or since; `ticket` is the one with which the case came on record."""

    case: Case


@dataclass(frozen=True)
class AppealNear(Happened):
    """The customer may soon go to an authority, or may already (R82)."""

    may_appeal_at: datetime
