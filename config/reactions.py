"""Who follows whom: the one table of what happens when something has happened."""

from approvals import events as approval_events
from approvals import reactions as approvals
from authorities import events as authority_events
from authorities import reactions as authorities
from callbacks import events as callback_events
from callbacks import reactions as callbacks
from common.events import Reaction
from complaints import events
from complaints import reactions as complaints
from customers import events as customer_events
from escalation import reactions as ladders
from letters import events as letter_events
from letters import reactions as letters
from repeats import reactions as repeats
from sla import events as clock_events
from sla import reactions as clocks

REACTIONS: dict[type, list[Reaction]] = {
    events.Accepted: [
        clocks.accept,
        complaints.count_for_flags,
        complaints.tell_manager_of_vip,
        ladders.look_at_acceptance,
        repeats.look,
    ],
    # Callbacks come last: they may finish an exempt ticket at once, which is a move of its own.
    events.Moved: [
        clocks.follow,
        approvals.follow,
        letters.follow,
        complaints.count_for_flags,
        complaints.note_dissatisfaction,
        complaints.name_who_replies,
        complaints.give_follow_up,
        ladders.follow,
        callbacks.follow,
        complaints.hint_at_lists,
    ],
    events.AssistanceAsked: [clocks.ask_assistance],
    events.AssistanceAnswered: [clocks.answer_assistance],
    events.ChasedUp: [clocks.chase_up, ladders.chase],
    events.ChaseUpAnswered: [clocks.answer_chase_up],
    events.FactsAdded: [ladders.tell_of_facts],
    events.Held: [clocks.hold],
    events.Resumed: [clocks.resume],
    events.Promised: [clocks.promise],
    events.Consented: [clocks.consent],
    events.NotReached: [clocks.miss_the_customer],
    events.Reclassified: [clocks.reclassify, ladders.look_at_class, repeats.look_again],
    events.Confirmed: [clocks.confirm],
    events.Merged: [clocks.merge],
    events.Demanded: [ladders.tell_of_demand],
    events.MarkedGrave: [ladders.mark_grave],
    events.HandedOver: [complaints.hint_at_lists],
    customer_events.FlagRaised: [ladders.watch],
    customer_events.FlagLifted: [],
    customer_events.Regraded: [clocks.regrade],
    callback_events.CalledBack: [],
    callback_events.DissatisfiedWithHandling: [callbacks.tell_quality],
    callback_events.RoundsUsedUp: [ladders.use_up_rounds],
    callback_events.RoundsDecided: [ladders.settle_rounds],
    approval_events.ApprovalRequested: [clocks.request_approval],
    approval_events.ApprovalEnded: [clocks.end_approval],
    letter_events.LetterSubmitted: [clocks.request_letter],
    letter_events.LetterDecided: [clocks.decide_letter],
    letter_events.LetterTakenBack: [clocks.take_letter_back],
    authority_events.CaseOpened: [],
    authority_events.AnswerNear: [authorities.tell_of_answer],
    authority_events.AppealNear: [authorities.tell_of_appeal],
    clock_events.ClockStarted: [ladders.begin],
    clock_events.Warned: [ladders.warn],
    clock_events.Breached: [ladders.breach],
    clock_events.ClockHeld: [ladders.hold_with_clock],
    clock_events.ClockResumed: [ladders.resume_with_clock],
    clock_events.ClockMoved: [ladders.follow_due],
    clock_events.ClockEnded: [ladders.end],
    clock_events.OutcomeDecided: [],
}
