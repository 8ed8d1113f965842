"""What happens to approvals."""

from dataclasses import dataclass

from approvals.models import Approval
from complaints.events import Happened


@dataclass(frozen=True)
class ApprovalRequested(Happened):
    """A solution was put up for approval."""

    approval: Approval


@dataclass(frozen=True)
class ApprovalEnded(Happened):
    """It was decided, or withdrawn with its request."""

    approval: Approval
