"""The replay of a ticket's own history gives the clocks that the desk itself had."""

import pytest

from complaints.actions import concluding, dispatching, handling, holding, replying
from replay import terms
from replay.playing import play
from replay.reading import Event
from replay.words import Word
from sla.precedence import Selectors
from tests.people import MONDAY_NINE, MONDAY_TEN, a_ticket, findings, fresh, local, person, unit
from tests.sla.cast import ACCEPTED_BY_THE_CUSTOMER, clock_of, later

pytestmark = pytest.mark.django_db

IMPORTANT = "broadband.speed.slow"


def a_life(held_for_the_customer: bool):
    """A ticket that is dispatched, held, fed back, answered and concluded, and the same as a log would tell it."""
    ticket = a_ticket(of=IMPORTANT, at=MONDAY_NINE, routes=False)
    dispatching.dispatch(ticket, to=unit("network"), by=person("sam"), at=later(MONDAY_NINE, minutes=20))
    handling.claim(fresh(ticket), by=person("wei"), at=later(MONDAY_NINE, minutes=25))
    holding.hold(
        fresh(ticket),
        reason="customer" if held_for_the_customer else "parts",
        text="waits",
        until=local("2026-03-02 12:00"),
        by=person("wei"),
        at=MONDAY_TEN,
    )
    holding.resume(fresh(ticket), by=person("wei"), at=later(MONDAY_TEN, minutes=40))
    handling.feed_back(fresh(ticket), findings=findings(), by=person("wei"), at=later(MONDAY_TEN, minutes=45))
    replying.reply(
        fresh(ticket), medium="phone", text="It works again.", by=person("rosa"), at=later(MONDAY_TEN, minutes=80)
    )
    concluding.conclude(
        fresh(ticket), outcome=ACCEPTED_BY_THE_CUSTOMER, by=person("rosa"), at=later(MONDAY_TEN, minutes=90)
    )
    told = [
        (MONDAY_NINE, Word.ACCEPTED),
        (later(MONDAY_NINE, minutes=20), Word.DISPATCHED),
        (later(MONDAY_NINE, minutes=25), Word.HANDLING),
        (MONDAY_TEN, Word.AWAITING_CUSTOMER if held_for_the_customer else Word.HELD),
        (later(MONDAY_TEN, minutes=40), Word.HANDLING),
        (later(MONDAY_TEN, minutes=45), Word.REPLYING),
        (later(MONDAY_TEN, minutes=80), Word.REPLIED),
        (later(MONDAY_TEN, minutes=90), Word.CALLBACK),
    ]
    return fresh(ticket), told


@pytest.mark.parametrize("held_for_the_customer", [True, False])
def test_the_replay_of_a_ticket_gives_the_clocks_that_the_desk_had(held_for_the_customer):
    ticket, told = a_life(held_for_the_customer)
    book = terms.of_the_desk(MONDAY_NINE)
    filed = Selectors(category=book.path_of(IMPORTANT), urgency=ticket.urgency, medium=ticket.medium)

    case = play([Event("T", at, line, word, facing=filed) for line, (at, word) in enumerate(told)], book)

    for kind in ("dispatch", "handle", "reply", "conclude", "callback"):
        ours, theirs = clock_of(ticket, kind), next(each for each in case.clocks if each.kind == kind)
        assert theirs.terms.name == str(ours.policy), kind
        assert (theirs.starts_at, theirs.due_at, theirs.ended_at) == (ours.started_at, ours.due_at, ours.ended_at), kind
        assert theirs.breached_at == ours.breached_at or ours.breached_at is None, kind
        assert theirs.held == [
            (each.starts_at, each.ends_at) for each in ours.get_stretches() if each.kind == "held"
        ], kind
