"""The front line: a customer calls or writes, and somebody takes the matter in or solves it at once."""

from datetime import datetime, timedelta
from functools import partial

from accounts.models import Person
from complaints.actions import acceptance, cancelling, classifying
from complaints.actions.acceptance import Contacting, Matters
from complaints.actions.concluding import Outcome
from complaints.models import Category, Ticket
from complaints.states import LIVE, Addressee, Liability, Medium, Scope, Verdict
from contact.models import Consent, QuietHours
from customers.models import ContactPerson, Customer
from demo import classify, people
from demo.people import MadeUpCustomer
from demo.simulation.company import Company, Life
from demo.simulation.habits import ANSWERS, LIABILITIES, drawn, minutes

ELSEWHERE = {
    Addressee.REGULATOR: 0.4,
    Addressee.CONSUMER_BODY: 0.3,
    Addressee.HEAD_OFFICE: 0.2,
    Addressee.PROVINCIAL: 0.05,
    Addressee.MEDIA: 0.05,
}


class FrontLine:
    """Those who take matters in, and the customers they know."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.categories = {category.code: category for category in Category.objects.select_related("lead_unit")}
        self.customers: dict[str, Customer] = {}

    def arrive(self, life: Life, at: datetime) -> None:
        """A customer calls, or sends a form: somebody takes the call, or the service desk has it at once."""
        company = self.company
        if life.complaint.medium != Medium.PHONE:
            self.accept(life, None, at)
            return
        desk = company.front_line(company.units["acceptance"])
        found = company.staff.somebody(desk, at=at, takes=minutes(life.rng, company.habits.call))
        assert found is not None
        agent, done = found
        company.agenda.add(done, partial(self.accept, life, agent))

    def accept(self, life: Life, agent: Person | None, at: datetime) -> None:
        """Take the matter in; solve it at once where that is possible."""
        company, habits = self.company, self.company.habits
        rng, complaint = life.rng, life.complaint
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
            unit=company.units["acceptance"],
            by=agent,
            at=at,
            raised_at=complaint.raised_at,
            duplicate_reason="another line of the same customer" if rival else "",
            external_id=f"demo-{complaint.number}",
            routes=not on_the_spot,
        )
        company.take_on(life, ticket, at)
        if on_the_spot and agent is not None:
            self._solve_on_the_spot(life, ticket, agent, at)
            return
        if rival is not None and rng.random() < habits.merged:
            owner = agent or company.somebody_of(ticket.accepting_unit)
            into = Ticket.objects.with_people().get(pk=rival.pk)
            merge = partial(cancelling.merge, ticket, into=into, reason="one matter", by=owner, at=at)
            company.attempt(life, merge, at=at)
        if category.special_scope != Scope.NONE and ticket.is_live and rng.random() < habits.agrees_to_a_longer_limit:
            days = rng.choice([4, 5, 5, 7])
            company.beside(life, at, partial(self._agree_to_a_longer_limit, days=days, by=agent))
        if reading.threatens or rng.random() < habits.threatens:
            company.beside(life, at, partial(self._threat, by=agent))
        company.go_on(life, company.read(life), at=at)

    def _solve_on_the_spot(self, life: Life, ticket: Ticket, agent: Person, at: datetime) -> None:
        rng = life.rng
        established = rng.random() > 0.1
        outcome = Outcome(
            verdict=Verdict.ACCEPTS,
            liability=drawn(rng, LIABILITIES) if established else Liability.UNFOUNDED,
            remedy=rng.choice(ANSWERS),
            cause=rng.choice(self.company.causes),
            established=established,
        )
        solve = partial(acceptance.resolve_on_site, ticket, outcome=outcome, by=agent, at=at)
        self.company.attempt(life, solve, at=at)
        self.company.settle(life, at)

    def _customer(self, caller: MadeUpCustomer) -> Customer:
        if caller.number not in self.customers:
            manager = next((p for p in self.company.staff.people.values() if p.username == caller.manager), None)
            self.customers[caller.number] = Customer.objects.create(
                number=caller.number,
                name=caller.name_zh if caller.language != "en" else caller.name_en,
                tier=caller.tier,
                brand=caller.brand,
                branch=self.company.units[caller.branch],
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
        if reaches_into_the_night and rng.random() < self.company.habits.asked_about_the_night:
            agrees = rng.random() < self.company.habits.agrees_to_night_calls
            night, evidence = ("yes" if agrees else "no"), "asked on the recorded call"
        return Contacting(person=person, number=person.number if person else "", night=night, night_evidence=evidence)

    def _agree_to_a_longer_limit(self, ticket: Ticket, at: datetime, *, days: int, by: Person | None) -> None:
        evidence = "agreed on the recorded call"
        acceptance.consent(ticket, what=Consent.What.LONGER_LIMIT, evidence=evidence, days=days, by=by, at=at)

    def _threat(self, ticket: Ticket, at: datetime, *, by: Person | None) -> None:
        if ticket.state in LIVE:
            classifying.mark_grave(ticket, reason="the customer says that they will go to the regulator", by=by, at=at)
