"""What the people of the demonstration do: each act is one of the live actions, done by somebody who is on duty.

A life has one act planned at a time, that of whoever has the ticket in hand. When the act comes and the ticket has
moved on meanwhile (a claim was given back, a ladder reassigned it), nothing is forced: the next act is planned anew.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from accounts.models import Person, Role, Unit
from common.refusals import Refusal
from complaints.actions import (
    acceptance,
    assisting,
    cancelling,
    chasing,
    classifying,
    commenting,
    concluding,
    dispatching,
    handling,
    holding,
    owning,
    reopening,
    replying,
)
from complaints.actions.acceptance import Contacting, Matters
from complaints.actions.agreements import promise
from complaints.actions.concluding import Outcome
from complaints.actions.handling import Findings
from complaints.models import Assistance, Category, CauseCode, ChaseUp, Ticket
from complaints.models.hold import HoldReason
from complaints.routing import proposed_unit
from complaints.states import (
    AWAITING_AN_ANSWER,
    AWAITING_THE_UNIT,
    LIVE,
    Addressee,
    AttemptResult,
    Fault,
    Liability,
    Medium,
    Scope,
    State,
    Verdict,
)
from contact import gate
from contact.models import Consent, QuietHours
from customers.models import ContactPerson, Customer
from demo import classify, people
from demo.people import MadeUpCustomer
from demo.records import Complaint
from demo.simulation.agenda import Agenda
from demo.simulation.habits import ANSWERS, CHASES, FINDINGS, Habits, drawn, minutes
from demo.simulation.staffing import Staff, Worker

UNITS_REST_EARLIER = timedelta(hours=3)
REPLY_MEDIA = {Medium.PHONE: 0.9, Medium.VISIT: 0.04, Medium.EMAIL: 0.06}
FAULTS = {
    Fault.RECORD_INCOMPLETE: 0.5,
    Fault.RECORD_WRONG: 0.15,
    Fault.CATEGORY_WRONG: 0.15,
    Fault.CONTACT_MISSING: 0.2,
}
LIABILITIES = {Liability.COMPANY: 0.42, Liability.SHARED: 0.13, Liability.CUSTOMER: 0.15, Liability.UNFOUNDED: 0.3}
NOT_REACHED = {AttemptResult.NO_ANSWER: 0.8, AttemptResult.REFUSED: 0.15, AttemptResult.WRONG_NUMBER: 0.05}
ELSEWHERE = {
    Addressee.REGULATOR: 0.4,
    Addressee.CONSUMER_BODY: 0.3,
    Addressee.HEAD_OFFICE: 0.2,
    Addressee.PROVINCIAL: 0.05,
    Addressee.MEDIA: 0.05,
}


# The act that is next in a life: on its ticket, by somebody, at an instant.
Deed = Callable[["Life", Ticket, Person, datetime], None]


@dataclass
class Life:
    """One complaint on its way; `turn` tells a planned act whether it is still the one."""

    complaint: Complaint
    caller: MadeUpCustomer
    rng: random.Random
    ticket_id: int = 0
    ticket: Ticket | None = None
    turn: int = 0
    spare_turns: dict[str, int] = field(default_factory=dict)


class Company:
    """The staff, their habits, and the lives they work on."""

    def __init__(self, *, agenda: Agenda, habits: Habits, zone: ZoneInfo, seed: int) -> None:
        self.agenda = agenda
        self.habits = habits
        self.zone = zone
        self.staff = Staff.hired(zone)
        self.rng = random.Random(f"{seed}/company")
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.categories = {category.code: category for category in Category.objects.select_related("lead_unit")}
        self.causes = list(CauseCode.objects.order_by("code"))
        self.lives: dict[int, Life] = {}
        self.customers: dict[str, Customer] = {}
        self.refused: Counter[str] = Counter()
        self.refused_contacts: Counter[str] = Counter()
        self.desk_rests_from: datetime | None = None
        self.settled: list[Callable[[Life, Ticket, datetime], None]] = []
        self.watching: list[Callable[[datetime], None]] = []

    # Who is there

    def pool(self, role: str, unit: Unit | None) -> list[Worker]:
        """Who holds a role over exactly this unit."""
        return self.staff.pools.get((role, unit.pk), []) if unit is not None else []

    def front_line(self, unit: Unit) -> list[Worker]:
        """Who works at the front line of a desk."""
        return self.pool(Role.AGENT, unit)

    def colleagues(self, unit: Unit | None) -> list[Worker]:
        """Who works the queue of a unit: its handlers, or its branch contact."""
        return self.pool(Role.HANDLER, unit) or self.pool(Role.BRANCH_CONTACT, unit) or self.pool(Role.DISPATCHER, unit)

    def known(self, person: Person | None) -> Person | None:
        """The one object that stands for a person."""
        return self.staff.people.get(person.pk) if person is not None else None

    # Planning

    def plan(self, life: Life, act: Deed, who: Person, at: datetime) -> None:
        """Plan the one act that is next in a life."""
        life.turn += 1
        self.agenda.add(at, partial(self._come, life, life.turn, act, who))

    def _come(self, life: Life, turn: int, act: Deed, who: Person, at: datetime) -> None:
        if turn != life.turn:
            return
        ticket = self.read(life)
        if ticket.is_held and act.__name__ != "resume":
            self.go_on(life, ticket, at=ticket.held_until or at)
            return
        self.attempt(life, partial(act, life, ticket, who, at), at=at)

    def attempt(self, life: Life, deed: Callable[[], None], *, at: datetime) -> bool:
        """Do something; a refusal is counted and the life goes on from how it stands."""
        try:
            deed()
        except Refusal as refusal:
            self.refused[refusal.code] += 1
            life.ticket = None  # what was refused may have been set in memory
            if refusal.code == "quiet_hours" and "permitted_from" in refusal.facts:
                self.refused_contacts["total"] += 1
            self.go_on(life, self.read(life), at=max(at, refusal.facts.get("permitted_from") or at))
            return False
        return True

    def beside(self, life: Life, at: datetime, deed: Callable[[Ticket, datetime], None]) -> None:
        """Plan something that happens beside the main line of a life."""
        self.agenda.add(at, partial(self._beside, life, deed))

    def _beside(self, life: Life, deed: Callable[[Ticket, datetime], None], at: datetime) -> None:
        try:
            deed(self.read(life), at)
        except Refusal as refusal:
            self.refused[refusal.code] += 1
            life.ticket = None  # what was refused may have been set in memory
            if refusal.code == "quiet_hours" and "permitted_from" in refusal.facts:
                self.refused_contacts["total"] += 1

    def look_around(self, at: datetime) -> None:
        """The sweep has run: whoever watches sees what is new."""
        for watch in self.watching:
            watch(at)

    def read(self, life: Life) -> Ticket:
        """The ticket as it stands now."""
        known = life.ticket
        if known is None or not Ticket.objects.filter(pk=known.pk, version=known.version).exists():
            life.ticket = Ticket.objects.with_people().get(pk=life.ticket_id)
        assert life.ticket is not None
        return life.ticket

    def go_on(self, life: Life, ticket: Ticket, *, at: datetime) -> None:
        """Plan what comes next for a ticket as it stands, by whoever has it in hand."""
        nexts = {
            State.RETURNED: self._go_on_returned,
            State.ACCEPTED: self._go_on_accepted,
            State.DISPATCHED: self._go_on_dispatched,
            State.HANDLING: self._go_on_handling,
            State.REPLYING: self._go_on_replying,
            State.REPLIED: self._go_on_replied,
        }
        follow = nexts.get(State(ticket.state))
        if follow is not None:
            follow(life, ticket, at)
        else:
            life.turn += 1

    def _by_somebody(
        self,
        life: Life,
        pool: Iterable[Worker],
        act: Deed,
        *,
        at: datetime,
        takes: timedelta,
    ) -> None:
        found = self.staff.somebody(pool, at=at, takes=takes)
        if found is None:
            raise RuntimeError(f"nobody is there to {act.__name__} ticket {life.ticket_id}")
        self.plan(life, act, *found)

    def _go_on_returned(self, life: Life, ticket: Ticket, at: datetime) -> None:
        self._by_owner(life, ticket, self.resubmit, at=at, takes=minutes(life.rng, self.habits.completion))

    def _go_on_accepted(self, life: Life, ticket: Ticket, at: datetime) -> None:
        takes = minutes(life.rng, self.habits.review)
        self._by_somebody(life, self.pool(Role.DISPATCHER, ticket.desk), self.review, at=at, takes=takes)

    def _go_on_dispatched(self, life: Life, ticket: Ticket, at: datetime) -> None:
        takes = minutes(life.rng, self.habits.pickup)
        self._by_somebody(life, self.colleagues(ticket.lead_unit), self.claim, at=at, takes=takes)

    def _go_on_handling(self, life: Life, ticket: Ticket, at: datetime) -> None:
        handler = self.known(ticket.handler)
        assert handler is not None
        takes = minutes(life.rng, self.habits.handling, 0.8)
        self.plan(life, self.work, handler, self.staff.when(handler, at=at, takes=takes))

    def _go_on_replying(self, life: Life, ticket: Ticket, at: datetime) -> None:
        calls_at = at
        if life.rng.random() >= self.habits.tries_at_night:
            calls_at = max(at, gate.decide(ticket.matter, at=at).permitted_from)
        self._hand_over_from_the_night(ticket, at=at)
        takes = minutes(life.rng, self.habits.reply_call)
        self._by_owner(life, ticket, self.reply, at=calls_at, takes=takes)

    def _hand_over_from_the_night(self, ticket: Ticket, *, at: datetime) -> None:
        """Who works at night may call nobody: the ticket goes to a colleague of the day (R13)."""
        owner = self.known(ticket.owner)
        if owner is None or ticket.replier_id is not None or not self.staff.workers[owner.pk].is_on_nights:
            return
        by_day = [worker for worker in self.front_line(ticket.accepting_unit) if not worker.is_on_nights]
        found = self.staff.somebody(by_day, at=at, takes=timedelta(minutes=1))
        assert found is not None
        owning.hand_over(ticket, to=found[0], reason="夜班交接", by=owner, at=at)

    def _go_on_replied(self, life: Life, ticket: Ticket, at: datetime) -> None:
        self._by_owner(life, ticket, self.conclude, at=at, takes=minutes(life.rng, self.habits.conclusion, 1.0))

    def _by_owner(
        self,
        life: Life,
        ticket: Ticket,
        act: Deed,
        *,
        at: datetime,
        takes: timedelta,
    ) -> None:
        owner = self.known(ticket.who_replies if act in (self.reply, self.conclude) else ticket.owner)
        if owner is None:
            self._by_somebody(life, self.front_line(ticket.accepting_unit), act, at=at, takes=takes)
        else:
            self.plan(life, act, owner, self.staff.when(owner, at=at, takes=takes))

    # Acceptance

    def arrive(self, life: Life, at: datetime) -> None:
        """A customer calls, or sends a form: somebody takes the call, or the service desk has it at once."""
        desk = self.units["acceptance"]
        if life.complaint.medium != Medium.PHONE:
            self.accept(life, None, at)
            return
        found = self.staff.somebody(self.front_line(desk), at=at, takes=minutes(life.rng, self.habits.call))
        assert found is not None
        agent, done = found
        self.agenda.add(done, partial(self.accept, life, agent))

    def accept(self, life: Life, agent: Person | None, at: datetime) -> None:
        """Take the matter in; solve it at once where that is possible."""
        rng, habits, complaint = life.rng, self.habits, life.complaint
        reading = classify.read(complaint.text)
        category = self.categories[reading.category]
        customer = self._customer(life.caller)
        on_the_spot = agent is not None and category.on_site and rng.random() < habits.solved_on_the_spot
        addressee = Addressee.CENTRE
        if rng.random() < habits.complained_elsewhere:
            addressee = drawn(rng, ELSEWHERE)
        rival = acceptance.open_duplicate(customer, category)
        ticket = acceptance.accept(
            customer,
            matter=Matters(
                category=category,
                happened=complaint.text,
                wanted="",
                record=people.fill_required(category.required_fields, rng, at, customer=life.caller),
                nature=reading.nature,
                medium=complaint.medium,
                addressee=addressee,
            ),
            contacting=self._contacting(life, customer, at),
            unit=self.units["acceptance"],
            by=agent,
            at=at,
            raised_at=complaint.raised_at,
            duplicate_reason="another line of the same customer" if rival else "",
            external_id=f"demo-{complaint.number}",
            routes=not on_the_spot,
        )
        life.ticket_id = ticket.pk
        self.lives[ticket.pk] = life
        self._plan_what_the_customer_does(life, at)
        if on_the_spot and agent is not None:
            established = rng.random() > 0.1
            outcome = Outcome(
                verdict=Verdict.ACCEPTS,
                liability=drawn(rng, LIABILITIES) if established else Liability.UNFOUNDED,
                remedy=rng.choice(ANSWERS),
                cause=rng.choice(self.causes),
                established=established,
            )
            self.attempt(life, lambda: acceptance.resolve_on_site(ticket, outcome=outcome, by=agent, at=at), at=at)
            self.settle(life, at)
            return
        if rival is not None and rng.random() < habits.merged:
            owner = agent or self._somebody_of(ticket.accepting_unit)
            into = Ticket.objects.with_people().get(pk=rival.pk)
            self.attempt(life, lambda: cancelling.merge(ticket, into=into, reason="one matter", by=owner, at=at), at=at)
        if category.special_scope != Scope.NONE and ticket.is_live and rng.random() < habits.agrees_to_a_longer_limit:
            days = rng.choice([4, 5, 5, 7])
            self.beside(
                life,
                at,
                lambda ticket, at: acceptance.consent(
                    ticket,
                    what=Consent.What.LONGER_LIMIT,
                    evidence="agreed on the recorded call",
                    days=days,
                    by=agent,
                    at=at,
                ),
            )
        if reading.threatens or rng.random() < habits.threatens:
            self.beside(life, at, partial(self._threat, by=agent))
        self.go_on(life, self.read(life), at=at)

    def _somebody_of(self, unit: Unit) -> Person:
        return self.front_line(unit)[0].person

    def _customer(self, caller: MadeUpCustomer) -> Customer:
        if caller.number not in self.customers:
            manager = next((p for p in self.staff.people.values() if p.username == caller.manager), None)
            self.customers[caller.number] = Customer.objects.create(
                number=caller.number,
                name=caller.name_zh if caller.language != "en" else caller.name_en,
                tier=caller.tier,
                brand=caller.brand,
                branch=self.units[caller.branch],
                manager=manager,
                address=caller.address_zh if caller.language != "en" else caller.address_en,
                language=caller.language,
            )
        return self.customers[caller.number]

    def _contacting(self, life: Life, customer: Customer, at: datetime) -> Contacting:
        rng = life.rng
        person = None
        if life.complaint.on_behalf:
            made_up = people.contact_of(life.caller, rng)
            person = ContactPerson.objects.create(
                customer=customer, name=made_up.name_zh, number=made_up.number, standing=made_up.standing
            )
        night, evidence = "", ""
        reaches_into_the_night = QuietHours.current().window.covers(at + timedelta(hours=4))
        if reaches_into_the_night and rng.random() < self.habits.asked_about_the_night:
            agrees = rng.random() < self.habits.agrees_to_night_calls
            night, evidence = ("yes" if agrees else "no"), "asked on the recorded call"
        return Contacting(person=person, number=person.number if person else "", night=night, night_evidence=evidence)

    def _threat(self, ticket: Ticket, at: datetime, *, by: Person | None) -> None:
        if ticket.state in LIVE:
            classifying.mark_grave(ticket, reason="the customer says that they will go to the regulator", by=by, at=at)

    # What the customer does of their own accord

    def _plan_what_the_customer_does(self, life: Life, at: datetime) -> None:
        rng = life.rng
        if rng.random() < self.habits.chases_up:
            for _again in range(rng.choice([1, 1, 1, 2, 3, 3])):
                at += timedelta(minutes=rng.uniform(90, 1500))
                self.beside(life, at, partial(self._chase, life))
        if rng.random() < self.habits.withdraws:
            self.beside(life, at + timedelta(minutes=rng.uniform(20, 900)), partial(self._withdraw, life))

    def _chase(self, life: Life, ticket: Ticket, at: datetime) -> None:
        if ticket.state not in AWAITING_AN_ANSWER:
            return
        found = self.staff.somebody(self.front_line(ticket.accepting_unit), at=at, takes=minutes(life.rng, 3))
        assert found is not None
        chase = chasing.chase_up(ticket, text=life.rng.choice(CHASES), by=found[0], at=at)
        self.beside(life, at + minutes(life.rng, 50, 0.9), partial(self._answer_chase, life, chase))

    def _answer_chase(self, life: Life, chase: ChaseUp, ticket: Ticket, at: datetime) -> None:
        if ticket.state not in AWAITING_AN_ANSWER:
            return
        holder = self.known(ticket.holder)
        if holder is None:
            unit = ticket.holding_unit
            pool = self.colleagues(unit) if ticket.state in AWAITING_THE_UNIT else self.pool(Role.DISPATCHER, unit)
            found = self.staff.somebody(
                pool or self.front_line(ticket.accepting_unit), at=at, takes=timedelta(minutes=3)
            )
            assert found is not None
            holder, done = found
            if done > at + timedelta(minutes=3):
                self.beside(life, done, partial(self._answer_chase, life, chase))
                return
        chasing.answer_chase_up(chase, text="said how it stands", by=holder, at=at)

    def _withdraw(self, life: Life, ticket: Ticket, at: datetime) -> None:
        if ticket.state in AWAITING_AN_ANSWER:
            owner = self.known(ticket.owner) or self._somebody_of(ticket.accepting_unit)
            cancelling.cancel(ticket, reason="the customer has withdrawn it", by=owner, at=at)
            life.turn += 1

    # The dispatch desk

    def resubmit(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """The owner completes what the dispatch desk found missing."""
        acceptance.resubmit(ticket, record_of=ticket.record, happened=f"{ticket.happened} (completed)", by=who, at=at)
        self.go_on(life, ticket, at=at)

    def review(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """A dispatcher reviews the record and sends it on, gives it back, or deals with it."""
        rng, habits = life.rng, self.habits
        if ticket.state != State.ACCEPTED:
            self.go_on(life, ticket, at=at)
            return
        if self.desk_rests_from is not None and at >= self.desk_rests_from:
            return
        if ticket.send_backs == 0 and rng.random() < habits.returned_for_completion:
            dispatching.return_for_completion(ticket, faults=[drawn(rng, FAULTS)], by=who, at=at)
        elif rng.random() < habits.handled_at_the_desk:
            dispatching.handle_at_desk(ticket, by=who, at=at)
        else:
            to = proposed_unit(ticket, at=at) or self.units["support"]
            others = [self.units["data"]] if rng.random() < habits.sent_to_a_second_unit and to.code != "data" else []
            dispatching.dispatch(ticket, to=to, assisting_units=others, by=who, at=at)
            self._expect_assistance(life, ticket, at)
            if rng.random() < habits.recalled:
                again = at + timedelta(minutes=2)
                self.beside(life, again, partial(self._recall, who=who))
        self.go_on(life, ticket, at=at)

    def _recall(self, ticket: Ticket, at: datetime, *, who: Person) -> None:
        if ticket.state == State.DISPATCHED and ticket.handler_id is None:
            dispatching.recall(ticket, reason="sent to the wrong unit", by=who, at=at)

    def _expect_assistance(self, life: Life, ticket: Ticket, at: datetime) -> None:
        for assistance in ticket.assistances.filter(answered_at__isnull=True, ended_at__isnull=True).select_related(
            "unit"
        ):
            if life.spare_turns.setdefault(f"assistance {assistance.pk}", 0):
                continue
            life.spare_turns[f"assistance {assistance.pk}"] = 1
            found = self.staff.somebody(
                self.colleagues(assistance.unit), at=at, takes=minutes(life.rng, self.habits.assistance, 0.9)
            )
            if found is not None:
                self.beside(life, found[1], partial(self._assist, assistance=assistance, who=found[0]))

    def _assist(self, ticket: Ticket, at: datetime, *, assistance: Assistance, who: Person) -> None:
        assisting.answer(assistance, text="查询记录已附，数据一致。", by=who, at=at)

    # The unit

    def claim(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """A handler takes the ticket in hand; sometimes it is not the unit's."""
        if self.desk_rests_from is not None and at >= self.desk_rests_from - UNITS_REST_EARLIER:
            return
        if ticket.state == State.DISPATCHED and life.rng.random() < self.habits.sent_back and ticket.send_backs < 2:
            handling.send_back(ticket, faults=[Fault.UNIT_WRONG], note="不属于本部门职责", by=who, at=at)
        elif ticket.state == State.DISPATCHED:
            handling.claim(ticket, by=who, at=at)
            if life.rng.random() >= self.habits.claim_forgotten:
                begun_at = at + timedelta(minutes=life.rng.uniform(3, 25))
                self.beside(life, begun_at, partial(self._begin_work, who=who))
        self.go_on(life, ticket, at=at)

    def _begin_work(self, ticket: Ticket, at: datetime, *, who: Person) -> None:
        if ticket.state == State.HANDLING and ticket.handler_id == who.pk:
            commenting.comment(ticket, text="已开始处理，正在核查。", by=who, at=at)

    def work(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """The handler works on it: asks others, waits, passes it on, or hands back the findings."""
        rng, habits = life.rng, self.habits
        if ticket.state != State.HANDLING or ticket.handler_id != who.pk:
            self.go_on(life, ticket, at=at)
            return
        if rng.random() < habits.assistance_asked and "asked" not in life.spare_turns:
            life.spare_turns["asked"] = 1
            unit = self.units["data" if ticket.lead_unit and ticket.lead_unit.code != "data" else "support"]
            assisting.ask(ticket, unit=unit, question="请协助核对后台数据。", by=who, at=at)
            self._expect_assistance(life, ticket, at)
        elif rng.random() < habits.held and "held" not in life.spare_turns:
            life.spare_turns["held"] = 1
            reason = HoldReason(drawn(rng, {HoldReason.CUSTOMER: 0.5, HoldReason.PARTS: 0.3, HoldReason.PARTNER: 0.2}))
            until = at + timedelta(hours=rng.choice([4, 8, 20, 24]))
            holding.hold(
                ticket,
                reason=reason,
                text="等待客户补充资料" if reason == HoldReason.CUSTOMER else "等待备件到货",
                until=until,
                customer_consents=rng.random() < 0.3,
                by=who,
                at=at,
            )
            self.go_on(life, ticket, at=until)
            return
        elif rng.random() < habits.transferred and ticket.transfers == 0:
            to = self.units["network" if ticket.lead_unit and ticket.lead_unit.code != "network" else "support"]
            handling.transfer(ticket, to=to, reason="需由对口部门处理", by=who, at=at)
        else:
            process, cause, result, advice = rng.choice(FINDINGS)
            findings = Findings(
                handled_at=at, process=process, cause=cause, result=result, person=who.name_zh, advice=advice
            )
            handling.feed_back(ticket, findings=findings, by=who, at=at)
        self.go_on(life, ticket, at=at)

    # Reply and conclusion

    def reply(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """Who replies calls the customer, or finds the feedback wanting."""
        rng, habits = life.rng, self.habits
        if ticket.state != State.REPLYING:
            self.go_on(life, ticket, at=at)
            return
        if ticket.rejections == 0 and rng.random() < habits.feedback_rejected:
            replying.reject_feedback(ticket, reason="未说明原因和补救措施，请补充。", by=who, at=at)
            self.go_on(life, ticket, at=at)
            return
        medium = drawn(rng, REPLY_MEDIA)
        if rng.random() < habits.asks_for_another_time:
            self._not_now(life, ticket, who, at, medium)
        elif rng.random() < habits.not_reached:
            self._not_reached(life, ticket, who, at, medium)
        else:
            replying.begin_reply(ticket, by=who, at=at)
            replying.reply(ticket, medium=medium, text=rng.choice(ANSWERS), by=who, at=at)
            self.go_on(life, ticket, at=at)

    def _not_reached(self, life: Life, ticket: Ticket, who: Person, at: datetime, medium: str) -> None:
        tries = ticket.reply_attempts.filter(round=ticket.round).count()
        if tries >= 3:
            concluding.conclude_unreachable(ticket, liability=Liability.UNFOUNDED, remedy="", by=who, at=at)
            return
        wait = timedelta(hours=life.rng.choice([2, 3, 16, 24]))
        wanted = gate.decide(ticket.matter, at=at + wait).permitted_from
        result = drawn(
            life.rng, {AttemptResult.NO_ANSWER: 0.8, AttemptResult.REFUSED: 0.15, AttemptResult.WRONG_NUMBER: 0.05}
        )
        replying.attempt_reply(ticket, medium=medium, result=result, next_at=wanted, by=who, at=at)
        self.go_on(life, ticket, at=wanted)

    def _not_now(self, life: Life, ticket: Ticket, who: Person, at: datetime, medium: str) -> None:
        wanted = (at + timedelta(hours=life.rng.uniform(1, 30))).replace(second=0, microsecond=0)
        promise(ticket, agreed_for=wanted, reason="客户要求改时间", evidence="通话录音", by=who, at=at)
        replying.attempt_reply(ticket, medium=medium, result=AttemptResult.ANOTHER_TIME, next_at=wanted, by=who, at=at)
        self.go_on(life, ticket, at=wanted)

    def conclude(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """Verdict and liability are recorded; a supervisor confirms what the customer does not accept."""
        rng, habits = life.rng, self.habits
        if ticket.state != State.REPLIED:
            self.go_on(life, ticket, at=at)
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
            cause=rng.choice(self.causes),
            solved=solved,
        )
        concluding.conclude(ticket, outcome=outcome, by=who, at=at)
        if verdict != Verdict.ACCEPTS and rng.random() < 0.8:
            self.beside(life, at + minutes(rng, 120), partial(self._confirm, life))
        self.settle(life, at)

    def _confirm(self, life: Life, ticket: Ticket, at: datetime) -> None:
        if ticket.state in {State.CALLBACK, State.CLOSED}:
            lin = self.pool(Role.SUPERVISOR, self.units["service-centre"])[0].person
            concluding.confirm(ticket, by=lin, at=at)

    def settle(self, life: Life, at: datetime) -> None:
        """After a conclusion: the callback is somebody else's, and the customer may come back."""
        life.turn += 1
        for follow in self.settled:
            follow(life, self.read(life), at)
        if life.rng.random() < self.habits.comes_back:
            back = at + timedelta(days=life.rng.uniform(1, 33))
            self.beside(life, back, partial(self._come_back, life))

    def _come_back(self, life: Life, ticket: Ticket, at: datetime) -> None:
        if ticket.state in {State.REPLIED, State.CALLBACK, State.CLOSED}:
            agent = self._somebody_of(ticket.accepting_unit)
            reopening.reopen(ticket, reason="客户来电称问题再次出现。", by=agent, at=at)
            self.go_on(life, self.read(life), at=at)
