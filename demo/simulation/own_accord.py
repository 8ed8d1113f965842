"""What customers do of their own accord: they ask how it stands, withdraw, or come back after the answer."""

from datetime import datetime, timedelta
from functools import partial

from accounts.models import Role
from complaints.actions import cancelling, chasing, reopening
from complaints.models import ChaseUp, Ticket
from complaints.states import AWAITING_AN_ANSWER, AWAITING_THE_UNIT, State
from demo.simulation.company import Company, Life
from demo.simulation.habits import CHASES, minutes
from inbound.actions import receiving


class OwnAccord:
    """The customers of a company, after they have been listened to."""

    def __init__(self, company: Company) -> None:
        self.company = company
        company.accepted.append(self.accept)
        company.settled.append(self.settle)

    def accept(self, life: Life, at: datetime) -> None:
        """A matter was taken in: its customer may become impatient, or change their mind."""
        rng = life.rng
        if rng.random() < self.company.habits.chases_up:
            for _again in range(rng.choice([1, 1, 1, 2, 3, 3])):
                at += timedelta(minutes=rng.uniform(90, 1500))
                self.company.beside(life, at, partial(self._chase, life))
        if rng.random() < self.company.habits.withdraws:
            self.company.beside(life, at + timedelta(minutes=rng.uniform(20, 900)), partial(self._withdraw, life))

    def settle(self, life: Life, ticket: Ticket, at: datetime) -> None:
        """A ticket was concluded: its customer may come back."""
        if life.rng.random() < self.company.habits.comes_back:
            back = at + timedelta(days=life.rng.uniform(1, 33))
            self.company.beside(life, back, partial(self._come_back, life))

    def _chase(self, life: Life, ticket: Ticket, at: datetime) -> None:
        if ticket.state not in AWAITING_AN_ANSWER:
            return
        if life.rng.random() < self.company.habits.chases_by_text:
            self._chase_by_text(life, ticket, at)
            return
        front_line = self.company.front_line(ticket.accepting_unit)
        found = self.company.staff.somebody(front_line, at=at, takes=minutes(life.rng, 3))
        assert found is not None
        chase = chasing.chase_up(ticket, text=life.rng.choice(CHASES), by=found[0], at=at)
        self.company.beside(life, at + minutes(life.rng, 50, 0.9), partial(self._answer_chase, life, chase))

    def _chase_by_text(self, life: Life, ticket: Ticket, at: datetime) -> None:
        """By a short message, also at night; without a reference the newest matter of the number is meant (R32)."""
        text = life.rng.choice(CHASES)
        message = receiving.receive(f"chase-{ticket.pk}-{at:%m%d%H%M%S}", number=life.caller.number, text=text, at=at)
        if message.chase_up is not None:
            chased = self.company.lives[message.chase_up.ticket_id]
            answered_at = at + minutes(life.rng, 50, 0.9)
            self.company.beside(chased, answered_at, partial(self._answer_chase, chased, message.chase_up))

    def _answer_chase(self, life: Life, chase: ChaseUp, ticket: Ticket, at: datetime) -> None:
        if ticket.state not in AWAITING_AN_ANSWER:
            return
        company = self.company
        holder = company.known(ticket.holder)
        if holder is None:
            unit = ticket.holding_unit
            pool = (
                company.colleagues(unit) if ticket.state in AWAITING_THE_UNIT else company.pool(Role.DISPATCHER, unit)
            )
            pool = pool or company.front_line(ticket.accepting_unit)
            found = company.staff.somebody(pool, at=at, takes=timedelta(minutes=3))
            assert found is not None
            holder, done = found
            if done > at + timedelta(minutes=3):
                company.beside(life, done, partial(self._answer_chase, life, chase))
                return
        chasing.answer_chase_up(chase, text="said how it stands", by=holder, at=at)

    def _withdraw(self, life: Life, ticket: Ticket, at: datetime) -> None:
        if ticket.state in AWAITING_AN_ANSWER:
            owner = self.company.known(ticket.owner) or self.company.somebody_of(ticket.accepting_unit)
            cancelling.cancel(ticket, reason="the customer has withdrawn it", by=owner, at=at)
            life.turn += 1

    def _come_back(self, life: Life, ticket: Ticket, at: datetime) -> None:
        if ticket.state in {State.REPLIED, State.CALLBACK, State.CLOSED}:
            agent = self.company.somebody_of(ticket.accepting_unit)
            reopening.reopen(ticket, reason="客户来电称问题再次出现。", by=agent, at=at)
            self.company.go_on(life, self.company.read(life), at=at)
