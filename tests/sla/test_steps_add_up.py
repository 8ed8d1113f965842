"""Whatever happens to a ticket, the steps that the API gives for each clock add up to its due exactly (R28)."""

from datetime import datetime
from itertools import pairwise

import pytest

from complaints.actions import agreements, assisting, chasing, classifying, dispatching, holding, replying
from complaints.models import Category, Ticket
from sla.actions.extending import extend
from sla.models import Clock
from tests.people import a_customer, a_ticket, a_ticket_in_hand, a_ticket_to_reply, fresh, local, person, unit
from tests.sla.cast import clock_of, later

pytestmark = pytest.mark.django_db

URGENT, IMPORTANT, ORDINARY = "broadband.outage.complete", "broadband.speed.slow", "billing.charges.monthly-fee"
SERVICE_FAILURE, SPECIAL = "suspension.wrongful.paid-up", "mobile.coverage.indoor"
MORNING, EVENING, NIGHT = local("2026-03-02 09:00"), local("2026-03-02 18:40"), local("2026-03-02 23:10")
BEFORE_A_HOLIDAY = local("2026-09-30 16:30")


def plain(at: datetime) -> Ticket:
    return a_ticket(of=IMPORTANT, at=at, routes=False)


def gold(at: datetime) -> Ticket:
    return a_ticket(of=ORDINARY, at=at, routes=False, customer=a_customer("12055550188", tier="gold"))


def promised(at: datetime) -> Ticket:
    ticket = plain(at)
    made = {"evidence": "on tape", "reason": "asked for it", "by": person("rosa"), "at": later(at, minutes=5)}
    day = "2026-10-09" if at == BEFORE_A_HOLIDAY else "2026-03-03"
    agreements.promise(ticket, agreed_for=local(f"{day} 10:30"), **made)
    return ticket


def with_consent_to_the_night(at: datetime) -> Ticket:
    ticket = plain(at)
    agreements.consent(ticket, what="night", evidence="said so", by=person("rosa"), at=later(at, minutes=1))
    return ticket


def in_a_special_scope(at: datetime) -> Ticket:
    ticket = a_ticket(of=SPECIAL, at=at, routes=False)
    agreements.consent(ticket, what="longer_limit", evidence="on tape", days=5, by=person("rosa"), at=at)
    dispatching.dispatch(fresh(ticket), to=unit("network"), by=person("sam"), at=later(at, minutes=9))
    return ticket


def held_twice(at: datetime) -> Ticket:
    ticket = a_ticket_in_hand(of=IMPORTANT, at=at)
    for begins, ends in ((10, 35), (50, 75)):
        holding.hold(
            fresh(ticket),
            reason="customer",
            text="waits",
            until=later(at, minutes=ends + 60),
            by=person("wei"),
            at=later(at, minutes=begins),
        )
        holding.resume(fresh(ticket), by=person("wei"), at=later(at, minutes=ends))
    return ticket


def extended(at: datetime) -> Ticket:
    ticket = plain(at)
    clock = clock_of(ticket, "reply")
    extend(
        ticket,
        kind="reply",
        until=later(clock.due_at, hours=3),
        reason="a storm",
        by=person("lin"),
        at=later(at, minutes=9),
    )
    return ticket


def capped_at_two_hours(at: datetime) -> Ticket:
    Category.objects.filter(code=SERVICE_FAILURE).update(urgency="ordinary")
    return a_ticket(of=SERVICE_FAILURE, at=at, routes=False)


def filed_anew_while_held(at: datetime) -> Ticket:
    ticket = held_twice(at)
    classifying.reclassify(fresh(ticket), urgency="urgent", by=person("lin"), at=later(at, minutes=80))
    return ticket


def reworked_chased_and_assisted(at: datetime) -> Ticket:
    ticket = a_ticket_to_reply(of=ORDINARY, at=at)
    replying.reject_feedback(fresh(ticket), reason="Which line?", by=person("rosa"), at=later(at, minutes=10))
    chasing.chase_up(fresh(ticket), text="Well?", by=person("rosa"), at=later(at, minutes=20))
    assisting.ask(
        fresh(ticket), unit=unit("support"), question="Is it billed?", by=person("wei"), at=later(at, minutes=30)
    )
    return ticket


def deferred(at: datetime) -> Ticket:
    ticket = a_ticket_to_reply(of=ORDINARY, at=at)
    agreements.consent(fresh(ticket), what="night", evidence="said so", by=person("rosa"), at=later(at, minutes=5))
    missed = {"medium": "phone", "result": "no_answer", "by": person("rosa"), "at": later(at, minutes=20)}
    replying.attempt_reply(fresh(ticket), next_at=later(at, hours=30), **missed)
    return ticket


SITUATIONS = [
    plain,
    gold,
    promised,
    with_consent_to_the_night,
    in_a_special_scope,
    held_twice,
    extended,
    capped_at_two_hours,
    filed_anew_while_held,
    reworked_chased_and_assisted,
    deferred,
]


@pytest.mark.parametrize("at", [MORNING, EVENING, NIGHT, BEFORE_A_HOLIDAY], ids=["day", "evening", "night", "holiday"])
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda make: make.__name__)
def test_r28_the_steps_of_every_clock_add_up_to_its_due(client, situation, at):
    ticket = situation(at)
    client.force_login(person("lin"), backend="django.contrib.auth.backends.ModelBackend")

    told = client.get(f"/api/v1/tickets/{ticket.reference}/clocks/").json()["clocks"]

    stored = {clock.pk: clock for clock in Clock.objects.filter(ticket=ticket)}
    assert len(told) == len(stored) > 0
    for clock in told:
        steps = clock["steps"]
        for one, following in pairwise(steps):
            assert one["ends_at"] == following["begins_at"]
        begins, due = (datetime.fromisoformat(text) for text in (steps[0]["begins_at"], clock["due_at"]))
        assert begins.utcoffset() is not None
        assert sum(step["seconds"] for step in steps) == (due - begins).total_seconds()
        for step in steps:
            length = datetime.fromisoformat(step["ends_at"]) - datetime.fromisoformat(step["begins_at"])
            assert step["seconds"] == length.total_seconds()
        assert due in {each.due_at for each in stored.values()}
        assert clock["sentences"]
