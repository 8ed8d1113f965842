"""What follows a conclusion: the callback team calls, customers answer surveys, some are dissatisfied."""

from datetime import datetime, timedelta
from functools import partial

from accounts.models import Person, Role
from callbacks.actions import calling, surveys
from callbacks.answers import Mode, Satisfaction
from callbacks.models import Callback
from common import tokens
from complaints.models import Ticket
from complaints.reaching import number_to_text
from complaints.states import AttemptResult, State
from contact import gate
from demo.simulation.company import Company, Life
from demo.simulation.habits import drawn, minutes
from inbound import reading
from inbound.actions import receiving
from notifications.models import Message

REASONS = ("问题又出现了。", "补救措施没有兑现。", "The charge is still on the bill.")
FIGURES = {said: figure for figure, said in reading.FIGURES.items()}
FIRST_CALL_AFTER_DAYS = (0.2, 8.0)


class Aftercare:
    """The callbacks of a company's tickets."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.team = company.pool(Role.CALLBACK_AGENT, company.units["province"])
        company.settled.append(self.settle)

    def settle(self, life: Life, ticket: Ticket, at: datetime) -> None:
        """A ticket was concluded: plan its callback, if it has one."""
        callback = Callback.objects.open().filter(ticket=ticket).first()
        if callback is None:
            return
        if callback.mode == Mode.SURVEY:
            self._await_survey(life, callback)
        else:
            wait = timedelta(days=life.rng.uniform(*FIRST_CALL_AFTER_DAYS))
            self.plan_call(life, callback, at=max(callback.planned_for, at + wait))

    def plan_call(self, life: Life, callback: Callback, *, at: datetime) -> None:
        """Somebody of the team calls who had no part in it, once they have time and contact is permitted."""
        at = gate.decide(self.company.read(life).matter, at=at).permitted_from
        out = frozenset(callback.not_by.values_list("pk", flat=True))
        found = self.company.staff.somebody(
            self.team, at=at, takes=minutes(life.rng, self.company.habits.callback_call), but=out
        )
        if found is not None:
            who, done = found
            self.company.beside(life, done, partial(self._call, life, callback.pk, who))

    def _call(self, life: Life, pk: int, who: Person, ticket: Ticket, at: datetime) -> None:
        callback = Callback.objects.get(pk=pk)
        if not callback.is_open or callback.mode != Mode.PHONE:
            return
        permitted_from = gate.decide(ticket.matter, at=at).permitted_from
        if permitted_from > at and life.rng.random() >= self.company.habits.tries_at_night:
            self.plan_call(life, callback, at=permitted_from)
            return
        if life.rng.random() < self.company.habits.answers_a_callback:
            with_result, with_handling, reason, wants_nothing_more = self._said(life)
            calling.answer(
                callback,
                with_result=with_result,
                with_handling=with_handling,
                reason=reason,
                wants_nothing_more=wants_nothing_more,
                by=who,
                at=at,
            )
            self._went_on(life, at)
            return
        next_at = gate.decide(ticket.matter, at=at + timedelta(hours=life.rng.choice([20, 26, 44]))).permitted_from
        callback = calling.attempt(callback, result=AttemptResult.NO_ANSWER, next_at=next_at, by=who, at=at)
        if callback.is_open:
            self.plan_call(life, callback, at=next_at)

    def _await_survey(self, life: Life, callback: Callback) -> None:
        survey = callback.survey
        if life.rng.random() < self.company.habits.answers_a_survey:
            wait = timedelta(hours=life.rng.uniform(0.1, 60))
            self.company.beside(life, survey.sent_at + wait, partial(self._answer_survey, life, callback.pk))
        # Whoever stays silent is called when the link has run out.
        self.company.beside(life, survey.expires_at + timedelta(minutes=1), partial(self._call_after_silence, life))

    def _answer_survey(self, life: Life, pk: int, ticket: Ticket, at: datetime) -> None:
        if life.rng.random() < self.company.habits.answers_by_text:
            self._answer_by_text(life, pk, ticket, at)
            return
        code = Message.objects.get(about=f"callback:{pk}").context["code"]
        with_result, with_handling, reason, wants_nothing_more = self._said(life)
        surveys.answer_survey(
            tokens.sign(code, purpose=surveys.LINK),
            with_result=with_result,
            with_handling=with_handling,
            reason=reason,
            wants_nothing_more=wants_nothing_more,
            at=at,
        )
        self._went_on(life, at)

    def _answer_by_text(self, life: Life, pk: int, ticket: Ticket, at: datetime) -> None:
        """With the reply code; where several are asked at one number, the latest is meant (R73)."""
        with_result, with_handling, reason, _nothing_more = self._said(life)
        text = f"{FIGURES[Satisfaction(with_result)]}{FIGURES[Satisfaction(with_handling)]} {reason}"
        message = receiving.receive(f"survey-{pk}", number=number_to_text(ticket), text=text, at=at)
        if message.callback is not None:
            self._went_on(self.company.lives[message.callback.ticket_id], at)

    def _call_after_silence(self, life: Life, ticket: Ticket, at: datetime) -> None:
        callback = Callback.objects.open().filter(ticket=ticket, mode=Mode.PHONE).first()
        if callback is not None and ticket.state == State.CALLBACK:
            self.plan_call(life, callback, at=max(at, callback.planned_for))

    def _went_on(self, life: Life, at: datetime) -> None:
        ticket = self.company.read(life)
        if ticket.state != State.CLOSED:
            self.company.go_on(life, ticket, at=at)

    def _said(self, life: Life) -> tuple[str, str, str, bool]:
        habits = self.company.habits
        with_result = drawn(
            life.rng,
            {
                Satisfaction.DISSATISFIED: habits.dissatisfied_with_the_result,
                Satisfaction.NEUTRAL: 0.12,
                Satisfaction.SATISFIED: 0.88 - habits.dissatisfied_with_the_result,
            },
        )
        with_handling = drawn(
            life.rng,
            {
                Satisfaction.DISSATISFIED: habits.dissatisfied_with_the_handling,
                Satisfaction.NEUTRAL: 0.1,
                Satisfaction.SATISFIED: 0.9 - habits.dissatisfied_with_the_handling,
            },
        )
        is_dissatisfied = Satisfaction.DISSATISFIED in {with_result, with_handling}
        wants_nothing_more = is_dissatisfied and life.rng.random() < habits.wants_nothing_more
        return with_result, with_handling, life.rng.choice(REASONS) if is_dissatisfied else "", wants_nothing_more
