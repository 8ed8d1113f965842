"""The dispatch desk: every record is reviewed and sent on, given back for completion, or dealt with there."""

from datetime import datetime, timedelta
from functools import partial

from accounts.models import Person, Role
from complaints.actions import acceptance, dispatching
from complaints.models import Ticket
from complaints.routing import proposed_unit
from complaints.states import Fault, State
from demo.simulation.company import Company, Life
from demo.simulation.habits import drawn, minutes
from demo.simulation.units import expect_assistance

FAULTS = {
    Fault.RECORD_INCOMPLETE: 0.5,
    Fault.RECORD_WRONG: 0.15,
    Fault.CATEGORY_WRONG: 0.15,
    Fault.CONTACT_MISSING: 0.2,
}


class DispatchDesk:
    """The dispatchers of a company, and the owners who complete what they found missing."""

    def __init__(self, company: Company) -> None:
        self.company = company
        company.nexts[State.ACCEPTED] = self._go_on_accepted
        company.nexts[State.RETURNED] = self._go_on_returned

    def _go_on_accepted(self, life: Life, ticket: Ticket, at: datetime) -> None:
        dispatchers = self.company.pool(Role.DISPATCHER, ticket.desk)
        takes = minutes(life.rng, self.company.habits.review)
        self.company.by_somebody(life, dispatchers, self.review, at=at, takes=takes)

    def _go_on_returned(self, life: Life, ticket: Ticket, at: datetime) -> None:
        takes = minutes(life.rng, self.company.habits.completion)
        self.company.by_person(life, ticket, self.resubmit, person=ticket.owner, at=at, takes=takes)

    def resubmit(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """The owner completes what the dispatch desk found missing."""
        acceptance.resubmit(ticket, record_of=ticket.record, happened=f"{ticket.happened} (completed)", by=who, at=at)
        self.company.go_on(life, ticket, at=at)

    def review(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """A dispatcher reviews the record and sends it on, gives it back, or deals with it."""
        company, rng = self.company, life.rng
        if ticket.state != State.ACCEPTED:
            company.go_on(life, ticket, at=at)
            return
        if company.desk_rests_from is not None and at >= company.desk_rests_from:
            return
        if ticket.send_backs == 0 and rng.random() < company.habits.returned_for_completion:
            dispatching.return_for_completion(ticket, faults=[drawn(rng, FAULTS)], by=who, at=at)
        elif rng.random() < company.habits.handled_at_the_desk:
            dispatching.handle_at_desk(ticket, by=who, at=at)
        else:
            to = proposed_unit(ticket, at=at) or company.units["support"]
            also_to_data = rng.random() < company.habits.sent_to_a_second_unit and to.code != "data"
            others = [company.units["data"]] if also_to_data else []
            dispatching.dispatch(ticket, to=to, assisting_units=others, by=who, at=at)
            expect_assistance(company, life, ticket, at)
            if rng.random() < company.habits.recalled:
                again = at + timedelta(minutes=2)
                company.beside(life, again, partial(self._recall, who=who))
        company.go_on(life, ticket, at=at)

    def _recall(self, ticket: Ticket, at: datetime, *, who: Person) -> None:
        if ticket.state == State.DISPATCHED and ticket.handler_id is None:
            dispatching.recall(ticket, reason="sent to the wrong unit", by=who, at=at)
