"""What customers hear on the way: how it stands, at the warning (R34); after 'does not accept', an ear (R44)."""

from datetime import datetime, timedelta
from functools import partial

from accounts.models import Role
from complaints.actions import following_up, progressing
from complaints.models import FollowUp, Ticket
from complaints.models.follow_up import FollowUpResult
from complaints.states import AWAITING_AN_ANSWER, Medium, State, Verdict
from contact import gate
from demo.simulation.company import Company, Life
from demo.simulation.habits import drawn, minutes
from sla.kinds import Kind
from sla.models import Clock

RESULTS = {FollowUpResult.RECONCILED: 0.55, FollowUpResult.NOT_RECONCILED: 0.3, FollowUpResult.NOT_REACHED: 0.15}


class OnTheWay:
    """Owners who tell how it stands, and customer managers who follow up."""

    def __init__(self, company: Company) -> None:
        self.company = company
        company.accepted.append(self.accept)
        company.settled.append(self.settle)

    def accept(self, life: Life, at: datetime) -> None:
        """A matter was taken in: some owners will hear the warning of its reply and tell the customer."""
        if life.rng.random() < self.company.habits.tells_how_it_stands:
            clocks = Clock.objects.filter(ticket=life.ticket_id, kind=Kind.REPLY)
            warned_at = clocks.values_list("warn_at", flat=True).first()
            if warned_at is not None:
                told_at = max(at, warned_at) + minutes(life.rng, 6)
                self.company.beside(life, told_at, partial(self._tell, life))

    def settle(self, life: Life, ticket: Ticket, at: datetime) -> None:
        """A ticket was concluded: who does not accept is somebody's to speak with."""
        if ticket.verdict == Verdict.DOES_NOT_ACCEPT:
            later = at + timedelta(hours=life.rng.uniform(2, 50))
            self.company.beside(life, later, partial(self._follow_up, life, ticket.round))

    def _tell(self, life: Life, ticket: Ticket, at: datetime) -> None:
        if ticket.state not in AWAITING_AN_ANSWER - {State.REPLIED}:
            return
        who = self.company.known(ticket.who_replies) or self.company.somebody_of(ticket.accepting_unit)
        if life.rng.random() >= self.company.habits.tries_at_night:
            permitted_from = gate.decide(ticket.matter, at=at).permitted_from
            if permitted_from > at:
                self.company.beside(life, permitted_from, partial(self._tell, life))
                return
        medium = life.rng.choice([Medium.PHONE, Medium.PHONE, Medium.SMS])
        progressing.tell_progress(ticket, medium=medium, text="正在核查，今日内答复您。", by=who, at=at)

    def _follow_up(self, life: Life, round_: int, ticket: Ticket, at: datetime) -> None:
        task = FollowUp.objects.open().filter(ticket=ticket, round=round_).first()
        if task is None:
            return
        company = self.company
        lin = company.pool(Role.SUPERVISOR, company.units["service-centre"])[0].person
        who = company.known(task.manager) or lin
        free = company.staff.workers[who.pk].next_free(at, company.zone) or at
        begins = gate.decide(ticket.matter, at=max(at, free)).permitted_from
        if begins > at:
            company.beside(life, begins, partial(self._follow_up, life, round_))
            return
        said = {"result": drawn(life.rng, RESULTS), "text": "向客户致歉并说明情况。"}
        following_up.finish_follow_up(task, **said, by=who, at=at)
