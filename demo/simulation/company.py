"""The company: who is there, what is planned next in each life, and how a ticket stands.

What people do stands with their desks (`front_line.py`, `dispatch_desk.py`, `units.py`, `answering.py` …): each act is
one of the live actions, done by somebody who is on duty.

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

from django.db import connection

from accounts.models import Person, Role, Unit
from common.refusals import Refusal
from complaints.models import CauseCode, Ticket
from complaints.states import State
from demo.people import MadeUpCustomer
from demo.records import Complaint
from demo.simulation.agenda import Agenda
from demo.simulation.habits import Habits
from demo.simulation.staffing import Staff, Worker

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


# What follows for a life and its ticket, from an instant on.
Follow = Callable[[Life, Ticket, datetime], None]


class Company:
    """The staff, their habits, and the lives they work on.

    The desks take the company and register themselves: in `nexts` for the states in which it is their turn, in
    `accepted`, `settled` and `watching` for what they want to hear of. Who registered first hears first.
    """

    def __init__(self, *, agenda: Agenda, habits: Habits, zone: ZoneInfo, seed: int) -> None:
        self.agenda = agenda
        self.habits = habits
        self.zone = zone
        self.staff = Staff.hired(zone)
        self.rng = random.Random(f"{seed}/company")
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.causes = list(CauseCode.objects.choosable().order_by("code"))
        self.lives: dict[int, Life] = {}
        self.refused: Counter[str] = Counter()
        self.refused_contacts: Counter[str] = Counter()
        self.desk_rests_from: datetime | None = None
        self.nexts: dict[State, Follow] = {}
        self.accepted: list[Callable[[Life, datetime], None]] = []
        self.settled: list[Follow] = []
        self.watching: list[Callable[[datetime], None]] = []

    # Who is there

    def pool(self, role: str, unit: Unit | None) -> list[Worker]:
        """Who holds a role over exactly this unit."""
        return self.staff.pools.get((role, unit.pk), []) if unit is not None else []

    def front_line(self, unit: Unit) -> list[Worker]:
        """Who works at the front line of a desk."""
        return self.pool(Role.AGENT, unit)

    def somebody_of(self, unit: Unit) -> Person:
        """One of the front line of a desk, always the same."""
        return self.front_line(unit)[0].person

    def colleagues(self, unit: Unit | None) -> list[Worker]:
        """Who works the queue of a unit: its handlers, and experts where it has seats for them, or its contact."""
        handlers = self.pool(Role.HANDLER, unit)
        others = [worker for worker in self.pool(Role.EXPERT, unit) if worker not in handlers]
        return [*handlers, *others] or self.pool(Role.BRANCH_CONTACT, unit) or self.pool(Role.DISPATCHER, unit)

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

    def read(self, life: Life) -> Ticket:
        """The ticket as it stands now."""
        known = life.ticket
        if known is None or known.version != self._version_of(known):
            life.ticket = Ticket.objects.with_people().get(pk=life.ticket_id)
        assert life.ticket is not None
        return life.ticket

    def _version_of(self, ticket: Ticket) -> int:
        """Which version it is by now; in plain words, since it is asked with every act."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT version FROM complaints_ticket WHERE id = %s", [ticket.pk])
            return cursor.fetchone()[0]

    def go_on(self, life: Life, ticket: Ticket, *, at: datetime) -> None:
        """Plan what comes next for a ticket as it stands, by whoever has it in hand."""
        follow = self.nexts.get(State(ticket.state))
        if follow is not None:
            follow(life, ticket, at)
        else:
            life.turn += 1

    def by_somebody(self, life: Life, pool: Iterable[Worker], act: Deed, *, at: datetime, takes: timedelta) -> None:
        """Plan an act of whoever of a pool is free first. Raises RuntimeError when nobody ever is."""
        found = self.staff.somebody(pool, at=at, takes=takes)
        if found is None:
            raise RuntimeError(f"nobody is there to {act.__name__} ticket {life.ticket_id}")
        self.plan(life, act, *found)

    def by_person(
        self, life: Life, ticket: Ticket, act: Deed, *, person: Person | None, at: datetime, takes: timedelta
    ) -> None:
        """Plan an act of one person; where it is nobody's yet, somebody at the front line does it."""
        who = self.known(person)
        if who is None:
            self.by_somebody(life, self.front_line(ticket.accepting_unit), act, at=at, takes=takes)
        else:
            self.plan(life, act, who, self.staff.when(who, at=at, takes=takes))

    # What others follow

    def take_on(self, life: Life, ticket: Ticket, at: datetime) -> None:
        """A matter was taken in: from now on its life is one of ours."""
        life.ticket_id = ticket.pk
        self.lives[ticket.pk] = life
        for follow in self.accepted:
            follow(life, at)

    def settle(self, life: Life, at: datetime) -> None:
        """A ticket was concluded: nobody has it in hand, what comes is up to those who follow."""
        life.turn += 1
        ticket = self.read(life)
        for follow in self.settled:
            follow(life, ticket, at)

    def look_around(self, at: datetime) -> None:
        """The sweep has run: whoever watches sees what is new."""
        for watch in self.watching:
            watch(at)
