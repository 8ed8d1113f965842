"""Who follows whom: the one table of what happens when something has happened."""

from approvals import events as approval_events
from approvals import reactions as approvals
from common.events import Reaction
from complaints import events

REACTIONS: dict[type, list[Reaction]] = {
    events.Accepted: [],
    events.Moved: [approvals.follow],
    events.AssistanceAsked: [],
    events.AssistanceAnswered: [],
    events.ChasedUp: [],
    events.ChaseUpAnswered: [],
    events.Held: [],
    events.Resumed: [],
    events.Promised: [],
    events.Consented: [],
    events.NotReached: [],
    events.Reclassified: [],
    events.Confirmed: [],
    events.Merged: [],
    events.Demanded: [],
    events.MarkedGrave: [],
    events.HandedOver: [],
    approval_events.ApprovalRequested: [],
    approval_events.ApprovalEnded: [],
}
