"""The stage line of a ticket: 受理 → 派单 → 处理 → 回复 → 回访, with times and who."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from complaints.models import Ticket
from complaints.states import State

NOW = {
    State.RETURNED: 0,
    State.ACCEPTED: 1,
    State.DISPATCHED: 2,
    State.HANDLING: 2,
    State.REPLYING: 3,
    State.REPLIED: 3,
    State.CALLBACK: 4,
}


@dataclass(frozen=True)
class Stage:
    """One stage: done, now, to come, or skipped."""

    name: str
    how: str
    at: datetime | None = None
    who: str = ""

    @property
    def icon(self) -> str:
        """Its sign."""
        return {"done": "circle-check", "now": "clock"}.get(self.how, "circle-dashed")

    @property
    def word(self) -> str:
        """How it stands, for those who do not see the sign."""
        return {"done": _("done"), "now": _("now"), "skipped": _("left out")}.get(self.how, _("to come"))


def stages_of(ticket: Ticket) -> list[Stage]:
    """The five stages as they stand in this round."""
    at_present = NOW.get(State(ticket.state), 5)
    on_site = ticket.resolved_on_site_at is not None and ticket.dispatches == 0
    handler = ticket.handler or ticket.last_handler
    told = (
        (_("Acceptance"), ticket.accepted_at, ticket.accepted_by or ticket.accepting_unit),
        (_("Dispatch"), ticket.dispatched_at, ticket.lead_unit or (ticket.desk if at_present == 1 else None)),
        (_("Handling"), ticket.fed_back_at or ticket.claimed_at, handler if ticket.dispatched_at else None),
        (_("Reply"), ticket.concluded_at or ticket.replied_at, ticket.replied_by or ticket.who_replies),
        (_("Callback"), ticket.closed_at, None),
    )
    stages = []
    for number, (name, at, who) in enumerate(told):
        if (ticket.state == State.CANCELLED and at is None) or (on_site and number in {1, 2}):
            how = "skipped"
        elif number == at_present:
            how = "now"
        else:
            how = "done" if number < at_present else "to-come"
        reached = how in {"done", "now"}
        stages.append(Stage(name=name, how=how, at=at if reached else None, who=str(who) if who and reached else ""))
    return stages
