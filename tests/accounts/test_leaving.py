"""Ending a person's or unit's work requires handing over what they own and hold (R13)."""

import pytest

from accounts.leaving import left_behind
from accounts.models import Person, Unit
from complaints.actions import acceptance, assisting, cancelling, owning
from complaints.actions.acceptance import Matters
from complaints.models import Ticket
from tests.accounts.test_administration import change, signed_in
from tests.people import (
    MONDAY_NINE,
    a_customer,
    a_dispatched_ticket,
    a_record,
    a_ticket,
    a_ticket_in_hand,
    category,
    fresh,
    person,
    unit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db):
    """An administrator's browser, in English."""
    member = Person.objects.create(username="boss", is_staff=True, is_superuser=True)
    return signed_in(member)


def switch_off(desk, who):
    """Untick 'active' and save."""
    answer = change(desk, who, is_active="")
    return answer, type(who).objects.get(pk=who.pk).is_active


def told(answer) -> str:
    return " ".join(answer.context["adminform"].form.errors["is_active"])


def a_ticket_of_nobody() -> Ticket:
    """Taken in by the web, owned by the service desk."""
    filed_under = category()
    return acceptance.accept(
        a_customer(),
        matter=Matters(category=filed_under, happened="No line.", record=a_record(filed_under), medium="web"),
        unit=unit("acceptance"),
        by=None,
        at=MONDAY_NINE,
        routes=False,
    )


def test_who_owns_open_tickets_is_not_switched_off_and_the_refusal_says_how_many_and_where(desk, rosa):
    tickets = [a_ticket(), a_ticket()]

    answer, active = switch_off(desk, rosa)

    assert (answer.status_code, active) == (200, True)
    assert f"Owned, accepted at {unit('acceptance').name_en}: 2" in told(answer)
    assert all(ticket.reference in told(answer) for ticket in tickets)


def test_who_has_a_ticket_in_hand_is_not_switched_off(desk, wei):
    ticket = a_ticket_in_hand()

    answer, active = switch_off(desk, wei)

    assert active
    assert f"In hand at {unit('network').name_en}: 1 ({ticket.reference})" in told(answer)


def test_who_is_named_to_reply_is_not_switched_off(desk, lin):
    ticket = a_ticket()
    yanghui = person("yanghui")
    owning.name_replier(ticket, to=yanghui, by=lin, at=MONDAY_NINE)

    answer, active = switch_off(desk, yanghui)

    assert active
    assert "Named to reply" in told(answer)


def test_what_was_handed_over_or_is_over_keeps_nobody(desk, rosa, lin):
    handed_over, over = a_ticket(), a_ticket()
    owning.hand_over(handed_over, to=person("yanghui"), by=rosa, at=MONDAY_NINE)
    cancelling.cancel(over, reason="withdrawn", by=rosa, at=MONDAY_NINE)

    answer, active = switch_off(desk, rosa)

    assert (answer.status_code, active) == (302, False)


def test_other_changes_of_somebody_with_work_are_saved(desk, rosa):
    a_ticket()

    change(desk, rosa, name_en="Rosa Luo")

    assert person("rosa").name_en == "Rosa Luo"


def test_who_was_switched_off_already_can_still_be_changed(desk, rosa):
    a_ticket()
    Person.objects.filter(pk=rosa.pk).update(is_active=False)

    answer, _active = switch_off(desk, person("rosa"))

    assert answer.status_code == 302


def test_a_unit_that_leads_tickets_is_not_switched_off(desk):
    ticket = a_dispatched_ticket()

    answer, active = switch_off(desk, unit("network"))

    assert active
    assert f"as the lead unit: 1 ({ticket.reference})" in told(answer)


def test_a_dispatch_desk_with_tickets_to_review_is_not_switched_off(desk):
    a_ticket()

    answer, active = switch_off(desk, unit("dispatch"))

    assert active
    assert "To be reviewed" in told(answer)


def test_a_unit_whose_assistance_is_awaited_is_not_switched_off(desk, wei):
    ticket = a_ticket_in_hand()
    assisting.ask(ticket, unit=unit("data"), question="How much?", by=wei, at=MONDAY_NINE)

    answer, active = switch_off(desk, unit("data"))

    assert active
    assert ticket.reference in told(answer)


def test_a_desk_that_owns_what_no_agent_took_in_is_not_left(rosa):
    ticket = a_ticket_of_nobody()

    left = left_behind(fresh(ticket).accepting_unit)

    assert any(sentence.startswith("Owned by the desk") and ticket.reference in sentence for sentence in left)


def test_a_unit_without_work_is_switched_off(desk):
    answer, active = switch_off(desk, unit("legal"))

    assert (answer.status_code, active) == (302, False)


def test_a_long_list_names_the_first_few(rosa):
    tickets = [a_ticket() for _ticket in range(7)]

    [sentence] = left_behind(rosa)

    assert ": 7 (" in sentence
    assert tickets[4].reference in sentence
    assert tickets[5].reference not in sentence
    assert sentence.endswith("…)")


def test_work_below_a_unit_is_not_its_own(wei):
    a_ticket_in_hand()

    assert left_behind(Unit.objects.get(code="province")) == []
