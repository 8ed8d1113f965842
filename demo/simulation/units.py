"""The units: somebody claims what was dispatched, works on it, and hands back the findings; others assist."""

from datetime import datetime, timedelta
from functools import partial

from accounts.models import Person
from complaints.actions import assisting, commenting, handling, holding, progressing
from complaints.actions.handling import Findings
from complaints.models import Assistance, Ticket
from complaints.models.hold import HoldReason
from complaints.states import Fault, State
from demo.simulation.company import Company, Life
from demo.simulation.habits import FINDINGS, drawn, minutes

UNITS_REST_EARLIER = timedelta(hours=3)
LEFT_TO_OTHERS = timedelta(hours=3)
HOLDS = {HoldReason.CUSTOMER: 0.5, HoldReason.PARTS: 0.3, HoldReason.PARTNER: 0.2}


class Units:
    """The handlers of a company, and the branch contacts."""

    def __init__(self, company: Company) -> None:
        self.company = company
        company.nexts[State.DISPATCHED] = self._go_on_dispatched
        company.nexts[State.HANDLING] = self._go_on_handling

    def _go_on_dispatched(self, life: Life, ticket: Ticket, at: datetime) -> None:
        takes = minutes(life.rng, self.company.habits.pickup)
        self.company.by_somebody(life, self.company.colleagues(ticket.lead_unit), self.claim, at=at, takes=takes)

    def _go_on_handling(self, life: Life, ticket: Ticket, at: datetime) -> None:
        handler = self.company.known(ticket.handler)
        assert handler is not None
        takes = minutes(life.rng, self.company.habits.handling, 0.8)
        if life.spare_turns.get("handed over", 0) < 2 and self._is_left_to_others(ticket, handler, at=at, takes=takes):
            life.spare_turns["handed over"] = life.spare_turns.get("handed over", 0) + 1
            self.company.plan(life, self.hand_over, handler, at)
            return
        self.company.plan(life, self.work, handler, self.company.staff.when(handler, at=at, takes=takes))

    def _is_left_to_others(self, ticket: Ticket, handler: Person, *, at: datetime, takes: timedelta) -> bool:
        """Whether the handler's shift ends before they come to it, and a colleague comes to it long before them."""
        staff, zone = self.company.staff, self.company.zone
        comes_to_it = staff.workers[handler.pk].next_free(at, zone, takes=takes)
        if comes_to_it is None or comes_to_it - at < LEFT_TO_OTHERS:
            return False
        others = (worker.next_free(at, zone, takes=takes) for worker in self.company.colleagues(ticket.lead_unit))
        return any(other is not None and other <= comes_to_it - LEFT_TO_OTHERS for other in others)

    def hand_over(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """At the end of a shift: back into the unit's queue, for those who are there (R13)."""
        if ticket.state == State.HANDLING and ticket.handler_id == who.pk:
            handling.release(ticket, reason="交接班", by=who, at=at)
        self.company.go_on(life, ticket, at=at)

    def claim(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """A handler takes the ticket in hand; sometimes it is not the unit's."""
        company, rng = self.company, life.rng
        if company.desk_rests_from is not None and at >= company.desk_rests_from - UNITS_REST_EARLIER:
            return
        if ticket.state == State.DISPATCHED and rng.random() < company.habits.sent_back and ticket.send_backs < 2:
            handling.send_back(ticket, faults=[Fault.UNIT_WRONG], note="不属于本部门职责", by=who, at=at)
        elif ticket.state == State.DISPATCHED:
            handling.claim(ticket, by=who, at=at)
            if rng.random() >= company.habits.claim_forgotten:
                begun_at = at + timedelta(minutes=rng.uniform(3, 25))
                company.beside(life, begun_at, partial(self._begin_work, who=who))
        company.go_on(life, ticket, at=at)

    def _begin_work(self, ticket: Ticket, at: datetime, *, who: Person) -> None:
        if ticket.state == State.HANDLING and ticket.handler_id == who.pk:
            commenting.comment(ticket, text="已开始处理，正在核查。", by=who, at=at)

    def work(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """The handler works on it: asks others, waits, passes it on, or hands back the findings."""
        rng, habits = life.rng, self.company.habits
        if ticket.state != State.HANDLING or ticket.handler_id != who.pk:
            self.company.go_on(life, ticket, at=at)
            return
        if "interim" not in life.spare_turns and rng.random() < habits.reports_interim:
            life.spare_turns["interim"] = 1
            progressing.report_interim(ticket, text="已先行恢复客户业务，原因继续核查。", by=who, at=at)
        if rng.random() < habits.assistance_asked and "asked" not in life.spare_turns:
            life.spare_turns["asked"] = 1
            unit = self.company.units["data" if ticket.lead_unit and ticket.lead_unit.code != "data" else "support"]
            assisting.ask(ticket, unit=unit, question="请协助核对后台数据。", by=who, at=at)
            expect_assistance(self.company, life, ticket, at)
        elif rng.random() < habits.held and "held" not in life.spare_turns:
            life.spare_turns["held"] = 1
            reason = HoldReason(drawn(rng, HOLDS))
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
            self.company.go_on(life, ticket, at=until)
            return
        elif rng.random() < habits.transferred and ticket.transfers == 0:
            to = self.company.units["network" if ticket.lead_unit and ticket.lead_unit.code != "network" else "support"]
            handling.transfer(ticket, to=to, reason="需由对口部门处理", by=who, at=at)
        else:
            process, cause, result, advice = rng.choice(FINDINGS)
            findings = Findings(
                handled_at=at, process=process, cause=cause, result=result, person=who.name_zh, advice=advice
            )
            handling.feed_back(ticket, findings=findings, by=who, at=at)
        self.company.go_on(life, ticket, at=at)


def expect_assistance(company: Company, life: Life, ticket: Ticket, at: datetime) -> None:
    """Whoever was asked to assist answers, each once."""
    unanswered = ticket.assistances.filter(answered_at__isnull=True, ended_at__isnull=True)
    for assistance in unanswered.select_related("unit"):
        if life.spare_turns.setdefault(f"assistance {assistance.pk}", 0):
            continue
        life.spare_turns[f"assistance {assistance.pk}"] = 1
        found = company.staff.somebody(
            company.colleagues(assistance.unit), at=at, takes=minutes(life.rng, company.habits.assistance, 0.9)
        )
        if found is not None:
            company.beside(life, found[1], partial(_assist, assistance=assistance, who=found[0]))


def _assist(ticket: Ticket, at: datetime, *, assistance: Assistance, who: Person) -> None:
    assisting.answer(assistance, text="查询记录已附，数据一致。", by=who, at=at)
