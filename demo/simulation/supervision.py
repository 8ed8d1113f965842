"""Supervisors and directors: most acknowledge in time, some late, some never; a few demand or take over."""

from datetime import datetime
from functools import partial

from accounts.models import Person
from callbacks.actions import deciding
from callbacks.models import Callback
from common.refusals import Refusal
from complaints.models import Ticket
from complaints.states import AWAITING_THE_UNIT
from demo.simulation.company import Company
from demo.simulation.habits import minutes
from escalation.actions import answering, supervising
from escalation.kinds import Reason
from escalation.models import Escalation, Roster

DEMANDS = ("请立即处理并反馈进展。", "今日内必须答复客户。", "Tell me by noon how it stands.")


class Supervision:
    """What those do who hear of what is overdue."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.decided: set[str] = set()
        self.is_rostered = Roster.objects.exists()
        company.watching.append(self.look)

    def look(self, at: datetime) -> None:
        """After a sweep: whoever was told of something new deals with it, sooner or later."""
        company = self.company
        unseen = Escalation.objects.unacknowledged().filter(noticed_at=at)
        news = list(unseen.order_by("pk").prefetch_related("recipients"))
        on_duty = {turn.person_id for turn in Roster.objects.covering(at)} if news and self.is_rostered else set()
        for escalation in news:
            if escalation.reason == Reason.ROUNDS_USED_UP:
                self._have_decided(escalation, at)
            told = sorted(person.pk for person in escalation.recipients.all())
            if not told or company.rng.random() >= company.habits.acknowledges:
                continue
            who = company.staff.people[company.rng.choice(told)]
            takes = minutes(company.rng, company.habits.acknowledgement, 0.9)
            # Who is on duty is there to be told, whenever their usual hours are.
            seen_at = at + takes if who.pk in on_duty else company.staff.when(who, at=at, takes=takes)
            company.agenda.add(seen_at, partial(self._acknowledge, escalation.pk, who))

    def _have_decided(self, escalation: Escalation, at: datetime) -> None:
        """Whether one more round follows is decided once, however many hear that it has to be."""
        matter = f"{escalation.ticket_id}/{escalation.occasion}"
        if matter not in self.decided:
            self.decided.add(matter)
            company = self.company
            company.agenda.add(at + minutes(company.rng, 240), partial(self._decide, escalation.ticket_id))

    def _acknowledge(self, pk: int, who: Person, at: datetime) -> None:
        company = self.company
        escalation = Escalation.objects.get(pk=pk)
        try:
            answering.acknowledge(escalation, by=who, at=at)
            chance = company.rng.random()
            if chance < company.habits.demands:
                ticket = Ticket.objects.get(pk=escalation.ticket_id)
                supervising.demand(ticket, text=company.rng.choice(DEMANDS), by=who, at=at)
            elif chance < company.habits.demands + company.habits.takes_over:
                self._take_over(escalation.ticket_id, who, at)
        except Refusal as refusal:
            company.refused[refusal.code] += 1
            return
        done = at + minutes(company.rng, company.habits.resolution, 0.9)
        company.agenda.add(done, partial(self._resolve, pk, who))

    def _take_over(self, ticket_id: int, who: Person, at: datetime) -> None:
        company = self.company
        ticket = Ticket.objects.get(pk=ticket_id)
        if ticket.state in AWAITING_THE_UNIT:
            supervising.take_over(ticket, by=who, at=at)
            life = company.lives[ticket.pk]
            company.go_on(life, company.read(life), at=at)

    def _resolve(self, pk: int, who: Person, at: datetime) -> None:
        try:
            answering.resolve(Escalation.objects.get(pk=pk), note="已跟进。", by=who, at=at)
        except Refusal as refusal:
            self.company.refused[refusal.code] += 1

    def _decide(self, ticket: int, at: datetime) -> None:
        company = self.company
        callback = Callback.objects.filter(ticket=ticket, awaits_decision=True).first()
        if callback is None:
            return
        opens_again = company.rng.random() < 0.5
        lin = next(person for person in company.staff.people.values() if person.username == "lin")
        try:
            deciding.decide(callback, opens_again=opens_again, reason="客户仍不满意，已核实。", by=lin, at=at)
        except Refusal as refusal:
            company.refused[refusal.code] += 1
            return
        life = company.lives[callback.ticket_id]
        company.go_on(life, company.read(life), at=at)
