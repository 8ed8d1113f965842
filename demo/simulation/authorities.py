"""Regulators and consumer bodies: their cases come in, are taken or not, answered in time or late, and end (R82)."""

from datetime import datetime, timedelta
from functools import partial

from accounts.models import Person, Role
from authorities.actions import cases
from authorities.actions.warning import warn
from authorities.models import Case, Kind, Standing
from complaints.models import Ticket
from complaints.states import Level, State
from demo.simulation.company import Company, Life
from demo.simulation.habits import drawn

KINDS = {Kind.REGULATOR: 0.6, Kind.CONSUMER_BODY: 0.4}
LEVELS = {Level.PROVINCIAL: 0.85, Level.NATIONAL: 0.15}
NAMES = {Kind.REGULATOR: "省通信管理局", Kind.CONSUMER_BODY: "市消费者协会"}
DEMAND = "请核实用户反映的问题，并书面答复处理结果。"


class Authorities:
    """The legal adviser of a company, and the letters that reach them."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.adviser: Person = company.pool(Role.LEGAL_ADVISER, company.units["province"])[0].person
        self.is_awake = False
        company.accepted.append(self.accept)

    def accept(self, life: Life, at: datetime) -> None:
        """A matter was taken in: some customers turn to an authority as well."""
        if not self.is_awake:
            self.is_awake = True
            self._sleep(at)
        if life.rng.random() < self.company.habits.goes_to_an_authority:
            self._at_work(life, at + timedelta(days=life.rng.uniform(0.5, 12)), partial(self._open, life))

    def _sleep(self, at: datetime) -> None:
        morning = at.astimezone(self.company.zone).replace(hour=8, minute=0, second=0, microsecond=0)
        self.company.agenda.add(morning + timedelta(days=1), self._look)

    def _look(self, at: datetime) -> None:
        """Each morning, as long as there is anything to do: what comes near is told. Live it is asked every minute."""
        warn(at)
        if len(self.company.agenda):
            self._sleep(at)

    def _at_work(self, life: Life, at: datetime, deed: partial) -> None:
        """Something that the adviser does when they are in."""
        self.company.beside(life, at, partial(self._when_in, life, deed))

    def _when_in(self, life: Life, deed: partial, ticket: Ticket, at: datetime) -> None:
        is_in_at = self.company.staff.workers[self.adviser.pk].next_free(at, self.company.zone) or at
        if is_in_at > at:
            self.company.beside(life, is_in_at, partial(self._when_in, life, deed))
        else:
            deed(ticket, at)

    def _open(self, life: Life, ticket: Ticket, at: datetime) -> None:
        """The letter is here: from now on it is an escalated complaint, with clocks of its own."""
        if ticket.state == State.CANCELLED:
            return
        rng, habits = life.rng, self.company.habits
        kind = drawn(rng, KINDS)
        case = cases.open_case(
            ticket,
            kind=kind,
            name=NAMES[kind],
            number=f"{at:%Y}-{life.complaint.number}",
            level=drawn(rng, LEVELS),
            demand=DEMAND,
            lodged_at=at - timedelta(hours=rng.uniform(5, 60)),
            received_at=at,
            by=self.adviser,
            at=at,
        )
        days = timedelta(days=1)
        self._at_work(life, at + rng.uniform(0.1, 1.5) * days, partial(self._file, case.pk))
        self._at_work(life, at + rng.uniform(0.5, 4) * days, partial(self._hear, life, case.pk))
        is_late = rng.random() < habits.answers_an_authority_late
        answers_at = case.answer_due_at + rng.uniform(0.1, 3) * days if is_late else at + rng.uniform(1, 7) * days
        self._at_work(life, answers_at, partial(self._answer, case.pk))
        self._at_work(life, answers_at + rng.uniform(2, 15) * days, partial(self._close, case.pk))

    def _file(self, pk: int, ticket: Ticket, at: datetime) -> None:
        case = Case.objects.get(pk=pk)
        cases.add_document(case, title="来函", link="", text=DEMAND, by=self.adviser, at=at)

    def _hear(self, life: Life, pk: int, ticket: Ticket, at: datetime) -> None:
        """Whether the authority takes the case."""
        case = Case.objects.get(pk=pk)
        if case.state == Standing.LODGED:
            accepts = life.rng.random() < self.company.habits.authority_takes_it
            cases.note_acceptance(case, accepts=accepts, decided_at=at, by=self.adviser, at=at)

    def _answer(self, pk: int, ticket: Ticket, at: datetime) -> None:
        case = Case.objects.get(pk=pk)
        if case.is_open:
            cases.answer(case, text="已核实并退费，用户认可。", by=self.adviser, at=at)

    def _close(self, pk: int, ticket: Ticket, at: datetime) -> None:
        case = Case.objects.get(pk=pk)
        if case.is_open:
            cases.close(case, outcome="双方达成一致。", by=self.adviser, at=at)
