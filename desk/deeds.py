"""Which deeds a ticket's page offers, in the order in which they are usual; other pages offer a part of them."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import Authority, Person
from complaints.models import Ticket
from complaints.models.acts import possible_acts
from complaints.models.permissions import WORKING_A_QUEUE, calls_back
from complaints.states import State
from desk.forms import (
    approving,
    authorities,
    beside,
    callbacks,
    dispatching,
    handling,
    letters,
    progressing,
    repeats,
    replying,
    returned,
    supervising,
)
from desk.forms.deeds import Deed

USUAL: tuple[type[Deed], ...] = (
    returned.Resubmit,
    dispatching.Dispatch,
    dispatching.ReturnForCompletion,
    returned.ResolveOnSite,
    handling.Claim,
    handling.AnswerAssistance,
    beside.AnswerChaseUp,
    handling.FeedBack,
    replying.BeginReply,
    replying.Reply,
    replying.AttemptReply,
    letters.WriteLetter,
    replying.Conclude,
    replying.Confirm,
    progressing.FinishFollowUp,
    callbacks.AnswerCallback,
    callbacks.AttemptCallback,
    callbacks.DecideRound,
    approving.DecideApproval,
    repeats.ConfirmRepeat,
    beside.Resume,
    handling.Assign,
    beside.Demand,
    progressing.TellProgress,
    beside.Comment,
)
FURTHER: tuple[type[Deed], ...] = (
    dispatching.HandleAtDesk,
    dispatching.Recall,
    handling.AskAssistance,
    approving.GrantSolution,
    approving.RequestApproval,
    approving.WithdrawApproval,
    progressing.ReportInterim,
    beside.Hold,
    handling.TakeOver,
    handling.Transfer,
    handling.SendBack,
    handling.Release,
    replying.RejectFeedback,
    replying.ReleaseReply,
    replying.ConcludeUnreachable,
    beside.Promise,
    beside.ConsentDeed,
    beside.ChaseUpDeed,
    repeats.AddFacts,
    repeats.RejectRepeat,
    repeats.LinkRepeat,
    supervising.Escalate,
    supervising.DecideGravity,
    supervising.Extend,
    beside.Reclassify,
    beside.MarkGrave,
    beside.Readdress,
    authorities.OpenCase,
    beside.NameReplier,
    beside.HandOver,
    beside.Reopen,
    beside.Merge,
    beside.Cancel,
)
ALL = USUAL + FURTHER
FOR_READERS: tuple[type[Deed], ...] = (beside.ChaseUpDeed,)
"""All that R1 grants on a ticket which was opened only to answer its customer."""


def for_somebody(*, reads_only: bool) -> tuple[type[Deed], ...]:
    """What a ticket's page may offer to who works on it, or to who has opened it for reading only."""
    return FOR_READERS if reads_only else ALL


def offer(
    kinds: Iterable[type[Deed]], ticket: Ticket, *, person: Person, authority: Authority, at: datetime
) -> list[Deed]:
    """The deeds out of these that `possible` names, each as a form that can be filled in."""
    may_be = possible(kinds, ticket, person=person, authority=authority, at=at)
    return [kind(ticket=ticket, person=person, authority=authority, at=at) for kind in may_be]


def possible(
    kinds: Iterable[type[Deed]], ticket: Ticket, *, person: Person, authority: Authority, at: datetime
) -> list[type[Deed]]:
    """Which of these this person may do on the ticket now, without a refusal that can be foreseen; in their order."""
    names = {*ticket.possible_moves(authority), *possible_acts(ticket, authority)}
    if is_asked_for_assistance(ticket, authority):
        names.add("answer_assistance")
    if any(task.done_at is None for task in ticket.follow_ups.all()):
        names.add("finish_follow_up")
    if ticket.open_approvals:
        names |= {"decide_approval", "withdraw_approval"}
    if ticket.state == State.CLOSED and calls_back(ticket, authority):
        names.add("finish_callback")  # of a callback that a campaign drew after the end
    return [kind for kind in kinds if (kind.move or kind.act) in names and kind.applies(ticket, person, at)]


def is_asked_for_assistance(ticket: Ticket, authority: Authority) -> bool:
    """Whether a unit that this person works for owes an answer."""
    return any(
        asked.answered_at is None and asked.ended_at is None and authority.holds(*WORKING_A_QUEUE, over=asked.unit)
        for asked in ticket.assistances.all()
    )
