"""The life of a ticket, act by act."""

import pytest

from complaints.actions import concluding, dispatching, handling, reopening, replying
from complaints.actions.concluding import Outcome
from complaints.models import Entry, Ticket
from complaints.states import Liability, Medium, State, Verdict
from tests.people import MONDAY_NINE, findings, fresh, unit

pytestmark = pytest.mark.django_db


def test_a_ticket_goes_from_acceptance_to_archive(ticket, rosa, sam, wei):
    dispatching.dispatch(ticket, to=unit("network"), by=sam, at=MONDAY_NINE)
    handling.claim(ticket, by=wei, at=MONDAY_NINE)
    handling.feed_back(ticket, findings=findings(), by=wei, at=MONDAY_NINE)
    replying.reply(ticket, medium=Medium.PHONE, text="Your line works again.", by=rosa, at=MONDAY_NINE)
    concluding.conclude(
        ticket, outcome=Outcome(verdict=Verdict.ACCEPTS, liability=Liability.COMPANY), by=rosa, at=MONDAY_NINE
    )
    reopening.finish_callback(ticket, how="answered", by=None, at=MONDAY_NINE)

    assert fresh(ticket).state == State.CLOSED
    assert [entry.kind for entry in Entry.objects.filter(ticket=ticket)] == [
        "accepted",
        "dispatched",
        "claimed",
        "fed_back",
        "replied",
        "concluded",
        "callback_finished",
    ]


def test_a_ticket_reopens_to_its_last_handling_unit(ticket, rosa, sam, wei):
    dispatching.dispatch(ticket, to=unit("network"), by=sam, at=MONDAY_NINE)
    handling.claim(ticket, by=wei, at=MONDAY_NINE)
    handling.feed_back(ticket, findings=findings(), by=wei, at=MONDAY_NINE)
    replying.reply(ticket, medium=Medium.PHONE, text="Your line works again.", by=rosa, at=MONDAY_NINE)

    reopening.reopen(ticket, reason="It is down again.", by=rosa, at=MONDAY_NINE)

    again = Ticket.objects.get(pk=ticket.pk)
    assert (again.state, again.round, again.lead_unit.code) == (State.DISPATCHED, 2, "network")
