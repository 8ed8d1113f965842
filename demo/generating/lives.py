"""Lives to multiply: each is lived through the live actions, as far as its story goes, with the sweeps in between.

A story is a generator. It yields the instant of its next deed and is resumed when that has come; what falls due before
is called first, as it would be live. So every state, clock and line of history came about as it does on the desk.
"""

import heapq
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import Person, Role, Unit, UnitKind
from callbacks.actions import calling
from callbacks.answers import Mode, Satisfaction
from callbacks.models import Callback
from complaints.actions import (
    acceptance,
    cancelling,
    classifying,
    commenting,
    concluding,
    dispatching,
    handling,
    holding,
    reopening,
    replying,
)
from complaints.actions.acceptance import Contacting, Matters
from complaints.actions.concluding import Outcome
from complaints.actions.handling import Findings
from complaints.models import Category, CauseCode, Ticket
from complaints.models.hold import HoldReason
from complaints.routing import proposed_unit
from complaints.states import Fault, Liability, Medium, Scope, State, Verdict
from contact.models import Consent
from customers.models import Customer
from demo import people, records
from demo.people import MadeUpCustomer
from demo.simulation.habits import ANSWERS, FINDINGS
from demo.simulation.staffing import Staff, Worker
from escalation.actions import answering
from escalation.actions import sweeping as ladders
from escalation.models import Escalation
from sla.actions import sweeping as clocks

LONGER_LIMIT_DAYS = 7

Story = Iterator[datetime]
Telling = Callable[["Desk", random.Random, MadeUpCustomer], Story]


@dataclass
class Desk:
    """Who is there, and until when lives are lived: `until` is the instant at which the generated desk stands."""

    until: datetime
    staff: Staff
    units: dict[str, Unit]
    ordinary: list[Category]
    in_special_scope: list[Category]
    causes: list[CauseCode]

    @classmethod
    def opened(cls, *, until: datetime) -> "Desk":
        """The configured desk with its staff. Raises RuntimeError where a category or a person that is needed lacks."""
        leaves = [
            category
            for category in Category.objects.select_related("lead_unit").order_by("path")
            if category.is_leaf() and category.is_active and not category.service_failure
        ]
        desk = cls(
            until=until,
            staff=Staff.hired(ZoneInfo(settings.BUSINESS_TIME_ZONE)),
            units={unit.code: unit for unit in Unit.objects.all()},
            ordinary=[each for each in leaves if each.special_scope == Scope.NONE and not each.direct_routing],
            in_special_scope=[each for each in leaves if each.special_scope != Scope.NONE and not each.direct_routing],
            causes=list(CauseCode.objects.choosable()),
        )
        if not (desk.ordinary and desk.in_special_scope and desk.causes):
            raise RuntimeError("the shipped categories and causes are needed; run load_defaults first")
        return desk

    def somebody(self, role: str, unit: Unit | None, rng: random.Random) -> Person:
        """One of those who hold a role over exactly this unit. Raises RuntimeError where nobody does."""
        pool = self._pool(role, unit)
        if not pool:
            raise RuntimeError(f"nobody is {role} at {unit.code if unit else 'no unit'}; load the staff first")
        return rng.choice(pool).person

    def colleague(self, unit: Unit | None, rng: random.Random) -> Person:
        """One of those who work the queue of a unit."""
        roles = (Role.HANDLER, Role.BRANCH_CONTACT, Role.EXPERT, Role.DISPATCHER)
        return self.somebody(next((role for role in roles if self._pool(role, unit)), Role.HANDLER), unit, rng)

    def working_hour(self, days_ago: int, rng: random.Random, *, since: int = 9, until: int = 15) -> datetime:
        """An instant between these hours of the business day that lies so many days before the end."""
        zone = self.staff.zone
        day = self.until.astimezone(zone).date() - timedelta(days=days_ago)
        begins = datetime.combine(day, time(since), tzinfo=zone)
        return begins + timedelta(seconds=rng.randrange((until - since) * 3600))

    def _pool(self, role: str, unit: Unit | None) -> list[Worker]:
        return self.staff.pools.get((role, unit.pk), []) if unit is not None else []


def live(desk: Desk, tellings: list[Telling], *, rng: random.Random, progress: Callable[[], object]) -> None:
    """Live all these stories at once, deed by deed in the order of time, until the desk's instant."""
    complaints, _repairs = records.load()
    branches = sorted(unit.code for unit in desk.units.values() if unit.kind == UnitKind.BRANCH)
    made_up = people.customers_of(
        rng.choices(complaints, k=len(tellings)), seed=rng.randrange(1 << 32), managers=dict.fromkeys(branches, "")
    )
    waiting: list[tuple[datetime, int, Story]] = []
    for place, (telling, (_complaint, caller)) in enumerate(zip(tellings, made_up, strict=True)):
        story = telling(desk, random.Random(rng.randrange(1 << 32)), caller)
        waiting.append((next(story), place, story))
    heapq.heapify(waiting)
    while waiting:
        at, place, story = heapq.heappop(waiting)
        call_what_is_due(at)
        then = next(story, None)
        if then is not None and then < desk.until:
            heapq.heappush(waiting, (then, place, story))
        else:
            progress()
    call_what_is_due(desk.until)


def call_what_is_due(until: datetime) -> None:
    """Let the sweeps of clocks and ladders have their turns at each instant at which something is due."""
    while instants := [at for at in (clocks.next_due_instant(), ladders.next_instant()) if at and at <= until]:
        clocks.call_due(min(instants))
        ladders.fire_due(min(instants))


# --- Stories ----------------------------------------------------------------------------------------------------------


@dataclass
class Life:
    """One ticket on its way, and the deeds that stories share; each takes the instant at which it is done."""

    desk: Desk
    rng: random.Random
    caller: MadeUpCustomer
    ticket_id: int = 0

    @property
    def ticket(self) -> Ticket:
        """As it stands now."""
        return Ticket.objects.with_people().get(pk=self.ticket_id)

    def accept(self, category: Category, at: datetime, *, routes: bool = True) -> None:
        """The front line takes the matter in."""
        unit = self.desk.units["acceptance"]
        self.ticket_id = acceptance.accept(
            self._customer(at),
            matter=Matters(
                category=category,
                happened=f"客户反映{category.name_zh}，要求核实并处理。",
                wanted="尽快处理并回复",
                record=people.fill_required(category.required_fields, self.rng, at, customer=self.caller),
                medium=Medium.PHONE,
            ),
            contacting=Contacting(),
            unit=unit,
            by=self.desk.somebody(Role.AGENT, unit, self.rng),
            at=at,
            routes=routes,
        ).pk

    def agree_to_a_longer_limit(self, at: datetime) -> None:
        """The customer consents to seven working days (R22)."""
        ticket = self.ticket
        acceptance.consent(
            ticket,
            what=Consent.What.LONGER_LIMIT,
            evidence="agreed on the recorded call",
            days=LONGER_LIMIT_DAYS,
            by=ticket.owner,
            at=at,
        )

    def return_for_completion(self, at: datetime) -> None:
        """The dispatch desk finds something missing."""
        ticket = self.ticket
        by = self.desk.somebody(Role.DISPATCHER, ticket.desk, self.rng)
        dispatching.return_for_completion(ticket, faults=[Fault.RECORD_INCOMPLETE], by=by, at=at)

    def dispatch(self, at: datetime) -> None:
        """The dispatch desk sends it to the unit that leads by default, where the system has not done so."""
        ticket = self.ticket
        if ticket.state == State.ACCEPTED:
            to = proposed_unit(ticket, at=at) or self.desk.units["support"]
            by = self.desk.somebody(Role.DISPATCHER, ticket.desk, self.rng)
            dispatching.dispatch(ticket, to=to, by=by, at=at)

    def claim(self, at: datetime) -> None:
        """Somebody of the unit takes it in hand."""
        ticket = self.ticket
        handling.claim(ticket, by=self.desk.colleague(ticket.lead_unit, self.rng), at=at)

    def begin_work(self, at: datetime) -> None:
        """Its handler says that they are at it, so that the claim is not given back."""
        ticket = self.ticket
        if ticket.handler is not None:
            commenting.comment(ticket, text="已开始处理，正在核查。", by=ticket.handler, at=at)

    def hold(self, at: datetime) -> None:
        """It rests until the parts are there."""
        ticket = self.ticket
        if ticket.handler is not None:
            until = self.desk.until + timedelta(hours=self.rng.randint(4, 30))
            holding.hold(ticket, reason=HoldReason.PARTS, text="等待备件到货", until=until, by=ticket.handler, at=at)

    def feed_back(self, at: datetime) -> None:
        """Its handler hands back the findings."""
        ticket = self.ticket
        if ticket.handler is not None:
            process, cause, result, advice = self.rng.choice(FINDINGS)
            findings = Findings(
                handled_at=at, process=process, cause=cause, result=result, person=ticket.handler.name_zh, advice=advice
            )
            handling.feed_back(ticket, findings=findings, by=ticket.handler, at=at)

    def reply(self, at: datetime) -> None:
        """Who replies reaches the customer."""
        ticket = self.ticket
        assert ticket.who_replies is not None
        replying.reply(ticket, medium=Medium.PHONE, text=self.rng.choice(ANSWERS), by=ticket.who_replies, at=at)

    def conclude(self, at: datetime) -> None:
        """Verdict and liability are recorded; the company is liable, so the callback is made by phone."""
        ticket = self.ticket
        assert ticket.who_replies is not None
        concluding.conclude(ticket, outcome=self._outcome(), by=ticket.who_replies, at=at)

    def resolve_on_site(self, at: datetime) -> None:
        """It is solved in the first contact."""
        ticket = self.ticket
        acceptance.resolve_on_site(ticket, outcome=self._outcome(), by=ticket.owner, at=at)

    def answer_the_callback(self, at: datetime) -> None:
        """The callback team reaches a customer who is content."""
        callback = Callback.objects.open().get(ticket=self.ticket_id, mode=Mode.PHONE)
        said = self.rng.choice([Satisfaction.SATISFIED, Satisfaction.SATISFIED, Satisfaction.NEUTRAL])
        by = self.desk.somebody(Role.CALLBACK_AGENT, self.desk.units["province"], self.rng)
        calling.answer(callback, with_result=said, with_handling=said, by=by, at=at)

    def reopen(self, at: datetime) -> None:
        """The customer calls again: the same matter, a new round."""
        ticket = self.ticket
        reopening.reopen(ticket, reason="客户反映问题再次出现", by=ticket.owner, at=at)

    def cancel(self, at: datetime) -> None:
        """The customer withdraws it."""
        ticket = self.ticket
        cancelling.cancel(ticket, reason="客户撤诉", by=ticket.owner, at=at)

    def threaten(self, at: datetime) -> None:
        """The customer says that they will go to the regulator."""
        ticket = self.ticket
        classifying.mark_grave(ticket, reason="客户扬言向监管部门申诉", by=ticket.owner, at=at)

    def acknowledge(self, at: datetime) -> None:
        """Whoever was told of what is raised says that they see to it."""
        for escalation in Escalation.objects.live().unacknowledged().filter(ticket=self.ticket_id).order_by("pk"):
            told = escalation.recipients.order_by("pk").first()
            if told is not None:
                answering.acknowledge(escalation, by=told, at=at)

    def _outcome(self) -> Outcome:
        return Outcome(
            verdict=Verdict.ACCEPTS,
            liability=Liability.COMPANY,
            remedy=self.rng.choice(ANSWERS),
            cause=self.rng.choice(self.desk.causes),
        )

    def _customer(self, at: datetime) -> Customer:
        """A new subscriber; the number follows the row's own, so that no two are alike."""
        caller = self.caller
        customer = Customer.objects.create(
            number=f"new at {at.isoformat()} {self.rng.random()}"[:32],
            name=caller.name_zh if caller.language != "en" else caller.name_en,
            tier=caller.tier,
            brand=caller.brand,
            branch=self.desk.units[caller.branch],
            address=caller.address_zh if caller.language != "en" else caller.address_en,
            language=caller.language,
        )
        customer.number = f"{people.CUSTOMER_PREFIX}{customer.pk:08d}"
        customer.save(update_fields=["number"])
        return customer


def _told(desk: Desk, rng: random.Random, caller: MadeUpCustomer, *, days_ago: int, deeds: str) -> Story:
    """A story of deeds that follow each other within minutes; one in square brackets waits for the next day."""
    life = Life(desk, rng, caller)
    at = desk.working_hour(days_ago, rng)
    yield at
    categories = desk.in_special_scope if days_ago and "agree_to_a_longer_limit" in deeds else desk.ordinary
    life.accept(rng.choice(categories), at)
    for deed in deeds.split():
        if deed.startswith("["):
            days_ago -= 1
            at = max(at, desk.working_hour(days_ago, rng))
        at += timedelta(seconds=rng.randint(60, 600))
        yield at
        getattr(life, deed.strip("[]"))(at)


def _fresh(desk: Desk, rng: random.Random, caller: MadeUpCustomer) -> Story:
    """Taken in minutes ago; the dispatch desk has not looked at it yet."""
    at = desk.until - timedelta(seconds=rng.randint(30, 600))
    yield at
    Life(desk, rng, caller).accept(rng.choice(desk.ordinary), at, routes=False)


def _on_the_spot(desk: Desk, rng: random.Random, caller: MadeUpCustomer) -> Story:
    """Solved in the first contact, and called back."""
    life = Life(desk, rng, caller)
    at = desk.working_hour(13, rng)
    yield at
    life.accept(rng.choice([each for each in desk.ordinary if each.on_site] or desk.ordinary), at, routes=False)
    life.resolve_on_site(at + timedelta(seconds=30))
    at = desk.working_hour(9, rng)
    yield at
    life.answer_the_callback(at)


AGREED = "agree_to_a_longer_limit dispatch"
WORKED = f"{AGREED} claim begin_work"
FED_BACK = f"{WORKED} feed_back"
SETTLED = f"{FED_BACK} reply conclude"

OPEN: Mapping[str, tuple[int, Telling]] = {
    # story: so many of a hundred open tickets, and how it goes
    "fresh": (1, _fresh),
    "returned": (2, partial(_told, days_ago=1, deeds="agree_to_a_longer_limit return_for_completion")),
    "dispatched": (22, partial(_told, days_ago=1, deeds=AGREED)),
    "handling": (31, partial(_told, days_ago=1, deeds=WORKED)),
    "held": (6, partial(_told, days_ago=1, deeds=f"{WORKED} hold")),
    "replying": (15, partial(_told, days_ago=2, deeds=f"{WORKED} [feed_back]")),
    "replied": (6, partial(_told, days_ago=1, deeds=f"{FED_BACK} reply")),
    "to call back": (11, partial(_told, days_ago=2, deeds=f"{FED_BACK} [reply] conclude")),
    "grave": (2, partial(_told, days_ago=1, deeds=f"{WORKED} threaten acknowledge")),
    "overdue": (2, partial(_told, days_ago=2, deeds="dispatch claim begin_work [acknowledge]")),
    "reopened": (2, partial(_told, days_ago=2, deeds=f"{SETTLED} [reopen] acknowledge")),
}
ENDED: Mapping[str, tuple[int, Telling]] = {
    "content": (78, partial(_told, days_ago=14, deeds=f"{SETTLED} [answer_the_callback]")),
    "solved on the spot": (15, _on_the_spot),
    "withdrawn": (7, partial(_told, days_ago=14, deeds=f"{AGREED} cancel")),
}


def spread(stories: Mapping[str, tuple[int, Telling]], count: int) -> list[Telling]:
    """So many tellings, each story by its share, as evenly mixed as can be."""
    whole = sum(share for share, _telling in stories.values())
    owed = dict.fromkeys(stories, 0)
    tellings = []
    for _ in range(count):
        for name, (share, _telling) in stories.items():
            owed[name] += share
        most = max(owed, key=lambda name: owed[name])
        owed[most] -= whole
        tellings.append(stories[most][1])
    return tellings
