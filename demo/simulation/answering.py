"""The answer to the customer, and the conclusion: who replies calls, records the verdict, and it is settled."""

from datetime import datetime, timedelta
from functools import partial

from accounts.models import Person, Role
from complaints.actions import concluding, owning, replying
from complaints.actions.agreements import promise
from complaints.actions.concluding import Outcome
from complaints.models import Ticket
from complaints.states import AttemptResult, Liability, Medium, Scope, State, Verdict
from contact import gate
from demo.simulation.company import Company, Life
from demo.simulation.habits import ANSWERS, LIABILITIES, drawn, minutes
from demo.simulation.letters import LETTER, Letters
from demo.simulation.solutions import Solutions

REPLY_MEDIA = {Medium.PHONE: 0.95, Medium.VISIT: 0.05}
NOT_REACHED = {AttemptResult.NO_ANSWER: 0.8, AttemptResult.REFUSED: 0.15, AttemptResult.WRONG_NUMBER: 0.05}

WAITS_FOR_THE_OWNER = timedelta(minutes=30)
# Who has promised an answer for an hour takes the matter up before it, so that most promises are kept.
BEGINS_EARLIER = timedelta(minutes=20)


class Answering:
    """Those of a company who reply to customers and conclude."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.letters = Letters(company)
        self.solutions = Solutions(company)
        company.nexts[State.REPLYING] = self._go_on_replying
        company.nexts[State.REPLIED] = self._go_on_replied

    def _go_on_replying(self, life: Life, ticket: Ticket, at: datetime) -> None:
        owner = self.company.known(ticket.owner)
        if owner is not None and self._is_long_away(ticket, owner, at):
            self.company.plan(life, self.pass_on, owner, at)
        else:
            self._plan_the_reply(life, ticket, at)

    def _plan_the_reply(self, life: Life, ticket: Ticket, at: datetime) -> None:
        if self.letters.follow(life, ticket, at) or self.solutions.follow(life, ticket, at):
            return
        calls_at = at
        if life.rng.random() >= self.company.habits.tries_at_night:
            calls_at = max(at, gate.decide(ticket.matter, at=at).permitted_from)
        takes = minutes(life.rng, self.company.habits.reply_call)
        self.company.by_person(life, ticket, self.reply, person=ticket.who_replies, at=calls_at, takes=takes)

    def _is_long_away(self, ticket: Ticket, owner: Person, at: datetime) -> bool:
        """Whether the customer would wait for the owner's next shift; who works at night may call nobody."""
        if ticket.replier_id is not None:
            return False
        staff = self.company.staff
        worker = staff.workers[owner.pk]
        calls_at = max(at, gate.decide(ticket.matter, at=at).permitted_from)
        free_at = worker.next_free(calls_at, staff.zone)
        return worker.is_on_nights or free_at is None or free_at - calls_at > WAITS_FOR_THE_OWNER

    def pass_on(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """The ticket goes to a colleague who is there sooner (R13)."""
        staff = self.company.staff
        if ticket.state != State.REPLYING or ticket.owner_id != who.pk:
            self.company.go_on(life, ticket, at=at)
            return
        others = [
            other
            for other in self.company.front_line(ticket.accepting_unit)
            if not other.is_on_nights and other.person.pk != who.pk
        ]
        calls_at = max(at, gate.decide(ticket.matter, at=at).permitted_from)
        found = staff.somebody(others, at=calls_at, takes=timedelta(minutes=1))
        if found is not None:
            owning.hand_over(ticket, to=found[0], reason="交接班", by=who, at=at)
        self._plan_the_reply(life, ticket, at)

    def _go_on_replied(self, life: Life, ticket: Ticket, at: datetime) -> None:
        takes = minutes(life.rng, self.company.habits.conclusion, 1.0)
        self.company.by_person(life, ticket, self.conclude, person=ticket.who_replies, at=at, takes=takes)

    def reply(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """Who replies calls the customer, or finds the feedback wanting."""
        rng, habits = life.rng, self.company.habits
        if ticket.state != State.REPLYING:
            self.company.go_on(life, ticket, at=at)
            return
        if ticket.rejections == 0 and rng.random() < habits.feedback_rejected:
            replying.reject_feedback(ticket, reason="未说明原因和补救措施，请补充。", by=who, at=at)
            self.company.go_on(life, ticket, at=at)
            return
        if self.solutions.offer(life, ticket, who, at):
            self.company.go_on(life, ticket, at=at)
            return
        if LETTER not in life.spare_turns and rng.random() < habits.replies_in_writing:
            self.letters.begin(life, ticket, who, at)
            return
        medium = drawn(rng, REPLY_MEDIA)
        if rng.random() < habits.asks_for_another_time:
            self._not_now(life, ticket, who, at, medium)
        elif rng.random() < habits.not_reached:
            self._not_reached(life, ticket, who, at, medium)
        else:
            replying.begin_reply(ticket, by=who, at=at)
            replying.reply(ticket, medium=medium, text=rng.choice(ANSWERS), by=who, at=at)
            self.company.go_on(life, ticket, at=at)

    def _not_reached(self, life: Life, ticket: Ticket, who: Person, at: datetime, medium: str) -> None:
        tries = ticket.reply_attempts.filter(round=ticket.round).count()
        if tries >= 3:
            concluding.conclude_unreachable(ticket, liability=Liability.UNFOUNDED, remedy="", by=who, at=at)
            return
        wait = timedelta(hours=life.rng.choice([2, 3, 16, 24]))
        wanted = gate.decide(ticket.matter, at=at + wait).permitted_from
        result = drawn(life.rng, NOT_REACHED)
        replying.attempt_reply(ticket, medium=medium, result=result, next_at=wanted, by=who, at=at)
        self.company.go_on(life, ticket, at=max(at, wanted - BEGINS_EARLIER))

    def _not_now(self, life: Life, ticket: Ticket, who: Person, at: datetime, medium: str) -> None:
        wanted = (at + timedelta(hours=life.rng.uniform(1, 30))).replace(second=0, microsecond=0)
        promise(ticket, agreed_for=wanted, reason="客户要求改时间", evidence="通话录音", by=who, at=at)
        replying.attempt_reply(ticket, medium=medium, result=AttemptResult.ANOTHER_TIME, next_at=wanted, by=who, at=at)
        self.company.go_on(life, ticket, at=max(at, wanted - BEGINS_EARLIER))

    def conclude(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """Verdict and liability are recorded; a supervisor confirms what the customer does not accept."""
        rng, habits = life.rng, self.company.habits
        if ticket.state != State.REPLIED:
            self.company.go_on(life, ticket, at=at)
            return
        verdict = drawn(
            rng,
            {
                Verdict.ACCEPTS: habits.customer_accepts,
                Verdict.DOES_NOT_ACCEPT: habits.customer_does_not_accept,
                Verdict.UNKNOWN: 1 - habits.customer_accepts - habits.customer_does_not_accept,
            },
        )
        solved = ticket.category.special_scope != Scope.NETWORK_COVERAGE or rng.random() < 0.4
        outcome = Outcome(
            verdict=verdict,
            liability=drawn(rng, LIABILITIES),
            remedy=rng.choice(ANSWERS),
            cause=rng.choice(self.company.causes),
            solved=solved,
        )
        concluding.conclude(ticket, outcome=outcome, by=who, at=at)
        if verdict != Verdict.ACCEPTS and rng.random() < 0.8:
            self.company.beside(life, at + minutes(rng, 120), partial(self._confirm, life))
        self.company.settle(life, at)

    def _confirm(self, life: Life, ticket: Ticket, at: datetime) -> None:
        if ticket.state in {State.CALLBACK, State.CLOSED}:
            lin = self.company.pool(Role.SUPERVISOR, self.company.units["service-centre"])[0].person
            concluding.confirm(ticket, by=lin, at=at)
