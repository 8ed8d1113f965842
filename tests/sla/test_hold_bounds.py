"""Policies bound how long and how often a ticket rests (R6, R27)."""

import pytest

from common.refusals import Malformed, NotPossible
from complaints.actions import holding
from complaints.models import Ticket
from sla.actions.publishing import draft_from, publish
from sla.models import Policy
from tests.people import MONDAY_NINE, TUESDAY_NINE, a_ticket_in_hand, fresh, local, person
from tests.sla.cast import later

pytestmark = pytest.mark.django_db


def bounded(**bounds) -> Ticket:
    """A ticket in hand whose handling policy says how it may rest."""
    draft = draft_from(Policy.objects.get(code="handle-hours", status="published"))
    for name, value in bounds.items():
        setattr(draft, name, value)
    draft.save()
    publish(draft, reason="for a test", by=None, at=later(MONDAY_NINE, hours=-1))
    return a_ticket_in_hand()


def rest(ticket: Ticket, *, until, at=MONDAY_NINE) -> None:
    holding.hold(fresh(ticket), reason="parts", text="A splitter.", until=until, by=person("wei"), at=at)


def test_a_policy_bounds_a_hold_more_tightly_than_the_desk():
    ticket = bounded(hold_at_most_working_days=1)

    with pytest.raises(Malformed, match="1 working days"):
        rest(ticket, until=local("2026-03-04 09:00"))
    rest(ticket, until=local("2026-03-03 18:00"))


def test_a_policy_allows_a_longer_hold_than_the_desk():
    ticket = bounded(hold_at_most_working_days=5)

    rest(ticket, until=local("2026-03-09 18:00"))

    assert fresh(ticket).is_held


def test_a_policy_says_how_often_a_ticket_rests():
    ticket = bounded(holds_at_most=1)
    rest(ticket, until=TUESDAY_NINE)
    holding.resume(fresh(ticket), by=person("wei"), at=later(MONDAY_NINE, hours=1))

    with pytest.raises(NotPossible, match="1 times"):
        rest(ticket, until=TUESDAY_NINE, at=later(MONDAY_NINE, hours=2))


def test_a_policy_that_allows_no_hold_allows_none():
    ticket = bounded(holds_at_most=0)

    with pytest.raises(NotPossible):
        rest(ticket, until=TUESDAY_NINE)
