"""Who follows whom: the one table of what happens when something has happened."""

from approvals import events as approval_events
from approvals import reactions as approvals
from common.events import Reaction
from complaints import events
from sla import events as clock_events
from sla import reactions as clocks

REACTIONS: dict[type, list[Reaction]] = {
    events.Accepted: [clocks.accept],
    events.Moved: [clocks.follow, approvals.follow],
    events.AssistanceAsked: [clocks.ask_assistance],
    events.AssistanceAnswered: [clocks.answer_assistance],
    events.ChasedUp: [clocks.chase_up],
    events.ChaseUpAnswered: [clocks.answer_chase_up],
    events.Held: [clocks.hold],
    events.Resumed: [clocks.resume],
    events.Promised: [clocks.promise],
    events.Consented: [clocks.consent],
    events.NotReached: [clocks.miss_the_customer],
    events.Reclassified: [clocks.reclassify],
    events.Confirmed: [clocks.confirm],
    events.Merged: [clocks.merge],
    events.Demanded: [],
    events.MarkedGrave: [],
    events.HandedOver: [],
    approval_events.ApprovalRequested: [clocks.request_approval],
    approval_events.ApprovalEnded: [clocks.end_approval],
    clock_events.ClockStarted: [],
    clock_events.Warned: [],
    clock_events.Breached: [],
    clock_events.ClockHeld: [],
    clock_events.ClockResumed: [],
    clock_events.ClockMoved: [],
    clock_events.ClockEnded: [],
    clock_events.OutcomeDecided: [],
}
