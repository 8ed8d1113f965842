"""From the board's forecast a supervisor puts what will be missed into other hands, while there is still time (R94)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Assignment, Role
from complaints.actions import cancelling, commenting, handling
from complaints.models import Ticket
from complaints.states import State
from notifications.models import Message
from sla.models import Clock
from tests.people import (
    MONDAY_NINE,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    fresh,
    person,
    somebody,
    unit,
)

LITTLE = timedelta(minutes=20)


def address(ticket: Ticket) -> str:
    return reverse("desk:reassign", args=[ticket.reference])


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def nearly_missed(monday_at_ten):
    """A ticket in Wei's hands that falls due in twenty minutes, with nothing ended lately."""
    ticket = a_ticket_in_hand()
    due = Clock.objects.running().filter(ticket=ticket, kind="handle").get().due_at
    monday_at_ten.move_to(due - LITTLE)
    return fresh(ticket)


def test_the_forecast_leads_to_reassigning_each_ticket_that_can_be(as_, nearly_missed):
    board = text(as_("lin").get(reverse("desk:board")))

    assert f'href="{address(nearly_missed)}"' in board


@pytest.fixture
def nearly_missed_at_the_desk(monday_at_ten):
    """A ticket that nobody has dispatched yet, twenty minutes before it is due."""
    ticket = a_ticket(at=MONDAY_NINE)
    monday_at_ten.move_to(Clock.objects.running().filter(ticket=ticket, kind="dispatch").get().due_at - LITTLE)
    return fresh(ticket)


def test_what_waits_at_the_dispatch_desk_is_foreseen_without_hands_to_change(as_, nearly_missed_at_the_desk):
    ticket, browser = nearly_missed_at_the_desk, as_("lin")

    board = text(browser.get(reverse("desk:board")))
    page = browser.get(address(ticket))

    assert ticket.reference in board
    assert address(ticket) not in board
    assert "Nobody else can be given it now" in text(page)
    assert browser.post(address(ticket), {"unit_to": unit("support").pk, "reason": "Now."}).status_code == 409


def test_what_waits_at_the_dispatch_desk_is_demanded_of_its_dispatchers_from_the_board(as_, nearly_missed_at_the_desk):
    ticket, browser = nearly_missed_at_the_desk, as_("lin")
    demanding = reverse("desk:demand", args=[ticket.reference])

    board = text(browser.get(reverse("desk:board")))
    wordless = browser.post(demanding, {"version": ticket.version})
    answer = browser.post(demanding, {"version": ticket.version, "text": "Send it before ten."}, follow=True)

    assert f'href="{demanding}"' in board
    assert wordless.status_code == 400
    assert answer.redirect_chain[-1][0] == reverse("desk:board")
    assert fresh(ticket).entries.filter(kind="demanded", note__text="Send it before ten.").exists()
    assert Message.objects.filter(kind="demanded", recipient=person("sam")).exists()


def test_who_dispatches_as_well_is_led_to_the_dispatch_desk(as_, nearly_missed_at_the_desk):
    Assignment.objects.create(person=person("lin"), role=Role.DISPATCHER, unit=nearly_missed_at_the_desk.desk)

    board = text(as_("lin").get(reverse("desk:board")))

    assert f'href="{reverse("desk:dispatch")}?ticket={nearly_missed_at_the_desk.reference}#beside"' in board


def test_nothing_is_demanded_of_what_is_closed(as_, monday_at_ten):
    ticket = a_ticket(at=MONDAY_NINE)
    cancelling.cancel(fresh(ticket), reason="Withdrawn.", by=person("rosa"), at=MONDAY_NINE)
    demanding, browser = reverse("desk:demand", args=[ticket.reference]), as_("lin")

    page = browser.get(demanding)
    refused = browser.post(demanding, {"text": "Send it."})

    assert "Nothing can be demanded of it now" in text(page)
    assert refused.status_code == 409


def test_another_person_of_the_unit_is_given_it_and_told(as_, nearly_missed):
    colleague = somebody("handler", over="network")

    answer = as_("lin").post(
        address(nearly_missed), {"version": nearly_missed.version, "person_to": colleague.pk}, follow=True
    )

    assert fresh(nearly_missed).handler == colleague
    assert Message.objects.filter(kind="reassigned", recipient=colleague).exists()
    assert f"{nearly_missed.reference} was given to" in text(answer)
    assert answer.redirect_chain[-1][0] == reverse("desk:board")


def test_another_unit_is_given_it_with_a_reason(as_, nearly_missed):
    browser = as_("lin")
    given = {"version": nearly_missed.version, "unit_to": unit("support").pk}

    without_reason = browser.post(address(nearly_missed), given)
    browser.post(address(nearly_missed), given | {"reason": "A matter of the bill."})

    assert without_reason.status_code == 400
    assert "This is needed." in text(without_reason)
    assert fresh(nearly_missed).lead_unit == unit("support")
    assert fresh(nearly_missed).state == State.DISPATCHED


def test_neither_or_both_is_asked_again_and_keeps_the_reason(as_, nearly_missed):
    both = {"person_to": somebody("handler", over="network").pk, "unit_to": unit("support").pk}
    browser = as_("lin")

    for chosen in ({}, both):
        answer = browser.post(address(nearly_missed), {"reason": "Wei is ill."} | chosen)

        assert answer.status_code == 400
        assert "Choose a person or a unit, one of them." in text(answer)
        assert "Wei is ill." in text(answer)


def test_on_an_old_view_it_is_refused_with_what_changed_and_can_be_decided_anew(as_, nearly_missed):
    seen = nearly_missed.version
    handling.assign(
        nearly_missed, to=somebody("handler", over="network"), by=person("lin"), at=nearly_missed.accepted_at
    )
    browser = as_("lin")
    chosen = {"unit_to": unit("support").pk, "reason": "A matter of the bill."}

    refused = browser.post(address(nearly_missed), chosen | {"version": seen})
    offered = refused.context["deed"]["version"].value()
    anew = browser.post(address(nearly_missed), chosen | {"version": offered})

    assert refused.status_code == 409
    assert "has changed since you opened it" in text(refused)
    assert "A matter of the bill." in text(refused)
    assert anew.status_code == 302
    assert fresh(nearly_missed).lead_unit == unit("support")


def test_a_person_who_is_no_choice_any_more_is_told_that_the_ticket_went_elsewhere(as_, nearly_missed):
    colleague, seen = somebody("handler", over="network"), nearly_missed.version
    handling.transfer(
        nearly_missed, to=unit("support"), reason="the bill", by=person("wei"), at=nearly_missed.accepted_at
    )

    refused = as_("lin").post(address(nearly_missed), {"person_to": colleague.pk, "version": seen})

    assert refused.status_code == 409
    assert "has changed since you opened it" in text(refused)


def test_a_reply_is_given_to_another_who_replies(as_):
    ticket = fresh(a_ticket_to_reply())
    browser = as_("lin")
    page = text(browser.get(address(ticket)))

    nobody = browser.post(address(ticket), {"version": ticket.version})
    browser.post(address(ticket), {"version": ticket.version, "person_to": person("zhaomin").pk})

    assert "unit_to" not in page
    assert nobody.status_code == 400
    assert fresh(ticket).replier == person("zhaomin")


def test_only_who_watches_over_it_gets_there(as_, nearly_missed):
    elsewhere = somebody("supervisor", over="support")

    assert as_("wei").get(address(nearly_missed)).status_code == 403
    assert as_(elsewhere.username).get(address(nearly_missed)).status_code in {404, 403}


def test_a_comment_meanwhile_does_not_undo_what_the_ticket_page_was_told(as_):
    """A refusal for an old view offers the new one: sent again, the same words are accepted."""
    ticket = a_dispatched_ticket()
    seen = fresh(ticket).version
    commenting.comment(fresh(ticket), text="She called again.", by=person("rosa"), at=ticket.accepted_at)
    browser, page = as_("wei"), reverse("desk:ticket", args=[ticket.reference])

    refused = browser.post(page, {"deed": "claim", "version": seen})
    anew = browser.post(page, {"deed": "claim", "version": refused.context["posted"]["version"].value()})

    assert (refused.status_code, anew.status_code) == (409, 302)
    assert fresh(ticket).handler == person("wei")
