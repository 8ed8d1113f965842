"""What is offered to customers: granted within one's authority, put up for approval above it (方案审批, R33)."""

from datetime import datetime
from decimal import Decimal

from accounts.models import Person
from approvals import actions as approvals
from approvals.models import Approval, SolutionKind
from complaints.models import Ticket
from demo.simulation.company import Company, Life
from demo.simulation.habits import drawn, minutes
from demo.simulation.nearest import nearest

KINDS = {SolutionKind.COMPENSATION: 0.6, SolutionKind.WAIVER: 0.3, SolutionKind.EXCEPTION: 0.1}
SMALL, LARGE = (10, 20, 30, 50), (80, 120, 300, 480, 900, 2400)
SOLUTION = "话费补偿，当月到账。"
ASKED = "solution"


class Solutions:
    """Those of a company who offer something, and those who decide about it."""

    def __init__(self, company: Company) -> None:
        self.company = company

    def offer(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> bool:
        """Sometimes something is offered with the answer; whether the answer has to wait for somebody's yes."""
        rng, habits = life.rng, self.company.habits
        if ASKED in life.spare_turns or rng.random() >= habits.offers_something:
            return False
        life.spare_turns[ASKED] = ticket.round
        kind = drawn(rng, KINDS)
        amount = Decimal(rng.choice(LARGE if rng.random() < habits.offers_much else SMALL))
        if approvals.is_within(who.authority(at), kind=kind, amount=amount):
            approvals.grant(ticket, kind=kind, amount=amount, solution=SOLUTION, by=who, at=at)
            return False
        approvals.request(ticket, kind=kind, amount=amount, solution=SOLUTION, by=who, at=at)
        return True

    def follow(self, life: Life, ticket: Ticket, at: datetime) -> bool:
        """Plan the decision that a ticket awaits; whether it awaits one."""
        if not ticket.open_approvals:
            return False
        approval = Approval.objects.open().filter(ticket=ticket).select_related("unit").first()
        if approval is None:
            return False
        but = frozenset({approval.requested_by_id})
        takes = minutes(life.rng, self.company.habits.decision)
        pool = nearest(self.company, approval.roles, approval.unit, but=but)
        self.company.by_somebody(life, pool, self.decide, at=at, takes=takes)
        return True

    def decide(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """Say yes, or no with a reason."""
        approval = Approval.objects.open().filter(ticket=ticket).first()
        if approval is not None:
            approves = life.rng.random() >= self.company.habits.solution_refused
            approvals.decide(approval, approves=approves, note="" if approves else "金额过高。", by=who, at=at)
        self.company.go_on(life, self.company.read(life), at=at)
